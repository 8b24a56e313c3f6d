// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernel/rollout/passage.h"

// Writes down what happened. A report counts only when it carries the newest order of its target,
// so late and repeated ones change nothing.
namespace aviary::kernel {
namespace {

constexpr std::uint8_t turns_max = 255; // a node that flaps so often in one attempt has failed

bool isDone(const Plan &plan, TargetIndex target) {
    return target >= plan.pending && target < plan.active;
}

void noteReadyNew(const Plan &plan, State &state, TargetIndex target) {
    const Cell &cell = state.cells[target];
    if (cell.phase != Phase::Updating) {
        if (!cell.ready && cell.phase != Phase::Proving && cell.phase != Phase::Healthy) {
            change(state, target, [](Cell &edited) { edited.ready = true; });
        }
        return;
    }
    if (cell.windows == turns_max) {
        fail(plan, state, target, Cause::ChecksFailed);
        return;
    }
    beginWindow(plan, state, target);
}

// What ran before this rollout, or the instance of a target that was done from the start.
void noteOld(const Plan &plan, State &state, TargetIndex target, bool serves) {
    const Cell &cell = state.cells[target];
    if (!cell.old_gone) {
        if (cell.old_runs != serves) {
            change(state, target, [serves](Cell &edited) {
                edited.old_runs = serves;
                edited.served = edited.served || serves;
            });
        }
        return;
    }
    if (!isDone(plan, target) || cell.touched || cell.ready == serves) {
        return;
    }
    const bool healthy = serves && cell.reachable();
    state.docket.done_healthy += static_cast<std::uint32_t>(healthy) -
                                 static_cast<std::uint32_t>(cell.phase == Phase::Healthy);
    change(state, target, [&](Cell &edited) {
        edited.ready = serves;
        edited.phase = healthy ? Phase::Healthy : Phase::Behind;
    });
}

void noteGone(const Plan &plan, State &state, TargetIndex target) {
    const Phase phase = state.cells[target].phase;
    const bool counts = isOpen(phase) || (phase == Phase::Healthy && state.cells[target].touched);
    if (counts) {
        fail(plan, state, target, Cause::NodeGone);
    }
    change(state, target, [](Cell &cell) {
        cell.status = NodeStatus::Offline;
        cell.ready = false;
        cell.old_runs = false;
        cell.again = false;
    });
    reachChanged(plan, state, target);
}

void noteNotReady(const Plan &plan, State &state, TargetIndex target) {
    const Cell &cell = state.cells[target];
    if (cell.returning && cell.phase != Phase::Restored) {
        return; // it is not back yet
    }
    if (cell.returning) {
        change(state, target, [](Cell &edited) { edited.old_runs = false; });
    } else if (cell.phase == Phase::Healthy && cell.falls == turns_max) {
        change(state, target, [](Cell &edited) { edited.ready = false; });
        fail(plan, state, target, Cause::ChecksFailed);
    } else if (cell.phase == Phase::Healthy) {
        change(state, target, [](Cell &edited) {
            edited.phase = Phase::Updating;
            edited.ready = false;
            ++edited.falls;
        });
        startDeadline(plan, state, target, cell.order, cell.falls);
    } else if (cell.ready) {
        change(state, target, [](Cell &edited) {
            edited.phase = edited.phase == Phase::Proving ? Phase::Updating : edited.phase;
            edited.ready = false;
        });
    }
}

void noteEnded(const Plan &plan, State &state, TargetIndex target, Cause cause) {
    const Cell &cell = state.cells[target];
    if (cell.phase == Phase::Restoring) {
        failWayBack(plan, state, target);
        return;
    }
    if (cell.returning && cell.phase != Phase::Restored) {
        return; // it failed before
    }
    change(state, target, [](Cell &edited) {
        if (edited.returning) {
            edited.old_runs = false;
        } else {
            edited.ready = false;
        }
    });
    if (isUnderWay(cell.phase) || cell.phase == Phase::Healthy) {
        fail(plan, state, target, cause);
    }
}

// One overload for each kind of event.
class Note {
public:
    Note(const Plan &plan, State &state) : plan_(plan), state_(state) {}

    void operator()(const TimePassed &) {} // clocks are looked at with every event
    void operator()(const NodeReady &event) {
        if (event.target >= state_.cells.size()) {
            return;
        }
        if (event.order == unasked) {
            noteOld(plan_, state_, event.target, true);
        } else if (event.order == cellOf(event).order) {
            cellOf(event).returning ? noteBack(event.target)
                                    : noteReadyNew(plan_, state_, event.target);
        }
    }
    void operator()(const NodeNotReady &event) {
        if (event.target >= state_.cells.size()) {
            return;
        }
        if (event.order == unasked) {
            noteOld(plan_, state_, event.target, false);
        } else if (event.order == cellOf(event).order) {
            noteNotReady(plan_, state_, event.target);
        }
    }
    void operator()(const NodeFailed &event) {
        if (event.target >= state_.cells.size()) {
            return;
        }
        if (event.cause == Cause::NodeGone &&
            (event.order == unasked || event.order == cellOf(event).order)) {
            noteGone(plan_, state_, event.target);
        } else if (event.order == unasked) {
            noteOld(plan_, state_, event.target, false);
        } else if (retires(event.target, event.order)) {
            endRetirement(state_, event.target, false, event.cause);
        } else if (event.order == cellOf(event).order) {
            noteEnded(plan_, state_, event.target, event.cause);
        }
    }
    void operator()(const NodeRetired &event) {
        if (event.target >= state_.cells.size()) {
            return;
        }
        if (retires(event.target, event.order)) {
            endRetirement(state_, event.target, true, Cause::None);
        } else if (event.order == cellOf(event).order && event.order != unasked &&
                   cellOf(event).returning) {
            noteBack(event.target);
        }
    }
    void operator()(const NodeStatusChanged &event) {
        if (event.target < state_.cells.size() && cellOf(event).status != event.status) {
            change(state_, event.target, [&](Cell &cell) { cell.status = event.status; });
            reachChanged(plan_, state_, event.target);
        }
    }
    void operator()(const NodeFlagsChanged &event) {
        if (event.target >= state_.cells.size()) {
            return;
        }
        change(state_, event.target, [&](Cell &cell) {
            cell.drained = event.draining || event.maintenance;
            cell.flagged = cell.drained || event.excluded;
        });
        reachChanged(plan_, state_, event.target);
    }
    void operator()(const TrafficApplied &event);
    void operator()(const TrafficRefused &event);
    void operator()(const TrafficMeasured &event) { noteMeasured(plan_, state_, event); }
    void operator()(const MetricMeasured &event) { noteMeasured(plan_, state_, event); }
    void operator()(const EngineRestarted &);
    void operator()(const Requested &event) { noteRequest(plan_, state_, event.request); }

private:
    template <class Report>
    const Cell &cellOf(const Report &event) const {
        return state_.cells[event.target];
    }
    bool retires(TargetIndex target, Order order) const {
        return state_.cells[target].retiring && state_.docket.retire_order[target] == order;
    }
    void noteBack(TargetIndex target) {
        const Cell &cell = state_.cells[target];
        if (cell.phase == Phase::Restored) {
            const bool had_one = plan_.targets[target].previous != no_revision;
            change(state_, target, [had_one](Cell &edited) { edited.old_runs = had_one; });
        } else {
            becomeRestored(plan_, state_, target);
        }
    }

    const Plan &plan_;
    State &state_;
};

void Note::operator()(const TrafficApplied &event) {
    Docket &docket = state_.docket;
    if (event.order == unasked || event.order != docket.router_order) {
        return;
    }
    state_.weight = state_.weight_asked;
    state_.fresh_slot = docket.slot_asked;
    docket.router_order = unasked;
    docket.router_refused = 0;
    ++state_.epoch;
    if (state_.status == Status::RollingBack) {
        docket.progress_since = rolloutTime(state_);
    }
}

void Note::operator()(const TrafficRefused &event) {
    Docket &docket = state_.docket;
    if (event.order == unasked || event.order != docket.router_order) {
        return;
    }
    state_.weight_asked = state_.weight;
    docket.slot_asked = state_.fresh_slot;
    docket.router_order = unasked;
    ++docket.router_refused;
    docket.router_again = state_.now + router_pause_ms;
    ++state_.epoch;
}

// What proved itself must do so from the beginning, for nobody looked in between.
void Note::operator()(const EngineRestarted &) {
    Docket &docket = state_.docket;
    for (std::size_t i = 0; i < docket.windows.size(); ++i) {
        const TargetIndex target = docket.windows.at(i).target;
        if (state_.cells[target].phase == Phase::Proving) {
            change(state_, target, [](Cell &cell) { cell.phase = Phase::Updating; });
        }
    }
    docket.windows.clear();
}

} // namespace

void note(const Plan &plan, State &state, const Event &event, Millis now) {
    state.docket.calm = Calm::No;
    const bool bakes = state.measuring && !isBaked(plan, state);
    if (now > state.now) {
        state.now = now;
    }
    if (isEnd(state.status)) {
        return;
    }
    if (state.now >= state.docket.clock_due && !std::holds_alternative<EngineRestarted>(event)) {
        expireClocks(plan, state);
    }
    if (const auto *ready = std::get_if<NodeReady>(&event)) {
        Note(plan, state)(*ready);
    } else if (!std::holds_alternative<TimePassed>(event)) {
        std::visit(Note(plan, state), event);
    }
    if (state.now >= state.docket.clock_due) {
        expireClocks(plan, state); // a window or a deadline of no length
    }
    if (state.docket.clock_stopped) {
        dropStoppedClocks(state);
    }
    const bool baked = bakes && !std::holds_alternative<TrafficMeasured>(event) &&
                       isBaked(plan, state); // and was not judged for a pass
    if (state.measuring && (baked || healthMoved(state))) {
        judgeAgain(plan, state);
    }
    if (!cursorsStand(plan, state)) {
        moveCursors(plan, state);
    }
}

} // namespace aviary::kernel
