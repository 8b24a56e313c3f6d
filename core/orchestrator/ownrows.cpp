// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/orchestrator/ownrows.h"

#include "core/api/words.h"
#include "core/orchestrator/ownholds.h"

#include <QCoreApplication>
#include <QCryptographicHash>

#include <algorithm>

namespace aviary::orchestrator {

using clusters::OwnPart;
using clusters::OwnRequest;
using clusters::OwnRollout;
using kernel::Status;

namespace {

struct Own {
    Q_DECLARE_TR_FUNCTIONS(OwnRollouts)
};

constexpr const char *verbs[]{"promote", "pause", "resume", "fail", "rollback"};
constexpr const char *foreign_verbs[]{"approve", "start", "lower", "skip", "retry"};
// What is done with the run of a rollout of ours.
constexpr const char *run_verbs[]{"verify", "rehearse", "export", "open-run", "deployment.bad"};

struct Sum {
    qint64 wanted = 0, healthy = 0, unhealthy = 0;
};
Sum sumOf(const OwnRollout &rollout) {
    Sum sum;
    for (const OwnPart &part : rollout.parts) {
        sum.wanted += part.wanted;
        sum.healthy += part.healthy;
        sum.unhealthy += part.unhealthy;
    }
    return sum;
}

// Nobody splits its traffic: requests go where instances are. Until the canaries of a part are
// promoted, they run beside all that it had; then they take its place.
kernel::Weight shareOf(const OwnRollout &rollout) {
    qint64 fresh = 0, all = 0;
    for (const OwnPart &part : rollout.parts) {
        const bool beside = part.canaries > 0 && !part.promoted;
        fresh += part.healthy;
        all += beside ? part.wanted + part.healthy : std::max(part.wanted, part.healthy);
    }
    return all > 0 ? static_cast<kernel::Weight>(fresh * kernel::full_weight / all) : 0;
}

QString countText(const OwnRollout &rollout) {
    const Sum sum = sumOf(rollout);
    const QString healthy = Own::tr("%1 of %2 instances healthy").arg(sum.healthy).arg(sum.wanted);
    return sum.unhealthy == 0 ? healthy
                              : Own::tr("%1, %2 unhealthy").arg(healthy).arg(sum.unhealthy);
}

// The cluster's own judgement of the instances, as it says it.
kernel::Verdict verdictOf(const OwnRollout &rollout) {
    const Sum sum = sumOf(rollout);
    kernel::Verdict verdict;
    verdict.healthy = static_cast<std::uint32_t>(sum.healthy);
    verdict.failed = static_cast<std::uint32_t>(sum.unhealthy);
    const bool well = rollout.status == Status::Completed || rollout.status == Status::Waiting;
    verdict.ruling = rollout.status == Status::Failed ? kernel::Ruling::Fail
                     : well && sum.unhealthy == 0     ? kernel::Ruling::Pass
                                                      : kernel::Ruling::Undecided;
    return verdict;
}

QString headlineOf(const OwnRollout &rollout) {
    switch (rollout.status) {
    case Status::Waiting:
        return Own::tr("waits for promotion, %1").arg(countText(rollout));
    case Status::Paused:
        return Own::tr("paused, %1").arg(countText(rollout));
    case Status::Completed:
        return Own::tr("completed, %1").arg(countText(rollout));
    case Status::InProgress:
        return countText(rollout);
    default:
        return rollout.text;
    }
}

api::StepSign signOf(bool begun, bool done, const OwnRollout &rollout) {
    if (done) {
        return api::StepSign::Done;
    }
    if (!begun) {
        return api::StepSign::ToCome;
    }
    return rollout.status == Status::Failed       ? api::StepSign::Failed
           : rollout.status == Status::Superseded ? api::StepSign::Skipped
                                                  : api::StepSign::Now;
}

std::vector<api::StepRow> stepsOf(const OwnRollout &rollout) {
    std::vector<api::StepRow> steps;
    const auto add = [&](const QString &text, bool begun, bool done) {
        steps.push_back({text, signOf(begun, done, rollout)});
    };
    for (const OwnPart &part : rollout.parts) {
        const bool has_canaries = part.canaries > 0;
        const bool well = part.promoted || part.canaries_healthy >= part.canaries;
        if (has_canaries) {
            add(Own::tr("%1: %2 canaries").arg(part.name).arg(part.canaries), true, well);
            add(part.promotes_itself ? Own::tr("%1: promote by itself").arg(part.name)
                                     : Own::tr("%1: hold for you").arg(part.name),
                well, part.promoted);
        }
        const bool all = rollout.status == Status::Completed || part.healthy >= part.wanted;
        add(Own::tr("%1: all %2 instances").arg(part.name).arg(part.wanted),
            !has_canaries || part.promoted, (!has_canaries || part.promoted) && all);
    }
    return steps;
}

QString partText(const OwnPart &part) {
    QString text =
        Own::tr("%1: %2 of %3 healthy").arg(part.name).arg(part.healthy).arg(part.wanted);
    if (part.unhealthy > 0) {
        text += Own::tr(", %1 unhealthy").arg(part.unhealthy);
    }
    if (part.canaries > 0) {
        text += part.promoted ? Own::tr(", promoted")
                              : Own::tr(", %1 of %2 canaries healthy")
                                    .arg(part.canaries_healthy)
                                    .arg(part.canaries);
    }
    return part.reverts_itself ? text + Own::tr("; goes back by itself when it fails") : text;
}

// Why a verb is not allowed now; empty: it is.
QString refusalOf(const OwnRollout &rollout, OwnRequest::Verb verb) {
    using Verb = OwnRequest::Verb;
    if (verb == Verb::RollBack) {
        return rollout.from.isEmpty() ? Own::tr("what ran before is not known; name a version")
                                      : QString();
    }
    if (kernel::isEnd(rollout.status)) {
        return Own::tr("it is over");
    }
    const bool paused = rollout.status == Status::Paused;
    switch (verb) {
    case Verb::Promote:
        return rollout.status == Status::Waiting ? QString()
               : paused                          ? Own::tr("it is paused; resume it first")
               : std::ranges::any_of(rollout.parts, &OwnPart::waits)
                   ? Own::tr("its canaries are not healthy yet")
                   : Own::tr("nothing in it waits for promotion");
    case Verb::Pause:
        return paused ? Own::tr("it is paused already") : QString();
    case Verb::Resume:
        return paused ? QString() : Own::tr("it is not paused");
    default:
        return {};
    }
}

// Some parts may be promoted while others are not ready.
QString refusalOfParts(const OwnRollout &rollout, const QStringList &parts) {
    if (rollout.status != Status::InProgress && rollout.status != Status::Waiting) {
        return refusalOf(rollout, OwnRequest::Verb::Promote);
    }
    for (const QString &name : parts) {
        const auto part = std::ranges::find(rollout.parts, name, &OwnPart::name);
        if (part == rollout.parts.end()) {
            return Own::tr("it has no part %1").arg(name);
        }
        if (!part->mayBePromoted()) {
            return part->promoted ? Own::tr("%1 is promoted already").arg(name)
                                  : Own::tr("the canaries of %1 are not healthy yet").arg(name);
        }
    }
    return {};
}

QStringList sentencesOf(const OwnRollout &rollout, OwnRequest::Verb verb, const QString &version,
                        const QStringList &parts) {
    using Verb = OwnRequest::Verb;
    QStringList facts;
    switch (verb) {
    case Verb::Promote:
        for (const OwnPart &part : rollout.parts) {
            if (part.mayBePromoted() && (parts.isEmpty() || parts.contains(part.name))) {
                facts << Own::tr("%1: %2 of %3 instances are replaced")
                             .arg(part.name)
                             .arg(part.wanted - part.canaries)
                             .arg(part.wanted);
            }
        }
        break;
    case Verb::Pause:
        facts << Own::tr("it stays as it is; a deadline of the cluster may go on");
        break;
    case Verb::Resume:
        facts << Own::tr("the cluster goes on: %1").arg(countText(rollout));
        break;
    case Verb::Fail:
        facts << (std::ranges::any_of(rollout.parts, &OwnPart::reverts_itself)
                      ? Own::tr("it ends, and the cluster goes back by itself")
                      : Own::tr("it ends; its canaries stop, what ran before stays"));
        break;
    case Verb::RollBack:
        facts << (version.isEmpty()
                      ? Own::tr("%1 is brought back at once, without canaries").arg(rollout.from)
                      : Own::tr("%1 is brought back by the cluster's own revert: its canaries run "
                                "again and wait for promotion")
                            .arg(version));
        break;
    }
    return facts;
}

QStringList sentencesOfHold(const OwnRollout &rollout, kernel::Weight at) {
    const Sum sum = sumOf(rollout);
    return {Own::tr("paused once %1 of %2 instances are new; the cluster goes in steps of its own, "
                    "and may pass that by one step")
                .arg(instancesAt(rollout, at))
                .arg(sum.wanted),
            Own::tr("this daemon watches for it: while it is away, the cluster goes on")};
}

} // namespace

std::optional<OwnRequest::Verb> ownVerb(const QString &verb) {
    const auto *at = std::ranges::find_if(
        verbs, [&](const char *one) { return verb == QLatin1StringView(one); });
    return at == std::end(verbs) ? std::nullopt
                                 : std::optional(static_cast<OwnRequest::Verb>(at - verbs));
}

bool raisesExposure(const QString &verb) {
    return verb == u"promote" || verb == u"resume";
}

api::RolloutRow ownRow(const KnownRollout &known) {
    const OwnRollout &now = known.now;
    const Sum sum = sumOf(now);
    const std::vector<api::StepRow> steps = stepsOf(now);
    api::RolloutRow row;
    row.id = now.id;
    row.cluster = known.cluster;
    row.service = now.service;
    row.deployment = now.id;
    row.from = now.from;
    row.to = now.to;
    const bool has_canaries =
        std::ranges::any_of(now.parts, [](const OwnPart &part) { return part.canaries > 0; });
    row.strategy = has_canaries ? kernel::StrategyKind::Canary : kernel::StrategyKind::Rolling;
    row.status = now.status;
    row.epoch = known.changes;
    row.steps = static_cast<quint32>(steps.size());
    row.step =
        static_cast<quint32>(std::ranges::count(steps, api::StepSign::Done, &api::StepRow::sign));
    row.nodes_done = static_cast<quint32>(sum.healthy);
    row.nodes = static_cast<quint32>(sum.wanted);
    row.weight = shareOf(now);
    row.started_wall_ms = now.began_wall_ms != 0 ? now.began_wall_ms : known.first_wall_ms;
    row.changed_wall_ms = known.changed_wall_ms;
    row.ended_wall_ms = kernel::isEnd(now.status) ? known.changed_wall_ms : 0;
    row.who = Own::tr("the cluster");
    row.headline = headlineOf(now);
    return row;
}

api::RolloutDetail ownDetail(const KnownRollout &known) {
    api::RolloutDetail detail;
    detail.row = ownRow(known);
    detail.why = known.now.text;
    detail.verdict = verdictOf(known.now);
    detail.verdict_text = countText(known.now);
    for (const OwnPart &part : known.now.parts) {
        detail.evidence << partText(part) + u'.';
    }
    detail.steps = stepsOf(known.now);
    detail.phases.assign(kernel::phase_count, 0);
    detail.permissions = ownPermissions(known);
    detail.happenings.assign(known.told.rbegin(), known.told.rend());
    return detail;
}

api::DeploymentRow ownDeployment(const KnownRollout &known) {
    const api::RolloutRow row = ownRow(known);
    api::DeploymentRow made;
    made.id = row.id;
    made.key = row.service;
    made.cluster = row.cluster;
    made.rollout = row.id;
    made.version = row.to.toUInt();
    made.revision = made.to = row.to;
    made.from = row.from;
    made.strategy = api::wordOf(row.strategy);
    made.status = row.status;
    made.who = row.who;
    made.outcome = kernel::isEnd(row.status) ? known.now.text : QString();
    made.started_wall_ms = row.started_wall_ms;
    made.ended_wall_ms = row.ended_wall_ms;
    return made;
}

std::vector<api::Permission> ownPermissions(const KnownRollout &known) {
    std::vector<api::Permission> all;
    for (const char *verb : verbs) {
        const QString name = QLatin1StringView(verb);
        const QString refusal = refusalOf(known.now, *ownVerb(name));
        all.push_back({name, refusal.isEmpty(), refusal});
    }
    for (const char *verb : foreign_verbs) {
        all.push_back({QLatin1StringView(verb), false,
                       Own::tr("the cluster runs this rollout itself, and knows no such step")});
    }
    for (const char *verb : run_verbs) {
        all.push_back({QLatin1StringView(verb), false,
                       Own::tr("the cluster runs this rollout itself; there is no run of ours")});
    }
    return all;
}

OwnAsked ownAsked(const QJsonObject &parameters) {
    return {parameters[u"verb"].toString(), parameters[u"version"].toString(),
            parameters[u"parts"].toVariant().toStringList(),
            std::clamp(parameters[u"to"].toInt(kernel::full_weight), 0, kernel::full_weight)};
}

api::EffectRow ownEffect(const KnownRollout &known, const OwnAsked &asked) {
    api::EffectRow effect;
    effect.epoch = known.changes;
    effect.raises_exposure = raisesExposure(asked.verb);
    const auto own = ownVerb(asked.verb);
    if (!own) {
        effect.refusal = Own::tr("the cluster runs this rollout itself, and knows no such step");
        return effect;
    }
    const bool names_one = *own == OwnRequest::Verb::RollBack && !asked.version.isEmpty();
    const bool names_parts = *own == OwnRequest::Verb::Promote && !asked.parts.isEmpty();
    effect.refusal = asked.holds() && names_parts
                         ? Own::tr("a share is one of the whole: name no parts with it")
                     : asked.holds() ? refusalOfHold(known.now, asked.to)
                     : names_one     ? QString()
                     : names_parts   ? refusalOfParts(known.now, asked.parts)
                                     : refusalOf(known.now, *own);
    effect.sentences = sentencesOf(known.now, *own, asked.version, asked.parts);
    if (asked.holds()) {
        effect.sentences += sentencesOfHold(known.now, asked.to);
        effect.weight_from = newShare(known.now);
        effect.weight_to = asked.to;
    }
    effect.nodes = static_cast<quint32>(sumOf(known.now).wanted);
    if (!known.now.from.isEmpty()) {
        effect.way_back = Own::tr("aviary rollback %1").arg(known.now.id);
    }
    effect.token = ownToken(asked.verb, effect.sentences);
    return effect;
}

QString ownToken(const QString &verb, const QStringList &sentences) {
    const QString stated = verb + u'\n' + sentences.join(u'\n');
    return QString::fromLatin1(
        QCryptographicHash::hash(stated.toUtf8(), QCryptographicHash::Sha256).toHex());
}

} // namespace aviary::orchestrator
