// SPDX-License-Identifier: GPL-3.0-or-later
// The verbs about deployments: making them, their history, their marks, and finding services.
#include "core/api/valuesjson.h"
#include "core/deployments/bundle.h"
#include "core/orchestrator/liveprovider.h"
#include "core/orchestrator/ownrows.h"
#include "core/plans/planfile.h"
#include "core/support/words.h"

#include <QJsonDocument>

namespace aviary::orchestrator {

using namespace kernel;

namespace {

constexpr qint64 history_max = 10'000;

// The lines of two texts, longest common part kept: "  same", "- only in a", "+ only in b".
QStringList differenceOf(const QStringList &a, const QStringList &b) {
    const auto rows = static_cast<std::size_t>(a.size()) + 1;
    const auto columns = static_cast<std::size_t>(b.size()) + 1;
    std::vector<std::uint32_t> common(rows * columns, 0);
    const auto at = [&](qsizetype i, qsizetype j) -> std::uint32_t & {
        return common[static_cast<std::size_t>(i) * columns + static_cast<std::size_t>(j)];
    };
    for (qsizetype i = a.size() - 1; i >= 0; --i) {
        for (qsizetype j = b.size() - 1; j >= 0; --j) {
            at(i, j) = a[i] == b[j] ? at(i + 1, j + 1) + 1 : std::max(at(i + 1, j), at(i, j + 1));
        }
    }
    QStringList lines;
    qsizetype i = 0;
    qsizetype j = 0;
    while (i < a.size() || j < b.size()) {
        if (i < a.size() && j < b.size() && a[i] == b[j]) {
            lines << u"  " + a[i++];
            ++j;
        } else if (j >= b.size() || (i < a.size() && at(i + 1, j) >= at(i, j + 1))) {
            lines << u"- " + a[i++];
        } else {
            lines << u"+ " + b[j++];
        }
    }
    return lines;
}

Result<DeployOrder> withPlan(DeployOrder order, const QByteArray &text) {
    const plans::PlanReading reading = plans::readPlan(text);
    if (!reading.file) {
        return tl::unexpected(toError(reading.flaws, QStringLiteral("plan")));
    }
    const auto *request = std::get_if<PlanRequest>(&reading.file->content);
    if (!request) {
        return fail(ErrorCode::Invalid,
                    LiveProvider::tr("this plan is compiled already, for other nodes"),
                    QStringLiteral("plan.compiled"),
                    LiveProvider::tr("give the request that it was compiled from"));
    }
    order.request = *request;
    order.key = order.key.isEmpty() ? api::text(request->service) : order.key;
    order.manifest = manifestText(order.key, reading.file->service_definition);
    return order;
}

constexpr qsizetype difference_lines_max = 4'000;

QStringList linesOf(const DeploymentRecord &record) {
    const auto document = QJsonDocument::fromJson(record.opened.manifest);
    return QString::fromUtf8(document.toJson(QJsonDocument::Indented))
        .split(u'\n', Qt::SkipEmptyParts)
        .mid(0, difference_lines_max);
}

} // namespace

api::DeploymentRow LiveProvider::rowOf(const DeploymentRecord &record) const {
    const DeploymentOpened &opened = record.opened;
    api::DeploymentRow row;
    row.id = opened.id;
    row.key = opened.key;
    row.cluster = opened.cluster;
    row.rollout = opened.rollout;
    row.version = opened.version;
    row.revision = opened.revision;
    row.from = opened.source;
    row.to = opened.revision;
    row.strategy = opened.strategy;
    row.status = record.status;
    if (const LiveRollout *rollout = orchestrator_.find(opened.rollout);
        rollout && !record.ended()) {
        row.status = rollout->state().status;
    }
    row.stable = record.stable;
    row.bad = deployments_.ledger().badMark(opened.key, opened.revision) != nullptr;
    row.tags = record.tags;
    row.who = opened.who;
    row.reason = opened.why;
    row.outcome = record.outcome;
    row.started_wall_ms = opened.wall_ms;
    row.ended_wall_ms = record.ended_wall_ms;
    row.commit = opened.commit;
    return row;
}

// ---- Making
// --------------------------------------------------------------------------------------

Result<DeployOrder> LiveProvider::deployOrder(const Call &call, const QString &cluster) const {
    DeployOrder order;
    order.cluster = cluster;
    order.key = call.text(u"key");
    order.policy = call.parameters[u"policy"].toObject();
    order.supersede = call.parameters[u"supersede"].toBool();
    order.start = call.parameters[u"start"].toBool(true);
    const QJsonObject &given = call.parameters;
    const int sources =
        given.contains(u"manifest") + given.contains(u"bundle") + given.contains(u"plan");
    if (sources != 1) {
        return fail(ErrorCode::Invalid, tr("exactly one of manifest, bundle and plan is needed"),
                    QStringLiteral("manifest"),
                    tr("give a manifest, a bundle's folder or a plan's text"));
    }
    if (given.contains(u"bundle")) {
        return readBundle(call.text(u"bundle")).map([&](const Bundle &bundle) {
            order.manifest = bundle.manifest.text;
            order.fingerprint = bundle.fingerprint;
            order.bundle_bytes = bundle.bytes;
            return order;
        });
    }
    if (given.contains(u"plan")) {
        return withPlan(order, call.text(u"plan").toUtf8());
    }
    order.manifest =
        given[u"manifest"].isString()
            ? given[u"manifest"].toString().toUtf8()
            : QJsonDocument(given[u"manifest"].toObject()).toJson(QJsonDocument::Compact);
    return order;
}

LiveProvider::Reply LiveProvider::compilePlan(const Call &call) {
    const auto desk = clusters_.findOrOnly(call.text(u"cluster"));
    if (!desk) {
        return tl::unexpected(desk.error());
    }
    return deployOrder(call, (*desk)->id())
        .and_then([&](const DeployOrder &order) { return deployments_.preview(order, **desk); })
        .map([](const Preview &preview) {
            const Plan &plan = preview.plan;
            api::PlanAnswer answer;
            if (preview.route) {
                answer.route = nameOf(preview.route->path);
                answer.agents = preview.route->agents;
            }
            if (const auto yaml = plans::writePlan({plan, false, {}})) {
                answer.plan_yaml = QString::fromUtf8(*yaml);
            }
            answer.service = api::text(plan.service);
            answer.from = plan.from == no_revision ? QString() : api::revisionText(plan, plan.from);
            answer.to = api::revisionText(plan, plan.to);
            answer.nodes = plan.pending;
            for (const Step &step : plan.steps) {
                answer.steps << api::stepText(plan, step);
            }
            for (const Remark &remark : plan.remarks) {
                answer.remarks.push_back({api::text(remark.subject), api::text(remark.text)});
            }
            return api::toJson(answer);
        });
}

LiveProvider::Reply LiveProvider::deploy(const Call &call) {
    const auto desk = clusters_.findOrOnly(call.text(u"cluster"));
    if (!desk) {
        return tl::unexpected(desk.error());
    }
    const auto order = deployOrder(call, (*desk)->id());
    if (!order) {
        return tl::unexpected(order.error());
    }
    if (const auto before = deployedBefore(call)) {
        return *before;
    }
    if (order->start) {
        if (auto allowed = mayRaise(**desk, order->key, call); !allowed) {
            return tl::unexpected(allowed.error());
        }
    }
    return deployments_.deploy(*order, **desk, call.asker()).map([&](const Deployed &made) {
        return noteDeployed(call, made);
    });
}

std::optional<QJsonObject> LiveProvider::deployedBefore(const Call &call) const {
    const auto before = deployed_.find(call.text(u"request_id"));
    return before == deployed_.end() ? std::nullopt : std::optional(deployedAnswer(before->second));
}

QJsonObject LiveProvider::noteDeployed(const Call &call, const Deployed &made) {
    const QJsonObject what{
        {QStringLiteral("deployment"), made.deployment},
        {QStringLiteral("rollout"), made.rollout ? made.rollout->card().id : QString()},
        {QStringLiteral("text"), made.text}};
    if (const QString id = call.text(u"request_id"); !id.isEmpty()) {
        deployed_[id] = what;
    }
    return deployedAnswer(what);
}

QJsonObject LiveProvider::deployedAnswer(const QJsonObject &what) const {
    QJsonObject answer{{QStringLiteral("text"), what[u"text"].toString()}};
    if (const auto *record = deployments_.ledger().find(what[u"deployment"].toString())) {
        answer[u"deployment"] = api::toJson(rowOf(*record));
    }
    if (const LiveRollout *rollout = orchestrator_.find(what[u"rollout"].toString())) {
        answer[u"rollout"] = api::toJson(rowOf(*rollout));
    }
    return answer;
}

LiveProvider::Reply LiveProvider::catchUp(const Call &call) {
    if (const auto before = deployedBefore(call)) {
        return *before;
    }
    return clusters_.findOrOnly(call.text(u"cluster")).and_then([&](ClusterDesk *desk) -> Reply {
        const QString key = call.text(u"key");
        if (auto allowed = mayRaise(*desk, key, call); !allowed) {
            return tl::unexpected(allowed.error());
        }
        for (const DeploymentDesk::Behind &late : deployments_.behind(*desk)) {
            if (late.key == key) {
                return deployments_.catchUp(key, late.nodes, *desk, call.asker())
                    .map([&](const Deployed &made) { return noteDeployed(call, made); });
            }
        }
        return fail(ErrorCode::Refused, tr("no node waits to catch up with %1").arg(key),
                    QStringLiteral("key"), tr("aviary status names those that wait"));
    });
}

// ---- History and marks
// -----------------------------------------------------------------------------

LiveProvider::Reply LiveProvider::history(const Call &call) {
    const QString key = call.text(u"key");
    const QString cluster = call.text(u"cluster");
    const qint64 limit =
        std::clamp<qint64>(call.parameters[u"limit"].toInteger(history_max), 1, history_max);
    const qint64 before = call.parameters[u"before"].toInteger(std::numeric_limits<qint64>::max());
    std::vector<api::DeploymentRow> rows;
    for (const DeploymentRecord *record : deployments_.ledger().all()) {
        const bool wanted = (key.isEmpty() || record->opened.key == key) &&
                            (cluster.isEmpty() || record->opened.cluster == cluster) &&
                            record->opened.wall_ms < before;
        if (wanted && std::ssize(rows) < limit) {
            rows.push_back(rowOf(*record));
        }
    }
    for (const KnownRollout *known : own_.all()) {
        const api::DeploymentRow row = ownDeployment(*known);
        const bool wanted = (key.isEmpty() || row.key == key) &&
                            (cluster.isEmpty() || row.cluster == cluster) &&
                            row.started_wall_ms < before;
        if (wanted && std::ssize(rows) < limit) {
            rows.push_back(row);
        }
    }
    return QJsonObject{{QStringLiteral("deployments"), api::listToJson(rows)}};
}

Result<const DeploymentRecord *> LiveProvider::recordIn(const QString &id_or_key,
                                                        const QString &where) const {
    if (const DeploymentRecord *record = deployments_.ledger().findIdOrKey(id_or_key)) {
        return record;
    }
    return fail(ErrorCode::NotFound, tr("deployment %1 was not found").arg(boundedText(id_or_key)),
                where, tr("aviary history lists them"));
}

LiveProvider::Reply LiveProvider::getDeployment(const Call &call) {
    if (const KnownRollout *own = own_.find(call.text(u"id"))) {
        return QJsonObject{
            {QStringLiteral("deployment"), api::toJson(ownDeployment(*own))},
            {QStringLiteral("manifest"), QJsonObject()},
            {QStringLiteral("happenings"), api::listToJson(ownDetail(*own).happenings)}};
    }
    return recordIn(call.text(u"id"), QStringLiteral("id"))
        .map([this](const DeploymentRecord *record) {
            std::vector<api::Happening> lines;
            for (const RecordLine &line : record->lines) {
                lines.push_back(
                    {lines.size() + 1, line.wall_ms, line.who, line.what + u": " + line.text});
            }
            return QJsonObject{{QStringLiteral("deployment"), api::toJson(rowOf(*record))},
                               {QStringLiteral("manifest"),
                                QJsonDocument::fromJson(record->opened.manifest).object()},
                               {QStringLiteral("happenings"), api::listToJson(lines)}};
        });
}

LiveProvider::Reply LiveProvider::diffDeployments(const Call &call) {
    const auto a = recordIn(call.text(u"a"), QStringLiteral("a"));
    const auto b = recordIn(call.text(u"b"), QStringLiteral("b"));
    if (!a || !b) {
        return tl::unexpected(a ? b.error() : a.error());
    }
    return QJsonObject{{QStringLiteral("lines"),
                        QJsonArray::fromStringList(differenceOf(linesOf(**a), linesOf(**b)))}};
}

LiveProvider::Reply LiveProvider::tagDeployment(const Call &call) {
    const QString key = call.text(u"key");
    const auto version = static_cast<quint32>(call.parameters[u"version"].toInteger());
    return deployments_
        .tag(key, version, call.text(u"tag"), !call.parameters[u"remove"].toBool(), call.asker())
        .map([&] {
            const DeploymentRecord *record = deployments_.ledger().findVersion(key, version);
            return QJsonObject{{QStringLiteral("deployment"), api::toJson(rowOf(*record))}};
        });
}

LiveProvider::Reply LiveProvider::markBad(const Call &call) {
    const QString key = call.text(u"key");
    const QString revision = call.text(u"revision");
    return deployments_.markBad(key, revision, call.parameters[u"bad"].toBool(true), call.asker())
        .map([&] {
            const DeploymentRecord *record = deployments_.ledger().findRevision(key, revision);
            return QJsonObject{{QStringLiteral("deployment"), api::toJson(rowOf(*record))}};
        });
}

LiveProvider::Reply LiveProvider::summary(const Call &call) {
    const QString cluster = call.text(u"cluster");
    api::Summary answer;
    QSet<QString> services;
    for (const DeploymentRecord *record : deployments_.ledger().all()) {
        if (!cluster.isEmpty() && record->opened.cluster != cluster) {
            continue;
        }
        ++answer.deployments;
        if (record->stable) {
            services.insert(record->opened.key);
        }
        answer.completed += record->status == Status::Completed;
        answer.rolled_back += record->status == Status::RolledBack;
        answer.failed += record->status == Status::Failed;
        answer.superseded += record->status == Status::Superseded;
    }
    for (const KnownRollout *known : own_.all()) {
        if (!cluster.isEmpty() && known->cluster != cluster) {
            continue;
        }
        const Status status = known->now.status;
        services.insert(known->now.service);
        ++answer.deployments;
        answer.completed += status == Status::Completed;
        answer.failed += status == Status::Failed;
        answer.superseded += status == Status::Superseded;
        answer.active += !isEnd(status);
        answer.waiting += status == Status::Waiting;
    }
    answer.services = static_cast<quint32>(services.size());
    for (const LiveRollout *rollout : orchestrator_.rollouts()) {
        const bool here = cluster.isEmpty() || rollout->card().cluster == cluster;
        answer.active += here && rollout->active();
        answer.waiting += here && rollout->state().status == Status::Waiting;
    }
    const quint32 ended = answer.completed + answer.rolled_back + answer.failed + answer.superseded;
    answer.success_rate = ended == 0 ? -1 : static_cast<double>(answer.completed) / ended;
    return api::toJson(answer);
}

} // namespace aviary::orchestrator
