// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/rollout/cellbits.h"

// Internal to the engine: one target changes, and everything that is counted about targets changes
// with it. Only calm.cpp writes to State::cells too.
namespace aviary::kernel {

// Rollout time stands still in a pause.
inline Millis rolloutTime(const State &state) {
    return (state.status == Status::Paused ? state.docket.paused_at : state.now) - state.frozen_ms;
}

constexpr bool isUnderWay(Phase phase) {
    return phase == Phase::Updating || phase == Phase::Proving || phase == Phase::Restoring;
}
constexpr bool isOpen(Phase phase) { // its wave waits for it
    return phase <= Phase::Proving;
}

inline std::uint32_t underWay(const State &state) {
    return state.count(Phase::Updating) + state.count(Phase::Proving) +
           state.count(Phase::Restoring);
}

// 64-bit finalizer of MurmurHash3 (Austin Appleby, public domain).
inline std::uint64_t mixed(std::uint64_t word) {
    word ^= word >> 33;
    word *= 0xff51'afd7'ed55'8ccdULL;
    word ^= word >> 33;
    word *= 0xc4ce'b9fe'1a85'ec53ULL;
    return word ^ (word >> 33);
}

// A digest of the bits of a cell that carry meaning, in two halves: most changes leave the first
// word as it is, so its half serves for before and after. `second` is without bits::unused.
inline std::uint64_t digestStart(TargetIndex target, std::uint64_t first) {
    const std::uint64_t word = (first ^ (std::uint64_t{target} << 32)) * 0x9e37'79b9'7f4a'7c15ULL;
    return word ^ (word >> 32);
}
inline std::uint64_t digestEnd(std::uint64_t start, std::uint64_t second) {
    const std::uint64_t word = (start ^ second) * 0xd6e8'feb8'6659'fd93ULL;
    return word ^ (word >> 29);
}
inline std::uint64_t digestOf(TargetIndex target, CellWords words) {
    return digestEnd(digestStart(target, words.first), words.second & ~bits::unused);
}

// How a target serves.
struct Service {
    bool fresh, stable, down;
    bool up() const { return fresh || stable; }
};
inline Service serviceOf(const Cell &cell) {
    const bool heard = cell.status != NodeStatus::Offline && !cell.drained;
    const bool fresh = cell.ready && heard;
    const bool stable = cell.old_runs && heard;
    return {fresh, stable, cell.served && !fresh && !stable};
}

// Lets the targets go on that wait for their site.
inline void openSite(State &state, std::uint32_t site) {
    SiteQueue &queue = state.docket.queues[site];
    if (queue.head != no_target && !queue.open) {
        queue.open = true;
        state.docket.open_sites.push(site);
    }
}

inline void countService(State &state, const Cell &cell, Service was, Service is) {
    SiteCount &site = state.sites[cell.site];
    Docket &docket = state.docket;
    const auto moved = [](bool before, bool after) {
        return static_cast<std::uint32_t>(after) - static_cast<std::uint32_t>(before);
    };
    site.fresh += moved(was.fresh, is.fresh);
    site.stable += moved(was.stable, is.stable);
    site.down += moved(was.down, is.down);
    docket.fresh += moved(was.fresh, is.fresh);
    docket.stable += moved(was.stable, is.stable);
    docket.up += moved(was.up(), is.up());
    if (was.down && !is.down) {
        openSite(state, cell.site);
    }
}

inline void countPhase(State &state, TargetIndex target, const Cell &cell, Phase was) {
    Docket &docket = state.docket;
    const Phase is = cell.phase;
    --state.counts[static_cast<std::size_t>(was)];
    ++state.counts[static_cast<std::size_t>(is)];
    state.sites[cell.site].under_way +=
        static_cast<std::uint32_t>(isUnderWay(is)) - static_cast<std::uint32_t>(isUnderWay(was));
    docket.clock_stopped = docket.clock_stopped || isUnderWay(was);
    if (target < docket.wave_begin || target >= docket.wave_end) {
        return;
    }
    docket.wave_healthy += static_cast<std::uint32_t>(is == Phase::Healthy) -
                           static_cast<std::uint32_t>(was == Phase::Healthy);
    docket.wave_failed += static_cast<std::uint32_t>(is == Phase::Failed) -
                          static_cast<std::uint32_t>(was == Phase::Failed);
    if (isOpen(is) != isOpen(was)) {
        docket.wave_open += isOpen(is) ? 1U : ~0U;
        if (docket.wave_open == 0) {
            docket.wave_settled = rolloutTime(state);
        }
    }
}

// As change, laid out where it is called, so that what is known there of the phases need not be
// asked again: for the few changes that nearly every event makes.
template <class Edit>
[[gnu::always_inline]] inline void changeInline(State &state, TargetIndex target, Edit &&edit) {
    Cell &cell = state.cells[target];
    const Cell before = cell;
    edit(cell);
    const Service was = serviceOf(before);
    const Service is = serviceOf(cell);
    if (was.fresh != is.fresh || was.stable != is.stable || was.down != is.down) {
        countService(state, cell, was, is);
    }
    if (before.phase != cell.phase) {
        countPhase(state, target, cell, before.phase);
    }
    state.docket.cell_hash += digestOf(target, wordsOf(cell)) - digestOf(target, wordsOf(before));
}

// Runs `edit` on the cell of `target` and keeps all counts and the hash.
template <class Edit>
void change(State &state, TargetIndex target, Edit &&edit) {
    changeInline(state, target, edit);
}

} // namespace aviary::kernel
