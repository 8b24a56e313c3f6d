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

std::string_view nameOf(StrategyKind kind); // "blue-green"
std::string_view nameOf(UpdateMode mode);   // "in_place"
std::string_view nameOf(RouterKind router); // "weights"

// Where a revision's traffic goes: to its healthy nodes anywhere, or only to those of the same
// site.
enum class RouterScope : std::uint8_t { Cluster, Site };
std::string_view nameOf(RouterScope scope); // "site"

// ---- Steps. Each is a small value; a plan may have very many targets but few steps -------------

// Updates targets [begin, end) in waves of `wave_size`, at most `parallel` under way, `delay_ms`
// between waves and not after the last.
//
// With `retire_old` (an update beside, without a RetireStep at the end) the old instance of a node
// is retired as soon as the new one is healthy: a node gives up the old only when it has the new,
// so no capacity is lost at any time. See weightFollowsNodes() for the traffic.
struct UpdateStep {
    TargetIndex begin = 0, end = 0;
    std::uint32_t wave_size = 1;
    std::uint32_t parallel = 1;
    Millis delay_ms = 0;
    bool retire_old = false;
    bool operator==(const UpdateStep &) const = default;
    static constexpr auto fields() {
        return std::tuple{field("begin", &UpdateStep::begin),
                          field("end", &UpdateStep::end),
                          field("wave_size", &UpdateStep::wave_size),
                          field("parallel", &UpdateStep::parallel),
                          field("delay_ms", &UpdateStep::delay_ms),
                          field("retire_old", &UpdateStep::retire_old)};
    }
};
struct ShiftStep {
    Weight weight = 0;
    bool operator==(const ShiftStep &) const = default;
    static constexpr auto fields() { return std::tuple{field("weight", &ShiftStep::weight)}; }
};
// Judged by Plan::judges [judges_begin, judges_end): all must pass, one that fails is enough to
// fail. A pass counts only when `bake_ms` of rollout time are over; a fail at once. Undecided past
// `limit_ms` after the bake time (0: no limit) waits for a person; no traffic and no data do too.
struct CheckStep {
    std::uint32_t judges_begin = 0, judges_end = 0;
    Millis bake_ms = 0;
    Millis limit_ms = 0;
    bool operator==(const CheckStep &) const = default;
    static constexpr auto fields() {
        return std::tuple{field("judges_begin", &CheckStep::judges_begin),
                          field("judges_end", &CheckStep::judges_end),
                          field("bake_ms", &CheckStep::bake_ms),
                          field("limit_ms", &CheckStep::limit_ms)};
    }
};
// Until promoted, unless there is a time. auto_promote passes it when the check before it passed.
struct HoldStep {
    std::optional<Millis> time_ms;
    bool operator==(const HoldStep &) const = default;
    static constexpr auto fields() { return std::tuple{field("time_ms", &HoldStep::time_ms)}; }
};
// Turns all traffic to the other slot at once (blue-green).
struct SwitchStep {
    bool operator==(const SwitchStep &) const = default;
    static constexpr auto fields() { return std::tuple{}; }
};
// Stops the old instances, `delay_ms` after the step begins.
struct RetireStep {
    Millis delay_ms = 0;
    bool operator==(const RetireStep &) const = default;
    static constexpr auto fields() { return std::tuple{field("delay_ms", &RetireStep::delay_ms)}; }
};
using Step = std::variant<UpdateStep, ShiftStep, CheckStep, HoldStep, SwitchStep, RetireStep>;

// ---- The plan ---------------------------------------------------------------------------------

struct Site {
    std::string name;
    std::uint32_t nodes = 0; // nodes of the fleet at this site, targets or not
    bool operator==(const Site &) const = default;
    static constexpr auto fields() {
        return std::tuple{field("name", &Site::name), field("nodes", &Site::nodes)};
    }
};

// How a target stands when the plan is made.
enum class Standing : std::uint8_t { Pending, Done, Behind };
std::string_view nameOf(Standing standing); // "behind"

struct Target {
    std::string node;
    std::uint32_t site = 0;               // in Plan::sites
    RevisionIndex previous = no_revision; // what it runs now: where its way back leads
    Standing standing = Standing::Pending;
    Reach reach = Reach::Touchable; // why it is behind
    bool operator==(const Target &) const = default;
    static constexpr auto fields() {
        return std::tuple{field("node", &Target::node), field("site", &Target::site),
                          field("previous", &Target::previous),
                          field("standing", &Target::standing), field("reach", &Target::reach)};
    }
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
    static constexpr auto fields() {
        return std::tuple{field("kind", &Remark::kind), field("subject", &Remark::subject),
                          field("text", &Remark::text)};
    }
};

std::string_view nameOf(Remark::Kind kind); // "node_behind"

// Immutable once a rollout started. Targets are ordered: those to update, in the order of the
// request; then those that run the new revision already; then those that are behind.
//
// A plan that only shifts traffic has no UpdateStep: it takes for granted that both revisions run
// on every active target. Its active targets are all Done (pending is 0), their `previous` is
// `from`, and the mode is Beside.
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
    static constexpr auto fields() {
        return std::tuple{
            field("service", &Plan::service),   field("revisions", &Plan::revisions),
            field("from", &Plan::from),         field("to", &Plan::to),
            field("strategy", &Plan::strategy), field("mode", &Plan::mode),
            field("router", &Plan::router),     field("scope", &Plan::scope),
            field("flag", &Plan::flag),         field("latency_limit_ms", &Plan::latency_limit_ms),
            field("sites", &Plan::sites),       field("targets", &Plan::targets),
            field("pending", &Plan::pending),   field("active", &Plan::active),
            field("judges", &Plan::judges),     field("steps", &Plan::steps),
            field("policy", &Plan::policy),     field("remarks", &Plan::remarks)};
    }

    Ppm successThreshold() const; // the policy's, or the strategy's default
    // Nodes of the site that may be down at once; at least one.
    std::uint32_t maxUnavailable(std::uint32_t site) const;
    // True when the router's weight is not set by shift steps but follows the new revision's share
    // of ready nodes, fresh / (fresh + stable), where a node with a ready new instance counts as
    // fresh: with a weights router in place, and beside with UpdateStep::retire_old.
    bool weightFollowsNodes() const;
};

// One line for people and for tests: "update 0-2, waves of 1, 1 at once, 5 s between".
std::string toText(const Step &step);
std::string toText(const Judge &judge);
// 1234 as "12.34 %", 1000 as "10 %"; 90000 as "90 s", 300000 as "5 min", 1500 as "1500 ms".
std::string weightText(Weight weight);
std::string durationText(Millis duration_ms);

} // namespace aviary::kernel
