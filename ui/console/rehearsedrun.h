// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/record/run.h"

#include <QString>

#include <optional>
#include <vector>

namespace aviary {

// What was to be expected of a run, had it been rehearsed before: the plan of its record from its
// beginning, as good a revision as the old one, with starts as an earlier run had them.
struct RehearsedRun {
    std::vector<qint64> steps_ms; // median of each step; -1: not reached in most futures
    QString ending;               // "98 % complete, in 41 min, 95 % by 55 min"
    QString basis;                // "starts learned from 12 past updates"
};

// Blocks for as long as a small rehearsal takes: for a worker thread.
Result<RehearsedRun> rehearsedRunOf(const record::Run &run,
                                    const std::optional<record::Run> &earlier);

} // namespace aviary
