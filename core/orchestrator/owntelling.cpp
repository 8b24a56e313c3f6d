// SPDX-License-Identifier: GPL-3.0-or-later
// What clients are told of rollouts that a cluster runs itself.
#include "core/api/valuesjson.h"
#include "core/clusters/selfrunning.h"
#include "core/orchestrator/liveprovider.h"
#include "core/orchestrator/ownplaces.h"
#include "core/orchestrator/ownrows.h"

#include <algorithm>

namespace aviary::orchestrator {

namespace {

AlertCause causeOf(const KnownRollout &known) {
    const api::RolloutRow row = ownRow(known);
    return {row.id,      row.cluster,
            row.service, row.status,
            row.epoch,   LiveProvider::tr("%1 %2 %3").arg(row.service, row.to, row.headline)};
}

} // namespace

// Written down first, with the alerts that follow, then shown. What had ended before a cluster was
// ever looked at is its history, and calls nobody.
void LiveProvider::takeOwnRollouts(ClusterDesk &desk) {
    const auto *own = dynamic_cast<const clusters::SelfRunning *>(&desk.driver());
    if (!own) {
        return;
    }
    const auto facts = own_.compare(desk.id(), own->rollouts(), clock_.wallMs());
    if (facts.empty()) {
        tellOwnDetails(desk.id());
        return;
    }
    journal::Batch batch;
    batch.facts = facts;
    const bool is_first = !own_.knows(desk.id());
    for (const journal::Fact &fact : facts) {
        const auto after = own_.after(fact);
        if (after && !(is_first && kernel::isEnd(after->now.status))) {
            std::ranges::move(alerts_.factsOf(causeOf(*after)), std::back_inserter(batch.facts));
        }
    }
    if (auto stored = journal_.append(batch); !stored) {
        qWarning("%s", qPrintable(toText(stored.error())));
        return; // the next look tries again
    }
    for (const journal::Fact &fact : facts) {
        if (const auto id = own_.fold(fact)) {
            alerts_.stored(*id);
            tellOwnRollout(*own_.find(*id));
        }
    }
    tellOwnDetails(desk.id());
    tellWaiting();
}

void LiveProvider::tellOwnRollout(const KnownRollout &known) {
    tellRows(QStringLiteral("rollouts"), {api::toJson(ownRow(known))});
    tellRows(QStringLiteral("deployments"), {api::toJson(ownDeployment(known))});
    const api::RolloutDetail detail = detailOf(known);
    tellRows(QStringLiteral("rollout:") + known.now.id, {api::toJson(detail)});
    kernel::isEnd(known.now.status) ? void(own_told_.erase(known.now.id))
                                    : void(own_told_[known.now.id] = detail);
}

// Where it stands on the nodes, and what may be asked, change without the rollout.
void LiveProvider::tellOwnDetails(const QString &cluster) {
    for (const KnownRollout *known : own_.all()) {
        if (known->cluster != cluster || kernel::isEnd(known->now.status)) {
            continue;
        }
        api::RolloutDetail now = detailOf(*known);
        api::RolloutDetail &told = own_told_[known->now.id];
        if (now != told) {
            tellRows(QStringLiteral("rollout:") + known->now.id, {api::toJson(now)});
            told = std::move(now);
        }
    }
}

api::RolloutDetail LiveProvider::detailOf(const KnownRollout &known) const {
    api::RolloutDetail detail = ownDetail(known);
    for (api::Permission &permission : detail.permissions) {
        const QString reason =
            permission.allowed ? mayNot(known, permission.verb) : permission.reason;
        permission = {permission.verb, reason.isEmpty(), reason};
    }
    const auto desk = clusters_.find(known.cluster);
    // Of an older one nodes would show what newer ones made of them.
    if (desk && own_.newest(known.cluster, known.now.service) == &known) {
        placeOwn(detail, known, (*desk)->instances(), (*desk)->fleet());
    }
    return detail;
}

QString LiveProvider::mayNot(const KnownRollout &known, const QString &verb) const {
    const auto desk = clusters_.find(known.cluster);
    const auto asked = ownVerb(verb);
    const auto *own =
        desk ? dynamic_cast<const clusters::SelfRunning *>(&(*desk)->driver()) : nullptr;
    return own && asked ? own->mayNot(*asked, known.now.service) : QString();
}

} // namespace aviary::orchestrator
