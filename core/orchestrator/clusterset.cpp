// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/orchestrator/clusterset.h"

#include "core/api/words.h"
#include "core/orchestrator/facts.h"
#include "core/support/words.h"

#include <QRegularExpression>

namespace aviary::orchestrator {

namespace {

constexpr int id_length_max = 63;

Result<void> checkId(const QString &id) {
    static const QRegularExpression shape(QStringLiteral("^[A-Za-z0-9][A-Za-z0-9_.-]*$"));
    if (id.size() > id_length_max || !shape.match(id).hasMatch()) {
        return fail(ErrorCode::Invalid,
                    QObject::tr("%1 cannot be a cluster's id").arg(boundedText(id)),
                    QStringLiteral("id"),
                    QObject::tr("give up to 63 letters, digits, dots, dashes and underscores"));
    }
    return {};
}

template <class E>
Result<E> wordIn(const QJsonObject &object, const QString &member, E fallback,
                 const QString &allowed) {
    const QJsonValue value = object[member];
    if (value.isUndefined()) {
        return fallback;
    }
    if (const auto known = api::fromWord<E>(value.toString())) {
        return *known;
    }
    return fail(ErrorCode::Invalid,
                QObject::tr("%1 is not a cluster's %2").arg(boundedText(value.toString()), member),
                member, QObject::tr("give one of %1").arg(allowed));
}

Result<api::ClusterRow> rowFrom(const QJsonObject &wanted, api::ClusterRow row) {
    const auto kind =
        wordIn(wanted, QStringLiteral("kind"), row.kind, QStringLiteral("local, docker, nomad"));
    const auto klass = wordIn(wanted, QStringLiteral("class"), row.klass,
                              QStringLiteral("development, staging, production"));
    if (!kind || !klass) {
        return tl::unexpected(kind ? klass.error() : kind.error());
    }
    row.kind = *kind;
    row.klass = *klass;
    row.name = wanted[u"name"].toString(row.name.isEmpty() ? row.id : row.name);
    row.needs_approval = wanted[u"needs_approval"].toBool(row.needs_approval);
    const QJsonValue limit = wanted[u"age_limit_ms"];
    if (!limit.isUndefined()) {
        row.age_limit_ms = limit.toInteger(-1);
    }
    if (row.age_limit_ms < 1'000 || row.age_limit_ms > 3'600'000) {
        return fail(ErrorCode::Invalid, QObject::tr("the age limit is out of range"),
                    QStringLiteral("age_limit_ms"), QObject::tr("give 1000 to 3600000"));
    }
    return row;
}

} // namespace

ClusterSet::ClusterSet(journal::Journal &journal, Orchestrator &orchestrator, DriverFactory factory,
                       const Clock &clock, QObject *parent)
    : QObject(parent)
    , journal_(journal)
    , orchestrator_(orchestrator)
    , factory_(std::move(factory))
    , clock_(clock) {}

ClusterSet::~ClusterSet() = default;

Result<std::unique_ptr<clusters::Driver>> ClusterSet::trial(const QJsonObject &wanted) const {
    return rowFrom(wanted, {}).and_then([&](const api::ClusterRow &row) {
        return factory_(row.kind, QStringLiteral("trial"), wanted[u"settings"].toObject());
    });
}

Result<std::unique_ptr<ClusterDesk>> ClusterSet::make(const QJsonObject &wanted) {
    api::ClusterRow row;
    row.id = wanted[u"id"].toString();
    if (auto good = checkId(row.id); !good) {
        return tl::unexpected(good.error());
    }
    auto complete = rowFrom(wanted, row);
    if (!complete) {
        return tl::unexpected(complete.error());
    }
    auto driver = factory_(complete->kind, row.id, wanted[u"settings"].toObject());
    if (!driver) {
        return tl::unexpected(driver.error());
    }
    return std::make_unique<ClusterDesk>(*complete, std::move(*driver), clock_);
}

ClusterDesk *ClusterSet::keep(std::unique_ptr<ClusterDesk> desk) {
    ClusterDesk *kept = desk.get();
    desks_[kept->id()] = std::move(desk);
    orchestrator_.addCluster(*kept);
    Q_EMIT added(kept);
    return kept;
}

Result<ClusterDesk *> ClusterSet::add(const QJsonObject &wanted) {
    const QString id = wanted[u"id"].toString();
    if (desks_.count(id) > 0) {
        return fail(ErrorCode::Conflict, tr("there is a cluster %1 already").arg(id),
                    QStringLiteral("id"), tr("choose another id, or remove that one first"));
    }
    auto desk = make(wanted);
    if (!desk) {
        return tl::unexpected(desk.error());
    }
    if (auto stored = write(id, wanted); !stored) {
        return tl::unexpected(stored.error());
    }
    stored_[id] = wanted;
    ClusterDesk *kept = keep(std::move(*desk));
    kept->start();
    return kept;
}

Result<void> ClusterSet::write(const QString &id, const QJsonObject &body) {
    journal::Batch batch;
    batch.facts.push_back(toFact(topic_cluster, id, body, clock_.wallMs()));
    return journal_.append(batch);
}

Result<void> ClusterSet::restore(const QJsonObject &stored) {
    const QString id = stored[u"id"].toString();
    stored_[id] = stored;
    if (const auto known = desks_.find(id); known != desks_.end()) {
        return rowFrom(stored, known->second->row()).map([&](const api::ClusterRow &row) {
            known->second->configure(row);
        });
    }
    return make(stored).map([this](std::unique_ptr<ClusterDesk> desk) { keep(std::move(desk)); });
}

void ClusterSet::startAll() {
    for (const auto &[id, desk] : desks_) {
        desk->start();
    }
}

Result<ClusterDesk *> ClusterSet::edit(const QString &id, const QJsonObject &changes) {
    return find(id).and_then([&](ClusterDesk *desk) -> Result<ClusterDesk *> {
        QJsonObject wanted = stored_[id];
        for (auto change = changes.begin(); change != changes.end(); ++change) {
            wanted[change.key()] = change.value();
        }
        const auto row = rowFrom(wanted, desk->row());
        if (!row) {
            return tl::unexpected(row.error());
        }
        if (row->kind != desk->row().kind || wanted[u"settings"] != stored_[id][u"settings"]) {
            return fail(ErrorCode::Refused, tr("kind and settings of a cluster do not change"),
                        QStringLiteral("settings"), tr("remove it and add it again"));
        }
        if (auto stored = write(id, wanted); !stored) {
            return tl::unexpected(stored.error());
        }
        stored_[id] = wanted;
        desk->configure(*row);
        return desk;
    });
}

Result<void> ClusterSet::mayRemove(const QString &id) const {
    return find(id).and_then([&](ClusterDesk *) -> Result<void> {
        for (const LiveRollout *rollout : orchestrator_.rollouts()) {
            if (rollout->active() && rollout->card().cluster == id) {
                return fail(
                    ErrorCode::Refused,
                    tr("%1 has an active rollout there").arg(api::text(rollout->plan().service)),
                    {}, tr("let it end, roll it back, or fail it first"));
            }
        }
        return {};
    });
}

Result<void> ClusterSet::remove(const QString &id) {
    return mayRemove(id).and_then([&]() -> Result<void> {
        if (auto stored = write(id, {{QStringLiteral("removed"), true}}); !stored) {
            return stored;
        }
        orchestrator_.removeCluster(id);
        desks_.erase(id);
        stored_.erase(id);
        Q_EMIT removed(id);
        return {};
    });
}

Result<ClusterDesk *> ClusterSet::find(const QString &id) const {
    const auto at = desks_.find(id);
    if (at == desks_.end()) {
        return fail(ErrorCode::NotFound, tr("there is no cluster %1").arg(boundedText(id)),
                    QStringLiteral("cluster"), tr("aviary cluster list names them"));
    }
    return at->second.get();
}

Result<ClusterDesk *> ClusterSet::findOrOnly(const QString &id) const {
    if (!id.isEmpty()) {
        return find(id);
    }
    if (desks_.size() == 1) {
        return desks_.begin()->second.get();
    }
    return fail(ErrorCode::Invalid,
                desks_.empty() ? tr("there is no cluster yet") : tr("there are several clusters"),
                QStringLiteral("cluster"),
                desks_.empty() ? tr("aviary cluster add local makes one on this machine")
                               : tr("name one with --cluster"));
}

std::vector<ClusterDesk *> ClusterSet::all() const {
    std::vector<ClusterDesk *> all;
    for (const auto &[id, desk] : desks_) {
        all.push_back(desk.get());
    }
    return all;
}

} // namespace aviary::orchestrator
