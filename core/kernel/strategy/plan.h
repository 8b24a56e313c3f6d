// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/analysis/judge.h"
#include "core/kernel/fleet/fleet.h"
#include "core/kernel/strategy/policy.h"

namespace aviary::kernel {

enum class StrategyKind : std::uint8_t { Rolling, Canary, BlueGreen, FeatureFlag };
enum class UpdateMode : std::uint8_t { Beside, InPlace };

// What splits the traffic, as far as a plan must know.
enum class RouterKind : std::uint8_t {
    None,    // shift steps are left out, and the plan says so
    Weights, // any weight (HAProxy)
    Flag,    // a flag's share of users (flagd)
};

// Where a revision's traffic goes: to its healthy nodes anywhere, or only to those of the same
// site.
enum class RouterScope : std::uint8_t { Cluster, Site };

// ---- Steps. Each is a small value; a plan may have very many targets but few steps -------------

// Updates targets [begin, end) in waves of `wave_size`, at most `parallel` under way, `delay_ms`
// between waves and not after the last.
struct UpdateStep {
    TargetIndex begin = 0, end = 0;
    std::uint32_t wave_size = 1;
    std::uint32_t parallel = 1;
    Millis delay_ms = 0;
    bool operator==(const UpdateStep &) const = default;
};
struct ShiftStep {
    Weight weight = 0;
    bool operator==(const ShiftStep &) const = default;
};
// Judged by Plan::judges [judges_begin, judges_end): all must pass, one that fails is enough to
// fail. A pass counts only when `bake_ms` of rollout time are over; a fail at once. Undecided past
// `limit_ms` after the bake time (0: no limit) waits for a person; no traffic and no data do too.
struct CheckStep {
    std::uint32_t judges_begin = 0, judges_end = 0;
    Millis bake_ms = 0;
    Millis limit_ms = 0;
    bool operator==(const CheckStep &) const = default;
};
// Until promoted, unless there is a time. auto_promote passes it when the check before it passed.
struct HoldStep {
    std::optional<Millis> time_ms;
    bool operator==(const HoldStep &) const = default;
};
// Turns all traffic to the other slot at once (blue-green).
struct SwitchStep {
    bool operator==(const SwitchStep &) const = default;
};
// Stops the old instances, `delay_ms` after the step begins.
struct RetireStep {
    Millis delay_ms = 0;
    bool operator==(const RetireStep &) const = default;
};
using Step = std::variant<UpdateStep, ShiftStep, CheckStep, HoldStep, SwitchStep, RetireStep>;

// ---- The plan ---------------------------------------------------------------------------------

struct Site {
    std::string name;
    std::uint32_t nodes = 0; // nodes of the fleet at this site, targets or not
    bool operator==(const Site &) const = default;
};

// How a target stands when the plan is made.
enum class Standing : std::uint8_t { Pending, Done, Behind };

struct Target {
    std::string node;
    std::uint32_t site = 0;               // in Plan::sites
    RevisionIndex previous = no_revision; // what it runs now: where its way back leads
    Standing standing = Standing::Pending;
    Reach reach = Reach::Touchable; // why it is behind
    bool operator==(const Target &) const = default;
};

// What compile left out or changed, and why; shown with the plan.
struct Remark {
    enum class Kind : std::uint8_t {
        NoRouter,
        NodeBehind,
        NodeDone,
        StageAddsNothing,
        LoadStop,
        Other
    };
    Kind kind = Kind::Other;
    std::string subject; // node, step or field
    std::string text;
    bool operator==(const Remark &) const = default;
};

// Immutable once a rollout started. Targets are ordered: those to update, in the order of the
// request; then those that run the new revision already; then those that are behind.
struct Plan {
    std::string service;
    std::vector<std::string> revisions; // [0] is ""
    RevisionIndex from = no_revision;   // the stable one; no_revision on a first deployment
    RevisionIndex to = no_revision;
    StrategyKind strategy = StrategyKind::Rolling;
    UpdateMode mode = UpdateMode::Beside;
    RouterKind router = RouterKind::None;
    RouterScope scope = RouterScope::Cluster;
    std::string flag;              // feature-flag: its name
    Millis latency_limit_ms = 500; // an answer slower than this is "slow"
    std::vector<Site> sites;
    std::vector<Target> targets;
    TargetIndex pending = 0; // targets [0, pending) are to be updated
    TargetIndex active = 0;  // targets [pending, active) are done, [active, size) behind
    std::vector<Judge> judges;
    std::vector<Step> steps;
    Policy policy;
    std::vector<Remark> remarks;
    bool operator==(const Plan &) const = default;

    Ppm successThreshold() const; // the policy's, or the strategy's default
    std::uint32_t maxUnavailable(std::uint32_t site) const;
};

} // namespace aviary::kernel
