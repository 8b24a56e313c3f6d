// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/values.h"

#include <map>

// A made-up daemon's whole knowledge, as values: what pictures and tests of the window show. Names
// and figures are those of the design.
namespace aviary::samples {

struct World {
    api::DaemonState daemon;
    std::vector<api::ClusterRow> clusters;
    std::vector<api::RolloutDetail> rollouts;
    std::vector<api::WaitingRow> waiting;
    std::vector<api::RequestRow> requests;
    std::vector<api::DeploymentRow> deployments;
    std::map<QString, std::vector<api::NodeRow>> fleets; // by cluster
    std::map<QString, api::EffectRow> effects;           // by rollout, of whatever is asked
    // Of whichever node is asked about.
    std::vector<api::HealthRow> checks;
    std::vector<api::Happening> happenings;
    std::vector<api::LogRow> log;
};

// The variants that pictures are made of, by name: "usual", "empty", "stale", "hostile",
// "nodes-12", "nodes-1000", "nodes-100000", and the usual one with its first rollout in another
// state: "running", "paused", "going-back", "rolled-back", "failed", "undecided", "draft",
// "completed", "first". Anything else is NotFound. Times are told as seen at `now_wall_ms`.
QStringList worldNames();
Result<World> worldFrom(const QString &name, qint64 now_wall_ms);

// The parts, each in a file of its own.
World usualWorld(qint64 now_wall_ms);
// The deployments of its rollouts, and what ended before.
void addHistory(World &world, qint64 now_wall_ms);
// `sites` are names with their share of the nodes, 0 to 1; `fresh` is the share of nodes on `to`.
struct SiteShare {
    QString name;
    double share = 1, fresh = 0;
};
std::vector<api::NodeRow> sampleFleet(const std::vector<SiteShare> &sites, quint32 nodes,
                                      const QString &service, qint64 now_wall_ms);
// What its page shows of a node.
std::vector<api::HealthRow> nodeChecks();
std::vector<api::Happening> nodeHappenings(qint64 now_wall_ms);
std::vector<api::LogRow> nodeLog(qint64 now_wall_ms);
// Counts of the row follow from its nodes.
void countNodes(api::ClusterRow &cluster, const std::vector<api::NodeRow> &nodes);

} // namespace aviary::samples
