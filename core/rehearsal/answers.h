// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/rollout/command.h"
#include "core/rehearsal/fan.h"

#include <optional>
#include <string>
#include <vector>

// What a rehearsal found out. Everything here is counted or computed from the futures, in integers
// where bits matter: the same seed gives the same answers on any number of threads. toJson() writes
// the members under the names of fields().
namespace aviary::rehearsal {

// How a future ended.
enum class Ending : std::uint8_t {
    Completed,
    RolledBack,
    Failed,  // where it stands: on_failure stop, or a way back that could not be finished
    Waiting, // for a person, when the horizon was reached or nobody was there to answer
    Stuck,   // went on beyond the horizon, or nothing was left that could move it
};
inline constexpr std::size_t ending_count = 5;
std::string_view nameOf(Ending ending); // "rolled_back"

// Hits among futures, with the Clopper-Pearson interval: it holds the long-run share in at least
// 95 of 100 rehearsals, whatever that share is.
struct Portion {
    std::uint32_t hits = 0, of = 0;
    double share = 0.0, low = 0.0, high = 1.0;
    bool operator==(const Portion &) const = default;
    static constexpr auto fields() {
        return std::tuple{field("hits", &Portion::hits), field("of", &Portion::of),
                          field("share", &Portion::share), field("low", &Portion::low),
                          field("high", &Portion::high)};
    }
};
Portion portionOf(std::uint32_t hits, std::uint32_t of);

// A number of each future: mean and quantiles over `of` futures (nearest rank). [median_low,
// median_high] are the order statistics that hold the long-run median in at least 95 of 100
// rehearsals; the first or last value where there are too few futures to say so. All 0 without
// futures.
struct Spans {
    std::uint32_t of = 0;
    double mean = 0.0;
    std::int64_t p5 = 0, median = 0, p95 = 0, p99 = 0, worst = 0;
    std::int64_t median_low = 0, median_high = 0;
    bool operator==(const Spans &) const = default;
    static constexpr auto fields() {
        return std::tuple{field("of", &Spans::of),
                          field("mean", &Spans::mean),
                          field("p5", &Spans::p5),
                          field("median", &Spans::median),
                          field("p95", &Spans::p95),
                          field("p99", &Spans::p99),
                          field("worst", &Spans::worst),
                          field("median_low", &Spans::median_low),
                          field("median_high", &Spans::median_high)};
    }
};
// Sorts `values`; the worst is the largest.
Spans spansOf(std::vector<std::int64_t> &values);

// Futures with one ending, or of one cause.
struct EndingShare {
    Ending ending = Ending::Completed;
    Portion portion;
    Spans time_ms; // from the beginning (or from now) to the end
    bool operator==(const EndingShare &) const = default;
    static constexpr auto fields() {
        return std::tuple{field("ending", &EndingShare::ending),
                          field("portion", &EndingShare::portion),
                          field("time_ms", &EndingShare::time_ms)};
    }
};

// What stopped futures: the first cause for which one went back, failed, or asked a person in
// doubt.
struct CaughtBy {
    kernel::Cause cause = kernel::Cause::None;
    std::uint32_t step = 0; // the plan's step in which most of them were caught
    Portion portion;
    bool operator==(const CaughtBy &) const = default;
    static constexpr auto fields() {
        return std::tuple{field("cause", &CaughtBy::cause), field("step", &CaughtBy::step),
                          field("portion", &CaughtBy::portion)};
    }
};

struct SiteLow {
    std::uint32_t site = 0;  // in Plan::sites
    std::uint32_t nodes = 0; // that serve there at the beginning, or did before
    std::uint32_t worst = 0; // fewest that served at any time of any future
    double mean = 0.0;       // of the fewest of each future
    std::uint32_t below = 0; // futures in which more were down than the plan allows at once
    bool operator==(const SiteLow &) const = default;
    static constexpr auto fields() {
        return std::tuple{field("site", &SiteLow::site), field("nodes", &SiteLow::nodes),
                          field("worst", &SiteLow::worst), field("mean", &SiteLow::mean),
                          field("below", &SiteLow::below)};
    }
};

// Everything under one hypothesis.
struct HypothesisAnswer {
    std::string name;
    double weight = 0.0; // its share of all weights: an assumption, 0 to 1
    std::uint32_t futures = 0;
    std::vector<EndingShare> endings; // one for each Ending, in its order
    Portion caught;                   // stopped by itself before it completed
    Spans caught_ms;                  // when
    Spans failed_when_caught;         // failed requests until then
    std::vector<CaughtBy> caught_by;  // most frequent first
    // Requests that failed and would not have on the old revision: errors of the new one beyond the
    // old one's rate, and what overloaded nodes could not serve.
    Spans failed_requests;
    std::vector<SiteLow> sites; // worst first, at most site_lows_max
    Fans fans;
    bool operator==(const HypothesisAnswer &) const = default;
    static constexpr auto fields() {
        return std::tuple{field("name", &HypothesisAnswer::name),
                          field("weight", &HypothesisAnswer::weight),
                          field("futures", &HypothesisAnswer::futures),
                          field("endings", &HypothesisAnswer::endings),
                          field("caught", &HypothesisAnswer::caught),
                          field("caught_ms", &HypothesisAnswer::caught_ms),
                          field("failed_when_caught", &HypothesisAnswer::failed_when_caught),
                          field("caught_by", &HypothesisAnswer::caught_by),
                          field("failed_requests", &HypothesisAnswer::failed_requests),
                          field("sites", &HypothesisAnswer::sites),
                          field("fans", &HypothesisAnswer::fans)};
    }
};
inline constexpr std::size_t site_lows_max = 64;

// The bake time that a check would need to see the error rise of a hypothesis four times in five.
struct BakeNeeded {
    std::string hypothesis;
    double rise = 0.0;                     // parts of 1
    std::optional<kernel::Millis> bake_ms; // none: not within 30 days of this traffic
    bool operator==(const BakeNeeded &) const = default;
    static constexpr auto fields() {
        return std::tuple{field("hypothesis", &BakeNeeded::hypothesis),
                          field("rise", &BakeNeeded::rise), field("bake_ms", &BakeNeeded::bake_ms)};
    }
};

// What one check of the plan can see at the scenario's mean traffic.
struct Sight {
    std::uint32_t step = 0;    // in Plan::steps
    std::uint32_t judge = 0;   // in Plan::judges
    kernel::Weight weight = 0; // of the new revision while it looks
    kernel::Millis bake_ms = 0;
    std::uint64_t fresh_requests = 0, stable_requests = 0; // until the bake time is over
    // Not-worse: the smallest rise of the error rate that it sees four times in five (kernel's
    // detectableRise), parts of 1. Health share: the share of unhealthy nodes from which it fails.
    // None: it is blind here.
    std::optional<double> rise;
    std::vector<BakeNeeded> needed; // one for each hypothesis that errs more; not-worse only
    bool operator==(const Sight &) const = default;
    static constexpr auto fields() {
        return std::tuple{field("step", &Sight::step),
                          field("judge", &Sight::judge),
                          field("weight", &Sight::weight),
                          field("bake_ms", &Sight::bake_ms),
                          field("fresh_requests", &Sight::fresh_requests),
                          field("stable_requests", &Sight::stable_requests),
                          field("rise", &Sight::rise),
                          field("needed", &Sight::needed)};
    }
};

// A future worth a look. openFuture(future) gives the run.
struct WorstFuture {
    std::uint32_t future = 0;
    std::uint32_t hypothesis = 0;
    Ending ending = Ending::Completed;
    kernel::Millis end_ms = 0;
    kernel::Weight weight_highest = 0; // what the new revision was given at most
    std::int64_t failed_requests = 0;
    std::string because; // "eu-south went dark at 21 min, 14 nodes"
    bool operator==(const WorstFuture &) const = default;
    static constexpr auto fields() {
        return std::tuple{field("future", &WorstFuture::future),
                          field("hypothesis", &WorstFuture::hypothesis),
                          field("ending", &WorstFuture::ending),
                          field("end_ms", &WorstFuture::end_ms),
                          field("weight_highest", &WorstFuture::weight_highest),
                          field("failed_requests", &WorstFuture::failed_requests),
                          field("because", &WorstFuture::because)};
    }
};

struct Answers {
    std::uint64_t seed = 0;
    std::uint32_t futures = 0;
    std::uint64_t events = 0; // scheduled occurrences that were delivered to the kernel
    std::string model;        // of what: "our own engine", or "a model of ..."
    std::vector<std::string> assumptions;
    std::vector<HypothesisAnswer> hypotheses; // as in the scenario
    std::vector<Sight> sights;
    std::vector<WorstFuture> worst; // most failed requests first, then the gravest ending
    bool operator==(const Answers &) const = default;
    static constexpr auto fields() {
        return std::tuple{field("seed", &Answers::seed),
                          field("futures", &Answers::futures),
                          field("events", &Answers::events),
                          field("model", &Answers::model),
                          field("assumptions", &Answers::assumptions),
                          field("hypotheses", &Answers::hypotheses),
                          field("sights", &Answers::sights),
                          field("worst", &Answers::worst)};
    }
};

// The share of an ending over all hypotheses, each with its weight (as many as hypotheses; an
// operator may edit them without a new rehearsal). Never shown without those weights.
struct Total {
    double share = 0.0, low = 0.0, high = 1.0; // the interval adds up the hypotheses' own
    bool operator==(const Total &) const = default;
    static constexpr auto fields() {
        return std::tuple{field("share", &Total::share), field("low", &Total::low),
                          field("high", &Total::high)};
    }
};
Total totalOf(const Answers &answers, Ending ending, const std::vector<double> &weights);

// Canonical: members sorted, no blanks. Same answers, same bytes.
QByteArray toJson(const Answers &answers);

} // namespace aviary::rehearsal
