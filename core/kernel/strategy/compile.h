// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/strategy/plan.h"

namespace aviary::kernel {

// ---- What a person gives; the defaults are the product's ----------------------------------------

struct Rolling {
    Millis delay_ms = 5'000; // between waves of Policy::max_parallel
    bool operator==(const Rolling &) const = default;
};
struct RollingTraffic {
    std::uint32_t batch_count = 4;
    Millis pause_ms = 0;
    bool operator==(const RollingTraffic &) const = default;
};
// Hold times: none is until promoted. One bake time and hold for all stages, unless `holds` has
// one for each.
struct Canary {
    std::vector<Weight> stages = {1'000, 2'500, 5'000, 10'000}; // rising, the last 100 %
    Millis bake_ms = 60'000;
    std::optional<Millis> hold_ms;
    std::vector<std::optional<Millis>> holds = {}; // of each stage but the last; empty: hold_ms
    bool operator==(const Canary &) const = default;
};
struct CanarySingle {
    Weight percent = 1'000;
    std::uint32_t nodes = 0; // this many nodes, and their share of traffic; 0: go by percent
    Millis bake_ms = 60'000;
    std::optional<Millis> hold_ms;
    bool operator==(const CanarySingle &) const = default;
};
struct CanaryTraffic {
    Weight initial = 1'000;
    Weight step = 2'000;
    std::uint32_t max_steps = 5; // then 100 %
    Millis bake_ms = 0;
    std::optional<Millis> hold_ms = 0;
    bool operator==(const CanaryTraffic &) const = default;
};
struct BlueGreen {
    bool preview = false;  // hold for a person before the switch
    Millis warm_up_ms = 0; // between healthy and the switch
    Millis retire_delay_ms = 30'000;
    bool operator==(const BlueGreen &) const = default;
};
struct FeatureFlag {
    std::string flag_name; // empty: ff_<service>_<revision>
    Weight initial_rollout = 0;
    std::vector<Weight> ramp; // further steps, rising; empty: only what a person sets
    Millis bake_ms = 0;
    std::optional<Millis> hold_ms;
    bool operator==(const FeatureFlag &) const = default;
};
using Strategy = std::variant<Rolling, RollingTraffic, Canary, CanarySingle, CanaryTraffic,
                              BlueGreen, FeatureFlag>;

struct PlanRequest {
    std::string service;
    std::string from; // stable revision; empty on a first deployment
    std::string to;
    Strategy strategy = Rolling{};
    Policy policy;
    std::optional<std::vector<std::string>> targets; // none: every online node
    std::optional<UpdateMode> mode;                  // none: beside where there is a router
    RouterKind router = RouterKind::None;
    RouterScope scope = RouterScope::Cluster;
    std::optional<std::vector<Judge>> judges; // none: health share, and not-worse with a router
    Millis check_limit_ms = 0;
    Millis latency_limit_ms = 500;
    Needs needs;
    bool operator==(const PlanRequest &) const = default;
};

// One thing that is wrong with a request: where, what, and what would be right.
struct Problem {
    std::string field;   // "strategy.stages[2]"
    std::string what;    // "120 is over 100 %"
    std::string allowed; // "1 to 100, rising, the last 100"
    bool operator==(const Problem &) const = default;
};

// Limits on what compile accepts; beyond them it answers with a Problem.
inline constexpr std::size_t targets_max = 1'000'000;
inline constexpr std::size_t stages_max = 1'000;
inline constexpr Millis duration_ms_max = 366LL * 24 * 3600 * 1000;

using Compiled = std::variant<Plan, std::vector<Problem>>;

// Pure. All problems are collected; none stops the next from being found (at most 100 are listed).
//
// Targets. A node that runs `to` already is Done and counts towards every stage. Without a list
// every node of the fleet is a target, and those that are not online are Behind; a listed node that
// is Degraded is updated. A plan that could touch no node is a problem.
//
// Traffic, by what the plan's steps are:
//   shift steps    canary and traffic-only plans with a weights router, beside
//   weight follows rolling, and every plan in place (Plan::weightFollowsNodes): no shift steps
//   switch         blue-green, always beside; without a router the retiring of the old is the
//   switch flag           feature-flag; its plan's router is Flag whatever the request's router can
//   do
//                  besides, and shift steps set the flag's share
// A rolling update beside retires each old instance once the new one is healthy
// (UpdateStep::retire_old): it loses no capacity, and no request when the router drains what it
// retires. When there is nothing to shift from (first deployment, or no target runs anything else)
// one shift to 100 % stands after the last update.
//
// Checks. Unless the request names judges: health share, and not-worse where a router splits
// traffic between two revisions. At 100 % nothing is left to compare with, so a last check is by
// health share alone. Rolling has no check but the settling of its waves unless judges are named,
// and then one at its end.
//
// Load. A shift that gives a revision's healthy nodes more than max_load (load.h) is a problem.
Compiled compile(const PlanRequest &request, const Fleet &fleet);

// "rolling", "blue-green" and "blue_green", "canary", "feature-flag" and "feature_flag", with the
// parameters' defaults; none for any other word.
std::optional<Strategy> strategyByName(std::string_view name);
StrategyKind kindOf(const Strategy &strategy);

} // namespace aviary::kernel
