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

[[gnu::always_inline]] inline void put(State &state, TargetIndex target, CellWords was,
                                       CellWords is) {
    state.docket.cell_hash += digestOf(target, is) - digestOf(target, was);
    state.cells[target] = cellOf(is);
}

constexpr std::uint32_t one(std::uint64_t second, std::uint64_t bit) {
    return static_cast<std::uint32_t>((second & bit) != 0);
}

void movePhase(State &state, Phase was, Phase is) {
    --state.counts[static_cast<std::size_t>(was)];
    ++state.counts[static_cast<std::size_t>(is)];
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
    CellWords is = was;
    is.second += of(Phase::Proving) - of(Phase::Updating) + bits::one_window;
    is.second |= bits::ready | bits::served | (in_place ? bits::old_gone : 0);
    put(state, ready.target, was, is);
    const std::uint32_t alone = one(~was.second, bits::old_runs);
    SiteCount &site = state.sites[siteOf(was)];
    Docket &docket = state.docket;
    ++site.fresh;
    site.down -= alone & one(was.second, bits::served);
    ++docket.fresh;
    docket.up += alone;
    movePhase(state, Phase::Updating, Phase::Proving);
    const Millis due = state.now + plan.policy.min_healthy_ms;
    const auto turn = static_cast<std::uint8_t>((is.second & bits::windows) >> 32);
    docket.windows.push({due, ready.target, stampOf(ready.order, turn)});
    docket.clock_due = std::min(docket.clock_due, due);
    return true;
}

// ---- Windows that end

void prove(State &state, TargetIndex target) {
    Docket &docket = state.docket;
    const CellWords was = wordsOf(state.cells[target]);
    CellWords is = was;
    is.second = (was.second & ~(bits::phase | bits::cause)) | of(Phase::Healthy) | bits::proven;
    if (!(was.second & bits::proven)) {
        docket.progress_since = state.now - state.frozen_ms;
    }
    put(state, target, was, is);
    movePhase(state, Phase::Proving, Phase::Healthy);
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

// False: the last one of the wave, or a deadline, is due too; what is not taken is still there.
bool takeWindows(State &state) {
    Docket &docket = state.docket;
    if (frontOf(docket.deadlines) <= state.now) {
        return false;
    }
    while (frontOf(docket.windows) <= state.now) {
        const Due due = docket.windows.front();
        if (windowRuns(state, due)) {
            if (docket.wave_open <= 1) {
                docket.clock_stopped = true;
                return false;
            }
            prove(state, due.target);
        }
        docket.windows.pop();
    }
    while (!docket.deadlines.empty() && !stillDue(state, docket.deadlines.front())) {
        docket.deadlines.pop();
    }
    while (!docket.windows.empty() && !windowRuns(state, docket.windows.front())) {
        docket.windows.pop();
    }
    docket.clock_due = std::min(frontOf(docket.windows), frontOf(docket.deadlines));
    return true;
}

// ---- Whose turn it is

// False: the target at the cursor is not as nearly all are.
bool orderNext(const Plan &plan, State &state, Commands &out) {
    Docket &docket = state.docket;
    const TargetIndex target = docket.cursor;
    const CellWords was = wordsOf(state.cells[target]);
    constexpr std::uint64_t asked = bits::phase | bits::status | bits::drained | bits::ready |
                                    bits::retiring | bits::again | bits::queued | bits::touched;
    if ((was.second & asked) != of(Phase::Untouched) ||
        (was.second & bits::attempts) == bits::attempts) {
        return false;
    }
    const Order order = nextOrder(state);
    std::uint64_t kept = bits::status | bits::attempts | bits::all_flags;
    kept &= ~(bits::proven | bits::returning);
    if (plan.mode == UpdateMode::InPlace) {
        kept &= ~bits::old_runs;
    }
    const CellWords is{(was.first & ~std::uint64_t{0xffffffff}) | order,
                       ((was.second & kept) + bits::one_attempt) | of(Phase::Updating) |
                           bits::touched};
    put(state, target, was, is);
    SiteCount &site = state.sites[siteOf(was)];
    if (plan.mode == UpdateMode::InPlace) {
        const std::uint32_t old = one(was.second, bits::old_runs);
        site.stable -= old;
        site.down += old & one(was.second, bits::served);
        docket.stable -= old;
        docket.up -= old;
    }
    movePhase(state, Phase::Untouched, Phase::Updating);
    ++site.under_way;
    state.last_order = order;
    docket.touched.push_back(target);
    docket.wave_worked = true;
    ++docket.cursor;
    startDeadline(plan, state, target, order, 0);
    out.emplace_back(UpdateNode{order, target});
    if (!cursorsStand(plan, state)) {
        moveCursors(plan, state);
    }
    return true;
}

// ---- Retirements

// False: the target at the cursor is not as nearly all are.
bool retireNext(const Plan &plan, State &state, Commands &out) {
    Docket &docket = state.docket;
    const TargetIndex target = docket.retire_cursor;
    const CellWords was = wordsOf(state.cells[target]);
    constexpr std::uint64_t asked = bits::phase | bits::status | bits::cause | bits::flagged |
                                    bits::drained | bits::incapable | bits::ready | bits::old_gone |
                                    bits::retiring | bits::touched;
    if ((was.second & asked) != (of(Phase::Healthy) | bits::ready | bits::touched)) {
        return false;
    }
    const Order order = nextOrder(state);
    CellWords is = was;
    is.second = (was.second | bits::retiring) & ~bits::old_runs;
    put(state, target, was, is);
    const std::uint32_t old = one(was.second, bits::old_runs);
    state.sites[siteOf(was)].stable -= old;
    docket.stable -= old;
    docket.retire_order[target] = order;
    ++docket.retiring;
    ++docket.retire_cursor;
    state.last_order = order;
    startDeadline(plan, state, target, order, 0);
    out.emplace_back(RetireNode{order, target});
    return true;
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
    CellWords is = was;
    is.second = (was.second & ~(bits::retiring | bits::cause)) | bits::old_gone;
    put(state, retired.target, was, is);
    --docket.retiring;
    dropStoppedClocks(state);
    return true;
}

bool nothingIsTheMatter(const Plan &plan, const State &state) {
    const Docket &docket = state.docket;
    return isPlain(plan, state) && !state.measuring && !docket.way_back && !docket.retires_old &&
           !docket.clock_stopped && docket.queued == 0 && cursorsStand(plan, state);
}

} // namespace

void orderUpdates(const Plan &plan, State &state, Commands &out) {
    const Docket &docket = state.docket;
    while (underWay(state) < docket.parallel) {
        const bool at_cursor =
            docket.again.empty() && docket.open_sites.empty() && docket.cursor < docket.wave_end;
        if (at_cursor && orderNext(plan, state, out)) {
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
        while (docket.to_retire.empty() && docket.retire_cursor < state.cells.size() &&
               retireNext(plan, state, out)) {
        }
        moveCursors(plan, state);
        const TargetIndex other = nextRetirement(plan, state);
        if (other != no_target) {
            out.emplace_back(RetireNode{nextOrder(state), other});
            mark(plan, state, out.back());
        }
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

bool goOnCalmly(const Plan &plan, State &state, const Event &event, Millis now, Commands &out) {
    const Docket &docket = state.docket;
    if (now < state.now ||
        now - state.frozen_ms >= docket.progress_since + stallLimit(plan.policy)) {
        return false;
    }
    const bool due = now >= docket.clock_due;
    if (docket.calm == Calm::Updating) {
        if (const auto *ready = std::get_if<NodeReady>(&event); ready && !due) {
            state.now = now;
            return takeReady(plan, state, *ready);
        }
        if (due && std::holds_alternative<TimePassed>(event)) {
            state.now = now;
            if (!takeWindows(state)) {
                return false;
            }
            orderUpdates(plan, state, out);
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

} // namespace aviary::kernel
