// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernel/rollout/passage.h"

#include <algorithm>

// Writes a command down as given. It trusts no index: a record read from a file passes through
// here.
namespace aviary::kernel {
namespace {

// One overload for each kind of command.
class Mark {
public:
    Mark(const Plan &plan, State &state) : plan_(plan), state_(state), docket_(state.docket) {}

    void operator()(const UpdateNode &command);
    void operator()(const RestoreNode &command);
    void operator()(const RetireNode &command);
    void operator()(const SetWeight &command);
    void operator()(const SwitchSlot &command);
    void operator()(const ChangeStatus &command);
    void operator()(const EnterStep &command);
    void operator()(const EnterWave &command);
    void operator()(const Rule &command);

private:
    bool known(TargetIndex target) const { return target < state_.cells.size(); }
    void count(Order order) { state_.last_order = std::max(state_.last_order, order); }
    void stopRetirement(TargetIndex target) {
        if (state_.cells[target].retiring) {
            endRetirement(state_, target, false, Cause::None);
        }
    }
    void askRouter(Order order, Weight weight) {
        count(order);
        docket_.router_order = order;
        state_.weight_asked = weight;
        docket_.flag_raised = docket_.flag_raised || weight > 0;
        ++state_.epoch;
    }
    void goOn();
    void beginWayBack(const ChangeStatus &command);
    void giveUpWayBack();
    void end(const ChangeStatus &command);
    bool staysDark() const {
        return plan_.strategy == StrategyKind::FeatureFlag && docket_.flag_raised;
    }

    const Plan &plan_;
    State &state_;
    Docket &docket_;
};

void Mark::operator()(const UpdateNode &command) {
    if (!known(command.target)) {
        return;
    }
    stopRetirement(command.target);
    orderUpdate(plan_, state_, command);
}

void Mark::operator()(const RestoreNode &command) {
    if (!known(command.target)) {
        return;
    }
    count(command.order);
    stopRetirement(command.target);
    const bool in_place = plan_.mode == UpdateMode::InPlace;
    change(state_, command.target, [&](Cell &cell) {
        cell.order = command.order;
        cell.phase = Phase::Restoring;
        cell.attempts =
            static_cast<std::uint8_t>(cell.returning ? std::min(cell.attempts + 1, 255) : 1);
        cell.windows = cell.falls = 0;
        cell.proven = cell.again = cell.postponed = false;
        cell.returning = true;
        // Beside, the new instance serves until the old one is back.
        cell.ready = cell.ready && !in_place && !cell.old_runs;
        cell.old_runs = cell.old_runs && !in_place;
    });
    startDeadline(plan_, state_, command.target, command.order, 0);
}

void Mark::operator()(const RetireNode &command) {
    if (!known(command.target)) {
        return;
    }
    count(command.order);
    stopRetirement(command.target);
    docket_.retire_order[command.target] = command.order;
    ++docket_.retiring;
    change(state_, command.target, [](Cell &cell) {
        cell.retiring = true;
        cell.old_runs = false;
    });
    startDeadline(plan_, state_, command.target, command.order, 0);
}

void Mark::operator()(const SetWeight &command) {
    askRouter(command.order, command.weight);
}

void Mark::operator()(const SwitchSlot &command) {
    docket_.slot_asked = command.to == plan_.to;
    askRouter(command.order, docket_.slot_asked ? full_weight : 0);
}

// A person's word, or a start.
void Mark::goOn() {
    docket_.wishes.advance = false;
    if (state_.status == Status::InProgress) {
        state_.why = {};
    }
    docket_.progress_since = rolloutTime(state_);
}

void Mark::beginWayBack(const ChangeStatus &command) {
    closeWave(state_);
    clearQueues(state_);
    docket_.wishes = {};
    docket_.way_back = true;
    docket_.back_cause = command.cause;
    docket_.back_target = command.target;
    docket_.goal = 0;
    docket_.lowered = docket_.passed = false;
    docket_.router_refused = 0;
    docket_.late = docket_.lost = no_target;
    docket_.parallel = std::max<std::uint32_t>(plan_.policy.max_parallel, 1);
    docket_.progress_since = rolloutTime(state_);
    state_.measuring = false;
    docket_.undo = staysDark() ? 0 : docket_.touched.size();
}

// Nodes that are still away could not be brought back.
void Mark::giveUpWayBack() {
    if (staysDark()) {
        return;
    }
    for (const TargetIndex target : docket_.touched) {
        if (state_.cells[target].phase != Phase::Restored) {
            change(state_, target, [](Cell &cell) {
                cell.phase = Phase::Failed;
                cell.cause = Cause::WayBackFailed;
                cell.again = cell.postponed = false;
            });
        }
    }
}

void Mark::end(const ChangeStatus &command) {
    state_.why = {command.cause, command.target, state_.step, state_.now};
    state_.measuring = false;
    docket_.wishes = {};
    if (docket_.way_back && command.cause == Cause::WayBackFailed) {
        giveUpWayBack();
    }
}

void Mark::operator()(const ChangeStatus &command) {
    const Status from = state_.status;
    if (from == Status::Paused) {
        state_.frozen_ms += state_.now - docket_.paused_at;
        docket_.wishes.resume = false;
    }
    state_.status = command.status;
    ++state_.epoch;
    docket_.wishes.approve = false;
    docket_.wishes.start = docket_.wishes.start && command.status == Status::Approved;
    if (from == Status::Paused && command.status == state_.resume_to) {
        return; // all is as it was
    }
    switch (command.status) {
    case Status::InProgress:
        goOn();
        break;
    case Status::Waiting:
        docket_.wishes.wait = false;
        state_.why = {command.cause, command.target, state_.step, state_.now};
        break;
    case Status::Paused:
        docket_.wishes.pause = false;
        state_.resume_to = from;
        docket_.paused_at = state_.now;
        break;
    case Status::RollingBack:
        state_.why = {command.cause, command.target, state_.step, state_.now};
        docket_.way_back ? goOn() : beginWayBack(command);
        break;
    case Status::Draft:
    case Status::Approved:
    case Status::Pending:
        state_.why = {};
        break;
    case Status::Completed:
    case Status::RolledBack:
    case Status::Failed:
    case Status::Superseded:
        end(command);
        break;
    }
}

void Mark::operator()(const EnterStep &command) {
    const auto *hold = presentStep<HoldStep>(plan_, state_);
    if (hold) {
        docket_.checks_passed = true;
        docket_.goal = state_.weight >= docket_.goal ? 0 : docket_.goal;
    }
    if (presentStep<CheckStep>(plan_, state_)) {
        docket_.checks_passed = docket_.checks_passed && docket_.ruling == Ruling::Pass;
    }
    closeWave(state_);
    docket_.wishes.skip = docket_.wishes.rerun = false;
    docket_.passed = docket_.ruled = false;
    docket_.parallel = std::max<std::uint32_t>(plan_.policy.max_parallel, 1);
    state_.measuring = false;
    docket_.entered = true;
    state_.step = std::min(command.step, static_cast<std::uint32_t>(plan_.steps.size()));
    state_.wave = 0;
    state_.step_since = rolloutTime(state_);
    ++state_.epoch;
    if (const auto *update = presentStep<UpdateStep>(plan_, state_)) {
        openWave(state_, *update, 0);
    } else if (presentStep<CheckStep>(plan_, state_)) {
        beginCheck(plan_, state_);
    }
    docket_.progress_since = state_.step_since;
    docket_.retire_cursor = 0;
    docket_.retire_step = presentStep<RetireStep>(plan_, state_) != nullptr;
}

void Mark::operator()(const EnterWave &command) {
    state_.wave = command.wave;
    docket_.progress_since = rolloutTime(state_);
    if (const auto *update = presentStep<UpdateStep>(plan_, state_)) {
        openWave(state_, *update, command.wave);
    }
}

void Mark::operator()(const Rule &command) {
    docket_.ruled = true;
    docket_.ruling = command.ruling;
    state_.verdict.ruling = command.ruling;
    state_.measuring = command.ruling != Ruling::Pass && command.ruling != Ruling::Fail;
    ++state_.epoch;
}

} // namespace

void mark(const Plan &plan, State &state, const Command &command) {
    state.docket.calm = Calm::No;
    if (const auto *update = std::get_if<UpdateNode>(&command)) {
        Mark(plan, state)(*update);
    } else {
        std::visit(Mark(plan, state), command);
    }
    if (state.docket.clock_stopped) {
        dropStoppedClocks(state);
    }
    if (!cursorsStand(plan, state)) {
        moveCursors(plan, state);
    }
}

} // namespace aviary::kernel
