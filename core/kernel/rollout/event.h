// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/analysis/judge.h"
#include "core/kernel/fleet/node.h"
#include "core/kernel/rollout/request.h"

// What happened. Events are small trivially copyable values. `note` only writes them down, so that
// a duplicate, a late one and two in the wrong order do no harm: reports carry the order that they
// answer, counters are cumulative.
namespace aviary::kernel {

// Why something did not work. The text that goes with it is kept in the record, beside the event.
enum class Cause : std::uint8_t {
    None,
    OrderRefused, // the driver or the node would not do it
    StartFailed,  // it ended early, or never listened
    ChecksFailed, // a check failed after it had been ready
    Exited,       // the process or container ended
    Silent,       // the node was not heard
    NodeGone,     // the node left the cluster
    HealthyDeadline,
    ProgressDeadline,
    Threshold, // too few nodes of a wave were healthy
    Verdict,   // a check ruled against the new revision
    RouterRefused,
    Person, // somebody asked for it
    Superseded,
    WayBackFailed, // a node could not be brought back
    Undecided,     // a check could not rule: too few requests, none, or no data
};
std::string_view nameOf(Cause cause);

// ---- Reports of the driver. A report about an instance that this rollout ordered carries that
// order; one about what ran before carries none (`unasked`).

// The instance that `order` asked for runs, is ready and passes every check. After UpdateNode the
// window of min_healthy begins; after RestoreNode the node is back.
struct NodeReady {
    TargetIndex target = 0;
    Order order = unasked;
    bool operator==(const NodeReady &) const = default;
    static constexpr std::string_view name = "node_ready";
    static constexpr auto fields() {
        return std::tuple{field("target", &NodeReady::target), field("order", &NodeReady::order)};
    }
};
// It was ready and is not now. The window begins anew with the next NodeReady.
struct NodeNotReady {
    TargetIndex target = 0;
    Order order = unasked;
    bool operator==(const NodeNotReady &) const = default;
    static constexpr std::string_view name = "node_not_ready";
    static constexpr auto fields() {
        return std::tuple{field("target", &NodeNotReady::target),
                          field("order", &NodeNotReady::order)};
    }
};
// The order cannot be done, or what it started ended for good.
struct NodeFailed {
    TargetIndex target = 0;
    Order order = unasked;
    Cause cause = Cause::None;
    bool operator==(const NodeFailed &) const = default;
    static constexpr std::string_view name = "node_failed";
    static constexpr auto fields() {
        return std::tuple{field("target", &NodeFailed::target), field("order", &NodeFailed::order),
                          field("cause", &NodeFailed::cause)};
    }
};
// The old instance is gone, as RetireNode asked.
struct NodeRetired {
    TargetIndex target = 0;
    Order order = unasked;
    bool operator==(const NodeRetired &) const = default;
    static constexpr std::string_view name = "node_retired";
    static constexpr auto fields() {
        return std::tuple{field("target", &NodeRetired::target),
                          field("order", &NodeRetired::order)};
    }
};
struct NodeStatusChanged {
    TargetIndex target = 0;
    NodeStatus status = NodeStatus::Online;
    bool operator==(const NodeStatusChanged &) const = default;
    static constexpr std::string_view name = "node_status_changed";
    static constexpr auto fields() {
        return std::tuple{field("target", &NodeStatusChanged::target),
                          field("status", &NodeStatusChanged::status)};
    }
};
struct NodeFlagsChanged {
    TargetIndex target = 0;
    bool draining = false;
    bool maintenance = false;
    bool excluded = false;
    bool operator==(const NodeFlagsChanged &) const = default;
    static constexpr std::string_view name = "node_flags_changed";
    static constexpr auto fields() {
        return std::tuple{field("target", &NodeFlagsChanged::target),
                          field("draining", &NodeFlagsChanged::draining),
                          field("maintenance", &NodeFlagsChanged::maintenance),
                          field("excluded", &NodeFlagsChanged::excluded)};
    }
};

// ---- Reports of the router

// The router read back what SetWeight or SwitchSlot asked for.
struct TrafficApplied {
    Order order = unasked;
    bool operator==(const TrafficApplied &) const = default;
    static constexpr std::string_view name = "traffic_applied";
    static constexpr auto fields() { return std::tuple{field("order", &TrafficApplied::order)}; }
};
struct TrafficRefused {
    Order order = unasked;
    bool operator==(const TrafficRefused &) const = default;
    static constexpr std::string_view name = "traffic_refused";
    static constexpr auto fields() { return std::tuple{field("order", &TrafficRefused::order)}; }
};

// ---- Measurements, wanted while State::measuring

// Cumulative counters of the new (`fresh`) or the old revision. A check counts from the first one
// after it began.
struct TrafficMeasured {
    bool fresh = false;
    Sample sample = {};
    bool operator==(const TrafficMeasured &) const = default;
    static constexpr std::string_view name = "traffic_measured";
    static constexpr auto fields() {
        return std::tuple{field("fresh", &TrafficMeasured::fresh),
                          field("sample", &TrafficMeasured::sample)};
    }
};
// One metric of a Tolerance judge (Plan::judges[judge], Tolerance::metrics[metric]), one side.
// `present` false: asked, and there is no value.
struct MetricMeasured {
    std::uint32_t judge = 0;
    std::uint32_t metric = 0;
    bool candidate = false;
    bool present = false;
    double value = 0.0;
    bool operator==(const MetricMeasured &) const = default;
    static constexpr std::string_view name = "metric_measured";
    static constexpr auto fields() {
        return std::tuple{
            field("judge", &MetricMeasured::judge), field("metric", &MetricMeasured::metric),
            field("candidate", &MetricMeasured::candidate),
            field("present", &MetricMeasured::present), field("value", &MetricMeasured::value)};
    }
};

// ---- Time, restarts, people

struct TimePassed {
    bool operator==(const TimePassed &) const = default;
    static constexpr std::string_view name = "time_passed";
    static constexpr auto fields() { return std::tuple{}; }
};
// The engine was down and is back. Rollout time stood still, so deadlines moved by the gap;
// continuous windows begin again at the first fresh NodeReady.
struct EngineRestarted {
    bool operator==(const EngineRestarted &) const = default;
    static constexpr std::string_view name = "engine_restarted";
    static constexpr auto fields() { return std::tuple{}; }
};
struct Requested {
    Request request = {};
    bool operator==(const Requested &) const = default;
    static constexpr std::string_view name = "requested";
    static constexpr auto fields() { return std::tuple{field("request", &Requested::request)}; }
};

using Event = std::variant<TimePassed, NodeReady, NodeNotReady, NodeFailed, NodeRetired,
                           NodeStatusChanged, NodeFlagsChanged, TrafficApplied, TrafficRefused,
                           TrafficMeasured, MetricMeasured, EngineRestarted, Requested>;

} // namespace aviary::kernel
