// SPDX-License-Identifier: GPL-3.0-or-later
// The verbs that find things: instances of services, and versions that can be gone back to.
#include "core/api/valuesjson.h"
#include "core/deployments/discovery.h"
#include "core/deployments/snapshots.h"
#include "core/orchestrator/liveprovider.h"

namespace aviary::orchestrator {

using namespace kernel;

namespace {

// An instance as discovery knows it, and what only its cluster knows of it.
struct Found {
    ServiceInstance instance;
    api::InstanceRow row;
};

QString statusOf(const clusters::Instance &instance) {
    // What is up and was not answered for yet is as discovery begins: a warning.
    return instance.ready     ? QStringLiteral("passing")
           : instance.running ? firstStatus(true)
                              : QStringLiteral("critical");
}

bool isFresh(const LiveRollout &rollout, const QString &revision) {
    const Plan &plan = rollout.plan();
    return plan.from != no_revision && api::text(plan.revisions[plan.to]) == revision;
}

Found foundOn(const ClusterDesk &desk, const clusters::Instance &instance,
              const LiveRollout *active) {
    Found found;
    api::InstanceRow &row = found.row;
    row.id = instance.node + u'/' + instance.service + u'/' + instance.revision;
    row.cluster = desk.id();
    row.node = instance.node;
    if (const auto at = desk.find(instance.node)) {
        row.site = desk.nodeRow(*at).site;
    }
    row.service = instance.service;
    row.revision = instance.revision;
    row.address = instance.address;
    row.ready = instance.ready;
    row.text = instance.text;
    ServiceInstance &known = found.instance;
    known.id = row.id;
    known.name = row.service;
    known.node = row.node;
    known.address = row.address;
    known.status = statusOf(instance);
    known.role = QStringLiteral("primary");
    if (active && isFresh(*active, instance.revision)) {
        const bool whole = active->plan().strategy == StrategyKind::BlueGreen;
        known.role = whole ? QStringLiteral("candidate") : QStringLiteral("canary");
        known.deployment_key = row.service;
        known.deployment_id = active->card().deployment;
        known.deployment_version = QString::number(active->card().version);
    }
    return found;
}

// A version that all requests go to is found by everybody, also while its rollout goes on.
bool tookOver(const LiveRollout &rollout) {
    return rollout.state().weight == full_weight;
}

api::InstanceRow instanceRow(const Found &found, const ServiceInstance &instance) {
    api::InstanceRow row = found.row;
    row.status = instance.status;
    row.role = instance.role;
    row.deployment_key = instance.deployment_key;
    row.deployment_id = instance.deployment_id;
    row.deployment_version = instance.deployment_version.toUInt();
    return row;
}

} // namespace

LiveProvider::Reply LiveProvider::services(const Call &call) {
    std::map<QString, Found> found; // by cluster and id
    std::vector<ServiceInstance> instances;
    for (const ClusterDesk *desk : clusters_.all()) {
        if (!call.text(u"cluster").isEmpty() && desk->id() != call.text(u"cluster")) {
            continue;
        }
        std::vector<ServiceInstance> here;
        for (const clusters::Instance &instance : desk->instances()) {
            const LiveRollout *active = orchestrator_.activeOf(desk->id(), instance.service);
            Found one = foundOn(*desk, instance, active);
            one.instance.job = desk->id();
            here.push_back(one.instance);
            found.insert_or_assign(desk->id() + u'/' + one.instance.id, std::move(one));
        }
        for (const LiveRollout *rollout : orchestrator_.rollouts()) {
            if (rollout->active() && rollout->card().cluster == desk->id() && tookOver(*rollout)) {
                promoteVersion(here, api::text(rollout->plan().service),
                               QString::number(rollout->card().version));
            }
        }
        std::ranges::move(here, std::back_inserter(instances));
    }
    ServiceFilter filter;
    filter.node = call.text(u"node");
    filter.status = call.text(u"status");
    filter.role = call.text(u"role");
    filter.include_candidates = call.parameters[u"include_canary"].toBool();
    if (const QJsonValue passing = call.parameters[u"passing_only"]; passing.isBool()) {
        filter.passing_only = passing.toBool();
    }
    const QString name = call.text(u"name");
    std::vector<api::InstanceRow> rows;
    for (const ServiceInstance &instance : name.isEmpty()
                                               ? listServices(instances, filter)
                                               : resolveService(instances, name, filter)) {
        rows.push_back(instanceRow(found.at(instance.job + u'/' + instance.id), instance));
    }
    return QJsonObject{{QStringLiteral("instances"), api::listToJson(rows)}};
}

LiveProvider::Reply LiveProvider::snapshots(const Call &call) {
    const QString key = call.text(u"key");
    const Ledger &ledger = deployments_.ledger();
    if (ledger.history(key).empty()) {
        return recordIn(key, QStringLiteral("key")).map([](const auto *) { return QJsonObject(); });
    }
    const std::vector<Snapshot> all = snapshotsOf(ledger.history(key));
    const QString running = ledger.running(key);
    std::vector<api::SnapshotRow> rows;
    for (const Snapshot &snapshot : all) {
        const DeploymentRecord *record = ledger.findVersion(key, snapshot.version);
        rows.push_back({snapshot.version, snapshot.revision, record->opened.id,
                        static_cast<api::SnapshotWord>(snapshot.state),
                        ledger.badMark(key, snapshot.revision) != nullptr,
                        snapshot.revision == running, record->tags});
    }
    return QJsonObject{{QStringLiteral("snapshots"), api::listToJson(rows)},
                       {QStringLiteral("holds"), wayBackHolds(all, running)}};
}

} // namespace aviary::orchestrator
