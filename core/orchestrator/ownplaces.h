// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clusters/driver.h"
#include "core/kernel/fleet/fleet.h"
#include "core/orchestrator/ownrollouts.h"

// Where a rollout that a cluster runs itself stands on the nodes now. The cluster chooses them as
// it goes: its targets are the nodes that have an instance of the service, of any revision.
namespace aviary::orchestrator {

// Sets targets, their total, and the count of each phase. Several instances of a revision on a
// node are one: as good as the worst of them.
void placeOwn(api::RolloutDetail &detail, const KnownRollout &known,
              const std::vector<clusters::Instance> &instances, const kernel::Fleet &fleet);

} // namespace aviary::orchestrator
