// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/terminal.h"
#include "core/rehearsal/telling.h"

namespace aviary::cli {

// What a rehearsal found out, for a terminal; charts of block signs where there is one, words and
// ASCII into a pipe.
void print(const Terminal &terminal, const rehearsal::Findings &findings);

// One line on standard error that is written over while futures run; nothing where nobody looks.
class ProgressLine {
public:
    explicit ProgressLine(const rehearsal::Scenario &scenario);
    ~ProgressLine() { clear(); }
    ProgressLine(const ProgressLine &) = delete;
    ProgressLine &operator=(const ProgressLine &) = delete;

    void show(const rehearsal::Progress &progress);
    void clear();

private:
    QString name_; // of the hypothesis that is shown
    std::size_t shown_ = 0;
    bool visible_ = false; // somebody looks at standard error
    bool written_ = false;
};

} // namespace aviary::cli
