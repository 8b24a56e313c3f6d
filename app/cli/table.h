// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/terminal.h"

#include <QStringList>

namespace aviary::cli {

// Rows in aligned columns. On a terminal the last column is cut at its edge; into a pipe nothing
// is cut.
class Table {
public:
    // A heading that begins with '>' has its column aligned to the right.
    explicit Table(QStringList headings) : headings_(std::move(headings)) {}

    void add(Line cells) { rows_.push_back(std::move(cells)); }
    bool isEmpty() const { return rows_.empty(); }
    void print(const Terminal &terminal) const;
    std::vector<Line> lines(const Terminal &terminal) const;

private:
    QStringList headings_;
    std::vector<Line> rows_;
};

} // namespace aviary::cli
