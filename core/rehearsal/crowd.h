// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/analysis/judge.h"
#include "core/rehearsal/sampler.h"

#include <string_view>

namespace aviary::rehearsal {

// How the traffic is shared out at an instant.
struct Split {
    kernel::Weight weight = 0; // to the new revision
    std::uint32_t fresh_nodes = 0, stable_nodes = 0;
};

// The users of the service, the same for all futures: how many requests there are by the hour, and
// what becomes of those on each revision.
class CrowdModel {
public:
    CrowdModel(const Scenario &scenario, Millis latency_limit_ms);

    // Expected number between two instants, in ms since the rehearsal began. Spans of one length
    // within an hour have the same, to the bit.
    double requestsBetween(Millis from, Millis to) const;
    double requestsPerSecondAt(Millis at) const;
    // Chance of an error on a sound node of the new revision which is `age_ms` old.
    double freshErrors(const Hypothesis &hypothesis, double age_ms) const;
    double stableErrors() const { return errors_; }
    double slowShare(std::size_t hypothesis) const { return fresh_slow_[hypothesis]; }
    double stableSlow() const { return stable_slow_; }
    // Share that fails because `nodes` cannot bear so many.
    double overload(double requests_per_s, std::uint32_t nodes) const;
    double medianLatency() const { return median_latency_ms_; }

private:
    double perMsIn(Millis hour) const; // requests in that hour of the day

    double per_ms_;
    double errors_;
    double stable_slow_;
    std::vector<double> fresh_slow_; // by hypothesis
    double node_max_;
    double median_latency_ms_;
    Millis begins_at_;
    std::array<double, 25> day_{}; // day_[h]: share of a day's requests before hour h
};

// The requests of one future, counted when somebody looks or the split changes: those of each side
// that are sound, in error, slow, or both are independent Poisson numbers for the time since
// (Kingman 1993, the colouring theorem).
class Crowd {
public:
    explicit Crowd(const CrowdModel &model) : model_(model) {}

    // The counters go on from what was seen before.
    void begin(const Luck &luck, const Hypothesis &hypothesis, std::size_t place,
               const kernel::Sample &fresh, const kernel::Sample &stable);
    void freshBegan(Millis at);

    // Counts up to `now` (ms since the beginning) under the split that held since the last time.
    void advance(Millis now, const Split &split);
    // When the next single request comes after the last one; none: there is no traffic now.
    std::optional<Millis> nextArrival(Millis now);
    // One request, now; true: it went to the new revision.
    bool arrive(Millis now, const Split &split);

    const kernel::Sample &fresh() const { return fresh_; }
    const kernel::Sample &stable() const { return stable_; }
    // Requests that failed and would not have without this rollout.
    std::int64_t due() const { return due_; }

    // What a metric of that name says of one side, as far as the model knows it: names with
    // "error", "success", "latency", "duration". Others are alike on both sides but for noise.
    std::optional<double> metric(std::string_view name, bool candidate, std::uint32_t place,
                                 Millis now) const;

private:
    struct Rates {
        Poisson sound, errors, slow, slow_errors;
        Binomial due;
    };
    struct Side {
        kernel::Sample &sample;
        double errors, base, overload, slow;
        Purpose first; // and the four behind it
        Rates &rates;
    };
    Side freshSide(Millis at, double requests_per_s, const Split &split);
    Side stableSide(double requests_per_s, const Split &split);
    static double failingOf(const Side &side);
    void count(const Side &side, double expected, Millis key);

    const CrowdModel &model_;
    Luck luck_{0, 0};
    Hypothesis hypothesis_;
    std::size_t place_ = 0;
    kernel::Sample fresh_, stable_;
    Rates fresh_rates_, stable_rates_;
    std::int64_t due_ = 0;
    Millis since_ = 0;
    std::optional<Millis> fresh_since_;
    double arrival_ = 0.0;
    std::uint64_t arrivals_ = 0;
};

} // namespace aviary::rehearsal
