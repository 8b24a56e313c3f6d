// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plans/exchange/exporttext.h"

#include <algorithm>

namespace aviary::plans {

using namespace kernel;

namespace {

// Members of the block, aligned as `nomad fmt` does.
class Block {
public:
    void put(const QString &name, const QString &value) { members_.append({name, value}); }
    void time(const QString &name, qint64 seconds) {
        put(name, QString(u'"' + goText(seconds) + u'"'));
    }
    QByteArray text() const {
        qsizetype width = 0;
        for (const auto &[name, value] : members_) {
            width = std::max(width, name.size());
        }
        QString text = u"update {\n"_qs;
        for (const auto &[name, value] : members_) {
            text += u"  "_qs + name.leftJustified(width) + u" = "_qs + value + u'\n';
        }
        return (text + u"}\n").toUtf8();
    }

private:
    QList<std::pair<QString, QString>> members_;
};

QString truth(bool value) {
    return value ? u"true"_qs : u"false"_qs;
}

Result<std::uint32_t> canariesOf(const Course &course, Findings &findings) {
    if (course.stages.empty() && course.kind != StrategyKind::BlueGreen) {
        return 0U;
    }
    if (course.nodes == 0) {
        return fail(ErrorCode::Invalid, u"it is not known of how many nodes the shares are"_qs, {},
                    u"--nodes with their number"_qs);
    }
    if (course.kind == StrategyKind::BlueGreen) {
        return course.nodes;
    }
    if (course.stages.size() > 2) {
        findings.leave(u"strategy.stages"_qs, QString::number(course.stages.size()),
                       u"there is one stage of canaries, then all the rest"_qs);
    }
    const Stage &first = course.stages.front();
    const Weight share = course.traffic_only ? first.traffic : first.nodes;
    const auto nodes = static_cast<std::uint32_t>(std::uint64_t{course.nodes} *
                                                  static_cast<std::uint32_t>(std::max(share, 0)) /
                                                  static_cast<std::uint32_t>(full_weight));
    return std::clamp(nodes, 1U, course.nodes);
}

// Says of the first stage what a deployment of Nomad has no word for; true: promoted by itself.
bool promotesItself(const Course &course, Findings &findings) {
    if (course.kind == StrategyKind::BlueGreen) {
        return course.policy.auto_promote || !course.slots.preview;
    }
    const Stage &first = course.stages.front();
    const auto text = [](Millis time) { return QString::fromStdString(durationText(time)); };
    if (course.traffic_only) {
        findings.leave(
            u"strategy.traffic_only"_qs, u"true"_qs,
            u"traffic is shared by instances there: the first weight became canaries"_qs);
    }
    if (first.compares) {
        findings.leave(u"judges"_qs, u"check"_qs, u"nothing compares new and old there"_qs);
    }
    if (first.bake_ms > 0) {
        findings.leave(u"strategy.bake"_qs, text(first.bake_ms),
                       u"canaries are judged by health alone, for min_healthy_time"_qs);
    }
    if (first.hold_ms && *first.hold_ms > 0) {
        findings.leave(u"strategy.hold"_qs, text(*first.hold_ms),
                       u"a hold has no time there: a person promotes"_qs);
    }
    return course.policy.auto_promote || (first.hold_ms && *first.hold_ms == 0);
}

void leaveRest(const Course &course, Findings &findings) {
    if (course.policy.on_failure == OnFailure::RollBack && !course.policy.auto_revert) {
        findings.leave(u"policy.on_failure"_qs, u"rollback"_qs,
                       u"said as auto_revert: a new deployment of the last stable version"_qs);
    }
    if (course.kind == StrategyKind::FeatureFlag) {
        findings.leave(u"strategy.kind"_qs, u"feature-flag"_qs, u"there are no flags"_qs);
    }
    if (course.delay_ms > 0) {
        findings.leave(u"strategy.delay"_qs, QString::fromStdString(durationText(course.delay_ms)),
                       u"said as stagger, which counts for system jobs alone"_qs);
    }
    leaveCommon(course, findings);
}

} // namespace

Result<Export> exportNomad(const Course &course) {
    Findings findings;
    const auto canaries = canariesOf(course, findings);
    if (!canaries) {
        return tl::unexpected(canaries.error());
    }
    const Policy &policy = course.policy;
    const auto seconds = [&findings](Millis time, const char *path) {
        return secondsOf(time, QString::fromLatin1(path), findings);
    };
    Block block;
    block.put(u"max_parallel"_qs, QString::number(std::max(policy.max_parallel, 1U)));
    block.put(u"health_check"_qs, policy.health_check == HealthSource::Checks
                                      ? u"\"checks\""_qs
                                      : u"\"task_states\""_qs);
    block.time(u"min_healthy_time"_qs, seconds(policy.min_healthy_ms, "policy.min_healthy"));
    block.time(u"healthy_deadline"_qs,
               seconds(policy.healthy_deadline_ms, "policy.healthy_deadline"));
    block.time(u"progress_deadline"_qs,
               seconds(policy.progress_deadline_ms, "policy.progress_deadline"));
    block.put(u"auto_revert"_qs,
              truth(policy.auto_revert || policy.on_failure == OnFailure::RollBack));
    if (*canaries > 0) {
        block.put(u"canary"_qs, QString::number(*canaries));
        block.put(u"auto_promote"_qs, truth(promotesItself(course, findings)));
    }
    if (course.delay_ms > 0) {
        block.time(u"stagger"_qs, seconds(course.delay_ms, "strategy.delay"));
    }
    leaveRest(course, findings);
    Export exported{{}, findings.takeUnmapped()};
    exported.text = commentOf(exported.unmapped, u"The update block of the group of "_qs +
                                                     QString::fromStdString(course.service)) +
                    block.text();
    return exported;
}

} // namespace aviary::plans
