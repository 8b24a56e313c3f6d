// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernel/rollout/cellbits.h"
#include "core/kernel/rollout/passage.h"

#include <algorithm>

// The calm course of a rollout: nothing failed, nobody asked, nothing is measured; a wave runs, or
// instances are being retired. Nearly all events happen there, and each can only lead to what
// stands here. It does what note and settle would do, and the tests compare; whatever is not quite
// calm is left to them.
namespace aviary::kernel {
namespace {

using bits::of;

// Most changes leave order and site as they are.
[[gnu::always_inline]] inline void put(State &state, TargetIndex target, CellWords was,
                                       std::uint64_t second) {
    state.docket.cell_hash += digestOf(target, {was.first, second}) - digestOf(target, was);
    setSecond(state.cells[target], second);
}

constexpr std::uint32_t one(std::uint64_t second, std::uint64_t bit) {
    return static_cast<std::uint32_t>((second & bit) != 0);
}

void movePhases(State &state, Phase was, Phase is, std::uint32_t count) {
    state.counts[static_cast<std::size_t>(was)] -= count;
    state.counts[static_cast<std::size_t>(is)] += count;
}

constexpr std::uint32_t siteOf(CellWords words) {
    return static_cast<std::uint32_t>(words.first >> 32);
}
constexpr Order orderOf(CellWords words) {
    return static_cast<Order>(words.first);
}

bool inWave(const Docket &docket, TargetIndex target) {
    return target - docket.wave_begin < docket.wave_end - docket.wave_begin;
}

// ---- What was ordered is ready

bool takeReady(const Plan &plan, State &state, const NodeReady &ready) {
    if (ready.target >= state.cells.size()) {
        return false;
    }
    const CellWords was = wordsOf(state.cells[ready.target]);
    const bool in_place = plan.mode == UpdateMode::InPlace;
    constexpr std::uint64_t asked =
        bits::phase | bits::status | bits::drained | bits::returning | bits::ready;
    if ((was.second & asked) != of(Phase::Updating) || orderOf(was) != ready.order ||
        (was.second & bits::windows) == bits::windows ||
        (in_place && (was.second & bits::old_runs))) {
        return false;
    }
    const std::uint64_t proving =
        was.second + of(Phase::Proving) - of(Phase::Updating) + bits::one_window;
    const std::uint64_t is = proving | bits::ready | bits::served | (in_place ? bits::old_gone : 0);
    put(state, ready.target, was, is);
    const std::uint32_t alone = one(~was.second, bits::old_runs);
    SiteCount &site = state.sites[siteOf(was)];
    Docket &docket = state.docket;
    ++site.fresh;
    site.down -= alone & one(was.second, bits::served);
    ++docket.fresh;
    docket.up += alone;
    movePhases(state, Phase::Updating, Phase::Proving, 1);
    const Millis due = state.now + plan.policy.min_healthy_ms;
    const auto turn = static_cast<std::uint8_t>((is & bits::windows) >> 32);
    docket.windows.push({due, ready.target, stampOf(ready.order, turn)});
    docket.clock_due = std::min(docket.clock_due, due);
    return true;
}

// ---- Windows that end

void prove(State &state, TargetIndex target) {
    Docket &docket = state.docket;
    const CellWords was = wordsOf(state.cells[target]);
    if (!(was.second & bits::proven)) {
        docket.progress_since = state.now - state.frozen_ms;
    }
    put(state, target, was,
        (was.second & ~(bits::phase | bits::cause)) | of(Phase::Healthy) | bits::proven);
    movePhases(state, Phase::Proving, Phase::Healthy, 1);
    --state.sites[siteOf(was)].under_way;
    const auto counted = static_cast<std::uint32_t>(inWave(docket, target));
    docket.wave_healthy += counted;
    docket.wave_open -= counted;
}

// A deadline where nothing is being retired.
bool stillDue(const State &state, const Due &due) {
    const CellWords words = wordsOf(state.cells[due.target]);
    const auto falls = static_cast<std::uint8_t>((words.second & bits::falls) >> 40);
    return isUnderWay(bits::phaseOf(words.second)) && stampOf(orderOf(words), falls) == due.stamp;
}

// The first window is due, and it runs: no stopped clock stands in front of its queue. False: it is
// the last one of the wave, or a deadline is due too; what is not taken is still there.
bool takeWindows(State &state) {
    Docket &docket = state.docket;
    if (frontOf(docket.deadlines) <= state.now) {
        return false;
    }
    do {
        if (docket.wave_open <= 1) {
            docket.clock_stopped = true;
            return false;
        }
        prove(state, docket.windows.front().target);
        do {
            docket.windows.pop();
        } while (!docket.windows.empty() && !windowRuns(state, docket.windows.front()));
    } while (frontOf(docket.windows) <= state.now);
    while (!docket.deadlines.empty() && !stillDue(state, docket.deadlines.front())) {
        docket.deadlines.pop();
    }
    docket.clock_due = std::min(frontOf(docket.windows), frontOf(docket.deadlines));
    return true;
}

// ---- Whose turn it is

// What a run of orders changes beside its targets, summed up.
struct Ordered {
    TargetIndex end = 0;    // the targets from the cursor up to here
    std::uint32_t old = 0;  // of whose old instances go with it
    std::uint64_t hash = 0; // of their cells
};

// Orders targets from the cursor on as long as there is room and each is as nearly all are.
Ordered orderCells(const Plan &plan, State &state, std::uint32_t room, Commands &out) {
    constexpr std::uint64_t asked = bits::phase | bits::status | bits::drained | bits::ready |
                                    bits::retiring | bits::again | bits::queued | bits::touched;
    const bool in_place = plan.mode == UpdateMode::InPlace;
    const std::uint64_t goes = in_place ? bits::old_runs : 0;
    const std::uint64_t kept = (bits::status | bits::attempts | bits::all_flags) &
                               ~(bits::proven | bits::returning | goes);
    Docket &docket = state.docket;
    Ordered ordered;
    ordered.end = docket.cursor;
    const TargetIndex end = docket.cursor + std::min(room, docket.wave_end - docket.cursor);
    const Millis due = state.now + plan.policy.healthy_deadline_ms;
    for (Order order = nextOrder(state); ordered.end < end; ++order, ++ordered.end) {
        const TargetIndex target = ordered.end;
        const CellWords was = wordsOf(state.cells[target]);
        const std::uint32_t old = one(was.second, goes);
        SiteCount &site = state.sites[siteOf(was)];
        if ((was.second & asked) != of(Phase::Untouched) ||
            (was.second & bits::attempts) == bits::attempts ||
            (old > 0 && site.down >= docket.queues[siteOf(was)].limit)) {
            break;
        }
        const CellWords is{(was.first & ~std::uint64_t{0xffffffff}) | order,
                           ((was.second & kept) + bits::one_attempt) | of(Phase::Updating) |
                               bits::touched};
        state.cells[target] = cellOf(is);
        ordered.hash += digestOf(target, is) - digestOf(target, was);
        ordered.old += old;
        site.stable -= old;
        site.down += old & one(was.second, bits::served);
        ++site.under_way;
        docket.touched.push_back(target);
        docket.deadlines.push({due, target, stampOf(order, 0)});
        out.emplace_back(UpdateNode{order, target});
    }
    return ordered;
}

// False: the target at the cursor is not as nearly all are.
bool orderRun(const Plan &plan, State &state, Commands &out) {
    Docket &docket = state.docket;
    if (!docket.again.empty() || !docket.open_sites.empty()) {
        return false;
    }
    const Ordered ordered = orderCells(plan, state, docket.parallel - underWay(state), out);
    const std::uint32_t count = ordered.end - docket.cursor;
    if (count == 0) {
        return false;
    }
    docket.cell_hash += ordered.hash;
    docket.stable -= ordered.old;
    docket.up -= ordered.old;
    movePhases(state, Phase::Untouched, Phase::Updating, count);
    state.last_order += count;
    docket.wave_worked = true;
    docket.cursor = ordered.end;
    docket.clock_due = std::min(docket.clock_due, state.now + plan.policy.healthy_deadline_ms);
    if (!cursorsStand(plan, state)) {
        moveCursors(plan, state);
    }
    return true;
}

// ---- Retirements

// Orders retirements from the cursor on as long as each target is as nearly all are. False: the
// first is not.
bool retireRun(const Plan &plan, State &state, Commands &out) {
    constexpr std::uint64_t asked = bits::phase | bits::status | bits::cause | bits::flagged |
                                    bits::drained | bits::incapable | bits::ready | bits::old_gone |
                                    bits::retiring | bits::touched;
    Docket &docket = state.docket;
    const Order first = nextOrder(state);
    const Millis due = state.now + plan.policy.healthy_deadline_ms;
    Order order = first;
    std::uint32_t old_sum = 0;
    for (; docket.retire_cursor < state.cells.size(); ++order, ++docket.retire_cursor) {
        const TargetIndex target = docket.retire_cursor;
        const CellWords was = wordsOf(state.cells[target]);
        if ((was.second & asked) != (of(Phase::Healthy) | bits::ready | bits::touched)) {
            break;
        }
        put(state, target, was, (was.second | bits::retiring) & ~bits::old_runs);
        const std::uint32_t old = one(was.second, bits::old_runs);
        old_sum += old;
        state.sites[siteOf(was)].stable -= old;
        docket.retire_order[target] = order;
        docket.deadlines.push({due, target, stampOf(order, 0)});
        out.emplace_back(RetireNode{order, target});
    }
    docket.stable -= old_sum;
    docket.retiring += order - first;
    state.last_order += order - first;
    if (order != first) {
        docket.clock_due = std::min(docket.clock_due, due);
    }
    return order != first;
}

bool takeRetired(State &state, const NodeRetired &retired) {
    Docket &docket = state.docket;
    if (retired.target >= state.cells.size() || docket.retiring <= 1) {
        return false;
    }
    const CellWords was = wordsOf(state.cells[retired.target]);
    if (!(was.second & bits::retiring) || docket.retire_order[retired.target] != retired.order) {
        return false;
    }
    put(state, retired.target, was,
        (was.second & ~(bits::retiring | bits::cause)) | bits::old_gone);
    --docket.retiring;
    while (!docket.deadlines.empty() && !deadlineRuns(state, docket.deadlines.front())) {
        docket.deadlines.pop();
    }
    docket.clock_due = std::min(frontOf(docket.windows), frontOf(docket.deadlines));
    return true;
}

// Nodes that failed before are no matter when on_failure left them be: nobody fails here, and those
// that are open become healthy, so it will leave them be.
bool nothingIsTheMatter(const Plan &plan, const State &state) {
    const Docket &docket = state.docket;
    return isUndisturbed(plan, state) && !hasNodeTrouble(plan, state) && !state.measuring &&
           !docket.way_back && !docket.retires_old && !docket.clock_stopped && docket.queued == 0 &&
           cursorsStand(plan, state);
}

} // namespace

void orderUpdates(const Plan &plan, State &state, Commands &out) {
    while (underWay(state) < state.docket.parallel) {
        if (orderRun(plan, state, out)) {
            continue;
        }
        const TargetIndex target = nextUpdate(plan, state);
        if (target == no_target) {
            return;
        }
        out.emplace_back(UpdateNode{nextOrder(state), target});
        mark(plan, state, out.back());
    }
}

void orderRetirements(const Plan &plan, State &state, Commands &out) {
    const Docket &docket = state.docket;
    while (nextRetirement(plan, state) != no_target) {
        if (docket.to_retire.empty() && retireRun(plan, state, out)) {
            moveCursors(plan, state);
            continue;
        }
        const TargetIndex other = nextRetirement(plan, state);
        out.emplace_back(RetireNode{nextOrder(state), other});
        mark(plan, state, out.back());
    }
}

Calm calmOf(const Plan &plan, const State &state) {
    const Docket &docket = state.docket;
    if (!nothingIsTheMatter(plan, state)) {
        return Calm::No;
    }
    if (docket.retire_step) {
        return docket.wave_open == 0 ? Calm::Retiring : Calm::No;
    }
    return docket.retiring == 0 && plan.policy.min_healthy_ms > 0 ? Calm::Updating : Calm::No;
}

namespace {

// As step, where Docket::calm says that it can be so. False: it is not, and nothing was decided;
// what was noted already is no obstacle to note.
[[gnu::always_inline]] inline bool goOnCalmly(const Plan &plan, State &state, const Event &event,
                                              Millis now, Commands &out) {
    const Docket &docket = state.docket;
    if (now < state.now) {
        return false;
    }
    const bool due = now >= docket.clock_due;
    if (docket.calm == Calm::Updating) {
        if (now - state.frozen_ms >= docket.progress_since + stallLimit(plan.policy)) {
            return false;
        }
        if (const auto *ready = std::get_if<NodeReady>(&event); ready && !due) {
            state.now = now;
            return takeReady(plan, state, *ready);
        }
        if (due && std::holds_alternative<TimePassed>(event)) {
            state.now = now;
            if (!takeWindows(state)) {
                return false;
            }
            if (docket.cursor < docket.wave_end) {
                orderUpdates(plan, state, out);
            }
            if (docket.queued > 0 || !docket.open_sites.empty()) {
                state.docket.calm = Calm::No;
            }
            return true;
        }
    } else if (const auto *retired = std::get_if<NodeRetired>(&event); retired && !due) {
        state.now = now;
        return takeRetired(state, *retired);
    }
    return false;
}

[[gnu::noinline]] void goOn(const Plan &plan, State &state, const Event &event, Millis now,
                            Commands &out) {
    note(plan, state, event, now);
    settle(plan, state, out);
}

} // namespace

void step(const Plan &plan, State &state, const Event &event, Millis now, Commands &out) {
    if (state.docket.calm == Calm::No || !goOnCalmly(plan, state, event, now, out)) {
        goOn(plan, state, event, now, out);
    }
}

} // namespace aviary::kernel
