// SPDX-License-Identifier: GPL-3.0-or-later
// The verbs about rollouts that a cluster runs itself (core/clusters/ownrollout.h).
#include "core/api/valuesjson.h"
#include "core/clusters/selfrunning.h"
#include "core/orchestrator/facts.h"
#include "core/orchestrator/liveprovider.h"
#include "core/orchestrator/ownrows.h"

namespace aviary::orchestrator {

namespace {

api::Outcome outcomeOf(clusters::OwnAnswer::Outcome outcome) {
    return outcome == clusters::OwnAnswer::Outcome::Applied   ? api::Outcome::Applied
           : outcome == clusters::OwnAnswer::Outcome::Refused ? api::Outcome::Refused
                                                              : api::Outcome::Unknown;
}

} // namespace

Result<void> LiveProvider::restoreOwnRollouts() {
    return journal_.facts(topic_own_rollout)
        .and_then([this](const std::vector<journal::Fact> &facts) -> Result<void> {
            for (const journal::Fact &fact : facts) {
                if (const auto folded = own_.fold(fact); !folded) {
                    return tl::unexpected(folded.error());
                }
            }
            return {};
        });
}

// What one may ask of it, by its state and by the cluster's: the reason why not, or nothing.
Result<void> LiveProvider::ownAllows(const KnownRollout &known, const ClusterDesk &desk,
                                     const Call &call) const {
    const QString verb = call.text(u"verb");
    const api::EffectRow now = ownEffect(known, verb, call.text(u"version"),
                                         call.parameters[u"parts"].toVariant().toStringList());
    const QString refusal = now.refusal.isEmpty() ? mayNot(known, verb) : now.refusal;
    if (!refusal.isEmpty()) {
        return fail(ErrorCode::Refused, tr("%1 cannot %2 now").arg(known.now.service, verb), {},
                    refusal);
    }
    const QString stated = call.text(u"effect");
    if (!stated.isEmpty() && stated != now.token) {
        return fail(ErrorCode::Conflict, tr("what it would do changed after you looked"),
                    QStringLiteral("effect"), tr("look again: %1").arg(now.sentences.join(u"; ")));
    }
    return raisesExposure(verb) ? mayRaise(desk, known.now.service, call) : Result<void>();
}

// Journalled as asked before the cluster is asked, and once more with what became of it.
LiveProvider::Reply LiveProvider::requestOwn(const KnownRollout &known, const Call &call) {
    const auto desk = clusters_.find(known.cluster);
    if (!desk) {
        return tl::unexpected(desk.error());
    }
    if (auto allowed = ownAllows(known, **desk, call); !allowed) {
        return tl::unexpected(allowed.error());
    }
    const Asker asker = call.asker();
    api::RequestRow row;
    row.id = asker.request_id.isEmpty() ? deployments_.newId() : asker.request_id;
    row.cluster = known.cluster;
    row.rollout = known.now.id;
    row.service = known.now.service;
    row.verb = call.text(u"verb");
    row.who = asker.who;
    row.reason = asker.reason;
    row.text = tr("asked, not confirmed yet");
    row.asked_wall_ms = clock_.wallMs();
    const KeptRequest kept{row, std::nullopt, kernel::unasked};
    journal::Batch batch;
    batch.facts.push_back(toFact(kept, row.asked_wall_ms));
    if (auto stored = journal_.append(batch); !stored) {
        return tl::unexpected(stored.error());
    }
    requests_.open(kept);
    clusters::OwnRequest wanted{*ownVerb(row.verb), known.now.id};
    wanted.revision = call.text(u"version");
    wanted.parts = call.parameters[u"parts"].toVariant().toStringList();
    auto *own = dynamic_cast<clusters::SelfRunning *>(&(*desk)->driver());
    if (!own) {
        settleOwn(row, api::Outcome::Refused, tr("this cluster runs no rollouts itself"));
        return QJsonObject{{QStringLiteral("request"), api::toJson(*requests_.find(row.id))}};
    }
    own->ask(wanted, [this, row](const clusters::OwnAnswer &answer) {
        settleOwn(row, outcomeOf(answer.outcome), answer.text);
    });
    return QJsonObject{{QStringLiteral("request"), api::toJson(*requests_.find(row.id))}};
}

void LiveProvider::settleOwn(const api::RequestRow &row, api::Outcome outcome,
                             const QString &text) {
    requests_.close(row, outcome, text, clock_.wallMs());
    journal::Batch batch;
    batch.facts.push_back(toFact(
        KeptRequest{*requests_.find(row.id), std::nullopt, kernel::unasked}, clock_.wallMs()));
    if (auto stored = journal_.append(batch); !stored) {
        qWarning("%s", qPrintable(toText(stored.error())));
    }
    if (const auto desk = clusters_.find(row.cluster)) {
        (*desk)->driver().observe();
    }
}

std::vector<api::WaitingRow> LiveProvider::ownWaitingRows() const {
    std::vector<api::WaitingRow> rows;
    for (const KnownRollout *known : own_.all()) {
        const kernel::Status status = known->now.status;
        if (status == kernel::Status::Waiting || status == kernel::Status::Paused) {
            const api::RolloutRow row = ownRow(*known);
            rows.push_back({row.cluster, row.service, row.id,
                            tr("%1 %2 %3").arg(row.service, row.to, row.headline),
                            status == kernel::Status::Waiting ? QStringLiteral("promote")
                                                              : QStringLiteral("resume"),
                            row.changed_wall_ms});
        }
    }
    return rows;
}

} // namespace aviary::orchestrator
