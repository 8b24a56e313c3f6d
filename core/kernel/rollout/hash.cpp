// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernel/rollout/cells.h"

#include <bit>

namespace aviary::kernel {
namespace {

class Digest {
public:
    template <class Number>
    void add(Number number) {
        word_ = mixed((word_ ^ static_cast<std::uint64_t>(number)) + 0x9e37'79b9'7f4a'7c15ULL);
    }
    void add(double number) { add(std::bit_cast<std::uint64_t>(number)); }
    void add(const Sample &sample) {
        add(sample.requests);
        add(sample.errors);
        add(sample.timed);
        add(sample.slow);
    }
    void add(const Tally &tally) {
        add(tally.begun);
        add(tally.last);
        add(tally.total);
    }
    void add(const Interval &interval) {
        add(interval.low);
        add(interval.high);
    }
    std::uint64_t word() const { return word_; }

private:
    std::uint64_t word_ = 0;
};

void addRollout(Digest &digest, const State &state) {
    digest.add(static_cast<int>(state.status));
    digest.add(static_cast<int>(state.resume_to));
    digest.add(static_cast<int>(state.why.cause));
    digest.add(state.why.target);
    digest.add(state.why.step);
    digest.add(state.why.at);
    digest.add(state.epoch);
    digest.add(state.step);
    digest.add(state.wave);
    digest.add(state.weight);
    digest.add(state.weight_asked);
    digest.add(state.weight_person);
    digest.add(state.fresh_slot);
    digest.add(state.measuring);
    digest.add(state.last_order);
    digest.add(state.now);
    digest.add(state.step_since);
    digest.add(state.frozen_ms);
}

void addVerdict(Digest &digest, const Verdict &verdict) {
    digest.add(static_cast<int>(verdict.ruling));
    digest.add(verdict.fresh);
    digest.add(verdict.stable);
    digest.add(verdict.errors);
    digest.add(verdict.slow);
    digest.add(verdict.healthy);
    digest.add(verdict.failed);
    digest.add(verdict.pass_rate);
}

void addDocket(Digest &digest, const Docket &docket) {
    digest.add(docket.cell_hash);
    digest.add(docket.windows.size());
    digest.add(docket.deadlines.size());
    digest.add(docket.cursor);
    digest.add(docket.wave_open);
    digest.add(docket.wave_settled);
    digest.add(docket.again.size());
    digest.add(docket.queued);
    digest.add(docket.retiring);
    digest.add(docket.touched.size());
    digest.add(docket.undo);
    digest.add(docket.postponed);
    digest.add(docket.router_order);
    digest.add(docket.slot_asked);
    digest.add(docket.router_refused);
    digest.add(docket.goal);
    digest.add(docket.lowered);
    digest.add(docket.passed);
    digest.add(docket.superseding);
    digest.add(docket.ruled);
    digest.add(docket.checks_passed);
    digest.add(docket.tally_fresh);
    digest.add(docket.tally_stable);
    digest.add(docket.paused_at);
    digest.add(docket.progress_since);
}

} // namespace

std::uint64_t stateHash(const State &state) {
    Digest digest;
    addRollout(digest, state);
    addVerdict(digest, state.verdict);
    addDocket(digest, state.docket);
    return digest.word();
}

} // namespace aviary::kernel
