// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/orchestrator/reconciliation.h"

namespace aviary::orchestrator {

using namespace kernel;

void putNodeChanges(LiveRollout &rollout, const ClusterDesk &desk, const QString &node) {
    const auto target = rollout.targetOf(node);
    const auto at = desk.find(node);
    if (!target || !at) {
        return;
    }
    const Node &now = desk.fleet().nodes[*at];
    const Cell &known = rollout.state().cells[*target];
    if (now.status != known.status) {
        rollout.put({NodeStatusChanged{*target, now.status}});
    }
    if (now.flags.any() != static_cast<bool>(known.flagged)) {
        rollout.put({NodeFlagsChanged{*target, now.flags.draining, now.flags.maintenance,
                                      now.flags.excluded}});
    }
}

void putObservation(LiveRollout &rollout, const ClusterDesk &desk,
                    const clusters::Observation &seen) {
    for (const Target &target : rollout.plan().targets) {
        putNodeChanges(rollout, desk, api::text(target.node));
    }
    for (const clusters::Instance &instance : seen.instances) {
        if (instance.ticket.rollout != rollout.card().id ||
            instance.ticket.target >= rollout.state().cells.size()) {
            continue;
        }
        const TargetIndex target = instance.ticket.target;
        const Order order = instance.ticket.order;
        if (instance.ready) {
            rollout.put({NodeReady{target, order}, instance.text});
        } else if (rollout.state().cells[target].ready) {
            rollout.put({NodeNotReady{target, order}, instance.text});
        }
    }
}

} // namespace aviary::orchestrator
