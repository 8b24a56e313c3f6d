// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/deployments/deploymentevent.h"
#include "core/journal/journal.h"
#include "core/orchestrator/liverollout.h"
#include "core/orchestrator/requestdesk.h"

// What the daemon keeps beside the entries of rollouts, as facts of the journal: clusters, the
// events of the ledger, and what people asked. The topics stay as they are for ever.
namespace aviary::orchestrator {

inline const QString topic_cluster = QStringLiteral("cluster");       // key: its id
inline const QString topic_deployment = QStringLiteral("deployment"); // key: the deployment key
inline const QString topic_request = QStringLiteral("request");       // key: the request's id
inline const QString topic_deploy = QStringLiteral("deploy");         // key: the request's id
inline const QString topic_own_start = QStringLiteral("own_start");   // key: the request's id
inline const QString topic_following = QStringLiteral("following");   // key: who gives way
inline const QString topic_alert = QStringLiteral("alert");           // key: the alert's id
inline const QString topic_alert_delivery = QStringLiteral("alert_delivery"); // no key
inline const QString topic_gitops = QStringLiteral("gitops");    // key: the repository's name
inline const QString topic_sync = QStringLiteral("gitops_sync"); // key: as above
inline const QString topic_followed = QStringLiteral("gitops_followed"); // key: as above

journal::Fact toFact(const QString &topic, const QString &key, const QJsonObject &body,
                     qint64 wall_ms);
journal::Fact toFact(const DeploymentEvent &event, const QString &key, qint64 wall_ms);
journal::Fact toFact(const KeptRequest &request, qint64 wall_ms);

QJsonObject bodyOf(const journal::Fact &fact);
Result<KeptRequest> requestFrom(const QJsonObject &body);

// A rollout's identity travels in the header of its run.
record::RunHeader headerOf(const RolloutCard &card, const kernel::Plan &plan);
RolloutCard cardFrom(const record::RunHeader &header);

} // namespace aviary::orchestrator
