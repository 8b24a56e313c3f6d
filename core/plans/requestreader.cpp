// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plans/requestreader.h"

#include <algorithm>

namespace aviary::plans {

namespace {

using namespace kernel;

using Hold = std::optional<Millis>;

// None when it is not understood.
std::optional<Hold> holdOf(const YamlNode &node) {
    if (node.text == u"until promoted" || node.text == u"until-promoted") {
        return Hold();
    }
    const auto time = durationFromText(node.text);
    if (!time || node.kind != YamlNode::Kind::Scalar) {
        return std::nullopt;
    }
    return std::make_optional<Hold>(*time); // an optional of an optional is not deduced
}

void readHold(Section &section, Hold &hold_ms) {
    const YamlNode *node = section.take(u"hold"_qs);
    if (!node) {
        return;
    }
    if (const auto hold = holdOf(*node); hold) {
        hold_ms = *hold;
    } else {
        section.flaw(u"hold"_qs, u"is not understood"_qs,
                     u"until promoted, or a time such as 10 min"_qs);
    }
}

void readHolds(Section &section, std::vector<Hold> &holds) {
    const YamlNode *list = section.take(u"holds"_qs);
    if (!list) {
        return;
    }
    for (const YamlNode &item : list->items) {
        if (const auto hold = holdOf(item); hold) {
            holds.push_back(*hold);
        }
    }
    if (list->kind != YamlNode::Kind::List || holds.size() != list->items.size()) {
        section.flaw(u"holds"_qs, u"is not understood"_qs,
                     u"a list with until promoted or a time for each stage but the last"_qs);
    }
}

Strategy readRolling(Section &section) {
    bool traffic_only = false;
    section.boolean(u"traffic_only"_qs, traffic_only);
    if (traffic_only) {
        RollingTraffic rolling;
        section.count(u"batch_count"_qs, rolling.batch_count);
        section.duration(u"pause"_qs, rolling.pause_ms);
        return rolling;
    }
    Rolling rolling;
    section.duration(u"delay"_qs, rolling.delay_ms);
    return rolling;
}

Strategy readCanary(Section &section) {
    bool traffic_only = false;
    section.boolean(u"traffic_only"_qs, traffic_only);
    if (traffic_only) {
        CanaryTraffic canary;
        section.weight(u"initial"_qs, canary.initial);
        section.weight(u"step"_qs, canary.step);
        section.count(u"max_steps"_qs, canary.max_steps);
        section.duration(u"bake"_qs, canary.bake_ms);
        readHold(section, canary.hold_ms);
        return canary;
    }
    const bool by_percent = section.has(u"canary_percent"_qs);
    const bool by_nodes = section.has(u"canary_nodes"_qs);
    if (!by_percent && !by_nodes) {
        Canary canary;
        section.weights(u"stages"_qs, canary.stages);
        section.duration(u"bake"_qs, canary.bake_ms);
        readHold(section, canary.hold_ms);
        readHolds(section, canary.holds);
        section.take(u"canary_percent"_qs);
        section.take(u"canary_nodes"_qs);
        return canary;
    }
    CanarySingle canary;
    section.weight(u"canary_percent"_qs, canary.percent);
    section.count(u"canary_nodes"_qs, canary.nodes);
    section.duration(u"bake"_qs, canary.bake_ms);
    readHold(section, canary.hold_ms);
    if (section.take(u"stages"_qs) || (by_percent && by_nodes)) {
        section.flaw(by_nodes ? u"canary_nodes"_qs : u"canary_percent"_qs, u"goes alone"_qs,
                     u"one of stages, canary_percent and canary_nodes"_qs);
    }
    return canary;
}

Strategy readBlueGreen(Section &section) {
    BlueGreen blue_green;
    section.boolean(u"preview"_qs, blue_green.preview);
    section.duration(u"warm_up"_qs, blue_green.warm_up_ms);
    section.duration(u"retire_delay"_qs, blue_green.retire_delay_ms);
    return blue_green;
}

Strategy readFeatureFlag(Section &section) {
    FeatureFlag flag;
    section.text(u"flag_name"_qs, flag.flag_name);
    section.weight(u"initial_rollout"_qs, flag.initial_rollout);
    section.weights(u"ramp"_qs, flag.ramp);
    section.duration(u"bake"_qs, flag.bake_ms);
    readHold(section, flag.hold_ms);
    return flag;
}

void readMaxUnavailable(Section &section, std::optional<NodeLimit> &limit) {
    const QString key = u"max_unavailable"_qs;
    const YamlNode *node = section.take(key);
    if (!node) {
        return;
    }
    const bool is_share = node->text.endsWith(u'%');
    const auto value = countFromText(is_share ? node->text.chopped(1) : node->text);
    if (!value || *value > 0xffff'ffffu) {
        section.flaw(key, u"is not understood"_qs, u"a number of nodes, 3, or a share, 25 %"_qs);
        return;
    }
    limit = NodeLimit{static_cast<std::uint32_t>(*value), is_share};
}

void readOnFailure(Section &section, OnFailure &on_failure) {
    section.word(u"on_failure"_qs, on_failure,
                 {OnFailure::RollBack, OnFailure::Stop, OnFailure::Continue});
    if (!section.has(u"rollback_on_error"_qs)) {
        section.take(u"rollback_on_error"_qs);
        return;
    }
    bool rolls_back = true;
    section.boolean(u"rollback_on_error"_qs, rolls_back);
    if (section.has(u"on_failure"_qs)) {
        section.flaw(u"rollback_on_error"_qs, u"says the same as on_failure"_qs,
                     u"one of the two"_qs);
    }
    on_failure = rolls_back ? OnFailure::RollBack : OnFailure::Continue;
}

Policy readPolicy(const YamlNode &node, Flaws &flaws) {
    Policy policy;
    Section section(node, u"policy"_qs, flaws);
    section.duration(u"min_healthy"_qs, policy.min_healthy_ms);
    section.duration(u"healthy_deadline"_qs, policy.healthy_deadline_ms);
    section.duration(u"progress_deadline"_qs, policy.progress_deadline_ms);
    section.count(u"retries"_qs, policy.retries);
    section.count(u"max_parallel"_qs, policy.max_parallel);
    readMaxUnavailable(section, policy.max_unavailable);
    section.times(u"max_load"_qs, policy.max_load_percent);
    if (section.has(u"success_threshold"_qs)) {
        section.share(u"success_threshold"_qs, policy.success_threshold.emplace());
    } else {
        section.take(u"success_threshold"_qs);
    }
    readOnFailure(section, policy.on_failure);
    section.word(u"health_check"_qs, policy.health_check,
                 {HealthSource::Checks, HealthSource::AgentStates});
    section.word(u"catch_up"_qs, policy.catch_up, {CatchUp::Ask, CatchUp::Auto, CatchUp::Never});
    section.boolean(u"auto_promote"_qs, policy.auto_promote);
    section.boolean(u"auto_revert"_qs, policy.auto_revert);
    section.finish();
    return policy;
}

void readNeeds(Section &top, Needs &needs, Flaws &flaws) {
    const YamlNode *node = top.take(u"needs"_qs);
    if (!node) {
        return;
    }
    Section section(*node, u"needs"_qs, flaws);
    section.texts(u"capabilities"_qs, needs.capabilities);
    std::sort(needs.capabilities.begin(), needs.capabilities.end());
    section.count(u"memory_mib"_qs, needs.memory_mib);
    section.count(u"disk_mib"_qs, needs.disk_mib);
    section.finish();
}

void readJudges(Section &top, std::optional<std::vector<Judge>> &judges, Flaws &flaws) {
    const YamlNode *list = top.take(u"judges"_qs);
    if (!list) {
        return;
    }
    if (list->kind != YamlNode::Kind::List) {
        top.flaw(u"judges"_qs, u"is no list"_qs, u"a list of judges"_qs);
        return;
    }
    judges.emplace();
    for (std::size_t i = 0; i < list->items.size(); ++i) {
        judges->push_back(readJudge(list->items[i], QStringLiteral("judges[%1]").arg(i), flaws));
    }
}

// A word that stands for a map with nothing but that member.
YamlNode spelledOut(const YamlNode &node, const QString &member) {
    if (node.kind != YamlNode::Kind::Scalar) {
        return node;
    }
    YamlNode map;
    map.line = node.line;
    map.column = node.column;
    put(map, member, node);
    return map;
}

} // namespace

Strategy readStrategy(const YamlNode &given, Flaws &flaws) {
    const YamlNode node = spelledOut(given, u"kind"_qs);
    Section section(node, u"strategy"_qs, flaws);
    if (!section.has(u"kind"_qs)) {
        section.flaw(u"kind"_qs, u"is missing"_qs, u"rolling, canary, blue-green, feature-flag"_qs);
        return Rolling{};
    }
    const std::size_t before = flaws.size();
    StrategyKind kind = StrategyKind::Rolling;
    section.word(u"kind"_qs, kind,
                 {StrategyKind::Rolling, StrategyKind::Canary, StrategyKind::BlueGreen,
                  StrategyKind::FeatureFlag});
    if (flaws.size() > before) {
        return Rolling{}; // what else is there cannot be judged
    }
    Strategy strategy = kind == StrategyKind::Rolling     ? readRolling(section)
                        : kind == StrategyKind::Canary    ? readCanary(section)
                        : kind == StrategyKind::BlueGreen ? readBlueGreen(section)
                                                          : readFeatureFlag(section);
    section.finish();
    return strategy;
}

Judge readJudge(const YamlNode &given, const QString &field, Flaws &flaws) {
    const YamlNode node = spelledOut(given, u"judge"_qs);
    Section section(node, field, flaws);
    std::string word;
    section.text(u"judge"_qs, word);
    Judge judge = HealthShare{};
    if (word == "health_share") {
        section.share(u"threshold"_qs, std::get<HealthShare>(judge).threshold);
    } else if (word == "not_worse" || word == "not-worse") {
        auto &not_worse = judge.emplace<NotWorse>();
        section.share(u"margin"_qs, not_worse.margin);
        section.share(u"alpha"_qs, not_worse.alpha);
        section.count(u"sample_min"_qs, not_worse.sample_min);
        section.boolean(u"latency"_qs, not_worse.judge_latency);
    } else if (word == "tolerance") {
        auto &tolerance = judge.emplace<Tolerance>();
        section.texts(u"metrics"_qs, tolerance.metrics);
        section.number(u"tolerance"_qs, tolerance.tolerance);
        section.numbers(u"tolerances"_qs, tolerance.tolerances);
        section.number(u"promote_rate"_qs, tolerance.promote_rate);
        section.number(u"rollback_rate"_qs, tolerance.rollback_rate);
    } else {
        section.flaw(u"judge"_qs,
                     word.empty()
                         ? u"is missing"_qs
                         : QStringLiteral("is \"%1\"").arg(QString::fromStdString(word).left(40)),
                     u"health_share, not_worse, tolerance"_qs);
        return judge;
    }
    section.finish();
    return judge;
}

PlanRequest readRequest(Section &top, Flaws &flaws) {
    PlanRequest request;
    top.text(u"service"_qs, request.service);
    top.text(u"from"_qs, request.from);
    top.text(u"to"_qs, request.to);
    if (const YamlNode *strategy = top.take(u"strategy"_qs); strategy) {
        request.strategy = readStrategy(*strategy, flaws);
    }
    if (top.has(u"mode"_qs)) {
        top.word(u"mode"_qs, request.mode.emplace(), {UpdateMode::Beside, UpdateMode::InPlace});
    } else {
        top.take(u"mode"_qs);
    }
    top.word(u"router"_qs, request.router,
             {RouterKind::None, RouterKind::Weights, RouterKind::Flag});
    top.word(u"scope"_qs, request.scope, {RouterScope::Cluster, RouterScope::Site});
    if (const YamlNode *policy = top.take(u"policy"_qs); policy) {
        request.policy = readPolicy(*policy, flaws);
    }
    readJudges(top, request.judges, flaws);
    top.duration(u"check_limit"_qs, request.check_limit_ms);
    top.duration(u"latency_limit"_qs, request.latency_limit_ms);
    readNeeds(top, request.needs, flaws);
    if (top.has(u"targets"_qs)) {
        top.texts(u"targets"_qs, request.targets.emplace());
    } else {
        top.take(u"targets"_qs);
    }
    for (const auto &[key, value] :
         {std::pair{u"service"_qs, request.service}, std::pair{u"to"_qs, request.to}}) {
        if (value.empty()) {
            top.flaw(key, u"is missing"_qs, u"a name"_qs);
        }
    }
    return request;
}

} // namespace aviary::plans
