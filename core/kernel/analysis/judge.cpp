// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernel/analysis/judge.h"

#include "core/kernel/analysis/sequence.h"

#include <algorithm>
#include <cmath>

namespace aviary::kernel {

namespace {

double alphaOf(const NotWorse &judge) {
    // Fixed before anything is seen, or the chance of a false alarm would not hold: latency has its
    // half whether or not a latency is ever reported.
    return static_cast<double>(judge.alpha) / ppm_one / (judge.judge_latency ? 2 : 1);
}

bool judgesLatency(const NotWorse &judge, const Sample &fresh, const Sample &stable) {
    return judge.judge_latency && fresh.timed > 0 && stable.timed > 0;
}

struct Both {
    Count fresh, stable;
};
Both errorsOf(const Sample &fresh, const Sample &stable) {
    return {{fresh.requests, fresh.errors}, {stable.requests, stable.errors}};
}
Both slowOf(const Sample &fresh, const Sample &stable) {
    return {{fresh.timed, fresh.slow}, {stable.timed, stable.slow}};
}

double marginOf(const NotWorse &judge) {
    return static_cast<double>(judge.margin) / ppm_one;
}
Place placeOf(const NotWorse &judge, const Both &counts) {
    return placeOf(counts.fresh, counts.stable, alphaOf(judge), marginOf(judge));
}
bool isAbove(const NotWorse &judge, const Both &counts) {
    const auto rate = [](const Count &count) {
        return static_cast<double>(count.hits) / static_cast<double>(count.trials);
    };
    return rate(counts.fresh) - rate(counts.stable) > marginOf(judge) &&
           placeOf(judge, counts) == Place::Above;
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
    verdict.ruling = ruleHealthShare(judge, healthy, failed);
    verdict.healthy = healthy;
    verdict.failed = failed;
    if (verdict.ruling != Ruling::NoData) {
        verdict.pass_rate = healthy / (static_cast<double>(healthy) + failed);
    }
    return verdict;
}

Ruling ruleHealthShare(const HealthShare &judge, std::uint32_t healthy, std::uint32_t failed) {
    const std::uint64_t settled = std::uint64_t{healthy} + failed;
    if (settled == 0) {
        return Ruling::NoData;
    }
    const bool enough = std::uint64_t{healthy} * ppm_one >= settled * judge.threshold;
    return enough ? Ruling::Pass : Ruling::Fail;
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

Ruling ruleNotWorse(const NotWorse &judge, const Sample &fresh, const Sample &stable) {
    if (fresh.requests == 0 || stable.requests == 0) {
        return fresh.requests == 0 ? Ruling::NoTraffic : Ruling::ZeroBaseline;
    }
    const Place errors = placeOf(judge, errorsOf(fresh, stable));
    Place slow = Place::Below;
    std::uint64_t trials = std::min(fresh.requests, stable.requests);
    if (judgesLatency(judge, fresh, stable)) {
        slow = placeOf(judge, slowOf(fresh, stable));
        trials = std::min({trials, fresh.timed, stable.timed});
    }
    if (errors == Place::Above || slow == Place::Above) {
        return Ruling::Fail;
    }
    const bool clear = errors == Place::Below && slow == Place::Below;
    return clear && trials >= judge.sample_min ? Ruling::Pass : Ruling::Undecided;
}

Ruling failNotWorse(const NotWorse &judge, const Sample &fresh, const Sample &stable) {
    if (fresh.requests == 0 || stable.requests == 0) {
        return fresh.requests == 0 ? Ruling::NoTraffic : Ruling::ZeroBaseline;
    }
    const bool fails =
        isAbove(judge, errorsOf(fresh, stable)) ||
        (judgesLatency(judge, fresh, stable) && isAbove(judge, slowOf(fresh, stable)));
    return fails ? Ruling::Fail : Ruling::Undecided;
}

Verdict judgeNotWorse(const NotWorse &judge, const Sample &fresh, const Sample &stable) {
    Verdict verdict;
    verdict.ruling = ruleNotWorse(judge, fresh, stable);
    verdict.fresh = fresh;
    verdict.stable = stable;
    if (fresh.requests == 0 || stable.requests == 0) {
        return verdict;
    }
    const auto interval = [&judge](const Both &counts) {
        return rateDifference(counts.fresh, counts.stable, alphaOf(judge));
    };
    verdict.errors = interval(errorsOf(fresh, stable));
    if (judgesLatency(judge, fresh, stable)) {
        verdict.slow = interval(slowOf(fresh, stable));
    }
    return verdict;
}

} // namespace aviary::kernel
