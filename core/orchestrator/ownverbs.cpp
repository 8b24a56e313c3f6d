// SPDX-License-Identifier: GPL-3.0-or-later
// The verbs about rollouts that a cluster runs itself (core/clusters/ownrollout.h).
#include "core/api/valuesjson.h"
#include "core/clusters/selfrunning.h"
#include "core/orchestrator/facts.h"
#include "core/orchestrator/liveprovider.h"
#include "core/orchestrator/ownrows.h"
#include "core/orchestrator/stated.h"
#include "core/support/words.h"

namespace aviary::orchestrator {

api::Outcome LiveProvider::outcomeOf(clusters::OwnAnswer::Outcome outcome) {
    return outcome == clusters::OwnAnswer::Outcome::Applied   ? api::Outcome::Applied
           : outcome == clusters::OwnAnswer::Outcome::Refused ? api::Outcome::Refused
                                                              : api::Outcome::Unknown;
}

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
    const api::EffectRow now = ownEffect(known, ownAsked(call.parameters));
    const QString refusal = now.refusal.isEmpty() ? mayNot(known, verb) : now.refusal;
    if (!refusal.isEmpty()) {
        return fail(ErrorCode::Refused, tr("%1 cannot %2 now").arg(known.now.service, verb), {},
                    refusal);
    }
    if (auto same = stillStated(call.text(u"effect"), now); !same) {
        return same;
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
    auto *own = dynamic_cast<clusters::SelfRunning *>(&(*desk)->driver());
    if (!own) {
        return fail(ErrorCode::Refused, tr("this cluster runs no rollouts itself"),
                    QStringLiteral("cluster"));
    }
    api::RequestRow row = requestRow(call, known.cluster, known.now.service);
    row.rollout = known.now.id;
    if (auto opened = openOwn(row, {}); !opened) {
        return tl::unexpected(opened.error());
    }
    const OwnAsked asked = ownAsked(call.parameters);
    // Whatever else a person wants of it ends a hold that was to come.
    setHold({row.rollout, asked.to, row.who, row.reason, !asked.holds()});
    const auto verb = asked.holds() ? verbTowards(known.now) : ownVerb(asked.verb);
    if (!verb) {
        settleOwn(row, api::Outcome::Applied,
                  tr("it goes on, and is paused at %1").arg(percentText(asked.to)));
    } else {
        const bool holds = asked.holds();
        own->ask({*verb, row.rollout, asked.parts, asked.version},
                 [this, row, holds](const clusters::OwnAnswer &answer) {
                     if (holds && answer.outcome == clusters::OwnAnswer::Outcome::Refused) {
                         setHold({row.rollout, 0, row.who, row.reason, true});
                     }
                     settleOwn(row, outcomeOf(answer.outcome), answer.text);
                 });
    }
    return QJsonObject{{QStringLiteral("request"), api::toJson(*requests_.find(row.id))}};
}

api::RequestRow LiveProvider::requestRow(const Call &call, const QString &cluster,
                                         const QString &service) const {
    const Asker asker = call.asker();
    api::RequestRow row;
    row.id = asker.request_id.isEmpty() ? deployments_.newId() : asker.request_id;
    row.cluster = cluster;
    row.service = service;
    row.verb = call.text(u"verb");
    row.who = asker.who;
    row.reason = asker.reason;
    row.text = tr("asked, not confirmed yet");
    row.asked_wall_ms = clock_.wallMs();
    return row;
}

Result<void> LiveProvider::openOwn(const api::RequestRow &row,
                                   const std::vector<journal::Fact> &also) {
    const KeptRequest kept{row, std::nullopt, kernel::unasked};
    journal::Batch batch;
    batch.facts = also;
    batch.facts.push_back(toFact(kept, row.asked_wall_ms));
    return journal_.append(batch).map([&] { requests_.open(kept); });
}

void LiveProvider::closeOwn(const api::RequestRow &row, api::Outcome outcome, const QString &text) {
    requests_.close(row, outcome, text, clock_.wallMs());
    journal::Batch batch;
    batch.facts.push_back(toFact(
        KeptRequest{*requests_.find(row.id), std::nullopt, kernel::unasked}, clock_.wallMs()));
    if (auto stored = journal_.append(batch); !stored) {
        qWarning("%s", qPrintable(toText(stored.error())));
    }
}

void LiveProvider::settleOwn(const api::RequestRow &row, api::Outcome outcome,
                             const QString &text) {
    closeOwn(row, outcome, text);
    if (const auto desk = clusters_.find(row.cluster)) {
        (*desk)->driver().observe();
    }
}

// ---- Holds

void LiveProvider::setHold(const OwnHold &hold) {
    if (hold.over && holds_.count(hold.rollout) == 0) {
        return;
    }
    journal::Batch batch;
    batch.facts.push_back(toFact(hold, clock_.wallMs()));
    if (auto stored = journal_.append(batch); !stored) {
        qWarning("%s", qPrintable(toText(stored.error())));
    }
    hold.over ? void(holds_.erase(hold.rollout))
              : void(holds_.insert_or_assign(hold.rollout, Holding{hold, std::nullopt, false}));
}

Result<void> LiveProvider::restoreHolds() {
    return journal_.facts(topic_own_hold).map([this](const std::vector<journal::Fact> &facts) {
        for (const journal::Fact &fact : facts) {
            const OwnHold hold = ownHoldFrom(fact);
            holds_[hold.rollout] = {hold, std::nullopt, false};
        }
        std::erase_if(holds_, [](const auto &one) { return one.second.hold.over; });
    });
}

void LiveProvider::holdWhereDue(ClusterDesk &desk) {
    std::vector<OwnHold> over;
    for (const auto &[id, holding] : std::map(holds_)) { // an answer at once may end one
        const KnownRollout *known = own_.find(id);
        if (!known || known->cluster != desk.id()) {
            continue;
        }
        const HoldState state = holdStateOf(known->now, holding.hold.at);
        if (state == HoldState::Over) {
            over.push_back(holding.hold);
        } else if (state == HoldState::Due && !holding.asking) {
            pauseAt(*known, desk);
        }
    }
    for (OwnHold &hold : over) {
        hold.over = true;
        setHold(hold);
    }
}

// Tried again at each look until it is paused: its request is refused or unknown until then.
void LiveProvider::pauseAt(const KnownRollout &known, ClusterDesk &desk) {
    auto *own = dynamic_cast<clusters::SelfRunning *>(&desk.driver());
    Holding &holding = holds_.at(known.now.id);
    if (!own) {
        return;
    }
    if (!holding.pause) {
        api::RequestRow row;
        row.id = deployments_.newId();
        row.cluster = known.cluster;
        row.rollout = known.now.id;
        row.service = known.now.service;
        row.verb = QStringLiteral("pause");
        row.who = holding.hold.who;
        row.reason = tr("held at %1").arg(percentText(holding.hold.at));
        row.text = tr("asked, not confirmed yet");
        row.asked_wall_ms = clock_.wallMs();
        if (auto opened = openOwn(row, {}); !opened) {
            qWarning("%s", qPrintable(toText(opened.error())));
            return; // the next look tries again
        }
        holding.pause = row;
    }
    holding.asking = true;
    own->ask({clusters::OwnRequest::Verb::Pause, known.now.id},
             [this, row = *holding.pause](const clusters::OwnAnswer &answer) {
                 const api::RequestRow &known_row = *requests_.find(row.id);
                 const api::Outcome outcome = outcomeOf(answer.outcome);
                 if (const auto at = holds_.find(row.rollout); at != holds_.end()) {
                     at->second.asking = false;
                     if (outcome == api::Outcome::Applied) {
                         OwnHold hold = at->second.hold;
                         hold.over = true;
                         setHold(hold);
                     }
                 }
                 if (outcome == api::Outcome::Applied) {
                     settleOwn(row, outcome, answer.text);
                 } else if (known_row.outcome != outcome || known_row.text != answer.text) {
                     closeOwn(row, outcome, answer.text);
                 }
             });
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
