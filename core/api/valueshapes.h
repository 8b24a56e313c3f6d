// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/values.h"

// The members of the values of values.h, named once; those of the daemon itself are in
// daemonshapes.h. Only valuesjson.cpp, gitvalues.h and daemonshapes.h include this.
namespace aviary::api {

using kernel::field;

template <class T>
struct Shape {};

template <>
struct Shape<ClusterRow> {
    using R = ClusterRow;
    static constexpr auto fields() {
        return std::tuple{
            field("id", &R::id),
            field("name", &R::name),
            field("kind", &R::kind),
            field("class", &R::klass),
            field("contact", &R::contact),
            field("heard_wall_ms", &R::heard_wall_ms),
            field("age_limit_ms", &R::age_limit_ms),
            field("unlocked", &R::unlocked),
            field("needs_approval", &R::needs_approval),
            field("nodes", &R::nodes),
            field("healthy", &R::healthy),
            field("degraded", &R::degraded),
            field("offline", &R::offline),
            field("behind", &R::behind),
            field("splits_traffic", &R::splits_traffic),
            field("text", &R::text),
        };
    }
};

template <>
struct Shape<RolloutRow> {
    using R = RolloutRow;
    static constexpr auto fields() {
        return std::tuple{
            field("id", &R::id),
            field("cluster", &R::cluster),
            field("service", &R::service),
            field("deployment", &R::deployment),
            field("from", &R::from),
            field("to", &R::to),
            field("strategy", &R::strategy),
            field("status", &R::status),
            field("epoch", &R::epoch),
            field("weight", &R::weight),
            field("step", &R::step),
            field("steps", &R::steps),
            field("wave", &R::wave),
            field("waves", &R::waves),
            field("nodes_done", &R::nodes_done),
            field("nodes", &R::nodes),
            field("started_wall_ms", &R::started_wall_ms),
            field("changed_wall_ms", &R::changed_wall_ms),
            field("ended_wall_ms", &R::ended_wall_ms),
            field("who", &R::who),
            field("headline", &R::headline),
        };
    }
};

template <>
struct Shape<StepRow> {
    using R = StepRow;
    static constexpr auto fields() {
        return std::tuple{field("text", &R::text), field("sign", &R::sign),
                          field("took_ms", &R::took_ms), field("expected_ms", &R::expected_ms),
                          field("weight", &R::weight)};
    }
};

template <>
struct Shape<TargetRow> {
    using R = TargetRow;
    static constexpr auto fields() {
        return std::tuple{field("node", &R::node),         field("site", &R::site),
                          field("previous", &R::previous), field("phase", &R::phase),
                          field("status", &R::status),     field("text", &R::text)};
    }
};

template <>
struct Shape<Happening> {
    using R = Happening;
    static constexpr auto fields() {
        return std::tuple{field("sequence", &R::sequence), field("wall_ms", &R::wall_ms),
                          field("who", &R::who), field("text", &R::text),
                          field("weight", &R::weight)};
    }
};

template <>
struct Shape<SiteEffectRow> {
    using R = SiteEffectRow;
    static constexpr auto fields() {
        return std::tuple{field("site", &R::site), field("nodes", &R::nodes), field("up", &R::up),
                          field("floor", &R::floor)};
    }
};

template <>
struct Shape<EffectRow> {
    using R = EffectRow;
    static constexpr auto fields() {
        return std::tuple{
            field("epoch", &R::epoch),
            field("token", &R::token),
            field("weight_from", &R::weight_from),
            field("weight_to", &R::weight_to),
            field("nodes", &R::nodes),
            field("sites", &R::sites),
            field("requests_per_minute", &R::requests_per_minute),
            field("raises_exposure", &R::raises_exposure),
            field("way_back", &R::way_back),
            field("sentences", &R::sentences),
            field("refusal", &R::refusal),
        };
    }
};

template <>
struct Shape<SiteRow> {
    using R = SiteRow;
    static constexpr auto fields() {
        return std::tuple{field("site", &R::site), field("nodes", &R::nodes),
                          field("fresh", &R::fresh), field("up", &R::up),
                          field("floor", &R::floor)};
    }
};

template <>
struct Shape<Permission> {
    using R = Permission;
    static constexpr auto fields() {
        return std::tuple{field("verb", &R::verb), field("allowed", &R::allowed),
                          field("reason", &R::reason)};
    }
};

template <>
struct Shape<TrafficPoint> {
    using R = TrafficPoint;
    static constexpr auto fields() {
        return std::tuple{
            field("wall_ms", &R::wall_ms),           field("share", &R::share),
            field("requests", &R::requests),         field("fresh_error", &R::fresh_error),
            field("stable_error", &R::stable_error), field("fresh_slow", &R::fresh_slow),
            field("stable_slow", &R::stable_slow),   field("band", &R::band)};
    }
};

template <>
struct Shape<RolloutDetail> {
    using R = RolloutDetail;
    static QString id(const R &value) { return value.row.id; }
    static constexpr auto fields() {
        return std::tuple{
            field("row", &R::row),
            field("why", &R::why),
            field("evidence", &R::evidence),
            field("verdict", &R::verdict),
            field("verdict_text", &R::verdict_text),
            field("gate", &R::gate),
            field("weight_max", &R::weight_max),
            field("promote_max", &R::promote_max),
            field("load_text", &R::load_text),
            field("stages", &R::stages),
            field("steps", &R::steps),
            field("targets", &R::targets),
            field("targets_total", &R::targets_total),
            field("phases", &R::phases),
            field("sites", &R::sites),
            field("permissions", &R::permissions),
            field("traffic", &R::traffic),
            field("happenings", &R::happenings),
            field("plan_yaml", &R::plan_yaml),
            field("fresh_share", &R::fresh_share),
            field("up_share", &R::up_share),
            field("traffic_now", &R::traffic_now),
            field("left_fan", &R::left_fan),
        };
    }
};

template <>
struct Shape<ServiceOnNode> {
    using R = ServiceOnNode;
    static constexpr auto fields() {
        return std::tuple{field("service", &R::service), field("revision", &R::revision),
                          field("ready", &R::ready), field("text", &R::text)};
    }
};

// The kernel's flags are bit fields, which have no address.
struct FlagsRow {
    bool draining = false, maintenance = false, excluded = false;
};
template <>
struct Shape<FlagsRow> {
    using R = FlagsRow;
    static constexpr auto fields() {
        return std::tuple{field("draining", &R::draining), field("maintenance", &R::maintenance),
                          field("excluded", &R::excluded)};
    }
};

template <>
struct Shape<kernel::Usage> {
    using R = kernel::Usage;
    static constexpr auto fields() {
        return std::tuple{field("cpu_ppm", &R::cpu), field("memory_mib", &R::memory_mib),
                          field("disk_mib", &R::disk_mib), field("services", &R::services)};
    }
};
template <>
struct Shape<kernel::Capacity> {
    using R = kernel::Capacity;
    static constexpr auto fields() {
        return std::tuple{field("memory_mib", &R::memory_mib), field("disk_mib", &R::disk_mib),
                          field("services", &R::services)};
    }
};

template <>
struct Shape<NodeRow> {
    using R = NodeRow;
    static constexpr auto fields() {
        return std::tuple{
            field("id", &R::id),
            field("name", &R::name),
            field("address", &R::address),
            field("site", &R::site),
            field("labels", &R::labels),
            field("status", &R::status),
            field("flags", &R::flags),
            field("flapping", &R::flapping),
            field("heard_wall_ms", &R::heard_wall_ms),
            field("behind", &R::behind),
            field("services", &R::services),
            field("usage", &R::usage),
            field("capacity", &R::capacity),
        };
    }
};

template <>
struct Shape<FleetPage> {
    using R = FleetPage;
    static constexpr auto fields() {
        return std::tuple{field("cluster", &R::cluster), field("revision", &R::revision),
                          field("total", &R::total), field("first", &R::first),
                          field("nodes", &R::nodes)};
    }
};

template <>
struct Shape<DeploymentRow> {
    using R = DeploymentRow;
    static constexpr auto fields() {
        return std::tuple{
            field("id", &R::id),
            field("key", &R::key),
            field("cluster", &R::cluster),
            field("rollout", &R::rollout),
            field("version", &R::version),
            field("revision", &R::revision),
            field("from", &R::from),
            field("to", &R::to),
            field("strategy", &R::strategy),
            field("status", &R::status),
            field("stable", &R::stable),
            field("bad", &R::bad),
            field("tags", &R::tags),
            field("who", &R::who),
            field("reason", &R::reason),
            field("outcome", &R::outcome),
            field("started_wall_ms", &R::started_wall_ms),
            field("ended_wall_ms", &R::ended_wall_ms),
            field("commit", &R::commit),
        };
    }
};

template <>
struct Shape<SnapshotRow> {
    using R = SnapshotRow;
    static constexpr auto fields() {
        return std::tuple{field("version", &R::version),
                          field("revision", &R::revision),
                          field("deployment", &R::deployment),
                          field("state", &R::state),
                          field("bad", &R::bad),
                          field("running", &R::running),
                          field("tags", &R::tags)};
    }
};

template <>
struct Shape<WaitingRow> {
    using R = WaitingRow;
    static QString id(const R &value) {
        return value.cluster % u'/' % (value.rollout.isEmpty() ? value.subject : value.rollout) %
               u'/' % value.verb;
    }
    static constexpr auto fields() {
        return std::tuple{field("cluster", &R::cluster), field("subject", &R::subject),
                          field("rollout", &R::rollout), field("text", &R::text),
                          field("verb", &R::verb),       field("since_wall_ms", &R::since_wall_ms)};
    }
};

template <>
struct Shape<RequestRow> {
    using R = RequestRow;
    static constexpr auto fields() {
        return std::tuple{
            field("id", &R::id),
            field("cluster", &R::cluster),
            field("rollout", &R::rollout),
            field("service", &R::service),
            field("verb", &R::verb),
            field("who", &R::who),
            field("reason", &R::reason),
            field("outcome", &R::outcome),
            field("text", &R::text),
            field("asked_wall_ms", &R::asked_wall_ms),
            field("settled_wall_ms", &R::settled_wall_ms),
        };
    }
};

template <>
struct Shape<AlertRow> {
    using R = AlertRow;
    static constexpr auto fields() {
        return std::tuple{
            field("id", &R::id),
            field("kind", &R::kind),
            field("cluster", &R::cluster),
            field("subject", &R::subject),
            field("rollout", &R::rollout),
            field("text", &R::text),
            field("raised_wall_ms", &R::raised_wall_ms),
            field("over_wall_ms", &R::over_wall_ms),
            field("acknowledged_by", &R::acknowledged_by),
            field("acknowledged_wall_ms", &R::acknowledged_wall_ms),
            field("snoozed_by", &R::snoozed_by),
            field("snoozed_until_wall_ms", &R::snoozed_until_wall_ms),
            field("delivery", &R::delivery),
        };
    }
};

template <>
struct Shape<AlertDelivery> {
    using R = AlertDelivery;
    static constexpr auto fields() {
        return std::tuple{field("command", &R::command), field("webhook", &R::webhook)};
    }
};

template <>
struct Shape<TargetPage> {
    using R = TargetPage;
    static constexpr auto fields() {
        return std::tuple{field("total", &R::total), field("first", &R::first),
                          field("targets", &R::targets)};
    }
};

template <>
struct Shape<CheckRow> {
    using R = CheckRow;
    static constexpr auto fields() {
        return std::tuple{field("text", &R::text), field("ok", &R::ok),
                          field("remedy", &R::remedy)};
    }
};

template <>
struct Shape<InstanceRow> {
    using R = InstanceRow;
    static constexpr auto fields() {
        return std::tuple{
            field("id", &R::id),
            field("cluster", &R::cluster),
            field("node", &R::node),
            field("site", &R::site),
            field("service", &R::service),
            field("revision", &R::revision),
            field("address", &R::address),
            field("ready", &R::ready),
            field("role", &R::role),
            field("status", &R::status),
            field("deployment_key", &R::deployment_key),
            field("deployment_id", &R::deployment_id),
            field("deployment_version", &R::deployment_version),
            field("text", &R::text),
        };
    }
};

template <>
struct Shape<HealthRow> {
    using R = HealthRow;
    static constexpr auto fields() {
        return std::tuple{field("cluster", &R::cluster),   field("node", &R::node),
                          field("service", &R::service),   field("revision", &R::revision),
                          field("check", &R::check),       field("health", &R::health),
                          field("critical", &R::critical), field("text", &R::text)};
    }
};

template <>
struct Shape<HealthReport> {
    using R = HealthReport;
    static constexpr auto fields() {
        return std::tuple{field("overall", &R::overall), field("text", &R::text),
                          field("checks", &R::checks)};
    }
};

template <>
struct Shape<LogRow> {
    using R = LogRow;
    static constexpr auto fields() {
        return std::tuple{field("wall_ms", &R::wall_ms), field("text", &R::text)};
    }
};

template <>
struct Shape<ProblemRow> {
    using R = ProblemRow;
    static constexpr auto fields() {
        return std::tuple{field("field", &R::field), field("what", &R::what),
                          field("allowed", &R::allowed)};
    }
};

template <>
struct Shape<RemarkRow> {
    using R = RemarkRow;
    static constexpr auto fields() {
        return std::tuple{field("subject", &R::subject), field("text", &R::text)};
    }
};

template <>
struct Shape<PlanAnswer> {
    using R = PlanAnswer;
    static constexpr auto fields() {
        return std::tuple{field("plan_yaml", &R::plan_yaml), field("service", &R::service),
                          field("from", &R::from),           field("to", &R::to),
                          field("nodes", &R::nodes),         field("route", &R::route),
                          field("agents", &R::agents),       field("steps", &R::steps),
                          field("remarks", &R::remarks),     field("problems", &R::problems)};
    }
};

template <>
struct Shape<Summary> {
    using R = Summary;
    static constexpr auto fields() {
        return std::tuple{field("deployments", &R::deployments),
                          field("services", &R::services),
                          field("active", &R::active),
                          field("waiting", &R::waiting),
                          field("completed", &R::completed),
                          field("rolled_back", &R::rolled_back),
                          field("failed", &R::failed),
                          field("superseded", &R::superseded),
                          field("success_rate", &R::success_rate)};
    }
};

} // namespace aviary::api
