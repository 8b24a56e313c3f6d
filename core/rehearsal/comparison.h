// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/rehearsal/rehearsal.h"

// Plans side by side, and the change of a plan that helps most.
namespace aviary::rehearsal {

// Second plan minus first, future by future on the same luck, with a 95 % interval of the mean.
struct Difference {
    std::string hypothesis;
    std::uint32_t of = 0; // pairs
    double failed_requests = 0.0, failed_low = 0.0, failed_high = 0.0;
    // Of the pairs in which both completed.
    std::uint32_t completed = 0;
    double time_ms = 0.0, time_low = 0.0, time_high = 0.0;
    bool operator==(const Difference &) const = default;
    static constexpr auto fields() {
        return std::tuple{field("hypothesis", &Difference::hypothesis),
                          field("of", &Difference::of),
                          field("failed_requests", &Difference::failed_requests),
                          field("failed_low", &Difference::failed_low),
                          field("failed_high", &Difference::failed_high),
                          field("completed", &Difference::completed),
                          field("time_ms", &Difference::time_ms),
                          field("time_low", &Difference::time_low),
                          field("time_high", &Difference::time_high)};
    }
};

struct Comparison {
    std::vector<Answers> answers;                     // as the plans given
    std::vector<std::vector<Difference>> differences; // [i][hypothesis]: plan i + 1 minus plan 0
};

// The same fleet, scenario, seed and number of futures for all of them; a node has the same luck
// under each plan. Two to eight plans.
Result<Comparison> compare(const std::vector<std::shared_ptr<const kernel::Plan>> &plans,
                           const Setup &setup, const Running &running = {});

// One change of the plan, tried on the same luck and measured.
struct Change {
    enum class Kind : std::uint8_t { LongerBake, LongerHold, SmallerFirstStage, StricterGate };
    Kind kind = Kind::LongerBake;
    std::string words; // "Bake 10 min instead of 1 min at 50 %"
    std::shared_ptr<const kernel::Plan> plan;
    // Over the hypotheses that are no good, by their weights.
    double caught_before = 0.0, caught_after = 0.0;
    double failed_before = 0.0, failed_after = 0.0; // mean failed requests, over all hypotheses
    double completes_before = 0.0, completes_after = 0.0;     // of the good ones
    kernel::Millis median_before_ms = 0, median_after_ms = 0; // until a good one completed
    std::string hypothesis; // whose share of caught futures rises most
};
std::string_view nameOf(Change::Kind kind); // "longer_bake"

struct Advice {
    std::vector<Change> tried; // best first; empty where the plan has nothing to change
    bool helps = false;        // the first is worth it: fewer failed requests, and the good ones
                               // complete no less (within a point)
};
Result<Advice> adviseOn(const Setup &setup, const Running &running = {});

} // namespace aviary::rehearsal
