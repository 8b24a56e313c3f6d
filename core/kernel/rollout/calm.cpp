// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernel/rollout/cellbits.h"
#include "core/kernel/rollout/passage.h"

#include <algorithm>

// The calm course of a rollout: nothing failed and nobody asked; a wave runs, instances are being
// retired, or a check measures. Nearly all events happen there, and each can only lead to what
// stands here. It does what note and settle would do, and the tests compare; whatever is not quite
// calm is left to them.
//
// It is written for few instructions: each first asks with one mask whether a cell is as nearly
// all are, and then changes it by adding what is known to differ; the mode is known where it is
// compiled; and what settle found so, and nothing here can change, is not asked again.
namespace aviary::kernel {
namespace {

using bits::of;

// Most changes leave order and site as they are. Both without bits::unused.
[[gnu::always_inline]] inline void put(State &state, TargetIndex target, CellWords was,
                                       std::uint64_t second) {
    const std::uint64_t start = digestStart(target, was.first);
    state.docket.cell_hash += digestEnd(start, second) - digestEnd(start, was.second);
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
    return target >= docket.wave_begin && target < docket.wave_end;
}

// ---- What was ordered is ready

// Its first window begins, and no clock is due.
template <UpdateMode mode>
[[gnu::always_inline]] inline bool takeReady(const Plan &plan, State &state, const NodeReady &ready,
                                             Millis now) {
    constexpr bool in_place = mode == UpdateMode::InPlace;
    constexpr std::uint64_t asked = bits::phase | bits::status | bits::windows | bits::drained |
                                    bits::ready | bits::returning | bits::unused |
                                    (in_place ? bits::old_runs : 0);
    constexpr std::uint64_t becomes =
        of(Phase::Proving) - of(Phase::Updating) + bits::one_window + bits::ready;
    Docket &docket = state.docket;
    const auto [target, order] = ready;
    if (target >= docket.wave_end) { // none behind it was ordered, in a wave or before
        return false;
    }
    const CellWords was = wordsOf(state.cells[target]);
    if ((was.second & asked) != of(Phase::Updating) || orderOf(was) != order) {
        return false;
    }
    put(state, target, was,
        (was.second + becomes) | bits::served | (in_place ? bits::old_gone : 0));
    SiteCount &site = state.sites[siteOf(was)];
    ++site.fresh;
    ++docket.fresh;
    if (in_place || !(was.second & bits::old_runs)) {
        site.down -= one(was.second, bits::served);
        ++docket.up;
    }
    movePhases(state, Phase::Updating, Phase::Proving, 1);
    const Millis due = now + plan.policy.min_healthy_ms;
    docket.windows.push({due, target, stampOf(order, 1)});
    if (due < docket.clock_due) {
        docket.clock_due = due;
    }
    state.now = now;
    return true;
}

// ---- Whose turn it is

// Orders targets from the cursor on as long as there is room (there is some) and each is as nearly
// all are: its first turn, and its site spares it. False: the one at the cursor is not.
template <UpdateMode mode>
[[gnu::always_inline]] inline bool orderRun(const Plan &plan, State &state, Commands &out) {
    constexpr std::uint64_t any = bits::old_runs | bits::old_gone | bits::served;
    constexpr std::uint64_t goes = mode == UpdateMode::InPlace ? bits::old_runs : 0;
    constexpr std::uint64_t becomes = of(Phase::Updating) + bits::one_attempt + bits::touched;
    static_assert(of(Phase::Untouched) == 0);
    Docket &docket = state.docket;
    const TargetIndex begin = docket.cursor;
    std::uint32_t room = docket.parallel - underWay(state);
    const Millis due = state.now + plan.policy.healthy_deadline_ms;
    Order order = state.last_order;
    std::uint64_t hash = 0;
    std::uint32_t old_sum = 0;
    TargetIndex target = begin;
    bool usual = true;
    for (; target < docket.wave_end; ++target) {
        const CellWords was = wordsOf(state.cells[target]);
        const std::uint32_t old = one(was.second, goes);
        SiteCount &site = state.sites[siteOf(was)];
        usual =
            (was.second & ~any) == 0 && (old == 0 || site.down < docket.queues[siteOf(was)].limit);
        if (!usual || room == 0) {
            break;
        }
        --room;
        ++order;
        const CellWords is{(was.first >> 32 << 32) | order, (was.second & ~goes) + becomes};
        state.cells[target] = cellOf(is);
        hash += digestEnd(digestStart(target, is.first), is.second) -
                digestEnd(digestStart(target, was.first), was.second);
        old_sum += old;
        site.stable -= old;
        site.down += old & one(was.second, bits::served);
        ++site.under_way;
        docket.touched.push_back(target);
        docket.deadlines.push({due, target, stampOf(order, 0)});
        out.emplace_back(UpdateNode{order, target});
    }
    if (target == begin) {
        return usual;
    }
    docket.cell_hash += hash;
    docket.stable -= old_sum;
    docket.up -= old_sum;
    movePhases(state, Phase::Untouched, Phase::Updating, target - begin);
    state.last_order = order;
    docket.wave_worked = true;
    docket.cursor = target;
    docket.clock_due = std::min(docket.clock_due, due);
    return usual;
}
bool orderRun(const Plan &plan, State &state, Commands &out) {
    return plan.mode == UpdateMode::InPlace ? orderRun<UpdateMode::InPlace>(plan, state, out)
                                            : orderRun<UpdateMode::Beside>(plan, state, out);
}

// ---- Windows that end

// A deadline where nothing is being retired.
[[gnu::always_inline]] inline bool stillDue(const State &state, const Due &due) {
    const CellWords words = wordsOf(state.cells[due.target]);
    const auto falls = static_cast<std::uint8_t>((words.second & bits::falls) >> 40);
    return isUnderWay(bits::phaseOf(words.second)) && stampOf(orderOf(words), falls) == due.stamp;
}

// When a wave made no progress for `limit`, as a time of State::now.
Millis stallDue(const State &state, Millis limit) {
    return state.docket.progress_since + limit + state.frozen_ms;
}

[[gnu::always_inline]] inline void prove(State &state, TargetIndex target, CellWords was) {
    Docket &docket = state.docket;
    if (!(was.second & bits::proven)) {
        docket.progress_since = state.now - state.frozen_ms;
    }
    put(state, target, was,
        (was.second & ~(bits::phase | bits::cause)) | of(Phase::Healthy) | bits::proven);
    movePhases(state, Phase::Proving, Phase::Healthy, 1);
    --state.sites[siteOf(was)].under_way;
    if (inWave(docket, target)) {
        ++docket.wave_healthy;
        --docket.wave_open;
    }
}

// The first window is due, and it runs: no stopped clock stands in front of its queue. False: it is
// the last one of the wave, or another clock is due too; what is not taken is still there.
[[gnu::always_inline]] inline bool takeWindows(const Plan &plan, State &state) {
    Docket &docket = state.docket;
    const Millis limit = stallLimit(plan.policy);
    if (frontOf(docket.deadlines) <= state.now || stallDue(state, limit) <= state.now) {
        return false;
    }
    TargetIndex target = no_target;
    do {
        target = docket.windows.front().target;
        const CellWords was = wordsOf(state.cells[target]);
        if (docket.wave_open <= 1 || (was.second & bits::unused) != 0) {
            docket.clock_stopped = true;
            return false;
        }
        prove(state, target, was);
        do {
            docket.windows.pop();
        } while (!docket.windows.empty() && !windowRuns(state, docket.windows.front()));
    } while (frontOf(docket.windows) <= state.now);
    // Most often the one that was proven stands in front, and one that runs behind it.
    while (!docket.deadlines.empty() && (docket.deadlines.front().target == target ||
                                         !stillDue(state, docket.deadlines.front()))) {
        docket.deadlines.pop();
    }
    docket.clock_due = std::min(std::min(frontOf(docket.windows), frontOf(docket.deadlines)),
                                stallDue(state, limit));
    return true;
}

// ---- Retirements

// Orders retirements from the cursor on as long as each target is as nearly all are. False: the
// first is not.
bool retireRun(const Plan &plan, State &state, Commands &out) {
    constexpr std::uint64_t asked = bits::phase | bits::status | bits::cause | bits::flagged |
                                    bits::drained | bits::incapable | bits::ready | bits::old_gone |
                                    bits::retiring | bits::touched | bits::unused;
    Docket &docket = state.docket;
    const TargetIndex begin = docket.retire_cursor;
    const auto end = static_cast<TargetIndex>(state.cells.size());
    const Millis due = state.now + plan.policy.healthy_deadline_ms;
    Order order = state.last_order;
    std::uint64_t hash = 0;
    std::uint32_t old_sum = 0;
    TargetIndex target = begin;
    for (; target < end; ++target) {
        const CellWords was = wordsOf(state.cells[target]);
        if ((was.second & asked) != (of(Phase::Healthy) | bits::ready | bits::touched)) {
            break;
        }
        ++order;
        const std::uint64_t second = (was.second | bits::retiring) & ~bits::old_runs;
        const std::uint64_t start = digestStart(target, was.first);
        hash += digestEnd(start, second) - digestEnd(start, was.second);
        setSecond(state.cells[target], second);
        const std::uint32_t old = one(was.second, bits::old_runs);
        old_sum += old;
        state.sites[siteOf(was)].stable -= old;
        docket.retire_order[target] = order;
        docket.deadlines.push({due, target, stampOf(order, 0)});
        out.emplace_back(RetireNode{order, target});
    }
    if (target == begin) {
        return false;
    }
    docket.cell_hash += hash;
    docket.stable -= old_sum;
    docket.retiring += target - begin;
    docket.retire_cursor = target;
    state.last_order = order;
    docket.clock_due = std::min(docket.clock_due, due);
    return true;
}

// No clock is due.
[[gnu::always_inline]] inline bool takeRetired(State &state, const NodeRetired &retired,
                                               Millis now) {
    Docket &docket = state.docket;
    const auto [target, order] = retired;
    if (target >= docket.retire_cursor || docket.retiring <= 1) {
        return false;
    }
    const CellWords was = wordsOf(state.cells[target]);
    if ((was.second & (bits::retiring | bits::unused)) != bits::retiring ||
        docket.retire_order[target] != order) {
        return false;
    }
    put(state, target, was, (was.second & ~(bits::retiring | bits::cause)) | bits::old_gone);
    --docket.retiring;
    // Most often its own stands in front, and one that runs behind it.
    while (!docket.deadlines.empty() && (docket.deadlines.front().stamp == stampOf(order, 0) ||
                                         !deadlineRuns(state, docket.deadlines.front()))) {
        docket.deadlines.pop();
    }
    docket.clock_due = std::min(frontOf(docket.windows), frontOf(docket.deadlines));
    state.now = now;
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

// Settled in a check: until a clock is due, what is measured can change nothing but its verdict.
bool onlyMeasures(const Plan &plan, const State &state) {
    const Docket &docket = state.docket;
    return state.measuring && state.status == Status::InProgress && !docket.wishes.any() &&
           !docket.clock_stopped && cursorsStand(plan, state);
}

} // namespace

void orderUpdates(const Plan &plan, State &state, Commands &out) {
    const Docket &docket = state.docket;
    while (underWay(state) < docket.parallel) {
        const TargetIndex cursor = docket.cursor;
        if (docket.again.empty() && docket.open_sites.empty()) {
            orderRun(plan, state, out);
        }
        if (docket.cursor != cursor) {
            if (!cursorsStand(plan, state)) {
                moveCursors(plan, state);
            }
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

void becomeCalm(const Plan &plan, State &state) {
    Docket &docket = state.docket;
    docket.calm = Calm::No;
    if (onlyMeasures(plan, state)) {
        docket.clock_due = lookedUpDeadline(plan, state);
        docket.calm = Calm::Measuring;
        return;
    }
    if (!nothingIsTheMatter(plan, state)) {
        return;
    }
    const Millis due = std::min(frontOf(docket.windows), frontOf(docket.deadlines));
    if (!docket.retire_step && docket.retiring == 0 && plan.policy.min_healthy_ms > 0) {
        docket.calm = Calm::Updating;
        docket.clock_due = std::min(due, stallDue(state, stallLimit(plan.policy)));
    } else if (docket.retire_step && docket.wave_open == 0) {
        docket.calm = Calm::Retiring;
        docket.clock_due = due;
    }
}

namespace {

[[gnu::noinline]] void goOn(const Plan &plan, State &state, const Event &event, Millis now,
                            Commands &out) {
    note(plan, state, event, now);
    settle(plan, state, out);
}

// The one at the cursor is not as nearly all are.
[[gnu::noinline]] void orderOthers(const Plan &plan, State &state, Commands &out) {
    Docket &docket = state.docket;
    if (!cursorsStand(plan, state)) {
        moveCursors(plan, state);
    }
    orderUpdates(plan, state, out);
    if (docket.queued > 0 || !docket.open_sites.empty()) {
        docket.calm = Calm::No;
    }
}

// ---- One function for each kind of event, with the parameters of step: it jumps there, and each
// saves only the registers that it needs.

template <class Report>
[[gnu::noinline]] void goOnWith(const Plan &plan, State &state, const Report &report, Millis now,
                                Commands &out) {
    goOn(plan, state, report, now, out);
}

template <UpdateMode mode>
[[gnu::noinline]] void stepReady(const Plan &plan, State &state, const NodeReady &ready, Millis now,
                                 Commands &out) {
    if (now >= state.docket.clock_due || !takeReady<mode>(plan, state, ready, now)) {
        goOnWith(plan, state, ready, now, out);
    }
}

[[gnu::noinline]] void stepRetired(const Plan &plan, State &state, const NodeRetired &retired,
                                   Millis now, Commands &out) {
    if (now >= state.docket.clock_due || !takeRetired(state, retired, now)) {
        goOnWith(plan, state, retired, now, out);
    }
}

// A number of the check. The same verdict calls for nothing, as it did before.
template <class Measured>
[[gnu::noinline]] void stepMeasured(const Plan &plan, State &state, const Measured &measured,
                                    Millis now, Commands &out) {
    if (now >= state.docket.clock_due) {
        return goOn(plan, state, measured, now, out);
    }
    const Ruling ruling = state.verdict.ruling;
    state.now = now;
    noteMeasured(plan, state, measured);
    if (state.verdict.ruling != ruling) {
        state.docket.calm = Calm::No;
        settle(plan, state, out);
    }
}

// A clock is due. Nobody waits where it is calm, so the next of the wave have their turn.
template <UpdateMode mode>
[[gnu::noinline]] void stepTime(const Plan &plan, State &state, const TimePassed &passed,
                                Millis now, Commands &out) {
    state.now = now;
    if (now < state.docket.clock_due || !takeWindows(plan, state)) {
        return goOnWith(plan, state, passed, now, out);
    }
    const Docket &docket = state.docket;
    if (docket.cursor < docket.wave_end && underWay(state) < docket.parallel &&
        !orderRun<mode>(plan, state, out)) {
        orderOthers(plan, state, out);
    }
}

template <UpdateMode mode>
[[gnu::always_inline]] inline void stepUpdating(const Plan &plan, State &state, const Event &event,
                                                Millis now, Commands &out) {
    if (const auto *ready = std::get_if<NodeReady>(&event)) {
        return stepReady<mode>(plan, state, *ready, now, out);
    }
    if (const auto *passed = std::get_if<TimePassed>(&event)) {
        return stepTime<mode>(plan, state, *passed, now, out);
    }
    goOn(plan, state, event, now, out);
}

} // namespace

// What Docket::calm says can be done calmly is; what cannot, and all else, goes on.
void step(const Plan &plan, State &state, const Event &event, Millis now, Commands &out) {
    const Calm calm = state.docket.calm;
    if (now < state.now) {
        return goOn(plan, state, event, now, out);
    }
    if (calm == Calm::Updating) {
        return plan.mode == UpdateMode::InPlace
                   ? stepUpdating<UpdateMode::InPlace>(plan, state, event, now, out)
                   : stepUpdating<UpdateMode::Beside>(plan, state, event, now, out);
    }
    if (calm == Calm::Retiring) {
        if (const auto *retired = std::get_if<NodeRetired>(&event)) {
            return stepRetired(plan, state, *retired, now, out);
        }
    }
    if (calm == Calm::Measuring) {
        if (const auto *traffic = std::get_if<TrafficMeasured>(&event)) {
            return stepMeasured(plan, state, *traffic, now, out);
        }
        if (const auto *metric = std::get_if<MetricMeasured>(&event)) {
            return stepMeasured(plan, state, *metric, now, out);
        }
    }
    goOn(plan, state, event, now, out);
}

} // namespace aviary::kernel
