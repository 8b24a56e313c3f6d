// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/rollout/event.h"
#include "core/kernel/strategy/plan.h"

#include <algorithm>
#include <limits>

// What is due and what waits in a rollout: the part of State that nobody but the engine reads. It
// is derived from the events and commands so far, moved only by note and mark, and there so that
// decide and nextDeadline need not search.
//
// Snapshots keep it: a member that comes or goes is listed in core/record/statecodec.cpp too.
namespace aviary::kernel {

inline constexpr TargetIndex no_target = 0xffff'ffffu;
inline constexpr Millis never = std::numeric_limits<Millis>::max();

// First in, first out, in one block that is reused: no allocation once it has grown.
template <class Item>
class Fifo {
public:
    bool empty() const { return head_ == items_.size(); }
    std::size_t size() const { return items_.size() - head_; }
    const Item &front() const { return items_[head_]; }
    const Item &at(std::size_t place) const { return items_[head_ + place]; }
    [[gnu::always_inline]] void push(const Item &item) {
        if (items_.size() == items_.capacity()) [[unlikely]] {
            makeRoom();
        }
        items_.push_back(item);
    }
    void pop() {
        if (++head_ == items_.size()) {
            clear();
        }
    }
    void clear() {
        items_.clear();
        head_ = 0;
    }

private:
    [[gnu::noinline]] void makeRoom() {
        if (head_ > items_.size() / 2) {
            items_.erase(items_.begin(), items_.begin() + static_cast<std::ptrdiff_t>(head_));
            head_ = 0;
        } else {
            items_.reserve(std::max<std::size_t>(16, 2 * items_.size()));
        }
    }

    std::vector<Item> items_;
    std::size_t head_ = 0;
};

// A clock of one target. All of one queue have the same length, so they come due in the order in
// which they began. `stamp` tells a clock that was stopped from one that runs: see stampOf.
struct Due {
    Millis at = 0;
    TargetIndex target = 0;
    std::uint32_t stamp = 0;
};

// Targets of one site that wait until the site can spare another node: a list linked through
// Docket::next, in the order of the plan.
struct SiteQueue {
    TargetIndex head = no_target;
    TargetIndex tail = no_target;
    std::uint32_t limit = 1; // Plan::maxUnavailable
    std::uint32_t nodes = 0; // active targets of the site
    bool open = false;       // it is in Docket::open_sites
};

// What a person asked for and is not answered yet.
struct Wishes {
    bool approve : 1 = false;
    bool start : 1 = false;
    bool pause : 1 = false;
    bool resume : 1 = false;
    bool roll_back : 1 = false;
    bool fail : 1 = false;
    bool advance : 1 = false; // out of Waiting: promoted, skipped or asked to try again
    bool skip : 1 = false;    // the present step
    bool rerun : 1 = false;   // EnterStep(Docket::rerun_step)
    bool wait : 1 = false;    // lowered: wait for a person
    bool any() const {
        return approve || start || pause || resume || roll_back || fail || advance || skip ||
               rerun || wait;
    }
};

// Cumulative counters of one revision since the present check began. A counter that fell by half
// or more began anew (the router restarted); a smaller fall is an old report and is ignored.
struct Tally {
    bool begun = false;
    Sample last;
    Sample total;
};

// Whether only the few events of the calm course can follow: see calm.cpp.
enum class Calm : std::uint8_t { No, Updating, Retiring, Measuring };

struct Docket {
    Fifo<Due> windows;          // min_healthy
    Fifo<Due> deadlines;        // healthy_deadline
    Millis clock_due = never;   // the first of them is not due before; may be too early
    bool clock_stopped = false; // a clock may stand in front of its queue that runs no more

    // The present wave: targets [wave_begin, wave_end), of which those before `cursor` had their
    // turn or wait in the queue of their site.
    TargetIndex wave_begin = 0, wave_end = 0, cursor = 0;
    std::uint32_t wave_open = 0, wave_healthy = 0, wave_failed = 0;
    bool wave_worked = false;   // it ordered something: the delay follows
    Millis wave_settled = 0;    // rollout time
    std::uint32_t parallel = 1; // updates under way at once, in the present step

    Fifo<TargetIndex> again;         // another attempt, or the way back of a node that returned
    Fifo<std::uint32_t> open_sites;  // queues that may go on
    std::vector<SiteQueue> queues;   // as State::sites
    std::vector<TargetIndex> next;   // as State::cells
    std::uint32_t queued = 0;        // targets in the queues
    Fifo<TargetIndex> to_retire;     // UpdateStep::retire_old
    TargetIndex retire_cursor = 0;   // RetireStep
    bool retire_step = false;        // it is the present one
    std::uint32_t retiring = 0;      // RetireNode outstanding
    std::vector<Order> retire_order; // of the outstanding RetireNode, as State::cells

    std::vector<TargetIndex> touched; // in the order of the first order
    bool way_back = false;            // it began; the status may be Waiting or Paused on it
    std::size_t undo = 0;             // touched [0, undo) have their way back to come
    std::uint32_t postponed = 0;      // on the way back, and not reachable
    TargetIndex lost = no_target;     // the first node that could not be brought back
    Cause back_cause = Cause::None;   // why it goes back
    TargetIndex back_target = no_target;
    bool flag_raised = false; // feature-flag: it was ordered above 0

    std::uint32_t fresh = 0, stable = 0, up = 0; // targets, summed over the sites
    std::uint32_t done_healthy = 0;              // healthy targets that were done from the start
    TargetIndex late = no_target;                // failed after its wave

    Order router_order = unasked;     // outstanding SetWeight or SwitchSlot
    bool slot_asked = false;          // the slot last ordered: true is the new one
    std::uint32_t router_refused = 0; // times in a row
    Millis router_again = 0;          // when it may be asked again; not rollout time

    Weight goal = 0;      // Promote::to; holds below it are passed
    bool lowered = false; // the weight is what a person lowered it to
    Weight lower_to = 0;  // Lower::to
    bool passed = false;  // the present hold, or undecided check, was promoted
    bool superseding = false;
    Wishes wishes;
    std::uint32_t rerun_step = 0;

    bool ruled = false; // Rule was given for the present check
    Ruling ruling = Ruling::Undecided;
    bool checks_passed = true; // since the last hold
    Tally tally_fresh, tally_stable;
    std::vector<MetricPair> metrics;          // of Tolerance judges, one after the other
    std::vector<std::uint32_t> metrics_begin; // as Plan::judges, and one more

    bool entered = false; // the first step
    Millis paused_at = 0;
    Millis progress_since = 0; // rollout time

    std::uint64_t cell_hash = 0; // sum over State::cells
    Calm calm = Calm::No;        // as settle left it; no part of what is recorded
    // Taken from the plan once.
    bool follows = false;     // Plan::weightFollowsNodes
    bool retires_old = false; // an update step has retire_old
    Ppm threshold = ppm_one;
};

} // namespace aviary::kernel
