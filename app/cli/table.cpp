// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/table.h"

#include <algorithm>

namespace aviary::cli {

using namespace Qt::Literals;

namespace {

constexpr int cell_length_max = 300;
constexpr int gap = 2;

qsizetype widthOf(const QString &text) {
    return text.toUcs4().size();
}

} // namespace

std::vector<Line> Table::lines(const Terminal &terminal) const {
    std::vector<Line> all;
    Line head;
    for (const QString &heading : headings_) {
        head.push_back({heading.startsWith(u'>') ? heading.mid(1) : heading, Tone::Dim});
    }
    all.push_back(head);
    for (const Line &row : rows_) {
        Line cells = row;
        cells.resize(std::size_t(headings_.size()));
        for (Span &cell : cells) {
            cell.text = visibleText(cell.text, cell_length_max);
        }
        all.push_back(std::move(cells));
    }
    std::vector<qsizetype> widths(std::size_t(headings_.size()), 0);
    for (const Line &cells : all) {
        for (std::size_t i = 0; i < cells.size(); ++i) {
            widths[i] = std::max(widths[i], widthOf(cells[i].text));
        }
    }
    for (Line &cells : all) {
        qsizetype used = 0;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            const bool last = i + 1 == cells.size();
            const QString pad(widths[i] - widthOf(cells[i].text), u' ');
            if (headings_[qsizetype(i)].startsWith(u'>')) {
                cells[i].text.prepend(pad);
            } else if (!last) {
                cells[i].text.append(pad);
            }
            if (last && terminal.isTerminal()) {
                const qsizetype room = std::max<qsizetype>(10, terminal.columns() - used);
                cells[i].text = visibleText(cells[i].text, int(room) - 1);
            }
            used += widths[i] + gap;
            cells[i].text += last ? QString() : QString(gap, u' ');
        }
    }
    return all;
}

void Table::print(const Terminal &terminal) const {
    for (const Line &line : lines(terminal)) {
        terminal.print(line);
    }
}

} // namespace aviary::cli
