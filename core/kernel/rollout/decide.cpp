// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernel/rollout/passage.h"

namespace aviary::kernel {
namespace {

using Decision = std::optional<Command>;

struct Trouble {
    Cause cause = Cause::None;
    TargetIndex target = every_target;
};

// healthy / (healthy + failed) < threshold, in integers: equal passes.
bool tooFew(const State &state, std::uint32_t healthy, std::uint32_t failed) {
    return std::uint64_t{healthy} * ppm_one <
           std::uint64_t{state.docket.threshold} * (std::uint64_t{healthy} + failed);
}

TargetIndex firstFailed(const State &state, TargetIndex begin, TargetIndex end) {
    for (TargetIndex target = begin; target < end; ++target) {
        if (state.cells[target].phase == Phase::Failed) {
            return target;
        }
    }
    return every_target;
}

// What on_failure acts upon: too many nodes of the present wave failed (as soon as it can no more
// pass), or a node failed after its wave and too many have.
std::optional<Trouble> nodeTrouble(const Plan &plan, const State &state) {
    const Docket &docket = state.docket;
    if (state.count(Phase::Failed) == 0) {
        return std::nullopt;
    }
    const auto all = static_cast<TargetIndex>(state.cells.size());
    const std::uint32_t best = docket.wave_healthy + docket.wave_open;
    const bool wave_fails = docket.wave_failed > 0 && tooFew(state, best, docket.wave_failed);
    const bool late_fails = docket.late != no_target &&
                            tooFew(state, healthyTouched(state), state.count(Phase::Failed));
    if (plan.policy.progress_deadline_ms == 0 &&
        (docket.wave_failed > 0 || docket.late != no_target)) {
        return Trouble{Cause::ProgressDeadline, firstFailed(state, 0, all)};
    }
    if (plan.policy.on_failure == OnFailure::Continue) {
        return std::nullopt;
    }
    if (wave_fails) {
        return Trouble{Cause::Threshold, firstFailed(state, docket.wave_begin, docket.wave_end)};
    }
    return late_fails ? std::optional(Trouble{Cause::Threshold, docket.late}) : std::nullopt;
}

std::optional<Trouble> troubleOf(const Plan &plan, const State &state) {
    const Docket &docket = state.docket;
    if (docket.ruled && docket.ruling == Ruling::Fail &&
        plan.policy.on_failure != OnFailure::Continue) {
        return Trouble{Cause::Verdict};
    }
    if (auto trouble = nodeTrouble(plan, state)) {
        return trouble;
    }
    if (progressExpired(plan, state)) {
        return Trouble{Cause::ProgressDeadline};
    }
    return std::nullopt;
}

// Stop lets settle what is under way; nothing new starts.
Decision actOn(const Plan &plan, const State &state, Trouble trouble) {
    if (plan.policy.on_failure == OnFailure::RollBack) {
        return statusTo(Status::RollingBack, trouble.cause, trouble.target);
    }
    if (underWay(state) > 0 && trouble.cause != Cause::ProgressDeadline) {
        return std::nullopt;
    }
    return statusTo(Status::Failed, trouble.cause, trouble.target);
}

Decision nextStep(const State &state) {
    return EnterStep{state.step + 1};
}

// ---- Steps. Each answers what it does next; nullopt: it waits for the world or for time.

Decision decideUpdate(const State &state, const UpdateStep &update) {
    const Docket &docket = state.docket;
    if (docket.wave_open > 0 || underWay(state) > 0 || !docket.again.empty()) {
        return std::nullopt;
    }
    if (docket.wave_end >= update.end || docket.wave_end >= state.cells.size()) {
        return nextStep(state);
    }
    const Millis due = docket.wave_settled + update.delay_ms;
    if (docket.wave_worked && rolloutTime(state) < due) {
        return std::nullopt;
    }
    return EnterWave{state.wave + 1};
}

Decision decideShift(const Plan &plan, const State &state, const ShiftStep &shift) {
    if (plan.router == RouterKind::None || state.docket.follows) {
        return nextStep(state);
    }
    const Weight weight = weightOf(state, shift);
    if (state.weight_asked != weight) {
        const bool bears = weight < state.weight_asked || weight <= weightsNow(plan, state).high;
        return routerFree(state) && bears ? Decision(SetWeight{nextOrder(state), weight})
                                          : std::nullopt;
    }
    if (state.weight != weight) {
        return std::nullopt;
    }
    return weight == shift.weight ? nextStep(state) : statusTo(Status::Waiting, Cause::Person);
}

Decision decideCheck(const State &state, const CheckStep &check) {
    const Docket &docket = state.docket;
    if (docket.passed) {
        return nextStep(state);
    }
    if (docket.ruled) {
        const bool ends = docket.ruling == Ruling::Pass || docket.ruling == Ruling::Fail;
        return ends ? nextStep(state) : statusTo(Status::Waiting, Cause::Undecided);
    }
    const Ruling ruling = state.verdict.ruling;
    const Millis baked = state.step_since + check.bake_ms;
    if (ruling == Ruling::Fail) {
        return Rule{ruling};
    }
    if (ruling == Ruling::Pass) {
        return rolloutTime(state) >= baked ? Decision(Rule{ruling}) : std::nullopt;
    }
    if (ruling == Ruling::Undecided && check.limit_ms == 0) {
        return std::nullopt;
    }
    const Millis limit = check.limit_ms > 0 ? check.limit_ms : measure_wait_ms;
    return rolloutTime(state) >= baked + limit ? Decision(Rule{ruling}) : std::nullopt;
}

Decision decideHold(const Plan &plan, const State &state, const HoldStep &hold) {
    const Docket &docket = state.docket;
    const bool promoted = docket.passed || state.weight < docket.goal;
    const bool automatic = plan.policy.auto_promote && docket.checks_passed;
    const bool over = hold.time_ms && rolloutTime(state) >= state.step_since + *hold.time_ms;
    if (promoted || automatic || over) {
        return nextStep(state);
    }
    return hold.time_ms ? std::nullopt : Decision(statusTo(Status::Waiting));
}

Decision decideSwitch(const Plan &plan, const State &state) {
    if (plan.router == RouterKind::None || (state.fresh_slot && state.docket.slot_asked)) {
        return nextStep(state);
    }
    const bool bears = weightsNow(plan, state).high == full_weight;
    if (state.docket.slot_asked || !routerFree(state) || !bears) {
        return std::nullopt;
    }
    return SwitchSlot{nextOrder(state), plan.to};
}

Decision decideRetire(const Plan &plan, const State &state, const RetireStep &retire) {
    const bool over = rolloutTime(state) >= state.step_since + retire.delay_ms;
    return over && nextRetirement(plan, state) == no_target && state.docket.retiring == 0
               ? nextStep(state)
               : std::nullopt;
}

// All steps are done. Complete only when the world has said so of each part.
Decision decideEnd(const State &state) {
    const Docket &docket = state.docket;
    if (underWay(state) > 0 || !docket.again.empty() || docket.retiring > 0 ||
        docket.router_order != unasked || docket.router_refused > 0) {
        return std::nullopt;
    }
    const std::uint32_t failed = state.count(Phase::Failed);
    if (failed > 0 && tooFew(state, healthyTouched(state), failed)) {
        return statusTo(Status::Failed, Cause::Threshold,
                        firstFailed(state, 0, static_cast<TargetIndex>(state.cells.size())));
    }
    return statusTo(Status::Completed);
}

Decision decideStep(const Plan &plan, const State &state) {
    if (state.step >= plan.steps.size()) {
        return decideEnd(state);
    }
    const Step &step = plan.steps[state.step];
    if (const auto *update = std::get_if<UpdateStep>(&step)) {
        return decideUpdate(state, *update);
    }
    if (const auto *shift = std::get_if<ShiftStep>(&step)) {
        return decideShift(plan, state, *shift);
    }
    if (const auto *check = std::get_if<CheckStep>(&step)) {
        return decideCheck(state, *check);
    }
    if (const auto *hold = std::get_if<HoldStep>(&step)) {
        return decideHold(plan, state, *hold);
    }
    if (const auto *retire = std::get_if<RetireStep>(&step)) {
        return decideRetire(plan, state, *retire);
    }
    return decideSwitch(plan, state);
}

// ---- Whatever the step

// A weight that a person lowered goes down even in a pause and while another order is out.
Decision lowerWeight(const State &state) {
    const Docket &docket = state.docket;
    const bool asks = docket.lowered && state.weight_asked > docket.lower_to;
    const bool again = docket.router_refused > 0;
    return asks && (!again || routerFree(state))
               ? Decision(SetWeight{nextOrder(state), docket.lower_to})
               : std::nullopt;
}

Decision followNodes(const State &state) {
    const Docket &docket = state.docket;
    if (!docket.follows || docket.lowered || !routerFree(state)) {
        return std::nullopt;
    }
    const Weight share = shareOfFresh(state);
    return share == state.weight_asked ? std::nullopt
                                       : Decision(SetWeight{nextOrder(state), share});
}

// An old instance goes only after its share of the traffic went.
Decision retireOld(const Plan &plan, const State &state) {
    const TargetIndex target = nextRetirement(plan, state);
    if (target == no_target || (state.docket.follows && state.docket.router_order != unasked)) {
        return std::nullopt;
    }
    return RetireNode{nextOrder(state), target};
}

Decision updateNext(const Plan &plan, const State &state) {
    const TargetIndex target = nextUpdate(plan, state);
    return target == no_target ? std::nullopt : Decision(UpdateNode{nextOrder(state), target});
}

Decision decideWaiting(const Plan &plan, const State &state) {
    const Docket &docket = state.docket;
    if (docket.wishes.advance) {
        return docket.way_back
                   ? statusTo(Status::RollingBack, docket.back_cause, docket.back_target)
                   : statusTo(Status::InProgress, Cause::Person);
    }
    if (docket.way_back) {
        return std::nullopt;
    }
    if (const auto trouble = troubleOf(plan, state)) {
        return actOn(plan, state, *trouble);
    }
    if (state.measuring && state.verdict.ruling == Ruling::Fail) {
        return Rule{Ruling::Fail}; // the data came while it waited
    }
    if (auto lower = lowerWeight(state)) {
        return lower;
    }
    if (auto follow = followNodes(state)) {
        return follow;
    }
    return updateNext(plan, state);
}

Decision decideInProgress(const Plan &plan, const State &state) {
    const Docket &docket = state.docket;
    if (const auto trouble = troubleOf(plan, state)) {
        return actOn(plan, state, *trouble);
    }
    if (auto lower = lowerWeight(state)) {
        return lower;
    }
    if (docket.wishes.wait) {
        return statusTo(Status::Waiting, Cause::Person);
    }
    if (docket.wishes.skip && state.step < plan.steps.size()) {
        return nextStep(state);
    }
    if (docket.wishes.rerun) {
        return EnterStep{docket.rerun_step};
    }
    if (routerGaveUp(state)) {
        return statusTo(Status::Waiting, Cause::RouterRefused);
    }
    if (auto update = updateNext(plan, state)) {
        return update;
    }
    if (auto follow = followNodes(state)) {
        return follow;
    }
    if (auto retire = retireOld(plan, state)) {
        return retire;
    }
    return decideStep(plan, state);
}

// A newer request took over: what is under way settles, then it ends.
Decision decideSuperseded(const State &state) {
    const Docket &docket = state.docket;
    const bool settled =
        underWay(state) == 0 && docket.retiring == 0 && docket.router_order == unasked;
    return settled ? Decision(statusTo(Status::Superseded, Cause::Superseded)) : std::nullopt;
}

Decision answerWish(const State &state) {
    const Wishes &wishes = state.docket.wishes;
    if (wishes.fail) {
        return statusTo(Status::Failed, Cause::Person);
    }
    if (wishes.roll_back) {
        return statusTo(Status::RollingBack, Cause::Person);
    }
    if (wishes.start && state.status < Status::Pending) {
        return statusTo(Status::Pending);
    }
    if (wishes.approve && state.status == Status::Draft) {
        return statusTo(Status::Approved, Cause::Person);
    }
    if (wishes.pause) {
        return statusTo(Status::Paused, Cause::Person);
    }
    if (wishes.resume && state.status == Status::Paused) {
        return statusTo(state.resume_to, Cause::Person);
    }
    return std::nullopt;
}

} // namespace

bool hasNodeTrouble(const Plan &plan, const State &state) {
    return nodeTrouble(plan, state).has_value();
}

std::uint32_t healthyTouched(const State &state) {
    return state.count(Phase::Healthy) - state.docket.done_healthy;
}

std::optional<Command> decide(const Plan &plan, const State &state) {
    if (isEnd(state.status)) {
        return std::nullopt;
    }
    const Docket &docket = state.docket;
    if (docket.wishes.fail) {
        return statusTo(Status::Failed, Cause::Person);
    }
    if (docket.superseding) {
        return decideSuperseded(state);
    }
    if (docket.wishes.any()) {
        if (auto answer = answerWish(state)) {
            return answer;
        }
    }
    switch (state.status) {
    case Status::Pending:
        return statusTo(Status::InProgress);
    case Status::InProgress:
        return docket.entered ? decideInProgress(plan, state) : Decision(EnterStep{0});
    case Status::Waiting:
        return decideWaiting(plan, state);
    case Status::Paused:
        return lowerWeight(state);
    case Status::RollingBack:
        return decideWayBack(plan, state);
    default:
        return std::nullopt;
    }
}

} // namespace aviary::kernel
