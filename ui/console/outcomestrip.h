// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/console/outcomes.h"

#include <QWidget>

class QGridLayout;

namespace aviary {

// What was asked, above the foot of the window: sign, words, outcome and why. The newest come
// first; one that is settled can be taken away. Without a line it is not there.
class OutcomeStrip : public QWidget {
    Q_OBJECT
public:
    static constexpr std::size_t shown_max = 4;

    explicit OutcomeStrip(QWidget *parent = nullptr);

    void setLines(const std::vector<OutcomeLine> &lines);

Q_SIGNALS:
    void dismissed(const QString &id);

private:
    void add(const OutcomeLine &line, int row);

    std::vector<OutcomeLine> lines_;
    QGridLayout *grid_;
};

} // namespace aviary
