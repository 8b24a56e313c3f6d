// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/orchestrator/clusterdesk.h"
#include "core/orchestrator/liverollout.h"

// Turning what a cluster shows into incidents of a rollout: only what differs from what the rollout
// knows already becomes one.
namespace aviary::orchestrator {

// Status and flags of one node, if it is a target and they changed.
void putNodeChanges(LiveRollout &rollout, const ClusterDesk &desk, const QString &node);

// All nodes, and every instance and weight that answers an order of this rollout.
void putObservation(LiveRollout &rollout, const ClusterDesk &desk,
                    const clusters::Observation &seen);

} // namespace aviary::orchestrator
