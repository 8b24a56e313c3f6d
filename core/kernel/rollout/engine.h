// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/rollout/permission.h"
#include "core/kernel/rollout/step.h"
#include "core/kernel/strategy/load.h"

// Internal to the engine: what its files share. See the README beside it.
namespace aviary::kernel {

// A refused order to the router is given again so often, so far apart, before a person is asked.
inline constexpr std::uint32_t router_attempts_max = 4;
inline constexpr Millis router_pause_ms = 5'000;
// No traffic and no data wait for a person this long after the bake time, where a check has no
// limit of its own.
inline constexpr Millis measure_wait_ms = 60'000;

// ---- clocks.cpp
// Clocks of nodes that are due at State::now.
void expireClocks(const Plan &plan, State &state);
bool progressRuns(const Plan &plan, const State &state);
bool progressExpired(const Plan &plan, const State &state);

// ---- calm.cpp
// The next orders of an open wave, as many as may be out at once; those of a retirement.
void orderUpdates(const Plan &plan, State &state, Commands &out);
void orderRetirements(const Plan &plan, State &state, Commands &out);
// Sets Docket::calm, and clock_due where it is calm: exact from there on, for it is asked for with
// every event, and while a wave is under way with the clock of progress among the others.
void becomeCalm(const Plan &plan, State &state);

// ---- nodes.cpp: what becomes of a target
void fail(const Plan &plan, State &state, TargetIndex target, Cause cause);
void failWayBack(const Plan &plan, State &state, TargetIndex target);
void becomeRestored(const Plan &plan, State &state, TargetIndex target);
void endRetirement(State &state, TargetIndex target, bool gone, Cause cause);
void reachChanged(const Plan &plan, State &state, TargetIndex target);
void tryAgain(State &state, TargetIndex target);

// ---- turns.cpp: whose turn it is
void openWave(State &state, const UpdateStep &step, std::uint32_t wave);
void closeWave(State &state);
void clearQueues(State &state);
// Moves the cursors to targets that may be ordered now.
void moveCursors(const Plan &plan, State &state);
// no_target: nobody.
TargetIndex nextRestore(const Plan &plan, const State &state);
TargetIndex nextRetirement(const Plan &plan, const State &state);

// ---- evidence.cpp: the present check
void beginCheck(const Plan &plan, State &state);
void noteMeasured(const Plan &plan, State &state, const TrafficMeasured &measured);
void noteMeasured(const Plan &plan, State &state, const MetricMeasured &measured);
void judgeAgain(const Plan &plan, State &state);
bool healthMoved(const State &state); // since the verdict was made
bool isBaked(const Plan &plan,
             const State &state); // a pass of the present check counts from now on

// ---- requests.cpp
void noteRequest(const Plan &plan, State &state, const Request &request);

// ---- traffic.cpp
// Weights that overload nobody, now.
WeightRange weightsNow(const Plan &plan, const State &state);
Weight shareOfFresh(const State &state);
bool routerFree(const State &state); // no order is outstanding and none must be waited for
bool routerGaveUp(const State &state);
bool usesSlots(const Plan &plan);
// Where the present shift step leads: its weight, or what a person promoted to.
Weight weightOf(const State &state, const ShiftStep &step);
Weight wayBackWeight(const Plan &plan, const State &state);

// ---- decide.cpp, wayback.cpp
bool decideWayBack(const Plan &plan, const State &state, Command &answer); // as decide
// Answers it, written where it stays: who reads a copy of what was only just written waits for it.
template <class One>
bool say(Command &answer, One one) {
    answer.emplace<One>(one);
    return true;
}
// on_failure has something to act upon.
bool hasNodeTrouble(const Plan &plan, const State &state);
// Nodes touched by this rollout that are healthy.
std::uint32_t healthyTouched(const State &state);

// ---- outlook.cpp
struct Outlook {
    Weight weight = 0;
    std::uint32_t nodes = 0; // to be updated, or brought back
    std::vector<std::uint32_t> site_nodes;
};
// From step `from` on, promoted to `goal`, until it waits for a person.
Outlook outlookOf(const Plan &plan, const State &state, std::uint32_t from, Weight goal);
// The shift step that set the present weight, none before the first: traffic that a person lowered
// goes up again through it, and through the check after it.
std::optional<std::uint32_t> lastShift(const Plan &plan, const State &state);
// The new revision's nodes can carry that weight once all of the outlook's nodes are healthy.
bool bearsOutlook(const Plan &plan, const State &state, const Outlook &outlook);

inline Order nextOrder(const State &state) {
    return state.last_order + 1;
}
inline ChangeStatus statusTo(Status status, Cause cause = Cause::None,
                             TargetIndex target = every_target) {
    return {status, cause, target};
}
template <class Kind>
const Kind *presentStep(const Plan &plan, const State &state) {
    return state.step < plan.steps.size() ? std::get_if<Kind>(&plan.steps[state.step]) : nullptr;
}

} // namespace aviary::kernel
