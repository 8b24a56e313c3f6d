// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/basics.h"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace aviary::kernel {

// ---- What a check may be judged by -------------------------------------------------------------

// Share of healthy nodes among those that settled; equal passes.
struct HealthShare {
    Ppm threshold = 950'000;
    bool operator==(const HealthShare &) const = default;
    static constexpr auto fields() {
        return std::tuple{field("threshold", &HealthShare::threshold)};
    }
};

// Per metric: (candidate - baseline) / baseline <= tolerance passes; a baseline of zero passes when
// the candidate is <= tolerance. Pass rate >= promote passes, < rollback fails, between continues.
// A metric that is missing on either side is no data, never a pass.
struct Tolerance {
    std::vector<std::string> metrics; // sorted
    double tolerance = 0.1;
    std::vector<double> tolerances; // one for each metric; empty: `tolerance` for all
    double promote_rate = 0.9;
    double rollback_rate = 0.5;
    bool operator==(const Tolerance &) const = default;
    static constexpr auto fields() {
        return std::tuple{field("metrics", &Tolerance::metrics),
                          field("tolerance", &Tolerance::tolerance),
                          field("tolerances", &Tolerance::tolerances),
                          field("promote_rate", &Tolerance::promote_rate),
                          field("rollback_rate", &Tolerance::rollback_rate)};
    }
};

// Compares error counts, and counts of slow answers, of new and old over the same time with a
// confidence sequence for the difference of two rates: valid however often one looks.
//   worse     the whole interval of (new - old) lies above `margin`
//   not worse the whole interval lies below `margin`, and each side has `sample_min` requests
struct NotWorse {
    Ppm margin = 5'000; // how much worse is tolerated: 0.5 points
    Ppm alpha = 50'000; // chance of a false "worse" over the whole run of the check: 5 %
    std::uint64_t sample_min = 200;
    bool judge_latency = true; // slow answers as well, each with alpha / 2
    bool operator==(const NotWorse &) const = default;
    static constexpr auto fields() {
        return std::tuple{field("margin", &NotWorse::margin), field("alpha", &NotWorse::alpha),
                          field("sample_min", &NotWorse::sample_min),
                          field("judge_latency", &NotWorse::judge_latency)};
    }
};

using Judge = std::variant<HealthShare, Tolerance, NotWorse>;

// ---- What was seen ----------------------------------------------------------------------------

// Cumulative counters of one revision, as the router counts them since it started.
struct Sample {
    std::uint64_t requests = 0;
    std::uint64_t errors = 0;
    std::uint64_t timed = 0; // requests whose latency was seen
    std::uint64_t slow = 0;  // of those, over the plan's latency limit
    bool operator==(const Sample &) const = default;
    static constexpr auto fields() {
        return std::tuple{field("requests", &Sample::requests), field("errors", &Sample::errors),
                          field("timed", &Sample::timed), field("slow", &Sample::slow)};
    }
};

struct MetricPair {
    std::optional<double> baseline;
    std::optional<double> candidate;
    bool operator==(const MetricPair &) const = default;
    static constexpr auto fields() {
        return std::tuple{field("baseline", &MetricPair::baseline),
                          field("candidate", &MetricPair::candidate)};
    }
};

// ---- What the judge answers --------------------------------------------------------------------

enum class Ruling : std::uint8_t {
    Undecided, // keep looking
    Pass,
    Fail,
    NoTraffic,    // no requests on the new revision
    NoData,       // the source does not answer, or a metric is missing
    ZeroBaseline, // the old revision saw no request: there is nothing to compare with
};

std::string_view nameOf(Ruling ruling); // "zero_baseline"

// An interval for a difference of rates, in parts of 1 (0.01 is one point).
struct Interval {
    double low = -1.0;
    double high = 1.0;
    bool operator==(const Interval &) const = default;
    static constexpr auto fields() {
        return std::tuple{field("low", &Interval::low), field("high", &Interval::high)};
    }
};

// The evidence behind a ruling; always shown.
struct Verdict {
    Ruling ruling = Ruling::Undecided;
    Sample fresh;                          // the new revision, since the check began
    Sample stable;                         // the old revision, over the same time
    Interval errors;                       // of the error rate difference, new - old
    Interval slow;                         // of the slow rate difference
    std::uint32_t healthy = 0, failed = 0; // nodes, for HealthShare
    double pass_rate = 0.0;                // for Tolerance
    bool operator==(const Verdict &) const = default;
    static constexpr auto fields() {
        return std::tuple{
            field("ruling", &Verdict::ruling), field("fresh", &Verdict::fresh),
            field("stable", &Verdict::stable), field("errors", &Verdict::errors),
            field("slow", &Verdict::slow),     field("healthy", &Verdict::healthy),
            field("failed", &Verdict::failed), field("pass_rate", &Verdict::pass_rate)};
    }
};

Verdict judgeHealthShare(const HealthShare &judge, std::uint32_t healthy, std::uint32_t failed);
// Its ruling alone.
Ruling ruleHealthShare(const HealthShare &judge, std::uint32_t healthy, std::uint32_t failed);
Verdict judgeTolerance(const Tolerance &judge, const std::vector<MetricPair> &metrics);
// `fresh` and `stable` count from the moment that the check began.
Verdict judgeNotWorse(const NotWorse &judge, const Sample &fresh, const Sample &stable);
// Its ruling alone, without the intervals that show why: about a microsecond instead of ten.
Ruling ruleNotWorse(const NotWorse &judge, const Sample &fresh, const Sample &stable);
// As long as a pass would not count yet: as ruleNotWorse, but Undecided in place of Pass. Mostly a
// comparison, for where no more is seen than the margin, no interval lies above it.
Ruling failNotWorse(const NotWorse &judge, const Sample &fresh, const Sample &stable);

} // namespace aviary::kernel
