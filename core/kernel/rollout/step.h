// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/rollout/state.h"

// The one engine. Pure: no clock, no random numbers, no input or output. Live, rehearsed, recovered
// and replayed rollouts all run through these functions.
namespace aviary::kernel {

// The state before anything happened. The plan must outlive the state and not change.
State begin(const Plan &plan);

// What happened is written down, then everything that follows from it is decided and written down
// as sent. Commands are appended to `out`. `now` never goes back; an earlier value counts as the
// latest.
void step(const Plan &plan, State &state, const Event &event, Millis now, Commands &out);

// The second half of step: decides and marks until nothing more follows. A shell that takes several
// events in one transaction notes them all, then settles once.
void settle(const Plan &plan, State &state, Commands &out);

// The parts of step. `decide` is idempotent: it answers the next command that the state calls for,
// or none (false); `step` marks it and asks again. Replay runs note and mark with the recorded
// commands; verify also runs decide and compares.
void note(const Plan &plan, State &state, const Event &event, Millis now);
bool decide(const Plan &plan, const State &state, Command &answer);
void mark(const Plan &plan, State &state, const Command &command);

// When something is due if nothing happens before: feed TimePassed then. `never`: nothing is.
Millis lookedUpDeadline(const Plan &plan, const State &state);
inline Millis nextDeadline(const Plan &plan, const State &state) {
    const Docket &docket = state.docket;
    if (docket.calm == Calm::Updating) { // most often; the clock of progress runs
        return std::min(docket.clock_due,
                        docket.progress_since + stallLimit(plan.policy) + state.frozen_ms);
    }
    return lookedUpDeadline(plan, state);
}

// Orders that were sent and not answered: what recovery sends again.
Commands outstanding(const Plan &plan, const State &state);

} // namespace aviary::kernel
