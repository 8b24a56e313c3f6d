// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/conformance/scenariostory.h"

// What can be seen of a story at one instant.
namespace aviary::conformance {

QString ScenarioStory::list(const QCborValue &query) const {
    QStringList rows;
    for (qsizetype i = 0; i < ids_.size(); ++i) {
        const auto *record = ledger_.find(ids_.at(i));
        const QString key = query[u"deployment_key"_qs].toString();
        const QString status = query[u"status"_qs].toString();
        if ((key.isEmpty() || key == record->opened.key) &&
            (status.isEmpty() || status == referenceWord(*record))) {
            rows.append(QStringLiteral("DEP%1 ").arg(i + 1) + referenceWord(*record));
        }
    }
    rows.sort();
    return rows.join(u", ");
}

void ScenarioStory::offer(const QCborValue &services, const ScenarioJob &job, const QString &agent,
                          const QString &role, quint32 version,
                          std::vector<ServiceInstance> &all) const {
    for (const auto &service : services.toArray()) {
        ServiceInstance instance;
        instance.name = service[u"name"_qs].toString();
        instance.job = u"job-"_qs + QString::number(job.number);
        instance.agent = agent;
        instance.id = instanceId(instance.job, agent, instance.name);
        instance.status = firstStatus(!service[u"checks"_qs].toArray().isEmpty());
        instance.deployment_key = job.key;
        instance.deployment_version = QString::number(version);
        instance.role = role;
        all.push_back(std::move(instance));
    }
}

std::vector<ServiceInstance> ScenarioStory::instances() const {
    std::vector<ServiceInstance> all;
    for (const auto &job : jobs_) {
        if (job.stopped) {
            continue;
        }
        const auto &bundles = bundles_.at(job.key);
        for (const auto &agent : job.agents) {
            const auto &content = bundles.at(agent.revision).manifest.content;
            for (const auto &node : content[u"flow"_qs][u"nodes"_qs].toArray()) {
                if (agent.runs && node[u"node_id"_qs].toString() == agent.source) {
                    offer(node[u"services"_qs], job, agent.id, agent.role, agent.version, all);
                }
            }
        }
        const auto &content = bundles.at(job.revision).manifest.content;
        offer(content[u"services"_qs], job, {}, job.role, job.version, all);
    }
    return all;
}

QCborMap ScenarioStory::standing() const {
    QStringList records, versions, running, services;
    for (const QString &id : ids_) {
        records.append(referenceWord(*ledger_.find(id)));
    }
    for (const QString &key : ledger_.keys()) {
        for (const auto &record : ledger_.history(key)) {
            versions.append(key + u' ' + QString::number(record.opened.version) +
                            (record.stable ? u" stable" : u""));
        }
    }
    for (const auto &job : jobs_) {
        for (const auto &agent : job.agents) {
            const auto &bundle = bundles_.at(job.key).at(agent.revision);
            QString image;
            for (const auto &node : bundle.manifest.content[u"flow"_qs][u"nodes"_qs].toArray()) {
                const bool own = node[u"node_id"_qs].toString() == agent.source;
                image = own ? node[u"config"_qs][u"image"_qs].toString() : image;
            }
            if (job.status != u"cancelled") {
                running.append(agent.id + u' ' + (agent.runs ? image : u"stopped"_qs));
            }
        }
    }
    for (const auto &one : instances()) {
        services.append(one.id + u' ' + one.role + u' ' + one.deployment_version);
    }
    for (QStringList *list : {&versions, &running, &services}) {
        list->sort();
    }
    return {{u"records"_qs, QCborArray::fromStringList(records)},
            {u"versions"_qs, QCborArray::fromStringList(versions)},
            {u"running"_qs, QCborArray::fromStringList(running)},
            {u"services"_qs, QCborArray::fromStringList(services)}};
}

} // namespace aviary::conformance
