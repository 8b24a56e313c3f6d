// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernel/rollout/passage.h"

#include <algorithm>
#include <array>

// Whose turn it is. The cursors always stand on a target that may be ordered now, so that to decide
// is to look: first those that get another attempt, then those that waited for their site, then the
// next of the wave (or, on the way back, the newest that was touched).
namespace aviary::kernel {
namespace {

bool waitsForTurn(const State &state, const Cell &cell) {
    if (state.docket.way_back) {
        return cell.touched && cell.phase != Phase::Restored && cell.phase != Phase::Restoring &&
               !cell.again && cell.reachable();
    }
    return cell.phase == Phase::Untouched && !cell.again;
}

void queueAtSite(State &state, TargetIndex target) {
    Docket &docket = state.docket;
    if (state.cells[target].queued) {
        return;
    }
    SiteQueue &queue = docket.queues[state.cells[target].site];
    docket.next[target] = no_target;
    if (queue.head == no_target) {
        queue.head = target;
    } else {
        docket.next[queue.tail] = target;
    }
    queue.tail = target;
    ++docket.queued;
    change(state, target, [](Cell &cell) { cell.queued = true; });
}

void takeHead(State &state, SiteQueue &queue) {
    const TargetIndex target = queue.head;
    queue.head = state.docket.next[target];
    --state.docket.queued;
    change(state, target, [](Cell &cell) { cell.queued = false; });
}

void moveQueues(const Plan &plan, State &state) {
    Docket &docket = state.docket;
    while (!docket.open_sites.empty()) {
        SiteQueue &queue = docket.queues[docket.open_sites.front()];
        while (queue.head != no_target && !waitsForTurn(state, state.cells[queue.head])) {
            const TargetIndex target = queue.head;
            takeHead(state, queue);
            const Cell &cell = state.cells[target];
            if (state.docket.way_back && cell.touched && !cell.reachable() && !cell.postponed &&
                cell.phase != Phase::Restored) {
                change(state, target, [](Cell &edited) { edited.postponed = true; });
                ++docket.postponed;
            }
        }
        if (queue.head != no_target && siteSpares(plan, state, state.cells[queue.head])) {
            return;
        }
        queue.open = false;
        docket.open_sites.pop();
    }
}

void moveWave(const Plan &plan, State &state) {
    Docket &docket = state.docket;
    while (docket.cursor < docket.wave_end) {
        const Cell &cell = state.cells[docket.cursor];
        if (waitsForTurn(state, cell) && !cell.queued) {
            if (siteSpares(plan, state, cell)) {
                return;
            }
            queueAtSite(state, docket.cursor);
        }
        ++docket.cursor;
    }
}

void moveWayBack(const Plan &plan, State &state) {
    Docket &docket = state.docket;
    while (docket.undo > 0) {
        const TargetIndex target = docket.touched[docket.undo - 1];
        const Cell &cell = state.cells[target];
        if (waitsForTurn(state, cell)) {
            if (siteSpares(plan, state, cell)) {
                return;
            }
            queueAtSite(state, target);
        } else if (!cell.reachable() && cell.phase != Phase::Restored &&
                   cell.phase != Phase::Restoring && !cell.again) {
            change(state, target, [](Cell &edited) { edited.postponed = true; });
            ++docket.postponed;
        }
        --docket.undo;
    }
}

bool mayRetire(const Cell &cell) {
    return cell.phase == Phase::Healthy && cell.touched && !cell.old_gone && !cell.retiring &&
           cell.cause == Cause::None && cell.reachable();
}

void moveRetirements(const Plan &plan, State &state) {
    Docket &docket = state.docket;
    while (!docket.to_retire.empty() && !mayRetire(state.cells[docket.to_retire.front()])) {
        docket.to_retire.pop();
    }
    const auto *retire = presentStep<RetireStep>(plan, state);
    if (!retire || rolloutTime(state) < state.step_since + retire->delay_ms) {
        return;
    }
    const auto end = static_cast<TargetIndex>(state.cells.size());
    while (docket.retire_cursor < end && !mayRetire(state.cells[docket.retire_cursor])) {
        ++docket.retire_cursor;
    }
}

// Open and healthy ones are summed up in the halves of one word: a wave may have very many.
constexpr auto wave_shares = [] {
    std::array<std::uint64_t, phase_count> shares{};
    for (std::size_t i = 0; i < phase_count; ++i) {
        shares[i] = isOpen(static_cast<Phase>(i)) ? 1 : 0;
    }
    shares[static_cast<std::size_t>(Phase::Healthy)] = std::uint64_t{1} << 32;
    return shares;
}();

void countWave(State &state) {
    Docket &docket = state.docket;
    const auto begin = state.cells.cbegin() + docket.wave_begin;
    const auto end = state.cells.cbegin() + docket.wave_end;
    std::uint64_t sum = 0;
    for (auto cell = begin; cell != end; ++cell) {
        sum += wave_shares[static_cast<std::size_t>(cell->phase)];
    }
    docket.wave_open = static_cast<std::uint32_t>(sum);
    docket.wave_healthy = static_cast<std::uint32_t>(sum >> 32);
    if (state.count(Phase::Failed) > 0) {
        docket.wave_failed = static_cast<std::uint32_t>(std::count_if(
            begin, end, [](const Cell &cell) { return cell.phase == Phase::Failed; }));
    }
}

} // namespace

void openWave(State &state, const UpdateStep &step, std::uint32_t wave) {
    Docket &docket = state.docket;
    const auto size = static_cast<std::uint64_t>(
        std::min<std::size_t>(state.cells.size(), std::max<std::size_t>(step.end, step.begin)));
    const std::uint64_t length = std::max<std::uint32_t>(step.wave_size, 1);
    const std::uint64_t begin = std::min(size, step.begin + length * wave);
    docket.wave_begin = static_cast<TargetIndex>(begin);
    docket.wave_end = static_cast<TargetIndex>(std::min(size, begin + length));
    docket.cursor = docket.wave_begin;
    docket.wave_open = docket.wave_healthy = docket.wave_failed = 0;
    docket.wave_worked = false;
    docket.wave_settled = rolloutTime(state);
    docket.parallel = std::max<std::uint32_t>(step.parallel, 1);
    countWave(state);
}

void closeWave(State &state) {
    Docket &docket = state.docket;
    docket.wave_begin = docket.cursor = docket.wave_end;
    docket.wave_open = docket.wave_healthy = docket.wave_failed = 0;
    docket.wave_worked = false;
}

void clearQueues(State &state) {
    Docket &docket = state.docket;
    for (SiteQueue &queue : docket.queues) {
        while (queue.head != no_target) {
            takeHead(state, queue);
        }
        queue.open = false;
    }
    docket.open_sites.clear();
    for (std::size_t i = 0; i < docket.again.size(); ++i) {
        if (state.cells[docket.again.at(i)].again) {
            change(state, docket.again.at(i), [](Cell &cell) { cell.again = false; });
        }
    }
    docket.again.clear();
    docket.to_retire.clear();
}

void moveCursors(const Plan &plan, State &state) {
    Docket &docket = state.docket;
    while (!docket.again.empty() && !state.cells[docket.again.front()].again) {
        docket.again.pop();
    }
    moveQueues(plan, state);
    if (state.docket.way_back) {
        moveWayBack(plan, state);
        return;
    }
    moveWave(plan, state);
    moveRetirements(plan, state);
}

TargetIndex nextRestore(const Plan &plan, const State &state) {
    const Docket &docket = state.docket;
    if (state.count(Phase::Restoring) >= std::max<std::uint32_t>(plan.policy.max_parallel, 1)) {
        return no_target;
    }
    const TargetIndex waiting = nextWaiting(plan, state);
    return waiting == no_target && docket.undo > 0 ? docket.touched[docket.undo - 1] : waiting;
}

TargetIndex nextRetirement(const Plan &plan, const State &state) {
    const Docket &docket = state.docket;
    if (!docket.to_retire.empty()) {
        return docket.to_retire.front();
    }
    const auto *retire = presentStep<RetireStep>(plan, state);
    const bool due = retire && rolloutTime(state) >= state.step_since + retire->delay_ms &&
                     docket.retire_cursor < state.cells.size();
    return due ? docket.retire_cursor : no_target;
}

} // namespace aviary::kernel
