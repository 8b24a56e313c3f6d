// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernel/rollout/cells.h"
#include "core/kernel/rollout/engine.h"

#include <algorithm>

namespace aviary::kernel {

WeightRange weightsNow(const Plan &plan, const State &state) {
    if (plan.router != RouterKind::Weights) {
        return {}; // a flag moves people, not load between nodes
    }
    const std::uint32_t load = plan.policy.max_load_percent;
    const Docket &docket = state.docket;
    if (plan.scope == RouterScope::Cluster) {
        const LoadScope all{std::max<std::uint32_t>(plan.active, 1), docket.fresh, docket.stable};
        return weightRange(load, std::span(&all, 1));
    }
    std::vector<LoadScope> scopes;
    scopes.reserve(state.sites.size());
    for (std::size_t i = 0; i < state.sites.size(); ++i) {
        scopes.push_back({docket.queues[i].nodes, state.sites[i].fresh, state.sites[i].stable});
    }
    return weightRange(load, scopes);
}

Weight shareOfFresh(const State &state) {
    const Docket &docket = state.docket;
    if (docket.up == 0) {
        return state.weight_asked; // nobody serves: nothing to divide
    }
    return static_cast<Weight>(std::uint64_t{full_weight} * docket.fresh / docket.up);
}

bool usesSlots(const Plan &plan) {
    return plan.strategy == StrategyKind::BlueGreen;
}

bool routerGaveUp(const State &state) {
    return state.docket.router_refused >= router_attempts_max;
}

bool routerFree(const State &state) {
    const Docket &docket = state.docket;
    return docket.router_order == unasked &&
           (docket.router_refused == 0 ||
            (!routerGaveUp(state) && state.now >= docket.router_again));
}

Weight weightOf(const State &state, const ShiftStep &step) {
    const Weight goal = state.docket.goal;
    return goal > 0 && goal < step.weight ? std::max(goal, state.weight) : step.weight;
}

// As low as the old revision's nodes can bear; nothing when no new instance is left.
Weight wayBackWeight(const Plan &plan, const State &state) {
    if (plan.router == RouterKind::None) {
        return state.weight_asked;
    }
    if (plan.from == no_revision || plan.router == RouterKind::Flag || state.docket.fresh == 0) {
        return 0;
    }
    const Weight least = std::min(weightsNow(plan, state).low, shareOfFresh(state));
    return std::min(least, std::max(state.weight, state.weight_asked));
}

} // namespace aviary::kernel
