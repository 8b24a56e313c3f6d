// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/orchestrator/ownrollouts.h"

// Rollouts that clusters run themselves, as clients see them.
namespace aviary::orchestrator {

api::RolloutRow ownRow(const KnownRollout &known);
// Without where it stands on the nodes (core/orchestrator/ownplaces.h).
api::RolloutDetail ownDetail(const KnownRollout &known);
api::DeploymentRow ownDeployment(const KnownRollout &known);

// The verbs that may be asked of it; the others with the reason why the cluster cannot.
std::vector<api::Permission> ownPermissions(const KnownRollout &known);
// What is asked of one.
struct OwnAsked {
    QString verb;
    QString version = {};                    // of rollback; empty: what ran before
    QStringList parts = {};                  // of promote; empty: all
    kernel::Weight to = kernel::full_weight; // of promote: where it is to be paused

    bool holds() const { return verb == u"promote" && to < kernel::full_weight; }
};
OwnAsked ownAsked(const QJsonObject &parameters);

// What a verb would do; refusal says why it is not allowed.
api::EffectRow ownEffect(const KnownRollout &known, const OwnAsked &asked);
// Of an effect as it was stated.
QString ownToken(const QString &verb, const QStringList &sentences);
bool raisesExposure(const QString &verb);

// None: it is no verb of such a rollout.
std::optional<clusters::OwnRequest::Verb> ownVerb(const QString &verb);

} // namespace aviary::orchestrator
