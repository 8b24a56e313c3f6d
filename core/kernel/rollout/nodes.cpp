// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernel/rollout/cells.h"
#include "core/kernel/rollout/engine.h"

namespace aviary::kernel {
namespace {

bool isDone(const Plan &plan, TargetIndex target) {
    return target >= plan.pending && target < plan.active;
}

// A node that was away before its turn gets it, unless its wave is over.
void returnInTime(State &state, TargetIndex target) {
    const Docket &docket = state.docket;
    const bool in_wave =
        target >= docket.wave_begin && target < docket.wave_end && docket.wave_open > 0;
    if (target < docket.cursor && !in_wave) {
        return;
    }
    change(state, target, [](Cell &edited) { edited.phase = Phase::Untouched; });
    if (target < docket.cursor) {
        tryAgain(state, target);
    }
}

// The node may be ordered again, or for the first time.
void reachGained(const Plan &plan, State &state, TargetIndex target) {
    Docket &docket = state.docket;
    const Cell &cell = state.cells[target];
    if (cell.postponed) {
        change(state, target, [](Cell &edited) { edited.postponed = false; });
        --docket.postponed;
        tryAgain(state, target);
    } else if (cell.phase == Phase::Behind && isDone(plan, target)) {
        if (cell.ready) {
            change(state, target, [](Cell &edited) { edited.phase = Phase::Healthy; });
            ++docket.done_healthy;
        }
    } else if (cell.phase == Phase::Behind && target < plan.pending && !docket.way_back) {
        returnInTime(state, target);
    }
}

void reachLost(State &state, TargetIndex target) {
    const Cell &cell = state.cells[target];
    if (cell.again && state.docket.way_back) {
        change(state, target, [](Cell &edited) {
            edited.again = false;
            edited.postponed = true;
        });
        ++state.docket.postponed;
    }
    if (cell.phase != Phase::Untouched) {
        return;
    }
    // It failed already and waited for another attempt; others have their turn to come.
    change(state, target, [](Cell &edited) {
        edited.phase = edited.touched ? Phase::Failed : Phase::Behind;
        edited.again = false;
    });
}

void fallSilent(const Plan &plan, State &state, TargetIndex target) {
    const Cell &cell = state.cells[target];
    if (isDone(plan, target) && !cell.touched && cell.phase == Phase::Healthy) {
        change(state, target, [](Cell &edited) { edited.phase = Phase::Behind; });
        --state.docket.done_healthy;
    } else if (cell.phase == Phase::Restoring) {
        change(state, target, [](Cell &edited) {
            edited.phase = Phase::Failed;
            edited.cause = Cause::Silent;
            edited.postponed = true;
        });
        ++state.docket.postponed;
    } else if (cell.phase == Phase::Updating || cell.phase == Phase::Proving ||
               cell.phase == Phase::Healthy) {
        fail(plan, state, target, Cause::Silent);
    }
}

} // namespace

void tryAgain(State &state, TargetIndex target) {
    if (!state.cells[target].again) {
        change(state, target, [](Cell &cell) { cell.again = true; });
        state.docket.again.push(target);
    }
}

void fail(const Plan &plan, State &state, TargetIndex target, Cause cause) {
    Docket &docket = state.docket;
    const Cell &cell = state.cells[target];
    const bool attempts_left = cell.attempts <= plan.policy.retries && cell.reachable() &&
                               cause != Cause::NodeGone && !state.docket.way_back &&
                               isUnderWay(cell.phase);
    change(state, target, [&](Cell &edited) {
        edited.phase = attempts_left ? Phase::Untouched : Phase::Failed;
        edited.cause = cause;
    });
    if (attempts_left) {
        tryAgain(state, target);
    } else if (cell.touched && target < docket.wave_begin) {
        docket.late = target;
    }
}

void failWayBack(const Plan &plan, State &state, TargetIndex target) {
    const Cell &cell = state.cells[target];
    const bool attempts_left = cell.attempts <= plan.policy.retries;
    change(state, target, [&](Cell &edited) {
        edited.phase = Phase::Failed;
        edited.cause = Cause::WayBackFailed;
    });
    if (attempts_left && cell.reachable()) {
        tryAgain(state, target);
    } else if (attempts_left) {
        change(state, target, [](Cell &edited) { edited.postponed = true; });
        ++state.docket.postponed;
    } else if (state.docket.lost == no_target) {
        state.docket.lost = target;
    }
}

void becomeRestored(const Plan &plan, State &state, TargetIndex target) {
    const bool had_one = plan.targets[target].previous != no_revision;
    Docket &docket = state.docket;
    if (state.cells[target].postponed) {
        --docket.postponed;
    }
    change(state, target, [had_one](Cell &cell) {
        cell.phase = Phase::Restored;
        cell.cause = Cause::None;
        cell.ready = false;
        cell.again = false;
        cell.postponed = false;
        cell.old_runs = had_one;
        cell.old_gone = !had_one;
        cell.served = had_one;
    });
    docket.progress_since = rolloutTime(state);
}

void endRetirement(State &state, TargetIndex target, bool gone, Cause cause) {
    change(state, target, [&](Cell &cell) {
        cell.retiring = false;
        cell.old_gone = cell.old_gone || gone;
        cell.cause = cause;
    });
    --state.docket.retiring;
    state.docket.clock_stopped = true;
}

void reachChanged(const Plan &plan, State &state, TargetIndex target) {
    if (state.cells[target].status == NodeStatus::Offline) {
        fallSilent(plan, state, target);
    }
    if (state.cells[target].reachable()) {
        reachGained(plan, state, target);
    } else {
        reachLost(state, target);
    }
}

} // namespace aviary::kernel
