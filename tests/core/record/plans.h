// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/strategy/plan.h"

#include <string>

// Plans for the tests of records, made by hand so that they do not move when compile does.
namespace aviary::tests {

// A canary over `nodes` targets in three sites: update, shift, check, hold, for a tenth of the
// nodes and for all; then retire.
inline kernel::Plan canaryPlan(std::uint32_t nodes) {
    using namespace kernel;
    Plan plan;
    plan.service = "checkout-api";
    plan.revisions = {"", "v41", "v42"};
    plan.from = 1;
    plan.to = 2;
    plan.strategy = StrategyKind::Canary;
    plan.router = RouterKind::Weights;
    plan.sites = {{"eu", 0}, {"us", 0}, {"asia", 0}};
    for (std::uint32_t i = 0; i < nodes; ++i) {
        plan.targets.push_back({"edge-" + std::to_string(i), i % 3, 1});
        ++plan.sites[i % 3].nodes;
    }
    plan.pending = plan.active = nodes;
    const std::uint32_t tenth = nodes < 10 ? 1 : nodes / 10;
    plan.judges = {HealthShare{}, NotWorse{}};
    plan.steps = {UpdateStep{0, tenth, tenth, tenth, 0},
                  ShiftStep{1'000},
                  CheckStep{0, 1, 1'000, 0},
                  HoldStep{},
                  UpdateStep{tenth, nodes, nodes, nodes, 0},
                  ShiftStep{10'000},
                  CheckStep{0, 1, 0, 0},
                  RetireStep{}};
    plan.policy.max_parallel = nodes;
    plan.policy.max_unavailable = NodeLimit{100, true};
    plan.policy.success_threshold = 950'000;
    plan.policy.min_healthy_ms = 10;
    plan.remarks = {{Remark::Kind::Other, "edge-0", "a remark"}};
    return plan;
}

} // namespace aviary::tests
