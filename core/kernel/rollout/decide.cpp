// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernel/rollout/passage.h"

namespace aviary::kernel {
namespace {

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
bool actOn(const Plan &plan, const State &state, Trouble trouble, Command &answer) {
    if (plan.policy.on_failure == OnFailure::RollBack) {
        return say(answer, statusTo(Status::RollingBack, trouble.cause, trouble.target));
    }
    if (underWay(state) > 0 && trouble.cause != Cause::ProgressDeadline) {
        return false;
    }
    return say(answer, statusTo(Status::Failed, trouble.cause, trouble.target));
}

bool nextStep(const State &state, Command &answer) {
    return say(answer, EnterStep{state.step + 1});
}

// ---- Steps. Each answers what it does next; false: it waits for the world or for time.

bool decideUpdate(const State &state, const UpdateStep &update, Command &answer) {
    const Docket &docket = state.docket;
    if (docket.wave_open > 0 || underWay(state) > 0 || !docket.again.empty()) {
        return false;
    }
    if (docket.wave_end >= update.end || docket.wave_end >= state.cells.size()) {
        return nextStep(state, answer);
    }
    const Millis due = docket.wave_settled + update.delay_ms;
    if (docket.wave_worked && rolloutTime(state) < due) {
        return false;
    }
    return say(answer, EnterWave{state.wave + 1});
}

bool decideShift(const Plan &plan, const State &state, const ShiftStep &shift, Command &answer) {
    if (plan.router == RouterKind::None || state.docket.follows) {
        return nextStep(state, answer);
    }
    const Weight weight = weightOf(state, shift);
    if (state.weight_asked != weight) {
        const bool bears = weight < state.weight_asked || weight <= weightsNow(plan, state).high;
        return routerFree(state) && bears && say(answer, SetWeight{nextOrder(state), weight});
    }
    if (state.weight != weight) {
        return false;
    }
    return weight == shift.weight ? nextStep(state, answer)
                                  : say(answer, statusTo(Status::Waiting, Cause::Person));
}

bool decideCheck(const State &state, const CheckStep &check, Command &answer) {
    const Docket &docket = state.docket;
    if (docket.passed) {
        return nextStep(state, answer);
    }
    if (docket.ruled) {
        const bool ends = docket.ruling == Ruling::Pass || docket.ruling == Ruling::Fail;
        return ends ? nextStep(state, answer)
                    : say(answer, statusTo(Status::Waiting, Cause::Undecided));
    }
    const Ruling ruling = state.verdict.ruling;
    const Millis baked = state.step_since + check.bake_ms;
    if (ruling == Ruling::Fail) {
        return say(answer, Rule{ruling});
    }
    if (ruling == Ruling::Pass) {
        return rolloutTime(state) >= baked && say(answer, Rule{ruling});
    }
    if (ruling == Ruling::Undecided && check.limit_ms == 0) {
        return false;
    }
    const Millis limit = check.limit_ms > 0 ? check.limit_ms : measure_wait_ms;
    return rolloutTime(state) >= baked + limit && say(answer, Rule{ruling});
}

bool decideHold(const Plan &plan, const State &state, const HoldStep &hold, Command &answer) {
    const Docket &docket = state.docket;
    const bool promoted = docket.passed || state.weight < docket.goal;
    const bool automatic = plan.policy.auto_promote && docket.checks_passed;
    const bool over = hold.time_ms && rolloutTime(state) >= state.step_since + *hold.time_ms;
    if (promoted || automatic || over) {
        return nextStep(state, answer);
    }
    return !hold.time_ms && say(answer, statusTo(Status::Waiting));
}

bool decideSwitch(const Plan &plan, const State &state, Command &answer) {
    if (plan.router == RouterKind::None || (state.fresh_slot && state.docket.slot_asked)) {
        return nextStep(state, answer);
    }
    const bool bears = weightsNow(plan, state).high == full_weight;
    return !state.docket.slot_asked && routerFree(state) && bears &&
           say(answer, SwitchSlot{nextOrder(state), plan.to});
}

bool decideRetire(const Plan &plan, const State &state, const RetireStep &retire, Command &answer) {
    const bool over = rolloutTime(state) >= state.step_since + retire.delay_ms;
    return over && nextRetirement(plan, state) == no_target && state.docket.retiring == 0 &&
           nextStep(state, answer);
}

// All steps are done. Complete only when the world has said so of each part.
bool decideEnd(const State &state, Command &answer) {
    const Docket &docket = state.docket;
    if (underWay(state) > 0 || !docket.again.empty() || docket.retiring > 0 ||
        docket.router_order != unasked || docket.router_refused > 0) {
        return false;
    }
    const std::uint32_t failed = state.count(Phase::Failed);
    if (failed > 0 && tooFew(state, healthyTouched(state), failed)) {
        const auto all = static_cast<TargetIndex>(state.cells.size());
        return say(answer, statusTo(Status::Failed, Cause::Threshold, firstFailed(state, 0, all)));
    }
    return say(answer, statusTo(Status::Completed));
}

bool decideStep(const Plan &plan, const State &state, Command &answer) {
    if (state.step >= plan.steps.size()) {
        return decideEnd(state, answer);
    }
    const Step &step = plan.steps[state.step];
    if (const auto *update = std::get_if<UpdateStep>(&step)) {
        return decideUpdate(state, *update, answer);
    }
    if (const auto *shift = std::get_if<ShiftStep>(&step)) {
        return decideShift(plan, state, *shift, answer);
    }
    if (const auto *check = std::get_if<CheckStep>(&step)) {
        return decideCheck(state, *check, answer);
    }
    if (const auto *hold = std::get_if<HoldStep>(&step)) {
        return decideHold(plan, state, *hold, answer);
    }
    if (const auto *retire = std::get_if<RetireStep>(&step)) {
        return decideRetire(plan, state, *retire, answer);
    }
    return decideSwitch(plan, state, answer);
}

// ---- Whatever the step

// A weight that a person lowered goes down even in a pause and while another order is out.
bool lowerWeight(const State &state, Command &answer) {
    const Docket &docket = state.docket;
    const bool asks = docket.lowered && state.weight_asked > docket.lower_to;
    const bool again = docket.router_refused > 0;
    return asks && (!again || routerFree(state)) &&
           say(answer, SetWeight{nextOrder(state), docket.lower_to});
}

bool followNodes(const State &state, Command &answer) {
    const Docket &docket = state.docket;
    if (!docket.follows || docket.lowered || !routerFree(state)) {
        return false;
    }
    const Weight share = shareOfFresh(state);
    return share != state.weight_asked && say(answer, SetWeight{nextOrder(state), share});
}

// An old instance goes only after its share of the traffic went.
bool retireOld(const Plan &plan, const State &state, Command &answer) {
    const TargetIndex target = nextRetirement(plan, state);
    if (target == no_target || (state.docket.follows && state.docket.router_order != unasked)) {
        return false;
    }
    return say(answer, RetireNode{nextOrder(state), target});
}

bool updateNext(const Plan &plan, const State &state, Command &answer) {
    const TargetIndex target = nextUpdate(plan, state);
    return target != no_target && say(answer, UpdateNode{nextOrder(state), target});
}

bool decideWaiting(const Plan &plan, const State &state, Command &answer) {
    const Docket &docket = state.docket;
    if (docket.wishes.advance) {
        return say(answer, docket.way_back ? statusTo(Status::RollingBack, docket.back_cause,
                                                      docket.back_target)
                                           : statusTo(Status::InProgress, Cause::Person));
    }
    if (docket.way_back) {
        return false;
    }
    if (const auto trouble = troubleOf(plan, state)) {
        return actOn(plan, state, *trouble, answer);
    }
    if (state.measuring && state.verdict.ruling == Ruling::Fail) {
        return say(answer, Rule{Ruling::Fail}); // the data came while it waited
    }
    return lowerWeight(state, answer) || followNodes(state, answer) ||
           updateNext(plan, state, answer);
}

bool decideInProgress(const Plan &plan, const State &state, Command &answer) {
    const Docket &docket = state.docket;
    if (const auto trouble = troubleOf(plan, state)) {
        return actOn(plan, state, *trouble, answer);
    }
    if (lowerWeight(state, answer)) {
        return true;
    }
    if (docket.wishes.wait) {
        return say(answer, statusTo(Status::Waiting, Cause::Person));
    }
    if (docket.wishes.skip && state.step < plan.steps.size()) {
        return nextStep(state, answer);
    }
    if (docket.wishes.rerun) {
        return say(answer, EnterStep{docket.rerun_step});
    }
    if (routerGaveUp(state)) {
        return say(answer, statusTo(Status::Waiting, Cause::RouterRefused));
    }
    return updateNext(plan, state, answer) || followNodes(state, answer) ||
           retireOld(plan, state, answer) || decideStep(plan, state, answer);
}

// A newer request took over: what is under way settles, then it ends.
bool decideSuperseded(const State &state, Command &answer) {
    const Docket &docket = state.docket;
    return underWay(state) == 0 && docket.retiring == 0 && docket.router_order == unasked &&
           say(answer, statusTo(Status::Superseded, Cause::Superseded));
}

bool answerWish(const State &state, Command &answer) {
    const Wishes &wishes = state.docket.wishes;
    if (wishes.fail) {
        return say(answer, statusTo(Status::Failed, Cause::Person));
    }
    if (wishes.roll_back) {
        return say(answer, statusTo(Status::RollingBack, Cause::Person));
    }
    if (wishes.start && state.status < Status::Pending) {
        return say(answer, statusTo(Status::Pending));
    }
    if (wishes.approve && state.status == Status::Draft) {
        return say(answer, statusTo(Status::Approved, Cause::Person));
    }
    if (wishes.pause) {
        return say(answer, statusTo(Status::Paused, Cause::Person));
    }
    if (wishes.resume && state.status == Status::Paused) {
        return say(answer, statusTo(state.resume_to, Cause::Person));
    }
    return false;
}

} // namespace

bool hasNodeTrouble(const Plan &plan, const State &state) {
    return nodeTrouble(plan, state).has_value();
}

std::uint32_t healthyTouched(const State &state) {
    return state.count(Phase::Healthy) - state.docket.done_healthy;
}

bool decide(const Plan &plan, const State &state, Command &answer) {
    if (isEnd(state.status)) {
        return false;
    }
    const Docket &docket = state.docket;
    if (docket.wishes.fail) {
        return say(answer, statusTo(Status::Failed, Cause::Person));
    }
    if (docket.superseding) {
        return decideSuperseded(state, answer);
    }
    if (docket.wishes.any() && answerWish(state, answer)) {
        return true;
    }
    switch (state.status) {
    case Status::Pending:
        return say(answer, statusTo(Status::InProgress));
    case Status::InProgress:
        return docket.entered ? decideInProgress(plan, state, answer) : say(answer, EnterStep{0});
    case Status::Waiting:
        return decideWaiting(plan, state, answer);
    case Status::Paused:
        return lowerWeight(state, answer);
    case Status::RollingBack:
        return decideWayBack(plan, state, answer);
    default:
        return false;
    }
}

} // namespace aviary::kernel
