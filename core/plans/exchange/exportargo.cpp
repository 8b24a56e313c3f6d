// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plans/exchange/exporttext.h"

#include <algorithm>

namespace aviary::plans {

using namespace kernel;

namespace {

YamlNode number(qint64 value) {
    return plain(QString::number(value));
}

YamlNode only(const QString &key, YamlNode value) {
    YamlNode map;
    put(map, key, std::move(value));
    return map;
}

YamlNode emptyMap() {
    YamlNode map;
    map.kind = YamlNode::Kind::Map;
    return map;
}

class ArgoWriter {
public:
    explicit ArgoWriter(const Course &course) : course_(course) {}

    Export write();

private:
    YamlNode canary();
    YamlNode blueGreen();
    YamlNode steps();
    void stage(std::size_t at, YamlNode &steps);
    qint64 seconds(Millis duration_ms, const QString &path) {
        return secondsOf(duration_ms, path, findings_);
    }
    void leave(const QString &path, const QString &what, const QString &why) {
        findings_.leave(path, what, why);
    }

    const Course &course_;
    Findings findings_;
};

Export ArgoWriter::write() {
    const Policy &policy = course_.policy;
    YamlNode spec;
    put(spec, u"minReadySeconds"_qs,
        number(seconds(policy.min_healthy_ms, u"policy.min_healthy"_qs)));
    if (policy.progress_deadline_ms > 0) {
        put(spec, u"progressDeadlineSeconds"_qs,
            number(seconds(policy.progress_deadline_ms, u"policy.progress_deadline"_qs)));
    } else {
        leave(u"policy.progress_deadline"_qs, u"0"_qs,
              u"one pod that is not ready fails nothing"_qs);
    }
    put(spec, u"progressDeadlineAbort"_qs,
        plain(policy.on_failure == OnFailure::RollBack ? u"true"_qs : u"false"_qs));
    const bool slots = course_.kind == StrategyKind::BlueGreen;
    put(spec, u"strategy"_qs,
        only(slots ? u"blueGreen"_qs : u"canary"_qs, slots ? blueGreen() : canary()));
    if (policy.healthy_deadline_ms != policy.progress_deadline_ms) {
        leave(u"policy.healthy_deadline"_qs,
              QString::fromStdString(durationText(policy.healthy_deadline_ms)),
              u"only progress as a whole is timed"_qs);
    }
    if (policy.auto_revert) {
        leave(u"policy.auto_revert"_qs, u"true"_qs, u"an abort goes back by itself"_qs);
    }
    leaveCommon(course_, findings_);
    YamlNode root;
    put(root, u"spec"_qs, std::move(spec));
    Export exported{{}, findings_.takeUnmapped()};
    const QString title = u"The spec of a Rollout of "_qs +
                          QString::fromStdString(course_.service) +
                          u", to be merged into one that has a template"_qs;
    exported.text = commentOf(exported.unmapped, title) + writeYaml(root);
    return exported;
}

YamlNode ArgoWriter::blueGreen() {
    YamlNode map;
    const QString service = QString::fromStdString(course_.service);
    put(map, u"activeService"_qs, scalar(service));
    leave(u"service"_qs, service,
          u"taken as the name of the active Service: mend it if need be"_qs);
    put(map, u"autoPromotionEnabled"_qs, plain(course_.slots.preview ? u"false"_qs : u"true"_qs));
    if (!course_.slots.preview && course_.slots.warm_up_ms > 0) {
        put(map, u"autoPromotionSeconds"_qs,
            number(seconds(course_.slots.warm_up_ms, u"strategy.warm_up"_qs)));
    } else if (course_.slots.warm_up_ms > 0) {
        leave(u"strategy.warm_up"_qs,
              QString::fromStdString(durationText(course_.slots.warm_up_ms)),
              u"a person promotes, at any time"_qs);
    }
    put(map, u"scaleDownDelaySeconds"_qs,
        number(seconds(course_.slots.retire_delay_ms, u"strategy.retire_delay"_qs)));
    return map;
}

YamlNode ArgoWriter::canary() {
    YamlNode map;
    const std::uint32_t parallel = std::max(course_.policy.max_parallel, 1U);
    put(map, u"maxSurge"_qs, number(course_.beside ? parallel : 0));
    put(map, u"maxUnavailable"_qs, number(course_.beside ? 0 : parallel));
    if (course_.delay_ms > 0) {
        leave(u"strategy.delay"_qs, QString::fromStdString(durationText(course_.delay_ms)),
              u"there is no time between waves; minReadySeconds paces them"_qs);
    }
    if (course_.kind == StrategyKind::FeatureFlag) {
        leave(u"strategy.kind"_qs, u"feature-flag"_qs,
              u"there are no flags: the ramp became weights of traffic"_qs);
    }
    if (!course_.stages.empty()) {
        put(map, u"steps"_qs, steps());
    }
    return map;
}

YamlNode ArgoWriter::steps() {
    YamlNode list;
    list.kind = YamlNode::Kind::List;
    for (std::size_t i = 0; i < course_.stages.size(); ++i) {
        stage(i, list);
    }
    return list;
}

void ArgoWriter::stage(std::size_t at, YamlNode &steps) {
    const Stage &stage = course_.stages[at];
    const bool is_last = at + 1 == course_.stages.size();
    const QString path = QStringLiteral("strategy.stages[%1]").arg(at);
    const qint64 percent = std::clamp<qint64>((stage.traffic + 50) / 100, 1, 100);
    if (percent * 100 != stage.traffic) {
        leave(path, QString::fromStdString(weightText(stage.traffic)),
              QStringLiteral("weights are whole there: %1 %").arg(percent));
    }
    const qint64 nodes = std::clamp<qint64>((stage.nodes + 50) / 100, 1, 100);
    if (nodes != percent) {
        steps.items.push_back(only(u"setCanaryScale"_qs, only(u"weight"_qs, number(nodes))));
    }
    steps.items.push_back(only(u"setWeight"_qs, number(percent)));
    if (stage.compares && !is_last) {
        leave(path, u"check"_qs,
              u"the comparison of new and old needs an analysis with a template of yours; the bake "
              "time is a pause"_qs);
    }
    if (stage.bake_ms > 0) {
        const qint64 bake = seconds(stage.bake_ms, path + u".bake"_qs);
        steps.items.push_back(only(u"pause"_qs, only(u"duration"_qs, plain(goText(bake)))));
    }
    if (is_last || (stage.hold_ms && *stage.hold_ms == 0) || course_.policy.auto_promote) {
        return;
    }
    YamlNode pause = emptyMap();
    if (stage.hold_ms) {
        const qint64 hold = seconds(*stage.hold_ms, path + u".hold"_qs);
        put(pause, u"duration"_qs, plain(goText(hold)));
    }
    steps.items.push_back(only(u"pause"_qs, std::move(pause)));
}

} // namespace

Export exportArgo(const Course &course) {
    return ArgoWriter(course).write();
}

} // namespace aviary::plans
