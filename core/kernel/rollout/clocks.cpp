// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernel/rollout/passage.h"

#include <algorithm>

namespace aviary::kernel {
namespace {

void missDeadline(const Plan &plan, State &state, const Due &due) {
    const Cell &cell = state.cells[due.target];
    if (cell.retiring && stampOf(state.docket.retire_order[due.target], 0) == due.stamp) {
        endRetirement(state, due.target, false, Cause::HealthyDeadline);
    } else if (cell.phase == Phase::Restoring) {
        failWayBack(plan, state, due.target);
    } else {
        fail(plan, state, due.target, Cause::HealthyDeadline);
    }
}

void takeWindow(State &state) {
    const Due due = state.docket.windows.front();
    state.docket.windows.pop();
    if (windowRuns(state, due)) {
        becomeHealthy(state, due.target);
    }
}

void takeDeadline(const Plan &plan, State &state) {
    const Due due = state.docket.deadlines.front();
    state.docket.deadlines.pop();
    if (deadlineRuns(state, due)) {
        missDeadline(plan, state, due);
    }
}

Millis routerDue(const State &state) {
    const Docket &docket = state.docket;
    const bool waits = docket.router_refused > 0 && docket.router_order == unasked &&
                       !routerGaveUp(state) && docket.router_again > state.now;
    return waits ? docket.router_again : never;
}

// Rollout time at which the present step goes on by itself.
Millis stepDue(const Plan &plan, const State &state) {
    const Docket &docket = state.docket;
    const Millis since = state.step_since;
    if (const auto *update = presentStep<UpdateStep>(plan, state)) {
        return docket.wave_open == 0 && docket.wave_worked ? docket.wave_settled + update->delay_ms
                                                           : never;
    }
    if (const auto *check = presentStep<CheckStep>(plan, state)) {
        const Millis limit = check->limit_ms > 0 ? check->limit_ms : measure_wait_ms;
        const Millis baked = since + check->bake_ms;
        return baked > rolloutTime(state) ? baked : baked + limit;
    }
    if (const auto *hold = presentStep<HoldStep>(plan, state)) {
        return hold->time_ms ? since + *hold->time_ms : never;
    }
    const auto *retire = presentStep<RetireStep>(plan, state);
    return retire ? since + retire->delay_ms : never;
}

} // namespace

void expireClocks(const Plan &plan, State &state) {
    Docket &docket = state.docket;
    for (;;) {
        const Millis window = frontOf(docket.windows);
        const Millis deadline = frontOf(docket.deadlines);
        docket.clock_due = std::min(window, deadline);
        if (docket.clock_due > state.now) {
            return;
        }
        docket.clock_stopped = true;
        if (window <= deadline) {
            takeWindow(state);
        } else {
            takeDeadline(plan, state);
        }
    }
}

bool progressRuns(const Plan &plan, const State &state) {
    const Docket &docket = state.docket;
    if (!docket.entered || docket.superseding) {
        return false;
    }
    if (state.status == Status::RollingBack) {
        return true;
    }
    if (state.status != Status::InProgress) {
        return false;
    }
    if (presentStep<UpdateStep>(plan, state)) {
        return docket.wave_open > 0 || underWay(state) > 0 || !docket.again.empty();
    }
    return !presentStep<CheckStep>(plan, state) && !presentStep<HoldStep>(plan, state) &&
           !presentStep<RetireStep>(plan, state);
}

bool progressExpired(const Plan &plan, const State &state) {
    return progressRuns(plan, state) &&
           rolloutTime(state) >= state.docket.progress_since + stallLimit(plan.policy);
}

namespace {

[[gnu::noinline]] Millis firstDeadline(const Plan &plan, const State &state) {
    const Docket &docket = state.docket;
    if (isEnd(state.status)) {
        return never;
    }
    const Millis clocks = std::min(frontOf(docket.windows), frontOf(docket.deadlines));
    Millis due = std::min(clocks, routerDue(state));
    const auto consider = [&](Millis rollout_time) {
        if (rollout_time != never && rollout_time > rolloutTime(state)) {
            due = std::min(due, rollout_time + state.frozen_ms);
        }
    };
    if (state.status == Status::InProgress && docket.wave_open > 0) {
        consider(docket.progress_since + stallLimit(plan.policy)); // most often
        return due;
    }
    if (state.status == Status::InProgress) {
        consider(stepDue(plan, state));
    }
    if (state.status != Status::Paused && progressRuns(plan, state)) {
        consider(docket.progress_since + stallLimit(plan.policy));
    }
    return due;
}

} // namespace

Millis lookedUpDeadline(const Plan &plan, const State &state) {
    const Docket &docket = state.docket;
    const bool calm = docket.calm == Calm::Retiring || docket.calm == Calm::Measuring;
    return calm && docket.clock_due != never ? docket.clock_due : firstDeadline(plan, state);
}

} // namespace aviary::kernel
