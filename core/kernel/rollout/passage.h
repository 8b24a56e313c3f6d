// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/rollout/cells.h"
#include "core/kernel/rollout/engine.h"

#include <algorithm>

// The passage of a node from untouched to healthy: ordered, ready, proven. Nearly all events of a
// rollout are steps of it, so it is inline; every other turn of events is in the .cpp files.
namespace aviary::kernel {

// A clock of `target` that began with `order`; `turn` tells two clocks of one order apart. Orders
// that are 2^24 apart share a stamp; no clock lives that long.
constexpr std::uint32_t stampOf(Order order, std::uint8_t turn) {
    return (order << 8U) | turn;
}
inline void startDeadline(const Plan &plan, State &state, TargetIndex target, Order order,
                          std::uint8_t turn) {
    const Millis due = state.now + plan.policy.healthy_deadline_ms;
    state.docket.deadlines.push({due, target, stampOf(order, turn)});
    state.docket.clock_due = std::min(state.docket.clock_due, due);
}
inline void startWindow(const Plan &plan, State &state, TargetIndex target) {
    const Cell &cell = state.cells[target];
    const Millis due = state.now + plan.policy.min_healthy_ms;
    state.docket.windows.push({due, target, stampOf(cell.order, cell.windows)});
    state.docket.clock_due = std::min(state.docket.clock_due, due);
}
inline bool windowRuns(const State &state, const Due &due) {
    const Cell &cell = state.cells[due.target];
    return cell.phase == Phase::Proving && stampOf(cell.order, cell.windows) == due.stamp;
}

inline bool deadlineRuns(const State &state, const Due &due) {
    const Cell &cell = state.cells[due.target];
    if (cell.retiring && stampOf(state.docket.retire_order[due.target], 0) == due.stamp) {
        return true;
    }
    return isUnderWay(cell.phase) && stampOf(cell.order, cell.falls) == due.stamp;
}

inline Millis frontOf(const Fifo<Due> &clocks) {
    return clocks.empty() ? never : clocks.front().at;
}
// Behind a change that stopped a clock.
inline void dropStoppedClocks(State &state) {
    Docket &docket = state.docket;
    docket.clock_stopped = false;
    while (!docket.windows.empty() && !windowRuns(state, docket.windows.front())) {
        docket.windows.pop();
    }
    while (!docket.deadlines.empty() && !deadlineRuns(state, docket.deadlines.front())) {
        docket.deadlines.pop();
    }
}

inline void orderUpdate(const Plan &plan, State &state, const UpdateNode &command) {
    const TargetIndex target = command.target;
    Docket &docket = state.docket;
    state.last_order = std::max(state.last_order, command.order);
    if (!state.cells[target].touched) {
        docket.touched.push_back(target);
    }
    const bool in_place = plan.mode == UpdateMode::InPlace;
    changeInline(state, target, [&](Cell &cell) {
        cell.order = command.order;
        cell.phase = Phase::Updating;
        cell.cause = Cause::None;
        cell.attempts = static_cast<std::uint8_t>(std::min(cell.attempts + 1, 255));
        cell.windows = cell.falls = 0;
        cell.ready = cell.proven = cell.again = cell.returning = false;
        cell.touched = true;
        cell.old_runs = cell.old_runs && !in_place;
    });
    docket.wave_worked =
        docket.wave_worked || (target >= docket.wave_begin && target < docket.wave_end);
    docket.cursor += target == docket.cursor && docket.cursor < docket.wave_end;
    startDeadline(plan, state, target, command.order, 0);
}

// `target` is Updating, and what was ordered is ready.
inline void beginWindow(const Plan &plan, State &state, TargetIndex target) {
    const bool in_place = plan.mode == UpdateMode::InPlace;
    changeInline(state, target, [in_place](Cell &edited) {
        edited.phase = Phase::Proving;
        edited.ready = true;
        edited.served = true;
        edited.old_gone = edited.old_gone || in_place;
        edited.old_runs = edited.old_runs && !in_place;
        ++edited.windows;
    });
    startWindow(plan, state, target);
}

inline void becomeHealthy(State &state, TargetIndex target) {
    Docket &docket = state.docket;
    if (!state.cells[target].proven) {
        docket.progress_since = rolloutTime(state);
    }
    changeInline(state, target, [](Cell &cell) {
        cell.phase = Phase::Healthy;
        cell.proven = true;
        cell.cause = Cause::None;
    });
    if (docket.retires_old && !state.cells[target].old_gone) {
        docket.to_retire.push(target);
    }
}

// An update in place, or the way back of one, takes down what serves until now.
inline bool siteSpares(const Plan &plan, const State &state, const Cell &cell) {
    if (plan.mode != UpdateMode::InPlace || !serviceOf(cell).up()) {
        return true;
    }
    return state.sites[cell.site].down < state.docket.queues[cell.site].limit;
}

// Another attempt, or a target that waited for its site.
inline TargetIndex nextWaiting(const Plan &plan, const State &state) {
    const Docket &docket = state.docket;
    if (!docket.again.empty()) {
        const TargetIndex target = docket.again.front();
        if (siteSpares(plan, state, state.cells[target])) {
            return target;
        }
    }
    const bool waiting = state.status == Status::Waiting;
    return docket.open_sites.empty() || waiting ? no_target
                                                : docket.queues[docket.open_sites.front()].head;
}

// Who is updated next; no_target: nobody now.
inline TargetIndex nextUpdate(const Plan &plan, const State &state) {
    const Docket &docket = state.docket;
    if (underWay(state) >= docket.parallel) {
        return no_target;
    }
    const TargetIndex waiting = nextWaiting(plan, state);
    const bool turn = docket.cursor < docket.wave_end && state.status == Status::InProgress;
    return waiting == no_target && turn ? docket.cursor : waiting;
}

// The cursors stand right already: nobody waits, and the next of the wave may be ordered.
inline bool cursorsStand(const Plan &plan, const State &state) {
    const Docket &docket = state.docket;
    if (!docket.again.empty() || !docket.open_sites.empty() || !docket.to_retire.empty() ||
        docket.way_back) {
        return false;
    }
    if (docket.retire_step) {
        return docket.retire_cursor == state.cells.size();
    }
    if (docket.cursor == docket.wave_end) {
        return true;
    }
    const Cell &cell = state.cells[docket.cursor];
    return cell.phase == Phase::Untouched && !cell.again && !cell.queued &&
           siteSpares(plan, state, cell);
}

// A wave is open, or instances are being retired, and nothing else is the matter but that nodes may
// have failed.
inline bool isUndisturbed(const Plan &plan, const State &state) {
    const Docket &docket = state.docket;
    return state.status == Status::InProgress &&
           (docket.wave_open > 0 || (docket.retire_step && docket.retiring > 0 &&
                                     docket.again.empty() && docket.open_sites.empty())) &&
           docket.to_retire.empty() && !docket.wishes.any() && !docket.superseding &&
           !docket.follows && !docket.lowered && !docket.ruled && docket.router_refused == 0 &&
           (docket.retire_step || // progress does not run there
            rolloutTime(state) < docket.progress_since + stallLimit(plan.policy));
}
// Then decide would answer with the next orders of that wave and with nothing more: an order makes
// no trouble of nodes that are left be. It spares decide nearly all of its calls; what it skips, it
// must skip rightly, and the tests compare.
inline bool isPlain(const Plan &plan, const State &state) {
    return isUndisturbed(plan, state) &&
           (state.count(Phase::Failed) == 0 || !hasNodeTrouble(plan, state));
}

} // namespace aviary::kernel
