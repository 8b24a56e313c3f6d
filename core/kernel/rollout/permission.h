// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/rollout/state.h"

namespace aviary::kernel {

// Why a request is not allowed now; each has a sentence in core/api that says what would allow it.
enum class Refusal : std::uint8_t {
    None,
    NotStarted,
    Ended,
    AlreadyStarted,
    NeedsApproval,
    NothingToPromote, // it is not waiting
    WeightNotHigher,  // Promote::to is not above the present weight
    WeightNotLower,
    OverLoad, // max_load forbids that weight: see weightMax
    NoRouter, // there is no traffic to shift
    AlreadyPaused,
    NotPaused,
    RollingBack,
    NothingToSkip,
    NothingToRetry,
    UnknownTarget,
    OutOfRange,
};

// None: the request is allowed now.
Refusal refusalOf(const Plan &plan, const State &state, const Request &request);

// One entry for each alternative of Request, in its order, asked with its plainest arguments;
// decides which buttons are live.
std::array<Refusal, std::variant_size_v<Request>> allowedRequests(const Plan &plan,
                                                                  const State &state);

// The largest weight below full that max_load lets a promotion name now; full_weight where nothing
// limits it. Going to full_weight is always possible: it goes stage by stage.
Weight promoteMax(const Plan &plan, const State &state);

// How a site stands: of its targets, those that served at some time, those that do now, and the
// least number up that the plan allows.
struct SiteStanding {
    std::uint32_t served = 0, up = 0, floor = 0;
    bool operator==(const SiteStanding &) const = default;
};
std::vector<SiteStanding> siteStandings(const State &state); // as Plan::sites

struct SiteEffect {
    std::uint32_t site = 0;
    std::uint32_t nodes = 0; // that will be touched
    std::uint32_t up = 0;    // nodes up now
    std::uint32_t floor = 0; // least number up that the plan allows
    bool operator==(const SiteEffect &) const = default;
};

// What a request would do, computed and not promised: what a confirmation states. A confirmation is
// void only when this value changed.
struct Effect {
    Weight weight_from = 0, weight_to = 0;
    std::uint32_t nodes = 0; // that will be touched before it waits again
    std::vector<SiteEffect> sites;
    bool way_back = true; // it can be undone by a roll back
    bool raises_exposure = false;
    bool operator==(const Effect &) const = default;
};
Effect effectOf(const Plan &plan, const State &state, const Request &request);

} // namespace aviary::kernel
