// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <QWidget>

#include <vector>

class QGridLayout;

namespace aviary {

// A label and what stands behind it, a line each, with thin rules between. Texts are plain, and
// wrap; a screen reader hears the label before each.
class FactList : public QWidget {
    Q_OBJECT
public:
    explicit FactList(QWidget *parent = nullptr);
    // The first text of each row is its label. With `head` the first row names the columns.
    void setRows(const std::vector<QStringList> &rows, bool head = false);

private:
    void addLine(const QStringList &texts, bool head);

    std::vector<QStringList> rows_;
    QGridLayout *grid_;
    int line_ = 0;
};

} // namespace aviary
