// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernel/rollout/cells.h"
#include "core/kernel/rollout/engine.h"

#include <algorithm>

namespace aviary::kernel {
namespace {

Phase phaseOf(Standing standing) {
    switch (standing) {
    case Standing::Pending:
        return Phase::Untouched;
    case Standing::Done:
        return Phase::Healthy;
    case Standing::Behind:
        return Phase::Behind;
    }
    return Phase::Behind;
}

Cell cellOf(const Plan &plan, const Target &target) {
    Cell cell = Cell(); // its unused bits are 0: the calm course asks
    cell.site = target.site;
    cell.phase = phaseOf(target.standing);
    const bool done = target.standing == Standing::Done;
    const bool same = target.previous == plan.to;
    cell.ready = done || (same && target.standing == Standing::Behind);
    cell.old_runs = target.previous != no_revision && !same;
    cell.old_gone = !cell.old_runs;
    cell.served = target.previous != no_revision || done;
    cell.status = target.reach == Reach::Offline ? NodeStatus::Offline : NodeStatus::Online;
    cell.drained = target.reach == Reach::Draining || target.reach == Reach::Maintenance;
    cell.flagged = cell.drained || target.reach == Reach::Excluded;
    cell.incapable = target.reach == Reach::Incapable || target.reach == Reach::Full;
    return cell;
}

void addCell(State &state, TargetIndex target, const Cell &cell) {
    const Service service = serviceOf(cell);
    Docket &docket = state.docket;
    SiteCount &site = state.sites[cell.site];
    site.fresh += service.fresh;
    site.stable += service.stable;
    site.down += service.down;
    docket.fresh += service.fresh;
    docket.stable += service.stable;
    docket.up += service.up();
    docket.done_healthy += cell.phase == Phase::Healthy;
    docket.cell_hash += digestOf(target, wordsOf(cell));
    ++state.counts[static_cast<std::size_t>(cell.phase)];
}

void layOutMetrics(const Plan &plan, Docket &docket) {
    std::uint32_t metrics = 0;
    docket.metrics_begin.push_back(metrics);
    for (const Judge &judge : plan.judges) {
        const auto *tolerance = std::get_if<Tolerance>(&judge);
        metrics += tolerance ? static_cast<std::uint32_t>(tolerance->metrics.size()) : 0;
        docket.metrics_begin.push_back(metrics);
    }
    docket.metrics.resize(metrics);
}

} // namespace

State begin(const Plan &plan) {
    State state;
    Docket &docket = state.docket;
    std::size_t sites = plan.sites.size();
    for (const Target &target : plan.targets) {
        sites = std::max<std::size_t>(sites, target.site + std::size_t{1});
    }
    state.sites.resize(sites);
    docket.queues.resize(sites);
    for (std::size_t i = 0; i < sites; ++i) {
        docket.queues[i].limit = plan.maxUnavailable(static_cast<std::uint32_t>(i));
    }
    docket.next.resize(plan.targets.size(), no_target);
    docket.retire_order.resize(plan.targets.size(), unasked);
    state.cells.reserve(plan.targets.size());
    for (std::size_t i = 0; i < plan.targets.size(); ++i) {
        const Cell cell = cellOf(plan, plan.targets[i]);
        state.cells.push_back(cell);
        addCell(state, static_cast<TargetIndex>(i), cell);
        docket.queues[cell.site].nodes += i < plan.active;
    }
    docket.touched.reserve(plan.pending);
    docket.parallel = std::max<std::uint32_t>(plan.policy.max_parallel, 1);
    docket.follows = plan.weightFollowsNodes();
    docket.retires_old = std::any_of(plan.steps.begin(), plan.steps.end(), [](const Step &step) {
        const auto *update = std::get_if<UpdateStep>(&step);
        return update && update->retire_old;
    });
    docket.threshold = plan.successThreshold();
    layOutMetrics(plan, docket);
    return state;
}

} // namespace aviary::kernel
