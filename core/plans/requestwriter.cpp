// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plans/requestreader.h"

namespace aviary::plans {

namespace {

using namespace kernel;

QString text(std::string_view utf8) {
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}
YamlNode name(std::string_view utf8) {
    return scalar(text(utf8));
}
YamlNode word(std::string_view utf8) {
    return plain(text(utf8));
}
YamlNode truth(bool value) {
    return plain(value ? u"true"_qs : u"false"_qs);
}
YamlNode count(std::uint64_t value) {
    return plain(QString::number(value));
}
YamlNode duration(Millis value) {
    return plain(QString::fromStdString(durationText(value)));
}
YamlNode weight(Weight value) {
    return plain(QString::fromStdString(weightText(value)));
}
YamlNode share(Ppm value) {
    return plain(shareText(value));
}
YamlNode number(double value) {
    return plain(QString::number(value, 'g', QLocale::FloatingPointShortest));
}
YamlNode hold(const std::optional<Millis> &value) {
    return value ? duration(*value) : plain(u"until promoted"_qs);
}

template <class Values, class Write>
YamlNode list(const Values &values, Write write) {
    YamlNode node;
    node.kind = YamlNode::Kind::List;
    for (const auto &value : values) {
        node.items.push_back(write(value));
    }
    return node;
}

struct StrategyWriter {
    YamlNode &map;

    void operator()(const Rolling &rolling) const {
        put(map, u"delay"_qs, duration(rolling.delay_ms));
    }
    void operator()(const RollingTraffic &rolling) const {
        put(map, u"traffic_only"_qs, truth(true));
        put(map, u"batch_count"_qs, count(rolling.batch_count));
        put(map, u"pause"_qs, duration(rolling.pause_ms));
    }
    void operator()(const Canary &canary) const {
        put(map, u"stages"_qs, list(canary.stages, weight));
        bakeAndHold(canary);
        if (!canary.holds.empty()) {
            put(map, u"holds"_qs, list(canary.holds, hold));
        }
    }
    void operator()(const CanarySingle &canary) const {
        if (canary.nodes > 0) {
            put(map, u"canary_nodes"_qs, count(canary.nodes));
        } else {
            put(map, u"canary_percent"_qs, weight(canary.percent));
        }
        bakeAndHold(canary);
    }
    void operator()(const CanaryTraffic &canary) const {
        put(map, u"traffic_only"_qs, truth(true));
        put(map, u"initial"_qs, weight(canary.initial));
        put(map, u"step"_qs, weight(canary.step));
        put(map, u"max_steps"_qs, count(canary.max_steps));
        bakeAndHold(canary);
    }
    void operator()(const BlueGreen &blue_green) const {
        put(map, u"preview"_qs, truth(blue_green.preview));
        put(map, u"warm_up"_qs, duration(blue_green.warm_up_ms));
        put(map, u"retire_delay"_qs, duration(blue_green.retire_delay_ms));
    }
    void operator()(const FeatureFlag &flag) const {
        if (!flag.flag_name.empty()) {
            put(map, u"flag_name"_qs, name(flag.flag_name));
        }
        put(map, u"initial_rollout"_qs, weight(flag.initial_rollout));
        if (!flag.ramp.empty()) {
            put(map, u"ramp"_qs, list(flag.ramp, weight));
        }
        bakeAndHold(flag);
    }

private:
    template <class Staged>
    void bakeAndHold(const Staged &staged) const {
        put(map, u"bake"_qs, duration(staged.bake_ms));
        put(map, u"hold"_qs, hold(staged.hold_ms));
    }
};

struct JudgeWriter {
    YamlNode &map;

    void operator()(const HealthShare &judge) const {
        put(map, u"judge"_qs, plain(u"health_share"_qs));
        put(map, u"threshold"_qs, share(judge.threshold));
    }
    void operator()(const NotWorse &judge) const {
        put(map, u"judge"_qs, plain(u"not_worse"_qs));
        put(map, u"margin"_qs, share(judge.margin));
        put(map, u"alpha"_qs, share(judge.alpha));
        put(map, u"sample_min"_qs, count(judge.sample_min));
        put(map, u"latency"_qs, truth(judge.judge_latency));
    }
    void operator()(const Tolerance &judge) const {
        put(map, u"judge"_qs, plain(u"tolerance"_qs));
        put(map, u"metrics"_qs, list(judge.metrics, name));
        put(map, u"tolerance"_qs, number(judge.tolerance));
        if (!judge.tolerances.empty()) {
            put(map, u"tolerances"_qs, list(judge.tolerances, number));
        }
        put(map, u"promote_rate"_qs, number(judge.promote_rate));
        put(map, u"rollback_rate"_qs, number(judge.rollback_rate));
    }
};

YamlNode writeNeeds(const Needs &needs) {
    YamlNode map;
    map.kind = YamlNode::Kind::Map;
    if (!needs.capabilities.empty()) {
        put(map, u"capabilities"_qs, list(needs.capabilities, name));
    }
    put(map, u"memory_mib"_qs, plain(QString::number(needs.memory_mib)));
    put(map, u"disk_mib"_qs, plain(QString::number(needs.disk_mib)));
    return map;
}

} // namespace

YamlNode writePolicy(const Policy &policy) {
    YamlNode map;
    put(map, u"min_healthy"_qs, duration(policy.min_healthy_ms));
    put(map, u"healthy_deadline"_qs, duration(policy.healthy_deadline_ms));
    put(map, u"progress_deadline"_qs, duration(policy.progress_deadline_ms));
    put(map, u"retries"_qs, count(policy.retries));
    put(map, u"max_parallel"_qs, count(policy.max_parallel));
    if (const auto &limit = policy.max_unavailable; limit) {
        put(map, u"max_unavailable"_qs,
            plain(QString::number(limit->value) + (limit->percent ? u" %"_qs : QString())));
    }
    put(map, u"max_load"_qs, plain(timesText(policy.max_load_percent)));
    if (policy.success_threshold) {
        put(map, u"success_threshold"_qs, share(*policy.success_threshold));
    }
    put(map, u"on_failure"_qs, word(nameOf(policy.on_failure)));
    put(map, u"health_check"_qs, word(nameOf(policy.health_check)));
    put(map, u"catch_up"_qs, word(nameOf(policy.catch_up)));
    put(map, u"auto_promote"_qs, truth(policy.auto_promote));
    put(map, u"auto_revert"_qs, truth(policy.auto_revert));
    return map;
}

YamlNode writeStrategy(const Strategy &strategy) {
    YamlNode map;
    put(map, u"kind"_qs, word(nameOf(kindOf(strategy))));
    std::visit(StrategyWriter{map}, strategy);
    return map;
}

YamlNode writeJudge(const Judge &judge) {
    YamlNode map;
    std::visit(JudgeWriter{map}, judge);
    return map;
}

void writeRequest(const PlanRequest &request, bool router_given, YamlNode &root) {
    put(root, u"service"_qs, name(request.service));
    if (!request.from.empty()) {
        put(root, u"from"_qs, name(request.from));
    }
    put(root, u"to"_qs, name(request.to));
    put(root, u"strategy"_qs, writeStrategy(request.strategy));
    if (request.mode) {
        put(root, u"mode"_qs, word(nameOf(*request.mode)));
    }
    if (router_given) {
        put(root, u"router"_qs, word(nameOf(request.router)));
    }
    if (request.scope != RouterScope::Cluster) {
        put(root, u"scope"_qs, word(nameOf(request.scope)));
    }
    put(root, u"policy"_qs, writePolicy(request.policy));
    if (request.judges) {
        put(root, u"judges"_qs, list(*request.judges, writeJudge));
    }
    put(root, u"check_limit"_qs, duration(request.check_limit_ms));
    put(root, u"latency_limit"_qs, duration(request.latency_limit_ms));
    if (request.needs != Needs{}) {
        put(root, u"needs"_qs, writeNeeds(request.needs));
    }
    if (request.targets) {
        put(root, u"targets"_qs, list(*request.targets, name));
    }
}

} // namespace aviary::plans
