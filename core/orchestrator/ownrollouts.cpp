// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/orchestrator/ownrollouts.h"

#include "core/api/words.h"
#include "core/orchestrator/facts.h"

#include <QCoreApplication>
#include <QJsonArray>

#include <algorithm>

namespace aviary::orchestrator {

using clusters::OwnPart;
using clusters::OwnRollout;
using kernel::Status;

namespace {

struct Own {
    Q_DECLARE_TR_FUNCTIONS(OwnRollouts)
};

QJsonObject partJson(const OwnPart &part) {
    return {{QStringLiteral("name"), part.name},
            {QStringLiteral("canaries"), part.canaries},
            {QStringLiteral("canaries_healthy"), part.canaries_healthy},
            {QStringLiteral("wanted"), part.wanted},
            {QStringLiteral("placed"), part.placed},
            {QStringLiteral("healthy"), part.healthy},
            {QStringLiteral("unhealthy"), part.unhealthy},
            {QStringLiteral("promoted"), part.promoted},
            {QStringLiteral("promotes_itself"), part.promotes_itself},
            {QStringLiteral("reverts_itself"), part.reverts_itself}};
}

OwnPart partFrom(const QJsonObject &json) {
    OwnPart part;
    part.name = json[u"name"].toString();
    part.canaries = json[u"canaries"].toInteger();
    part.canaries_healthy = json[u"canaries_healthy"].toInteger();
    part.wanted = json[u"wanted"].toInteger();
    part.placed = json[u"placed"].toInteger();
    part.healthy = json[u"healthy"].toInteger();
    part.unhealthy = json[u"unhealthy"].toInteger();
    part.promoted = json[u"promoted"].toBool();
    part.promotes_itself = json[u"promotes_itself"].toBool();
    part.reverts_itself = json[u"reverts_itself"].toBool();
    return part;
}

QString statusText(const OwnRollout &rollout) {
    switch (rollout.status) {
    case Status::Waiting:
        return Own::tr("waits for promotion");
    case Status::Paused:
        return Own::tr("paused");
    case Status::Completed:
        return Own::tr("completed");
    case Status::Failed:
        return Own::tr("failed");
    case Status::Superseded:
        return Own::tr("ended for something newer");
    default:
        return Own::tr("goes on");
    }
}

// What a cluster said once and forgets later stays.
OwnRollout withWhatWasKnown(OwnRollout shown, const OwnRollout &known) {
    if (!known.from.isEmpty()) {
        shown.from = known.from;
    }
    if (known.began_wall_ms != 0) {
        shown.began_wall_ms = known.began_wall_ms;
    }
    if (kernel::isEnd(known.status)) { // instances go away after the end
        shown.parts = known.parts;
        // So does the rollout that it took back.
        shown.text = known.text.startsWith(shown.text) ? known.text : shown.text;
    }
    return shown;
}

journal::Fact factOf(const QString &cluster, const OwnRollout &rollout, qint64 wall_ms) {
    return toFact(
        topic_own_rollout, rollout.id,
        {{QStringLiteral("cluster"), cluster}, {QStringLiteral("rollout"), toJson(rollout)}},
        wall_ms);
}

} // namespace

QJsonObject toJson(const OwnRollout &rollout) {
    QJsonArray parts;
    for (const OwnPart &part : rollout.parts) {
        parts.append(partJson(part));
    }
    return {{QStringLiteral("id"), rollout.id},
            {QStringLiteral("service"), rollout.service},
            {QStringLiteral("from"), rollout.from},
            {QStringLiteral("to"), rollout.to},
            {QStringLiteral("status"), api::wordOf(rollout.status)},
            {QStringLiteral("text"), rollout.text},
            {QStringLiteral("parts"), parts},
            {QStringLiteral("began_wall_ms"), rollout.began_wall_ms}};
}

Result<OwnRollout> ownRolloutFrom(const QJsonObject &json) {
    const auto status = api::fromWord<Status>(json[u"status"].toString());
    OwnRollout rollout;
    rollout.id = json[u"id"].toString();
    if (!status || rollout.id.isEmpty()) {
        return fail(ErrorCode::Invalid, Own::tr("this is no rollout of a cluster"),
                    QStringLiteral("journal"));
    }
    rollout.service = json[u"service"].toString();
    rollout.from = json[u"from"].toString();
    rollout.to = json[u"to"].toString();
    rollout.status = *status;
    rollout.text = json[u"text"].toString();
    for (const QJsonValue &part : json[u"parts"].toArray()) {
        rollout.parts.push_back(partFrom(part.toObject()));
    }
    rollout.began_wall_ms = json[u"began_wall_ms"].toInteger();
    return rollout;
}

QStringList happened(const OwnRollout *before, const OwnRollout &now) {
    QStringList lines;
    if (!before) {
        lines << (now.from.isEmpty() ? Own::tr("%1 of %2 begins").arg(now.to, now.service)
                                     : Own::tr("%1 of %2 begins, in place of %3")
                                           .arg(now.to, now.service, now.from));
    }
    for (std::size_t i = 0; i < now.parts.size(); ++i) {
        const OwnPart &part = now.parts[i];
        const OwnPart old = before && i < before->parts.size() ? before->parts[i] : OwnPart{};
        if (part.unhealthy > old.unhealthy) {
            lines << Own::tr("%1: %2 of %3 are unhealthy")
                         .arg(part.name)
                         .arg(part.unhealthy)
                         .arg(part.placed);
        }
        if (part.promoted && !old.promoted && before) {
            lines << Own::tr("%1: promoted").arg(part.name);
        }
        if (part.healthy > old.healthy && before) {
            lines << Own::tr("%1: %2 of %3 are healthy")
                         .arg(part.name)
                         .arg(part.healthy)
                         .arg(part.wanted);
        }
    }
    if (!before || before->status != now.status || before->text != now.text) {
        lines << Own::tr("%1: %2").arg(statusText(now), now.text);
    }
    return lines;
}

std::vector<journal::Fact> OwnRollouts::compare(const QString &cluster,
                                                const std::vector<OwnRollout> &shown,
                                                qint64 wall_ms) const {
    std::vector<journal::Fact> facts;
    std::vector<QString> seen;
    for (const OwnRollout &rollout : shown) {
        seen.push_back(rollout.id);
        const KnownRollout *known = find(rollout.id);
        const OwnRollout now = known ? withWhatWasKnown(rollout, known->now) : rollout;
        if (!known || now != known->now) {
            facts.push_back(factOf(cluster, now, wall_ms));
        }
    }
    std::ranges::sort(seen);
    for (const QString &id : order_) {
        const KnownRollout &known = known_.at(id);
        if (known.cluster == cluster && !kernel::isEnd(known.now.status) &&
            !std::ranges::binary_search(seen, id)) {
            OwnRollout gone = known.now;
            gone.status = Status::Superseded;
            gone.text = Own::tr("the cluster knows it no more; how it ended is not known");
            facts.push_back(factOf(cluster, gone, wall_ms));
        }
    }
    return facts;
}

Result<KnownRollout> OwnRollouts::after(const journal::Fact &fact) const {
    const QJsonObject body = bodyOf(fact);
    return ownRolloutFrom(body[u"rollout"].toObject()).map([&](const OwnRollout &now) {
        const KnownRollout *before = find(now.id);
        KnownRollout known = before ? *before : KnownRollout{};
        if (!before) {
            known.cluster = body[u"cluster"].toString();
            known.first_wall_ms = fact.wall_ms;
        }
        for (const QString &line : happened(before ? &before->now : nullptr, now)) {
            known.told.push_back(
                {known.changes + 1, fact.wall_ms, QStringLiteral("cluster"), line});
        }
        while (known.told.size() > told_max) {
            known.told.pop_front();
        }
        ++known.changes;
        known.changed_wall_ms = fact.wall_ms;
        known.now = now;
        return known;
    });
}

Result<QString> OwnRollouts::fold(const journal::Fact &fact) {
    return after(fact).map([this](const KnownRollout &known) {
        const QString id = known.now.id;
        if (known_.insert_or_assign(id, known).second) {
            order_.push_back(id);
        }
        return id;
    });
}

bool OwnRollouts::knows(const QString &cluster) const {
    return std::ranges::any_of(
        known_, [&cluster](const auto &one) { return one.second.cluster == cluster; });
}

const KnownRollout *OwnRollouts::newest(const QString &cluster, const QString &service) const {
    for (auto id = order_.rbegin(); id != order_.rend(); ++id) {
        const KnownRollout &known = known_.at(*id);
        if (known.cluster == cluster && known.now.service == service) {
            return &known;
        }
    }
    return nullptr;
}

const KnownRollout *OwnRollouts::find(const QString &id) const {
    const auto at = known_.find(id);
    return at == known_.end() ? nullptr : &at->second;
}

std::vector<const KnownRollout *> OwnRollouts::all() const {
    std::vector<const KnownRollout *> all;
    for (const QString &id : order_) {
        all.push_back(&known_.at(id));
    }
    return all;
}

} // namespace aviary::orchestrator
