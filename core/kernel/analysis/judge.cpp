// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernel/analysis/judge.h"

#include "core/kernel/analysis/sequence.h"

#include <algorithm>
#include <cmath>

namespace aviary::kernel {

namespace {

// How one of the two comparisons of NotWorse stands.
enum class Side : std::uint8_t { Worse, NotWorse, Open };

Side sideOf(const Interval &interval, double margin, std::uint64_t trials,
            std::uint64_t trials_min) {
    if (interval.low > margin) {
        return Side::Worse;
    }
    return interval.high < margin && trials >= trials_min ? Side::NotWorse : Side::Open;
}

bool isSeen(const std::optional<double> &value) {
    return value && std::isfinite(*value);
}

bool isWithin(const MetricPair &metric, double tolerance) {
    const double baseline = *metric.baseline;
    const double candidate = *metric.candidate;
    return baseline > 0.0 ? (candidate - baseline) / baseline <= tolerance : candidate <= tolerance;
}

} // namespace

std::string_view nameOf(Ruling ruling) {
    switch (ruling) {
    case Ruling::Undecided:
        return "undecided";
    case Ruling::Pass:
        return "pass";
    case Ruling::Fail:
        return "fail";
    case Ruling::NoTraffic:
        return "no_traffic";
    case Ruling::NoData:
        return "no_data";
    case Ruling::ZeroBaseline:
        return "zero_baseline";
    }
    return "";
}

Verdict judgeHealthShare(const HealthShare &judge, std::uint32_t healthy, std::uint32_t failed) {
    Verdict verdict;
    verdict.healthy = healthy;
    verdict.failed = failed;
    const std::uint64_t settled = std::uint64_t{healthy} + failed;
    if (settled == 0) {
        verdict.ruling = Ruling::NoData;
        return verdict;
    }
    verdict.pass_rate = static_cast<double>(healthy) / static_cast<double>(settled);
    const bool enough = std::uint64_t{healthy} * ppm_one >= settled * judge.threshold;
    verdict.ruling = enough ? Ruling::Pass : Ruling::Fail;
    return verdict;
}

Verdict judgeTolerance(const Tolerance &judge, const std::vector<MetricPair> &metrics) {
    Verdict verdict;
    verdict.ruling = Ruling::NoData;
    const bool all_seen = std::all_of(metrics.begin(), metrics.end(), [](const MetricPair &metric) {
        return isSeen(metric.baseline) && isSeen(metric.candidate);
    });
    if (metrics.empty() || !all_seen || metrics.size() < judge.metrics.size()) {
        return verdict;
    }
    std::size_t passed = 0;
    for (std::size_t i = 0; i < metrics.size(); ++i) {
        const bool own = i < judge.tolerances.size();
        passed += isWithin(metrics[i], own ? judge.tolerances[i] : judge.tolerance) ? 1 : 0;
    }
    verdict.pass_rate = static_cast<double>(passed) / static_cast<double>(metrics.size());
    if (verdict.pass_rate >= judge.promote_rate) {
        verdict.ruling = Ruling::Pass;
    } else {
        verdict.ruling = verdict.pass_rate < judge.rollback_rate ? Ruling::Fail : Ruling::Undecided;
    }
    return verdict;
}

Verdict judgeNotWorse(const NotWorse &judge, const Sample &fresh, const Sample &stable) {
    Verdict verdict;
    verdict.fresh = fresh;
    verdict.stable = stable;
    if (fresh.requests == 0 || stable.requests == 0) {
        verdict.ruling = fresh.requests == 0 ? Ruling::NoTraffic : Ruling::ZeroBaseline;
        return verdict;
    }
    // Fixed before anything is seen, or the chance of a false alarm would not hold: latency has its
    // half whether or not a latency is ever reported.
    const double alpha = static_cast<double>(judge.alpha) / ppm_one / (judge.judge_latency ? 2 : 1);
    const double margin = static_cast<double>(judge.margin) / ppm_one;
    verdict.errors =
        rateDifference({fresh.requests, fresh.errors}, {stable.requests, stable.errors}, alpha);
    const Side errors =
        sideOf(verdict.errors, margin, std::min(fresh.requests, stable.requests), judge.sample_min);
    Side slow = Side::NotWorse;
    if (judge.judge_latency && fresh.timed > 0 && stable.timed > 0) {
        verdict.slow =
            rateDifference({fresh.timed, fresh.slow}, {stable.timed, stable.slow}, alpha);
        slow = sideOf(verdict.slow, margin, std::min(fresh.timed, stable.timed), judge.sample_min);
    }
    if (errors == Side::Worse || slow == Side::Worse) {
        verdict.ruling = Ruling::Fail;
    } else if (errors == Side::NotWorse && slow == Side::NotWorse) {
        verdict.ruling = Ruling::Pass;
    }
    return verdict;
}

} // namespace aviary::kernel
