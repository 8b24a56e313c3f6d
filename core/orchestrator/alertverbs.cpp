// SPDX-License-Identifier: GPL-3.0-or-later
// The verbs about alerts.
#include "core/api/valuesjson.h"
#include "core/orchestrator/liveprovider.h"
#include "core/support/words.h"

#include <QJsonArray>

namespace aviary::orchestrator {

namespace {

QJsonObject answerOf(const api::AlertRow &row) {
    return {{QStringLiteral("alert"), api::toJson(row)}};
}

} // namespace

LiveProvider::Reply LiveProvider::listAlerts(const Call &call) {
    const bool open_only = call.parameters[u"open"].toBool();
    std::vector<api::AlertRow> rows = alerts_.rows();
    std::erase_if(rows, [open_only](const api::AlertRow &row) {
        return open_only && !row.acknowledged_by.isEmpty();
    });
    return QJsonObject{{QStringLiteral("alerts"), api::listToJson(rows)}};
}

LiveProvider::Reply LiveProvider::acknowledgeAlert(const Call &call) {
    return alerts_.acknowledge(call.text(u"id"), call.asker().who).map(answerOf);
}

LiveProvider::Reply LiveProvider::snoozeAlert(const Call &call) {
    return alerts_
        .snooze(call.text(u"id"), call.parameters[u"for_ms"].toInteger(-1), call.asker().who)
        .map(answerOf);
}

LiveProvider::Reply LiveProvider::raiseAlert(const Call &call) {
    const QString text = call.text(u"text").left(text_length_max).trimmed();
    if (text.isEmpty()) {
        return fail(ErrorCode::Invalid, tr("an alert needs a text"), QStringLiteral("text"),
                    tr("say what was seen and what was foreseen"));
    }
    return rolloutIn(call)
        .and_then([&](LiveRollout *rollout) { return alerts_.leftFan(*rollout, text); })
        .map(answerOf);
}

LiveProvider::Reply LiveProvider::alertDelivery(const Call &call) {
    api::AlertDelivery delivery = alerts_.delivery();
    const QJsonObject &given = call.parameters;
    if (given.contains(u"command")) {
        delivery.command.clear();
        for (const QJsonValue &word : given[u"command"].toArray()) {
            delivery.command << word.toString();
        }
    }
    if (given.contains(u"webhook")) {
        delivery.webhook = call.text(u"webhook");
    }
    if (delivery != alerts_.delivery()) {
        if (auto stored = alerts_.setDelivery(delivery); !stored) {
            return tl::unexpected(stored.error());
        }
    }
    return api::toJson(delivery);
}

} // namespace aviary::orchestrator
