// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/orchestrator/deploymentdesk.h"

#include "core/deployments/bundle.h"
#include "core/deployments/deploymentid.h"
#include "core/deployments/servicedefinition.h"
#include "core/orchestrator/facts.h"
#include "core/support/exactjson.h"
#include "core/support/words.h"

#include <QCryptographicHash>
#include <QRandomGenerator>

namespace aviary::orchestrator {

using namespace kernel;

namespace {

constexpr std::size_t records_kept = 200; // of a key, with all that they hold

UlidRandom someRandom() {
    UlidRandom random;
    for (quint8 &byte : random) {
        byte = static_cast<quint8>(QRandomGenerator::system()->bounded(256));
    }
    return random;
}

Error toError(const std::vector<Problem> &problems) {
    QStringList lines;
    for (const Problem &problem : problems) {
        QString line = api::text(problem.field) + u": " + api::text(problem.what);
        if (!problem.allowed.empty()) {
            line += u"; " + api::text(problem.allowed);
        }
        lines << line;
    }
    return {ErrorCode::Invalid, lines.join(u'\n'), {}, {}};
}

Result<Plan> planOf(const PlanRequest &request, const Fleet &fleet) {
    Compiled compiled = compile(request, fleet);
    if (auto *problems = std::get_if<std::vector<Problem>>(&compiled)) {
        return tl::unexpected(toError(*problems));
    }
    return std::get<Plan>(std::move(compiled));
}

std::string utf8(const QString &text) {
    return text.toStdString();
}

// Under which key the journal files it; the id of a record where the event has no other.
QString keyOf(const DeploymentEvent &event) {
    return std::visit(
        [](const auto &happened) {
            if constexpr (requires { happened.key; }) {
                return happened.key;
            } else {
                return happened.id;
            }
        },
        event);
}

} // namespace

DeploymentDesk::DeploymentDesk(journal::Journal &journal, Orchestrator &orchestrator,
                               const Clock &clock, QObject *parent)
    : QObject(parent), journal_(journal), orchestrator_(orchestrator), clock_(clock) {}

QString DeploymentDesk::newId() const {
    return ulid(clock_.wallMs(), someRandom());
}

Result<void> DeploymentDesk::write(const DeploymentEvent &event) {
    Ledger after = ledger_;
    if (auto folded = after.fold(event); !folded) {
        return folded;
    }
    journal::Batch batch;
    batch.facts.push_back(toFact(event, keyOf(event), clock_.wallMs()));
    if (auto stored = journal_.append(batch); !stored) {
        return stored;
    }
    ledger_ = std::move(after);
    return {};
}

// ---- From what a person gave to a plan ---------------------------------------------------------

PlanRequest DeploymentDesk::plainRequest(const QString &key, const QString &from, const QString &to,
                                         const ClusterDesk &desk) const {
    const clusters::Capabilities can = desk.driver().capabilities();
    PlanRequest request;
    request.service = utf8(key);
    request.from = utf8(from);
    request.to = utf8(to);
    request.router = can.router;
    request.scope = can.scope;
    return request;
}

Result<DeploymentDesk::Draft> DeploymentDesk::draft(const DeployOrder &order,
                                                    const ClusterDesk &desk) const {
    if (desk.driver().capabilities().runs_rollouts_itself) {
        return fail(ErrorCode::Refused, tr("%1 runs its rollouts itself").arg(desk.id()),
                    QStringLiteral("cluster"), tr("start a version there: aviary service start"));
    }
    const auto manifest = readManifest(order.manifest, QStringLiteral("manifest"));
    if (!manifest) {
        return tl::unexpected(manifest.error());
    }
    Flaws flaws = flawsOf(*manifest);
    const QCborMap given = QCborMap::fromJsonObject(order.policy);
    std::ranges::move(flawsOfGivenPolicy(given), std::back_inserter(flaws));
    const DefinitionReading reading = readDefinition(*manifest);
    flaws.insert(flaws.end(), reading.flaws.begin(), reading.flaws.end());
    if (!flaws.empty()) {
        return tl::unexpected(aviary::toError(flaws, QStringLiteral("manifest")));
    }
    Draft draft;
    draft.manifest = *manifest;
    draft.key = deploymentKey(*manifest, order.key);
    if (draft.key.isEmpty()) {
        return fail(ErrorCode::Invalid, tr("the deployment has no key"),
                    QStringLiteral("deployment.key"),
                    tr("give --key, or deployment.key in the manifest"));
    }
    draft.job_type = jobTypeOf(*manifest);
    draft.fingerprint = order.fingerprint.isEmpty() ? fingerprintOf(*manifest) : order.fingerprint;
    const DeploymentRecord *stable = ledger_.stable(draft.key);
    const QString to = QStringLiteral("v%1").arg(ledger_.nextVersion(draft.key));
    const QString from = stable ? stable->opened.revision : QString();
    const PlanRequest plain = plainRequest(draft.key, from, to, desk);
    draft.request = order.request.value_or(plain);
    draft.request.service = plain.service;
    draft.request.from = plain.from;
    draft.request.to = plain.to;
    draft.request.router = plain.router;
    draft.request.scope = plain.scope;
    takeRoute(draft, normalisedPolicy(updateOf(*manifest), given), order.request.has_value(),
              static_cast<qint64>(desk.fleet().nodes.size()));
    if (reading.definition) {
        draft.request.needs = reading.definition->needs;
    }
    if (std::holds_alternative<FeatureFlag>(draft.request.strategy)) {
        draft.request.router = RouterKind::Flag;
    }
    return draft;
}

Result<Preview> DeploymentDesk::preview(const DeployOrder &order, const ClusterDesk &desk) const {
    return draft(order, desk).and_then([&desk](const Draft &draft) {
        return planOf(draft.request, desk.fleet()).map([&draft](const Plan &plan) {
            return Preview{plan, draft.route};
        });
    });
}

DeploymentOpened DeploymentDesk::opened(const Draft &draft, const DeployOrder &order,
                                        const Asker &asker) const {
    const qint64 now = clock_.wallMs();
    DeploymentOpened event;
    event.id = deploymentId(draft.key, now, someRandom());
    event.key = draft.key;
    event.cluster = order.cluster;
    event.rollout = newId();
    event.version = ledger_.nextVersion(draft.key);
    event.revision = api::text(draft.request.to);
    event.source = api::text(draft.request.from);
    event.purpose = draft.purpose;
    event.job_type = draft.job_type;
    const std::string_view strategy = nameOf(kindOf(draft.request.strategy));
    event.strategy = QString::fromUtf8(strategy.data(), qsizetype(strategy.size()));
    event.fingerprint = draft.fingerprint;
    if (draft.new_content) {
        event.manifest = draft.manifest.text;
        event.bundle_bytes = order.bundle_bytes;
    }
    for (const std::string &target : draft.request.targets.value_or(std::vector<std::string>{})) {
        event.targets << api::text(target);
    }
    event.way_back = event.source;
    event.who = asker.who;
    event.why = asker.reason;
    event.wall_ms = now;
    event.repository = order.repository;
    event.commit = order.commit;
    return event;
}

// ---- Deploy ------------------------------------------------------------------------------------

Result<Deployed> DeploymentDesk::deploy(const DeployOrder &order, const ClusterDesk &desk,
                                        const Asker &asker) {
    const auto made = draft(order, desk);
    if (!made) {
        return tl::unexpected(made.error());
    }
    const bool needs_approval = desk.row().needs_approval;
    if (const LiveRollout *active = orchestrator_.activeOf(order.cluster, made->key)) {
        if (order.supersede && needs_approval) {
            return fail(ErrorCode::Refused,
                        tr("%1 needs another person's approval, and its active rollout cannot give "
                           "way to a plan that has none")
                            .arg(made->key),
                        QStringLiteral("supersede"),
                        tr("let the active one end or roll it back, then deploy"));
        }
        return makeWay(*active, order, asker);
    }
    if (ledger_.changesNothing(made->key, made->fingerprint, made->job_type)) {
        const DeploymentRecord *running = ledger_.stable(made->key);
        const QString id = running->opened.id;
        const QString text =
            tr("%1 runs this content already; nothing was changed").arg(running->opened.revision);
        if (auto stored = write(
                DeploymentNoted{id, QStringLiteral("noop"), text, asker.who, clock_.wallMs()});
            !stored) {
            return tl::unexpected(stored.error());
        }
        return Deployed{id, nullptr, text};
    }
    if (!needs_approval || !order.start) {
        return open(*made, order, desk, asker);
    }
    DeployOrder unapproved = order;
    unapproved.start = false;
    return open(*made, unapproved, desk, asker).map([&asker](Deployed drafted) {
        drafted.text = tr("it waits for the approval of another person than %1").arg(asker.who);
        return drafted;
    });
}

// A newer request takes over: the active rollout settles and ends, then this one begins.
Result<Deployed> DeploymentDesk::makeWay(const LiveRollout &active, const DeployOrder &order,
                                         const Asker &asker) {
    const QString service = api::text(active.plan().service);
    if (!order.supersede) {
        return fail(ErrorCode::Conflict,
                    tr("%1 has an active rollout to %2: %3")
                        .arg(service, api::revisionText(active.plan(), active.plan().to),
                             api::headlineOf(active.plan(), active.state())),
                    QStringLiteral("key"),
                    tr("wait for its end, roll it back, or deploy with --supersede"));
    }
    const RolloutCard card = active.card();
    DeployOrder next = order;
    next.follows = card.id;
    following_[card.id] = {next, asker}; // it may end at once
    orchestrator_.attach(toFact(topic_following, card.id,
                                {{QStringLiteral("order"), toJson(next)},
                                 {QStringLiteral("who"), asker.who},
                                 {QStringLiteral("reason"), asker.reason}},
                                clock_.wallMs()));
    orchestrator_.ask(*orchestrator_.find(card.id), Supersede{}, asker.who, asker.reason);
    if (auto stored = orchestrator_.drain(); !stored) {
        following_.erase(card.id);
        return tl::unexpected(stored.error());
    }
    return Deployed{card.deployment, nullptr, tr("takes over when the active rollout has settled")};
}

Result<Deployed> DeploymentDesk::open(const Draft &draft, const DeployOrder &order,
                                      const ClusterDesk &desk, const Asker &asker) {
    auto plan = planOf(draft.request, desk.fleet());
    if (!plan) {
        return tl::unexpected(plan.error());
    }
    const DeploymentOpened event = opened(draft, order, asker);
    Ledger after = ledger_;
    if (auto folded = after.fold(event); !folded) {
        return tl::unexpected(folded.error());
    }
    const std::optional<DeploymentNoted> note = noteOfRoute(draft, event);
    if (note) {
        if (auto folded = after.fold(*note); !folded) {
            return tl::unexpected(folded.error());
        }
    }
    const RolloutCard card{event.rollout, event.cluster, event.id,     event.version,
                           event.who,     event.why,     event.wall_ms};
    const std::optional<Incident> start =
        order.start ? std::optional(Incident{Requested{Start{}}, asker.reason, asker.who})
                    : std::nullopt;
    std::vector<journal::Fact> facts{toFact(event, event.key, event.wall_ms)};
    if (note) {
        facts.push_back(toFact(*note, event.key, event.wall_ms));
    }
    if (!asker.request_id.isEmpty()) {
        facts.push_back(toFact(
            topic_deploy, asker.request_id,
            {{QStringLiteral("deployment"), event.id}, {QStringLiteral("rollout"), event.rollout}},
            event.wall_ms));
    }
    if (asker.request) {
        KeptRequest kept{*asker.request, Start{}, unasked};
        kept.row.rollout = event.rollout;
        facts.push_back(toFact(kept, event.wall_ms));
    }
    if (!order.follows.isEmpty()) {
        facts.push_back(toFact(topic_following, order.follows, {}, event.wall_ms)); // done
    }
    std::swap(ledger_, after);
    auto rollout = orchestrator_.create(card, std::move(*plan), std::move(facts), start);
    if (!rollout) {
        std::swap(ledger_, after);
        return tl::unexpected(rollout.error());
    }
    Q_EMIT deploymentsChanged(event.key);
    return Deployed{event.id, *rollout, {}};
}

// ---- Marks -------------------------------------------------------------------------------------

Result<void> DeploymentDesk::tag(const QString &key, quint32 version, const QString &tag, bool set,
                                 const Asker &asker) {
    auto stored = write(VersionTagged{key, version, tag, set, asker.who, clock_.wallMs()});
    if (stored) {
        Q_EMIT deploymentsChanged(key);
    }
    return stored;
}

Result<void> DeploymentDesk::markBad(const QString &key, const QString &revision, bool bad,
                                     const Asker &asker) {
    auto stored =
        write(RevisionMarked{key, revision, bad, asker.who, asker.reason, clock_.wallMs()});
    if (stored) {
        Q_EMIT deploymentsChanged(key);
    }
    return stored;
}

clusters::RevisionSpec DeploymentDesk::specOf(const QString &service,
                                              const QString &revision) const {
    const auto known = specs_.find({service, revision});
    if (known != specs_.end()) {
        return known->second;
    }
    clusters::RevisionSpec spec{service, revision, {}};
    if (const DeploymentRecord *record = ledger_.findRevision(service, revision)) {
        const auto manifest = readManifest(record->opened.manifest);
        const auto reading = manifest ? readDefinition(*manifest) : DefinitionReading{};
        if (reading.definition) {
            spec.definition = toJson(*reading.definition);
        }
    }
    specs_[{service, revision}] = spec;
    return spec;
}

// ---- Ends --------------------------------------------------------------------------------------

std::vector<journal::Fact> DeploymentDesk::endFacts(const LiveRollout &rollout) {
    std::vector<DeploymentEvent> events;
    const DeploymentRecord *record = ledger_.find(rollout.card().deployment);
    const State &state = rollout.state();
    if (!record || record->ended()) {
        return {};
    }
    const qint64 now = clock_.wallMs();
    const QString why = api::whyOf(rollout.plan(), state);
    const QString outcome = why.isEmpty() ? api::headlineOf(rollout.plan(), state) : why;
    events.push_back(DeploymentHealthSeen{record->opened.id,
                                          state.count(Phase::Healthy),
                                          state.count(Phase::Failed),
                                          rollout.plan().active,
                                          {},
                                          now});
    events.push_back(DeploymentMoved{record->opened.id, state.status, outcome, {}, now});
    const bool went_back = state.status == Status::RolledBack && !record->opened.source.isEmpty();
    if (went_back) {
        DeploymentOpened back = record->opened;
        back.id = deploymentId(back.key, now, someRandom());
        back.version = ledger_.nextVersion(back.key);
        back.revision = record->opened.source;
        back.source = record->opened.revision;
        back.purpose = Purpose::WayBack;
        const DeploymentRecord *source = ledger_.findRevision(back.key, back.revision);
        back.manifest.clear();
        back.fingerprint = source ? source->opened.fingerprint : QString();
        back.repository = source ? source->opened.repository : QString();
        back.commit = source ? source->opened.commit : QString();
        back.bundle_bytes = 0;
        back.tags.clear();
        back.why = outcome;
        back.wall_ms = now;
        events.push_back(back);
        events.push_back(DeploymentMoved{
            back.id, Status::Completed, tr("back on %1").arg(back.revision), {}, now});
    }
    std::vector<journal::Fact> facts;
    for (const DeploymentEvent &event : events) {
        facts.push_back(toFact(event, record->opened.key, now));
    }
    ends_[rollout.card().id] = std::move(events); // folded once they are in the journal
    return facts;
}

void DeploymentDesk::foldEnd(const LiveRollout &rollout) {
    const auto end = ends_.extract(rollout.card().id);
    if (end.empty()) {
        return;
    }
    for (const DeploymentEvent &event : end.mapped()) {
        if (const auto folded = ledger_.fold(event); !folded) {
            qCritical("%s", qPrintable(toText(folded.error())));
        }
    }
}

void DeploymentDesk::follow(const LiveRollout &rollout, const ClusterDesk &desk) {
    foldEnd(rollout);
    const QString key = api::text(rollout.plan().service);
    if (const auto old = ledger_.compaction(key, records_kept, clock_.wallMs())) {
        if (const auto stored = write(*old); !stored) {
            qWarning("%s", qPrintable(toText(stored.error())));
        }
    }
    Q_EMIT deploymentsChanged(key);
    if (following_.count(rollout.card().id) > 0) {
        followWith(rollout.card().id, desk);
        return;
    }
    const bool revert =
        rollout.state().status == Status::Failed && rollout.plan().policy.auto_revert;
    const DeploymentRecord *record = ledger_.find(rollout.card().deployment);
    if (revert && record && record->opened.purpose == Purpose::Deploy) {
        const Asker asker{QStringLiteral("engine"),
                          tr("auto_revert after %1 failed").arg(record->opened.revision)};
        if (const auto made = goBack(key, {}, desk, asker); !made) {
            qWarning("%s", qPrintable(toText(made.error())));
        }
    }
}

// ---- What follows a rollout that gave way ------------------------------------------------------

void DeploymentDesk::followWith(const QString &rollout, const ClusterDesk &desk) {
    const auto next = following_.extract(rollout);
    const auto &[order, asker] = next.mapped();
    const auto made = deploy(order, desk, asker);
    if (made && made->rollout) {
        return;
    }
    if (!made) {
        qWarning("%s", qPrintable(toText(made.error())));
    }
    journal::Batch batch; // it is not tried again
    batch.facts.push_back(toFact(topic_following, rollout, {}, clock_.wallMs()));
    if (const auto stored = journal_.append(batch); !stored) {
        qWarning("%s", qPrintable(toText(stored.error())));
    }
}

Result<void> DeploymentDesk::restoreFollowing(const journal::Fact &fact) {
    const QJsonObject body = bodyOf(fact);
    following_.erase(fact.key);
    if (body.isEmpty()) {
        return {};
    }
    return deployOrderFrom(body[u"order"].toObject()).map([&](const DeployOrder &order) {
        following_[fact.key] = {order, {body[u"who"].toString(), body[u"reason"].toString()}};
    });
}

void DeploymentDesk::followEnded(const ClusterDesk &desk) {
    std::vector<QString> ended;
    for (const auto &[id, following] : following_) {
        const LiveRollout *rollout = orchestrator_.find(id);
        if (following.order.cluster == desk.id() && rollout && !rollout->active()) {
            ended.push_back(id);
        }
    }
    for (const QString &id : ended) {
        followWith(id, desk);
    }
}

} // namespace aviary::orchestrator
