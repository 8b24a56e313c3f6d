// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/nomad/asfleet.h"

#include <set>

namespace aviary::clusters::nomad {
namespace {

constexpr qsizetype short_id = 8;

using Version = std::tuple<QString, QString, quint64>; // namespace, job, version

std::string utf8(const QString &text) {
    return text.toStdString();
}

kernel::NodeStatus statusOf(const QString &word) {
    return word == u"ready"          ? kernel::NodeStatus::Online
           : word == u"initializing" ? kernel::NodeStatus::Degraded
                                     : kernel::NodeStatus::Offline;
}

kernel::Node asNode(const Node &from, const QString &id) {
    kernel::Node node;
    node.id = utf8(id);
    node.name = utf8(from.name);
    node.address = utf8(from.address);
    const bool is_plain = from.pool == u"default";
    node.site = utf8(is_plain ? from.datacenter : QString(from.datacenter % u'/' % from.pool));
    node.labels = {{"datacenter", utf8(from.datacenter)}, {"pool", utf8(from.pool)}};
    if (!from.node_class.isEmpty()) {
        node.labels["class"] = utf8(from.node_class);
    }
    if (!from.version.isEmpty()) {
        node.labels["version"] = utf8(from.version);
    }
    node.status = statusOf(from.status);
    node.flags.draining = from.draining;
    node.flags.maintenance = !from.eligible && !from.draining;
    node.capacity.memory_mib = from.memory_mib;
    node.capacity.disk_mib = from.disk_mib;
    if (node.status != kernel::NodeStatus::Offline) {
        node.heartbeat_age = 0; // the servers hear it; they do not say when they did last
    }
    return node;
}

// The versions whose allocations are still being judged.
std::set<Version> judgedNow(const Picture &picture) {
    std::set<Version> judged;
    for (const auto &[id, deployment] : picture.deployments()) {
        if (!deployment.isOver()) {
            judged.emplace(deployment.space, deployment.job, deployment.job_version);
        }
    }
    return judged;
}

QString textOf(const Allocation &allocation) {
    QStringList words{allocation.group};
    if (allocation.canary) {
        words << QStringLiteral("canary");
    }
    words << allocation.status;
    if (allocation.healthy == false) {
        words << QStringLiteral("unhealthy");
    }
    const QString said = words.join(u", ");
    return allocation.text.isEmpty() ? said : QString(said % u"; " % allocation.text);
}

// Of several revisions that are healthy on a node, the newest counts.
void noteRevision(kernel::Node &node, const std::string &service, quint64 version) {
    const auto [at, is_new] = node.revisions.try_emplace(service, std::to_string(version));
    if (!is_new && std::stoull(at->second) < version) {
        at->second = std::to_string(version);
    }
}

using Places = std::map<std::tuple<QString, QString, QString>, std::size_t>;

// Several allocations of a version on one node are one instance: as good as the worst of them.
void put(std::vector<Instance> &instances, Instance instance, Places &places) {
    const auto [at, is_new] =
        places.try_emplace({instance.node, instance.service, instance.revision}, instances.size());
    if (is_new) {
        instances.push_back(std::move(instance));
        return;
    }
    Instance &known = instances[at->second];
    known.ready = known.ready && instance.ready;
    known.running = known.running || instance.running;
    known.text += u" | " % instance.text;
}

} // namespace

QString serviceOf(const QString &space, const QString &job, bool with_space) {
    return with_space ? QString(space % u'/' % job) : job;
}

std::map<QString, QString> nodeNames(const Picture &picture) {
    std::map<QString, int> named;
    for (const auto &[id, node] : picture.nodes()) {
        ++named[node.name];
    }
    std::map<QString, QString> names;
    for (const auto &[id, node] : picture.nodes()) {
        const bool is_plain = !node.name.isEmpty() && named[node.name] == 1;
        names[id] = is_plain ? node.name : QString(node.name % u'@' % id.left(short_id));
    }
    return names;
}

Observation asFleet(const Picture &picture, bool with_space) {
    Observation seen;
    const std::map<QString, QString> names = nodeNames(picture);
    std::map<QString, std::size_t> places;
    for (const auto &[id, node] : picture.nodes()) {
        places[id] = seen.nodes.size();
        seen.nodes.push_back(asNode(node, names.at(id)));
    }
    const std::set<Version> judged = judgedNow(picture);
    Places at;
    for (const auto &[id, allocation] : picture.allocations()) {
        const auto place = places.find(allocation.node);
        if (place == places.end() || allocation.wanted != u"run" ||
            allocation.status == u"complete") {
            continue; // it is to stop, or has done its work
        }
        Instance instance;
        instance.node = names.at(allocation.node);
        instance.service = serviceOf(allocation.space, allocation.job, with_space);
        instance.revision = QString::number(allocation.job_version);
        instance.running = allocation.status == u"running";
        const bool unjudged =
            judged.contains({allocation.space, allocation.job, allocation.job_version});
        instance.ready = instance.running && allocation.healthy.value_or(!unjudged);
        instance.text = textOf(allocation);
        kernel::Node &node = seen.nodes[place->second];
        node.usage.services += instance.running;
        if (instance.ready) {
            noteRevision(node, utf8(instance.service), allocation.job_version);
        }
        put(seen.instances, std::move(instance), at);
    }
    return seen;
}

} // namespace aviary::clusters::nomad
