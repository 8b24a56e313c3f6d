// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernel/rollout/cells.h"
#include "core/kernel/rollout/engine.h"

// The way back: first the traffic, as far as the old nodes can bear it; then the nodes, newest
// first. Where old instances were already retired the two go in steps, each node that is back
// letting a little more traffic return.
namespace aviary::kernel {
namespace {

bool slotIsFresh(const State &state) {
    return state.fresh_slot || state.docket.slot_asked;
}

// A switch cannot go in steps. When max_load leaves no moment at which either side could bear all
// of it, half is the best there is.
bool mayReturnSlot(const Plan &plan, const State &state) {
    const Docket &docket = state.docket;
    return plan.from == no_revision || docket.fresh == 0 || weightsNow(plan, state).low == 0 ||
           docket.stable >= docket.fresh;
}

bool returnSlot(const Plan &plan, const State &state, Command &answer) {
    const Docket &docket = state.docket;
    // An order to switch that is not answered yet is taken back at once.
    const bool overtakes = docket.router_order != unasked && docket.slot_asked;
    return slotIsFresh(state) && (routerFree(state) || overtakes) && docket.slot_asked &&
           mayReturnSlot(plan, state) && say(answer, SwitchSlot{nextOrder(state), plan.from});
}

bool returnWeight(const Plan &plan, const State &state, Command &answer) {
    if (state.weight_asked == 0) {
        return false;
    }
    const Weight weight = wayBackWeight(plan, state);
    const bool overtakes =
        state.docket.router_order != unasked && state.weight_asked > state.weight;
    return weight < state.weight_asked && (routerFree(state) || overtakes) &&
           say(answer, SetWeight{nextOrder(state), weight});
}

// While the new revision has traffic its instances go one by one, and only so that the rest can
// bear it; the last ones go in any case, or there would be no way back.
bool maySpare(const Plan &plan, const State &state, TargetIndex target) {
    const Weight weight = state.weight_asked;
    if (plan.router == RouterKind::None || weight == 0 || !state.cells[target].ready ||
        state.count(Phase::Restoring) == 0 || plan.from == no_revision) {
        return true;
    }
    const std::uint32_t going = state.count(Phase::Restoring) + 1;
    const std::uint32_t fresh = state.docket.fresh;
    return fresh > going &&
           weight <= weightMax(plan.policy.max_load_percent, plan.active, fresh - going);
}

bool nodesAreBack(const State &state) {
    const Docket &docket = state.docket;
    return docket.undo == 0 && docket.again.empty() && docket.queued == 0 &&
           docket.postponed == 0 && state.count(Phase::Restoring) == 0;
}

bool trafficIsBack(const State &state) {
    return state.docket.router_order == unasked && state.weight_asked == 0 && state.weight == 0 &&
           !slotIsFresh(state);
}

TargetIndex firstAway(const State &state) {
    for (const TargetIndex target : state.docket.touched) {
        if (state.cells[target].phase != Phase::Restored) {
            return target;
        }
    }
    return every_target;
}

} // namespace

bool decideWayBack(const Plan &plan, const State &state, Command &answer) {
    const Docket &docket = state.docket;
    if (progressExpired(plan, state)) {
        return say(answer, statusTo(Status::Failed, Cause::WayBackFailed, firstAway(state)));
    }
    if (plan.router != RouterKind::None) {
        if (routerGaveUp(state)) {
            return say(answer, statusTo(Status::Waiting, Cause::RouterRefused));
        }
        if (usesSlots(plan) ? returnSlot(plan, state, answer) : returnWeight(plan, state, answer)) {
            return true;
        }
        if (!routerFree(state)) {
            return false; // nodes go only after their traffic went
        }
    }
    const TargetIndex target = nextRestore(plan, state);
    if (target != no_target) {
        return maySpare(plan, state, target) && say(answer, RestoreNode{nextOrder(state), target});
    }
    if (!nodesAreBack(state) || (plan.router != RouterKind::None && !trafficIsBack(state))) {
        return false;
    }
    return say(answer, docket.lost != no_target
                           ? statusTo(Status::Failed, Cause::WayBackFailed, docket.lost)
                           : statusTo(Status::RolledBack, docket.back_cause, docket.back_target));
}

} // namespace aviary::kernel
