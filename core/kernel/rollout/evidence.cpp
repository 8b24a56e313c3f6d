// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernel/rollout/cells.h"
#include "core/kernel/rollout/engine.h"

#include <algorithm>
#include <cmath>

namespace aviary::kernel {
namespace {

void addTo(Sample &total, const Sample &now, const Sample &before) {
    total.requests += now.requests - before.requests;
    total.errors += now.errors - before.errors;
    total.timed += now.timed - before.timed;
    total.slow += now.slow - before.slow;
}

// A restarted router counts from 0, so what it says then came on top. A report that is only a
// little behind the newest is an old one.
void count(Tally &tally, const Sample &sample) {
    if (!tally.begun) {
        tally.begun = true;
        tally.last = sample;
        return;
    }
    const Sample &last = tally.last;
    if (sample.requests >= last.requests && sample.errors >= last.errors &&
        sample.timed >= last.timed && sample.slow >= last.slow) {
        addTo(tally.total, sample, last);
    } else if (sample.requests <= last.requests / 2) {
        addTo(tally.total, sample, {});
    } else {
        return;
    }
    tally.last = sample;
}

// The health share is of the nodes that this rollout touched; a plan that only shifts traffic
// touches none and is judged by those it found.
std::uint32_t healthyJudged(const State &state) {
    return state.docket.touched.empty() ? state.count(Phase::Healthy) : healthyTouched(state);
}

// The graver answer stands; Pass only when nobody answers otherwise.
int gravity(Ruling ruling) {
    switch (ruling) {
    case Ruling::Pass:
        return 0;
    case Ruling::Undecided:
        return 1;
    case Ruling::ZeroBaseline:
        return 2;
    case Ruling::NoTraffic:
        return 3;
    case Ruling::NoData:
        return 4;
    case Ruling::Fail:
        return 5;
    }
    return 0;
}

// Adds what one judge says to the verdict.
class Hear {
public:
    Hear(const State &state, std::uint32_t place, bool pass_counts, Verdict &verdict)
        : state_(state), place_(place), pass_counts_(pass_counts), verdict_(verdict) {}

    void operator()(const HealthShare &judge) const {
        take(ruleHealthShare(judge, verdict_.healthy, verdict_.failed));
    }
    void operator()(const Tolerance &judge) const {
        const Docket &docket = state_.docket;
        const auto begin = docket.metrics.begin() + docket.metrics_begin[place_];
        const Verdict one = judgeTolerance(
            judge, {begin, docket.metrics.begin() + docket.metrics_begin[place_ + 1]});
        verdict_.pass_rate = one.pass_rate;
        take(one.ruling);
    }
    void operator()(const NotWorse &judge) const {
        const Sample &fresh = verdict_.fresh;
        const Sample &stable = verdict_.stable;
        if (state_.explains) {
            const Verdict one = judgeNotWorse(judge, fresh, stable);
            verdict_.errors = one.errors;
            verdict_.slow = one.slow;
            take(one.ruling);
        } else {
            take(pass_counts_ ? ruleNotWorse(judge, fresh, stable)
                              : failNotWorse(judge, fresh, stable));
        }
    }

private:
    void take(Ruling ruling) const {
        if (gravity(ruling) > gravity(verdict_.ruling)) {
            verdict_.ruling = ruling;
        }
    }

    const State &state_;
    std::uint32_t place_;
    bool pass_counts_;
    Verdict &verdict_;
};

} // namespace

bool isBaked(const Plan &plan, const State &state) {
    const auto *check = presentStep<CheckStep>(plan, state);
    return check && rolloutTime(state) >= state.step_since + check->bake_ms;
}

bool healthMoved(const State &state) {
    return state.verdict.healthy != healthyJudged(state) ||
           state.verdict.failed != state.count(Phase::Failed);
}

void judgeAgain(const Plan &plan, State &state) {
    const auto *check = presentStep<CheckStep>(plan, state);
    if (!check || !state.measuring) {
        return;
    }
    Verdict &verdict = state.verdict;
    verdict = {};
    verdict.ruling = Ruling::Pass;
    verdict.fresh = state.docket.tally_fresh.total;
    verdict.stable = state.docket.tally_stable.total;
    verdict.healthy = healthyJudged(state);
    verdict.failed = state.count(Phase::Failed);
    const auto end = std::min<std::size_t>(check->judges_end, plan.judges.size());
    const bool pass_counts = isBaked(plan, state);
    for (std::uint32_t i = check->judges_begin; i < end; ++i) {
        std::visit(Hear(state, i, pass_counts, verdict), plan.judges[i]);
    }
}

void beginCheck(const Plan &plan, State &state) {
    Docket &docket = state.docket;
    docket.ruled = false;
    docket.ruling = Ruling::Undecided;
    docket.tally_fresh = docket.tally_stable = {};
    std::fill(docket.metrics.begin(), docket.metrics.end(), MetricPair{});
    state.measuring = true;
    judgeAgain(plan, state);
}

void noteMeasured(const Plan &plan, State &state, const TrafficMeasured &measured) {
    if (!state.measuring) {
        return;
    }
    count(measured.fresh ? state.docket.tally_fresh : state.docket.tally_stable, measured.sample);
    judgeAgain(plan, state);
}

void noteMeasured(const Plan &plan, State &state, const MetricMeasured &measured) {
    Docket &docket = state.docket;
    if (!state.measuring || measured.judge >= plan.judges.size()) {
        return;
    }
    const std::uint32_t begin = docket.metrics_begin[measured.judge];
    if (measured.metric >= docket.metrics_begin[measured.judge + 1] - begin) {
        return;
    }
    MetricPair &pair = docket.metrics[begin + measured.metric];
    const bool present = measured.present && std::isfinite(measured.value);
    (measured.candidate ? pair.candidate : pair.baseline) =
        present ? std::optional(measured.value) : std::nullopt;
    judgeAgain(plan, state);
}

} // namespace aviary::kernel
