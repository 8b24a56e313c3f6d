// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernel/strategy/load.h"

#include <algorithm>

namespace aviary::kernel {

// weight / healthy <= max_load_percent / 100 * full_weight / nodes, solved for weight. The product
// of percent and nodes fits 64 bits; the last factor is applied only where the result is below 100
// %.
Weight weightMax(std::uint32_t max_load_percent, std::uint32_t nodes, std::uint32_t healthy) {
    if (healthy == 0 || nodes == 0) {
        return 0;
    }
    const std::uint64_t load = std::uint64_t{max_load_percent} * healthy;
    if (load / nodes >= 100) {
        return full_weight;
    }
    constexpr std::uint64_t weight_per_percent = full_weight / 100;
    return static_cast<Weight>(load * weight_per_percent / nodes);
}

WeightRange weightRange(std::uint32_t max_load_percent, const LoadScope &scope) {
    return {full_weight - weightMax(max_load_percent, scope.nodes, scope.stable),
            weightMax(max_load_percent, scope.nodes, scope.fresh)};
}

WeightRange weightRange(std::uint32_t max_load_percent, std::span<const LoadScope> scopes) {
    WeightRange range;
    bool any_fresh = false;
    bool any_stable = false;
    for (const LoadScope &scope : scopes) {
        const WeightRange own = weightRange(max_load_percent, scope);
        if (scope.fresh > 0) {
            any_fresh = true;
            range.high = std::min(range.high, own.high);
        }
        if (scope.stable > 0) {
            any_stable = true;
            range.low = std::max(range.low, own.low);
        }
    }
    if (!any_fresh) {
        range.high = 0;
    }
    if (!any_stable) {
        range.low = full_weight;
    }
    return range;
}

} // namespace aviary::kernel
