// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernel/strategy/plan.h"

#include <algorithm>

namespace aviary::kernel {

namespace {

constexpr Ppm canary_threshold_default = 950'000;

bool retiresAsItGoes(const Step &step) {
    const auto *update = std::get_if<UpdateStep>(&step);
    return update && update->retire_old;
}

} // namespace

Ppm Plan::successThreshold() const {
    if (policy.success_threshold) {
        return *policy.success_threshold;
    }
    return strategy == StrategyKind::Canary ? canary_threshold_default : ppm_one;
}

std::uint32_t Plan::maxUnavailable(std::uint32_t site) const {
    if (!policy.max_unavailable) {
        return std::max(policy.max_parallel, 1U);
    }
    return policy.max_unavailable->of(site < sites.size() ? sites[site].nodes : 0);
}

bool Plan::weightFollowsNodes() const {
    if (router != RouterKind::Weights) {
        return false;
    }
    return mode == UpdateMode::InPlace || std::any_of(steps.begin(), steps.end(), retiresAsItGoes);
}

} // namespace aviary::kernel
