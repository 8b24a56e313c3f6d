// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/rollout/command.h"
#include "core/kernel/rollout/docket.h"

#include <array>

namespace aviary::kernel {

// Where one target stands in this rollout.
enum class Phase : std::uint8_t {
    Untouched, // its turn has not come
    Updating,  // ordered, not ready yet
    Proving,   // ready, its window of min_healthy runs
    Healthy,   // on the new revision
    Failed,
    Skipped,
    Behind,    // may not be touched; catches up when it returns
    Restoring, // ordered back
    Restored,  // on what it had
};
inline constexpr std::size_t phase_count = 9;
std::string_view nameOf(Phase phase);

// One target. Small, because there may be a million of them. "The old instance" is what ran before
// this rollout; reports about it that nobody asked for carry no order.
struct Cell {
    Order order = unasked;  // the newest update or way back; a report with another one is late
    std::uint32_t site = 0; // in Plan::sites
    Phase phase = Phase::Untouched;
    NodeStatus status = NodeStatus::Online;
    Cause cause = Cause::None; // why it failed
    std::uint8_t attempts = 0;
    std::uint8_t windows = 0;   // windows of min_healthy begun in this attempt
    std::uint8_t falls = 0;     // times that it was healthy in this attempt and fell back
    bool flagged : 1 = false;   // draining, in maintenance or excluded
    bool drained : 1 = false;   // draining or in maintenance: serves nothing
    bool incapable : 1 = false; // lacks a capability or room: is never ordered anything
    bool ready : 1 = false;     // the new instance is ready
    bool old_runs : 1 = true;   // the old instance runs, alone or beside
    bool old_gone : 1 = false;  // the old instance was replaced or retired by this rollout
    bool retiring : 1 = false;  // RetireNode is outstanding
    bool touched : 1 = false;   // UpdateNode was ordered at least once
    bool served : 1 = false;    // had an instance at some time: counts as down when none serves
    bool again : 1 = false;     // waits for another attempt
    bool proven : 1 = false;    // was healthy in this attempt
    bool postponed : 1 = false; // its way back waits until the node returns
    bool returning : 1 = false; // `order` is a way back
    bool queued : 1 = false;    // in the queue of its site
    bool operator==(const Cell &) const = default;

    // Orders are sent only to reachable nodes.
    bool reachable() const { return status != NodeStatus::Offline && !flagged && !incapable; }
};
static_assert(sizeof(Cell) == 16);

struct SiteCount {
    std::uint32_t under_way = 0; // Updating, Proving, Restoring
    std::uint32_t down = 0;      // targets that serve nothing now, for any reason
    std::uint32_t fresh = 0;     // targets whose new instance is ready
    std::uint32_t stable = 0;    // targets whose old instance serves (beside: maybe the same)
    bool operator==(const SiteCount &) const = default;
};

// Why the rollout stands where it stands. With the verdict and the counts it makes the sentence
// that a stopped rollout leads with.
struct Why {
    Cause cause = Cause::None;
    TargetIndex target = every_target; // the node that decided it, if one did
    std::uint32_t step = 0;
    Millis at = 0;
    bool operator==(const Why &) const = default;
};

// The whole of a rollout at one instant. Moved only by note and mark.
struct State {
    Status status = Status::Draft;
    Status resume_to = Status::InProgress; // while Paused
    Why why;
    std::uint64_t epoch = 0;  // moves on step, weight, status, request or verdict
    std::uint32_t step = 0;   // in Plan::steps; size of it when all are done
    std::uint32_t wave = 0;   // inside an update step
    Weight weight = 0;        // as the router confirmed it
    Weight weight_asked = 0;  // as it was ordered
    Weight weight_person = 0; // the highest that a person allowed (Promote::to), 0: none
    bool fresh_slot = false;  // blue-green: the switch to the new revision is confirmed
    bool measuring = false;   // a check wants counters and metrics
    bool explains = true;     // false: no verdict shows why, nor that it passes before that counts
    Verdict verdict;          // of the present or the last check
    Order last_order = unasked;
    std::array<std::uint32_t, phase_count> counts{}; // targets by Phase
    std::vector<SiteCount> sites;                    // as Plan::sites
    std::vector<Cell> cells;                         // as Plan::targets
    Millis now = 0;                                  // of the latest event
    Millis step_since = 0;                           // rollout time when the present step began
    Millis frozen_ms = 0;                            // how long rollout time stood still in pauses
    Docket docket;                                   // the engine's own

    std::uint32_t count(Phase phase) const { return counts[static_cast<std::size_t>(phase)]; }
};

// A 64-bit digest of everything in State that replay must reproduce; kept up incrementally.
std::uint64_t stateHash(const State &state);

} // namespace aviary::kernel
