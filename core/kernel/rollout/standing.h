// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/rollout/state.h"

#include <algorithm>

// How far a rollout has come, as a rehearsal's fans show it.
namespace aviary::kernel {

// The share of the traffic that the new revision gets: what the router does, or without one, where
// users go to whatever node serves, that of the nodes.
inline Weight trafficOf(const Plan &plan, const State &state) {
    if (plan.router != RouterKind::None) {
        return state.weight;
    }
    const std::uint64_t fresh = state.docket.fresh;
    const std::uint64_t all = fresh + state.docket.stable;
    return all == 0 ? 0 : static_cast<Weight>(full_weight * fresh / all);
}

// Parts of 1 of the active targets: whose new instance is ready; that serve on either revision.
inline double freshShareOf(const Plan &plan, const State &state) {
    return static_cast<double>(state.docket.fresh) / std::max(plan.active, 1U);
}
inline double upShareOf(const Plan &plan, const State &state) {
    return static_cast<double>(state.docket.up) / std::max(plan.active, 1U);
}

} // namespace aviary::kernel
