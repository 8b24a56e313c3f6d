// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/console/question.h"

#include <QWidget>

class QGridLayout;

namespace aviary {

// Facts in two columns with lines between: what it is about, and what is so.
class FactTable : public QWidget {
    Q_OBJECT
public:
    explicit FactTable(QWidget *parent = nullptr);

    void setFacts(const std::vector<Fact> &facts);

private:
    std::vector<Fact> facts_;
    QGridLayout *grid_;
};

} // namespace aviary
