// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/orchestrator/facts.h"

#include "core/api/valuesjson.h"

#include <QJsonDocument>

namespace aviary::orchestrator {

journal::Fact toFact(const QString &topic, const QString &key, const QJsonObject &body,
                     qint64 wall_ms) {
    return {topic, key, QJsonDocument(body).toJson(QJsonDocument::Compact), wall_ms, 0};
}

journal::Fact toFact(const DeploymentEvent &event, const QString &key, qint64 wall_ms) {
    return toFact(topic_deployment, key, toJson(event), wall_ms);
}

journal::Fact toFact(const KeptRequest &request, qint64 wall_ms) {
    QJsonObject body{{QStringLiteral("row"), api::toJson(request.row)},
                     {QStringLiteral("last_order"), static_cast<qint64>(request.last_order)}};
    if (request.request) {
        body[u"request"] = record::toJson(*request.request);
    }
    return toFact(topic_request, request.row.id, body, wall_ms);
}

QJsonObject bodyOf(const journal::Fact &fact) {
    return QJsonDocument::fromJson(fact.json).object();
}

Result<KeptRequest> requestFrom(const QJsonObject &body) {
    return api::fromJson<api::RequestRow>(body[u"row"].toObject())
        .and_then([&body](const api::RequestRow &row) -> Result<KeptRequest> {
            KeptRequest kept{row, std::nullopt,
                             static_cast<kernel::Order>(body[u"last_order"].toInteger())};
            if (body.contains(u"request")) {
                const auto request =
                    record::requestFromJson(body[u"request"].toObject(), QStringLiteral("journal"));
                if (!request) {
                    return tl::unexpected(request.error());
                }
                kept.request = *request;
            }
            return kept;
        });
}

record::RunHeader headerOf(const RolloutCard &card, const kernel::Plan &plan) {
    record::RunHeader header;
    header.rollout = card.id;
    header.cluster = card.cluster;
    header.plan = plan;
    header.who = card.who;
    header.begun_wall_ms = card.created_wall_ms;
    header.version = QStringLiteral(AVIARY_VERSION);
    header.context = {{QStringLiteral("deployment"), card.deployment},
                      {QStringLiteral("version"), static_cast<qint64>(card.version)},
                      {QStringLiteral("reason"), card.reason}};
    return header;
}

RolloutCard cardFrom(const record::RunHeader &header) {
    return {header.rollout,
            header.cluster,
            header.context[u"deployment"].toString(),
            static_cast<quint32>(header.context[u"version"].toInteger()),
            header.who,
            header.context[u"reason"].toString(),
            header.begun_wall_ms};
}

} // namespace aviary::orchestrator
