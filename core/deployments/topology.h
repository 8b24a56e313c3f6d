// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/deployments/bundle.h"

namespace aviary {

// What of a manifest makes its shape: the ids of its nodes, its edges without their ids and
// conditions, its entrypoints. All sorted; duplicates count.
struct Topology {
    QStringList nodes;
    std::vector<QCborArray> edges; // from, to, message type, routing mode (broadcast by default)
    QStringList entrypoints;       // by default the nodes of role root or root_coordinator
    bool operator==(const Topology &) const = default;
};
Topology topologyOf(const Manifest &manifest);

// Ids of the nodes of `target`, in its order, whose agent must be started anew: agent_type, type,
// role, config, resources, constraints or services differ by value. What the engine reads while an
// agent runs (retry, checkpoint and placement policies) does not count.
QStringList changedAgents(const Manifest &source, const Manifest &target);

// One agent as it was placed. A system job has one on every machine: "b@n1" of "b".
struct Placement {
    QString agent;
    QString source; // empty: the agent itself
};
// The running agents of the nodes in `sources`, in the order of their placement; `sources`
// themselves where nothing was placed.
QStringList runningAgents(const QStringList &sources, const std::vector<Placement> &placements);

// An agent as it runs: of a job that was half updated, each has the manifest that placed it.
struct AgentStanding {
    QString agent;
    QString source; // the node of the manifest
    const Manifest *runs = nullptr;
};
// The agents that must be started anew to run `target`, in the order given.
QStringList staleAgents(const std::vector<AgentStanding> &agents, const Manifest &target);

struct AgentBatches {
    QStringList first;
    std::vector<QStringList> rest;
};
// The canary first when there is one, then as many at once as the policy allows.
AgentBatches batchesOf(const QStringList &agents, const UpdatePolicy &policy);

// How a change of content reaches what runs.
enum class UpdatePath : quint8 {
    Nothing,  // the content is the same
    Rerun,    // batch and sysbatch: run again, nothing is replaced
    WholeJob, // another shape, or nothing to update in place: beside the old, then one switch
    Agents,   // the agents in `agents`, in place
};
QString nameOf(UpdatePath path); // "nothing", "rerun", "whole_job", "agents"
struct UpdateRoute {
    UpdatePath path = UpdatePath::Nothing;
    QStringList agents; // sources; all of them when the content changed and no agent's own fields
    bool operator==(const UpdateRoute &) const = default;
};
// `source_runs`: the job of the source is pending, running or paused. Fingerprints tell whether
// payload files changed; a strategy of blue-green asks for the whole job.
UpdateRoute chooseRoute(const Bundle &source, const Bundle &target, bool source_runs,
                        const UpdatePolicy &policy);

} // namespace aviary
