// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/record/run.h"
#include "core/rehearsal/answers.h"

// What past runs teach about starts and about the router: how long they took and how often they
// failed.
namespace aviary::rehearsal {

// A way of an instance, start, way back or stop, or of the traffic, as the runs have it.
struct Learned {
    std::uint32_t of = 0;     // orders that got an answer
    std::uint32_t failed = 0; // of those; an order that was refused counts in `refused`
    std::uint32_t refused = 0;
    Spread latency; // of those that worked: the lognormal of largest likelihood. 0 below fit_min
    bool operator==(const Learned &) const = default;
};
inline constexpr std::uint32_t fit_min = 5; // fewer say nothing of a spread

struct Fit {
    std::uint32_t runs = 0;
    Learned starts, backs, stops;
    Learned splits; // of the traffic, from the order until the router was read back
    // Orders that were never answered: of starts, they fell silent or the run ended before.
    std::uint32_t unanswered = 0;
    bool operator==(const Fit &) const = default;
};

// The lognormal of largest likelihood of times that were seen; Spread{} of fewer than fit_min.
Spread spreadOf(const std::vector<Millis> &times);

// Live runs only: a rehearsed one teaches what was assumed. Refused when there is no start in them.
Result<Fit> fitOf(const std::vector<record::Run> &runs);

// `base` with what was learned in place of what it assumed; what was seen too rarely stays. Its
// note says from how many starts.
Scenario applied(const Fit &fit, Scenario base);

} // namespace aviary::rehearsal
