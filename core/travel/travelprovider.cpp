// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/travel/travelprovider.h"

#include "core/api/valuesjson.h"
#include "core/support/words.h"

#include <algorithm>

namespace aviary::travel {

using namespace kernel;
using namespace Qt::Literals;

namespace {

const QString fleet_prefix = u"fleet:"_qs;
const QString rollout_prefix = u"rollout:"_qs;

QJsonObject changeOf(const QString &topic, bool whole, const QJsonArray &rows,
                     const QStringList &gone = {}) {
    return {{u"topic"_qs, topic},
            {u"whole"_qs, whole},
            {u"rows"_qs, rows},
            {u"gone"_qs, QJsonArray::fromStringList(gone)}};
}

template <class T>
void appendAll(const std::vector<T> &values, std::vector<QJsonObject> &rows) {
    for (const T &value : values) {
        rows.push_back(api::toJson(value));
    }
}

// What was true of a deployment then, as far as its own record says.
api::DeploymentRow asOf(api::DeploymentRow row, qint64 wall_ms) {
    if (row.ended_wall_ms == 0 || row.ended_wall_ms > wall_ms) {
        row.status = isEnd(row.status) ? Status::InProgress : row.status;
        row.ended_wall_ms = 0;
        row.outcome.clear();
        row.stable = false;
    }
    return row;
}

} // namespace

TravelProvider::TravelProvider(Archive archive, QObject *parent)
    : Provider(parent)
    , archive_(std::move(archive))
    , refusal_{ErrorCode::Refused,
               tr("nothing can be asked of what is past"),
               {},
               tr("go back to live first")} {
    for (const auto &[cluster, nodes] : archive_.nodes) {
        fleets_[cluster].setNodes(nodes);
    }
    for (const api::ClusterRow &cluster : archive_.clusters) {
        fleets_[cluster.id];
    }
}

void TravelProvider::addRun(std::shared_ptr<RecordedRun> run) {
    const QString cluster = run->header().cluster;
    fleets_[cluster].addRun(run);
    const bool known = std::ranges::any_of(
        archive_.clusters, [&](const api::ClusterRow &row) { return row.id == cluster; });
    if (!known) {
        api::ClusterRow row;
        row.id = cluster;
        row.name = cluster.isEmpty() ? tr("rehearsal") : cluster;
        row.kind = api::ClusterKind::File;
        archive_.clusters.push_back(row);
    }
    const auto later = std::ranges::upper_bound(
        runs_, run->beginWallMs(), {},
        [](const std::shared_ptr<RecordedRun> &one) { return one->beginWallMs(); });
    runs_.insert(later, std::move(run));
}

const RecordedRun *TravelProvider::run(const QString &rollout) const {
    const auto at = std::ranges::find_if(
        runs_, [&](const auto &run) { return run->header().rollout == rollout; });
    return at == runs_.end() ? nullptr : at->get();
}

Result<void> TravelProvider::goTo(qint64 wall_ms) {
    for (const std::shared_ptr<RecordedRun> &run : runs_) {
        if (auto there = run->goTo(wall_ms); !there) {
            return there;
        }
    }
    instant_wall_ms_ = wall_ms;
    for (auto &[cluster, fleet] : fleets_) {
        tellFleet(cluster, fleet.follow(wall_ms));
    }
    for (auto &[topic, rows] : told_) {
        tellDifference(topic);
    }
    return {};
}

// ---- Topics
// --------------------------------------------------------------------------------------

void TravelProvider::tellFleet(const QString &cluster,
                               const std::vector<std::size_t> &changed_rows) {
    if (changed_rows.empty() || !fleets_asked_.contains(cluster)) {
        return;
    }
    QJsonArray rows;
    for (const std::size_t row : changed_rows) {
        rows.append(api::toJson(fleets_.at(cluster).rows()[row]));
    }
    const QString topic = fleet_prefix + cluster;
    Q_EMIT changed(topic, changeOf(topic, false, rows));
}

void TravelProvider::tellDifference(const QString &topic) {
    QMap<QString, QJsonObject> &told = told_[topic];
    QMap<QString, QJsonObject> now;
    QJsonArray rows;
    for (const QJsonObject &row : rowsOf(topic)) {
        const QString id = row[u"id"].toString();
        const auto before = told.constFind(id);
        if (before == told.constEnd() || *before != row) {
            rows.append(row);
        }
        now.insert(id, row);
    }
    QStringList gone;
    for (auto before = told.constBegin(); before != told.constEnd(); ++before) {
        if (!now.contains(before.key())) {
            gone << before.key();
        }
    }
    told = std::move(now);
    if (!rows.isEmpty() || !gone.isEmpty()) {
        Q_EMIT changed(topic, changeOf(topic, false, rows, gone));
    }
}

std::vector<QJsonObject> TravelProvider::rowsOf(const QString &topic) const {
    std::vector<QJsonObject> rows;
    if (topic == u"clusters") {
        appendAll(clusterRows(), rows);
    } else if (topic == u"rollouts") {
        appendAll(rolloutRows(), rows);
    } else if (topic == u"waiting") {
        appendAll(waitingRows(), rows);
    } else if (topic == u"deployments") {
        appendAll(deploymentRows(), rows);
    } else if (topic == u"daemon") {
        rows.push_back(api::toJson(daemonState()));
    } else if (const RecordedRun *one = run(topic.mid(rollout_prefix.size()));
               one && topic.startsWith(rollout_prefix) && begun(*one)) {
        rows.push_back(api::toJson(one->detail(refusal_.what)));
    }
    return rows;
}

Result<QJsonObject> TravelProvider::whole(const QString &topic) {
    if (topic.startsWith(fleet_prefix)) {
        const QString cluster = topic.mid(fleet_prefix.size());
        const auto fleet = fleets_.find(cluster);
        if (fleet == fleets_.end()) {
            return fail(ErrorCode::NotFound, tr("there is no such cluster here"), topic);
        }
        fleets_asked_.insert(cluster);
        QJsonArray rows;
        for (const api::NodeRow &node : fleet->second.rows()) {
            rows.append(api::toJson(node));
        }
        return changeOf(topic, true, rows);
    }
    static const QStringList known{u"clusters"_qs,    u"rollouts"_qs, u"waiting"_qs,
                                   u"deployments"_qs, u"daemon"_qs,   u"requests"_qs};
    if (!known.contains(topic) && !run(topic.mid(rollout_prefix.size()))) {
        return fail(ErrorCode::NotFound, tr("there is no topic %1").arg(boundedText(topic)));
    }
    QJsonArray rows;
    QMap<QString, QJsonObject> &told = told_[topic];
    told.clear();
    for (const QJsonObject &row : rowsOf(topic)) {
        told.insert(row[u"id"].toString(), row);
        rows.append(row);
    }
    return changeOf(topic, true, rows);
}

std::vector<api::ClusterRow> TravelProvider::clusterRows() const {
    std::vector<api::ClusterRow> rows = archive_.clusters;
    for (api::ClusterRow &row : rows) {
        row.unlocked = false;
        const auto fleet = fleets_.find(row.id);
        if (fleet != fleets_.end() && !fleet->second.rows().empty()) {
            fleet->second.count(row);
        }
    }
    return rows;
}

std::vector<api::RolloutRow> TravelProvider::rolloutRows() const {
    std::vector<api::RolloutRow> rows;
    for (const std::shared_ptr<RecordedRun> &run : runs_) {
        if (begun(*run)) {
            rows.push_back(run->row());
        }
    }
    return rows;
}

std::vector<api::WaitingRow> TravelProvider::waitingRows() const {
    std::vector<api::WaitingRow> rows;
    for (const std::shared_ptr<RecordedRun> &run : runs_) {
        const Status status = run->state().status;
        if (!begun(*run) || (status != Status::Waiting && status != Status::Paused)) {
            continue;
        }
        const api::RolloutRow row = run->row();
        rows.push_back(
            {row.cluster, row.service, row.id, row.service + u' ' + row.to + u' ' + row.headline,
             status == Status::Waiting ? u"promote"_qs : u"resume"_qs, run->positionWallMs()});
    }
    return rows;
}

std::vector<api::DeploymentRow> TravelProvider::deploymentRows() const {
    std::vector<api::DeploymentRow> rows;
    for (const api::DeploymentRow &deployment : archive_.deployments) {
        if (deployment.started_wall_ms > instant_wall_ms_) {
            continue;
        }
        api::DeploymentRow row = asOf(deployment, instant_wall_ms_);
        if (const RecordedRun *one = run(row.rollout); one && row.ended_wall_ms == 0) {
            row.status = one->state().status;
            row.outcome = one->row().headline;
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

api::DaemonState TravelProvider::daemonState() const {
    api::DaemonState state = archive_.daemon;
    state.journal_entries = 0;
    for (const std::shared_ptr<RecordedRun> &run : runs_) {
        state.journal_entries += begun(*run) ? run->position() : 0;
    }
    state.text.clear();
    state.read_only = false; // that speaks of a disk
    state.present.clear();
    return state;
}

} // namespace aviary::travel
