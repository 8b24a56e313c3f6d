// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/basics.h"

#include <span>

namespace aviary::kernel {

// How many nodes share the traffic of one scope: the whole cluster, or one site when the router
// works per site (RouterScope).
struct LoadScope {
    std::uint32_t nodes = 0; // active targets: each carries 1/nodes of the traffic usually
    std::uint32_t fresh = 0; // of those, healthy on the new revision
    std::uint32_t stable =
        0; // of those, healthy on the old revision (beside: may be the same node)
    bool operator==(const LoadScope &) const = default;
};

// Weights of the new revision that overload nobody. Empty when low > high: too few healthy nodes
// are left for any weight.
struct WeightRange {
    Weight low = 0;
    Weight high = full_weight;
    bool empty() const { return low > high; }
    bool contains(Weight weight) const { return low <= weight && weight <= high; }
    bool operator==(const WeightRange &) const = default;
};

// The largest weight that `healthy` nodes of a scope of `nodes` may carry together. A node carries
// weight/healthy instead of its usual full_weight/nodes; their ratio may reach, but not pass,
// max_load_percent/100 (Policy). Rounded down to 1/100 %; 0 without healthy nodes.
Weight weightMax(std::uint32_t max_load_percent, std::uint32_t nodes, std::uint32_t healthy);

// Both revisions within one scope: high by the new revision's nodes, low by the old one's, which
// carry what the new one does not.
WeightRange weightRange(std::uint32_t max_load_percent, const LoadScope &scope);

// All scopes at once, for a router that has one weight for all sites. A scope without healthy
// nodes of the new revision takes none of its traffic and so does not limit it, and likewise for
// the old; when no scope has any, that revision may carry nothing.
WeightRange weightRange(std::uint32_t max_load_percent, std::span<const LoadScope> scopes);

} // namespace aviary::kernel
