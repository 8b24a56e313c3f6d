// SPDX-License-Identifier: GPL-3.0-or-later
// A deploy that waits for another rollout's end, as the journal keeps it.
#include "core/orchestrator/deploymentdesk.h"
#include "core/plans/planfile.h"

namespace aviary::orchestrator {

QJsonObject toJson(const DeployOrder &order) {
    QJsonObject json{{QStringLiteral("cluster"), order.cluster},
                     {QStringLiteral("key"), order.key},
                     {QStringLiteral("manifest"), QString::fromUtf8(order.manifest)},
                     {QStringLiteral("fingerprint"), order.fingerprint},
                     {QStringLiteral("bundle_bytes"), order.bundle_bytes},
                     {QStringLiteral("policy"), order.policy},
                     {QStringLiteral("supersede"), order.supersede},
                     {QStringLiteral("start"), order.start},
                     {QStringLiteral("follows"), order.follows},
                     {QStringLiteral("repository"), order.repository},
                     {QStringLiteral("commit"), order.commit}};
    if (order.request) {
        if (const auto plan = plans::writePlan({*order.request, true, {}})) {
            json[u"plan"] = QString::fromUtf8(*plan);
        }
    }
    return json;
}

Result<DeployOrder> deployOrderFrom(const QJsonObject &json) {
    DeployOrder order;
    order.cluster = json[u"cluster"].toString();
    order.key = json[u"key"].toString();
    order.manifest = json[u"manifest"].toString().toUtf8();
    order.fingerprint = json[u"fingerprint"].toString();
    order.bundle_bytes = json[u"bundle_bytes"].toInteger();
    order.policy = json[u"policy"].toObject();
    order.supersede = json[u"supersede"].toBool();
    order.start = json[u"start"].toBool(true);
    order.follows = json[u"follows"].toString();
    order.repository = json[u"repository"].toString();
    order.commit = json[u"commit"].toString();
    if (json.contains(u"plan")) {
        const plans::PlanReading reading = plans::readPlan(json[u"plan"].toString().toUtf8());
        if (!reading.file) {
            return tl::unexpected(toError(reading.flaws, QStringLiteral("journal")));
        }
        if (const auto *request = std::get_if<kernel::PlanRequest>(&reading.file->content)) {
            order.request = *request;
        }
    }
    return order;
}

} // namespace aviary::orchestrator
