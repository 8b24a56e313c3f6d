// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/detail.h"

#include "core/api/requests.h"
#include "core/kernel/rollout/standing.h"

namespace aviary::api {

void fillDetail(RolloutDetail &detail, const kernel::Plan &plan, const kernel::State &state,
                const StepClock &clock) {
    fillRow(detail.row, plan, state);
    detail.why = whyOf(plan, state);
    detail.evidence = evidenceOf(plan, state);
    detail.verdict = state.verdict;
    detail.verdict_text = verdictText(plan, state.verdict);
    detail.gate = gateOf(plan);
    detail.weight_max = weightMaxNow(plan, state);
    detail.fresh_share = kernel::freshShareOf(plan, state);
    detail.up_share = kernel::upShareOf(plan, state);
    detail.traffic_now = kernel::trafficOf(plan, state);
    detail.promote_max = promoteMax(plan, state);
    detail.load_text = loadText(plan);
    detail.stages = stagesOf(plan);
    detail.steps = stepRows(plan, state, clock);
    detail.targets = targetRows(plan, state, 0, page_nodes_max);
    detail.targets_total = static_cast<quint32>(plan.targets.size());
    detail.phases.assign(state.counts.begin(), state.counts.end());
    detail.sites = siteRows(plan, state);
    detail.permissions = permissionsOf(plan, state);
}

} // namespace aviary::api
