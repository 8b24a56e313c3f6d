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
};

// The variants that pictures are made of, by name: "usual", "empty", "failed", "stale", "hostile",
// "nodes-12", "nodes-1000", "nodes-100000". Anything else is NotFound. Times are told as seen at
// `now_wall_ms`.
QStringList worldNames();
Result<World> worldFrom(const QString &name, qint64 now_wall_ms);

// The parts, each in a file of its own.
World usualWorld(qint64 now_wall_ms);
api::RolloutDetail waitingCanary(qint64 now_wall_ms); // checkout-api at 10 %
api::RolloutDetail failedCanary(qint64 now_wall_ms);  // checkout-api v43, rolled back by its gate
std::vector<api::DeploymentRow> pastDeployments(qint64 now_wall_ms);
// `sites` are names with their share of the nodes, 0 to 1; `fresh` is the share of nodes on `to`.
struct SiteShare {
    QString name;
    double share = 1, fresh = 0;
};
std::vector<api::NodeRow> sampleFleet(const std::vector<SiteShare> &sites, quint32 nodes,
                                      const QString &service, qint64 now_wall_ms);
// Counts of the row follow from its nodes.
void countNodes(api::ClusterRow &cluster, const std::vector<api::NodeRow> &nodes);

} // namespace aviary::samples
