// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernel/rollout/cells.h"
#include "core/kernel/rollout/engine.h"

#include <algorithm>

namespace aviary::kernel {
namespace {

// Nodes of the present update step that are not finished; their orders go on unheard.
void skipNode(State &state, TargetIndex target) {
    change(state, target, [](Cell &cell) {
        cell.phase = Phase::Skipped;
        cell.again = false;
    });
    if (state.docket.late == target) {
        state.docket.late = no_target;
    }
}

void retryNode(State &state, TargetIndex target) {
    change(state, target, [](Cell &cell) {
        cell.phase = Phase::Untouched;
        cell.attempts = 0;
    });
    tryAgain(state, target);
    if (state.docket.late == target) {
        state.docket.late = no_target;
    }
}

class NoteRequest {
public:
    NoteRequest(const Plan &plan, State &state)
        : plan_(plan), state_(state), docket_(state.docket), wishes_(state.docket.wishes) {}

    void operator()(const Approve &) { wishes_.approve = true; }
    void operator()(const Start &) { wishes_.start = true; }
    void operator()(const Promote &promote);
    void operator()(const Lower &lower);
    void operator()(const Pause &) { wishes_.pause = true; }
    void operator()(const Resume &) { wishes_.resume = true; }
    void operator()(const RollBack &) { wishes_.roll_back = true; }
    void operator()(const Fail &) { wishes_.fail = true; }
    void operator()(const Skip &skip);
    void operator()(const Retry &retry);
    void operator()(const Supersede &) { docket_.superseding = true; }

private:
    const Plan &plan_;
    State &state_;
    Docket &docket_;
    Wishes &wishes_;
};

void NoteRequest::operator()(const Promote &promote) {
    docket_.goal = promote.to;
    state_.weight_person = std::max(state_.weight_person, promote.to);
    docket_.router_refused = 0;
    wishes_.advance = state_.status == Status::Waiting;
    if (docket_.lowered) {
        docket_.lowered = false;
        if (const auto step = lastShift(plan_, state_)) {
            wishes_.rerun = true;
            docket_.rerun_step = *step;
        }
    } else {
        docket_.passed = true;
    }
}

void NoteRequest::operator()(const Lower &lower) {
    docket_.lowered = true;
    docket_.lower_to = lower.to;
    docket_.goal = 0;
    docket_.passed = false;
    docket_.router_refused = 0;
    state_.weight_person = 0;
    wishes_.advance = wishes_.rerun = false;
    wishes_.wait = state_.status == Status::InProgress;
    if (state_.status == Status::Paused) {
        state_.resume_to = Status::Waiting;
    }
    state_.why = {Cause::Person, every_target, state_.step, state_.now};
}

void NoteRequest::operator()(const Skip &skip) {
    if (skip.target != every_target) {
        skipNode(state_, skip.target);
        return;
    }
    if (const auto *update = presentStep<UpdateStep>(plan_, state_)) {
        const auto end = std::min<std::size_t>(update->end, state_.cells.size());
        for (TargetIndex target = update->begin; target < end; ++target) {
            if (isOpen(state_.cells[target].phase)) {
                skipNode(state_, target);
            }
        }
    }
    wishes_.skip = true;
    wishes_.advance = state_.status == Status::Waiting;
    docket_.lowered = false;
    docket_.router_refused = 0;
    docket_.late = no_target;
}

void NoteRequest::operator()(const Retry &retry) {
    if (retry.target != every_target) {
        retryNode(state_, retry.target);
        return;
    }
    for (TargetIndex target = 0; target < state_.cells.size(); ++target) {
        const Cell &cell = state_.cells[target];
        if (!docket_.way_back && cell.phase == Phase::Failed && cell.reachable()) {
            retryNode(state_, target);
        }
    }
    const bool refused = docket_.router_refused > 0;
    docket_.router_refused = 0;
    if (presentStep<CheckStep>(plan_, state_) && !docket_.way_back && !docket_.lowered) {
        wishes_.rerun = true;
        docket_.rerun_step = state_.step;
        wishes_.advance = state_.status == Status::Waiting;
    } else if (refused) {
        wishes_.advance = state_.status == Status::Waiting;
    }
}

} // namespace

void noteRequest(const Plan &plan, State &state, const Request &request) {
    if (refusalOf(plan, state, request) != Refusal::None) {
        return;
    }
    ++state.epoch;
    std::visit(NoteRequest(plan, state), request);
}

} // namespace aviary::kernel
