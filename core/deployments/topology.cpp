// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/deployments/topology.h"

#include "core/support/exactjson.h"

#include <QCborArray>

#include <algorithm>
#include <array>
#include <map>

namespace aviary {
namespace {

QCborArray nodesOf(const Manifest &manifest) {
    return manifest.content.value(u"flow"_qs).toMap().value(u"nodes"_qs).toArray();
}

QString idOf(const QCborValue &node) {
    return node.toMap().value(u"node_id"_qs).toString();
}

QStringList rootsOf(const QCborArray &nodes) {
    QStringList roots;
    for (const auto &node : nodes) {
        const QString role = node.toMap().value(u"role"_qs).toString();
        if (role == u"root" || role == u"root_coordinator") {
            roots.append(idOf(node));
        }
    }
    return roots;
}

QCborArray edgeOf(const QCborMap &edge) {
    const QCborValue routing = edge.value(u"routing_mode"_qs);
    const bool given = !routing.isUndefined() && !routing.isNull();
    return {edge.value(u"from_node"_qs), edge.value(u"to_node"_qs), edge.value(u"message_type"_qs),
            given ? routing : QCborValue(u"broadcast"_qs)};
}

// Only what an agent must be started anew for. An absent member differs from one that is null.
QCborMap agentFields(const QCborValue &node) {
    static const std::array names = {u"agent_type"_qs, u"type"_qs,      u"role"_qs,
                                     u"config"_qs,     u"resources"_qs, u"constraints"_qs,
                                     u"services"_qs};
    QCborMap fields;
    const QCborMap map = withPlainNumbers(node).toMap();
    for (const QString &name : names) {
        if (map.contains(name)) {
            fields.insert(name, map.value(name));
        }
    }
    return fields;
}

QStringList idsOf(const Manifest &manifest) {
    QStringList ids;
    for (const auto &node : nodesOf(manifest)) {
        ids.append(idOf(node));
    }
    return ids;
}

} // namespace

Topology topologyOf(const Manifest &manifest) {
    Topology topology;
    topology.nodes = idsOf(manifest);
    const QCborMap flow = manifest.content.value(u"flow"_qs).toMap();
    for (const auto &edge : flow.value(u"edges"_qs).toArray()) {
        topology.edges.push_back(edgeOf(edge.toMap()));
    }
    const QCborValue given = manifest.content.value(u"entrypoints"_qs);
    for (const auto &entry : given.toArray()) {
        topology.entrypoints.append(entry.toString());
    }
    if (!given.isArray()) {
        topology.entrypoints = rootsOf(nodesOf(manifest));
    }
    topology.nodes.sort();
    topology.entrypoints.sort();
    std::sort(topology.edges.begin(), topology.edges.end(),
              [](const QCborArray &a, const QCborArray &b) { return a.compare(b) < 0; });
    return topology;
}

QStringList changedAgents(const Manifest &source, const Manifest &target) {
    std::vector<std::pair<QString, QCborMap>> before;
    for (const auto &node : nodesOf(source)) {
        before.emplace_back(idOf(node), agentFields(node));
    }
    QStringList changed;
    for (const auto &node : nodesOf(target)) {
        const QString id = idOf(node);
        const auto old = std::find_if(before.begin(), before.end(),
                                      [&](const auto &known) { return known.first == id; });
        if (old == before.end() || old->second != agentFields(node)) {
            changed.append(id);
        }
    }
    return changed;
}

QStringList runningAgents(const QStringList &sources, const std::vector<Placement> &placements) {
    if (placements.empty()) {
        return sources;
    }
    QStringList agents;
    for (const auto &placement : placements) {
        if (sources.contains(placement.source.isEmpty() ? placement.agent : placement.source)) {
            agents.append(placement.agent);
        }
    }
    return agents;
}

QStringList staleAgents(const std::vector<AgentStanding> &agents, const Manifest &target) {
    std::map<const Manifest *, QStringList> changed; // against each manifest that runs
    QStringList stale;
    for (const auto &agent : agents) {
        auto [at, fresh] = changed.try_emplace(agent.runs);
        if (fresh) {
            at->second = changedAgents(*agent.runs, target);
        }
        if (at->second.contains(agent.source)) {
            stale.append(agent.agent);
        }
    }
    return stale;
}

AgentBatches batchesOf(const QStringList &agents, const UpdatePolicy &policy) {
    const qint64 at_once = std::max<qint64>(policy.max_parallel, 1);
    const qint64 canary = canaryCount(policy, agents.size());
    const qint64 first = std::min<qint64>(canary > 0 ? canary : at_once, agents.size());
    AgentBatches batches{agents.first(first), {}};
    for (qint64 at = first; at < agents.size();) {
        const qint64 count = std::min<qint64>(at_once, agents.size() - at);
        batches.rest.push_back(agents.sliced(at, count));
        at += count;
    }
    return batches;
}

QString nameOf(UpdatePath path) {
    static constexpr std::array names = {QLatin1StringView("nothing"), QLatin1StringView("rerun"),
                                         QLatin1StringView("whole_job"),
                                         QLatin1StringView("agents")};
    return names[static_cast<std::size_t>(path)];
}

UpdateRoute chooseRoute(const Bundle &source, const Bundle &target, bool source_runs,
                        const UpdatePolicy &policy) {
    if (!rolls(jobTypeOf(target.manifest))) {
        return {UpdatePath::Rerun, {}};
    }
    const QStringList everyone = idsOf(target.manifest);
    if (source.fingerprint == target.fingerprint && source_runs) {
        return {UpdatePath::Nothing, {}};
    }
    const bool same_shape = topologyOf(source.manifest) == topologyOf(target.manifest);
    if (!source_runs || !same_shape || policy.strategy == u"blue-green") {
        return {UpdatePath::WholeJob, everyone};
    }
    const QStringList changed = changedAgents(source.manifest, target.manifest);
    return {UpdatePath::Agents, changed.isEmpty() ? everyone : changed};
}

} // namespace aviary
