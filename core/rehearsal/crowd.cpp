// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rehearsal/crowd.h"

#include "core/kernel/analysis/elementary.h"

#include <algorithm>

namespace aviary::rehearsal {
namespace {

constexpr Millis day_ms = 86'400'000;
constexpr Millis hour_ms = 3'600'000;
constexpr double metric_noise = 0.02;

double partOf(Ppm share) {
    return static_cast<double>(share) / kernel::ppm_one;
}

Spread timesAsSlow(const Spread &spread, std::uint32_t percent) {
    return {std::max<Millis>(spread.median_ms * percent / 100, spread.median_ms > 0),
            std::max<Millis>(spread.p95_ms * percent / 100, spread.p95_ms > 0)};
}

double shareOf(std::uint64_t hits, std::uint64_t of) {
    return static_cast<double>(hits) / static_cast<double>(of);
}

bool names(std::string_view name, std::string_view part) {
    return name.find(part) != std::string_view::npos;
}

} // namespace

CrowdModel::CrowdModel(const Scenario &scenario, Millis latency_limit_ms)
    : per_ms_(scenario.traffic.requests_per_s / 1'000.0)
    , errors_(partOf(scenario.traffic.errors))
    , node_max_(scenario.traffic.node_requests_per_s_max)
    , median_latency_ms_(static_cast<double>(scenario.traffic.latency.median_ms))
    , begins_at_(scenario.traffic.begins_at_ms) {
    const Traffic &traffic = scenario.traffic;
    const auto limit = static_cast<double>(latency_limit_ms);
    stable_slow_ = Lognormal(traffic.latency).shareAbove(limit);
    for (const Hypothesis &one : scenario.hypotheses) {
        const Spread latency = timesAsSlow(traffic.latency, one.latency_percent);
        fresh_slow_.push_back(one.latency_percent == 100 ? stable_slow_
                                                         : Lognormal(latency).shareAbove(limit));
    }
    for (std::size_t hour = 0; hour < 24; ++hour) {
        const double percent = traffic.day_shape.empty() ? 100.0 : traffic.day_shape[hour];
        day_[hour + 1] = day_[hour] + percent / 2'400.0;
    }
}

double CrowdModel::requestsBetween(Millis from, Millis to) const {
    const Millis hours = (begins_at_ + from) / hour_ms;
    if (hours == (begins_at_ + to) / hour_ms) {
        return perMsIn(hours % 24) * static_cast<double>(to - from);
    }
    const auto days = [this](Millis at) {
        const Millis clock = begins_at_ + at;
        const Millis inside = clock % day_ms;
        const auto hour = static_cast<std::size_t>(inside / hour_ms);
        const double part = static_cast<double>(inside % hour_ms) / hour_ms;
        return static_cast<double>(clock / day_ms) * day_[24] + day_[hour] +
               (day_[hour + 1] - day_[hour]) * part;
    };
    return (days(to) - days(from)) * per_ms_ * day_ms;
}

double CrowdModel::requestsPerSecondAt(Millis at) const {
    return perMsIn((begins_at_ + at) % day_ms / hour_ms) * 1'000.0;
}

double CrowdModel::perMsIn(Millis hour) const {
    const auto place = static_cast<std::size_t>(hour);
    return (day_[place + 1] - day_[place]) * 24.0 * per_ms_;
}

double CrowdModel::freshErrors(const Hypothesis &hypothesis, double age_ms) const {
    const double leaking_ms = age_ms - static_cast<double>(hypothesis.leak_after_ms);
    const double leak =
        leaking_ms > 0.0 ? partOf(hypothesis.leak_per_hour) * leaking_ms / hour_ms : 0.0;
    return std::min(errors_ + partOf(hypothesis.errors_more) + leak, 1.0);
}

double CrowdModel::overload(double requests_per_s, std::uint32_t nodes) const {
    const double borne = node_max_ * nodes;
    return node_max_ > 0.0 && requests_per_s > borne ? 1.0 - borne / requests_per_s : 0.0;
}

void Crowd::begin(const Luck &luck, const Hypothesis &hypothesis, std::size_t place,
                  const kernel::Sample &fresh, const kernel::Sample &stable) {
    luck_ = luck;
    hypothesis_ = hypothesis;
    place_ = place;
    fresh_ = fresh;
    stable_ = stable;
    due_ = 0;
    since_ = 0;
    fresh_since_.reset();
    arrival_ = 0.0;
    arrivals_ = 0;
}

void Crowd::freshBegan(Millis at) {
    if (!fresh_since_) {
        fresh_since_ = at;
    }
}

Crowd::Side Crowd::freshSide(Millis at, double requests_per_s, const Split &split) {
    const double age = fresh_since_ ? static_cast<double>(at - *fresh_since_) : 0.0;
    const double overload =
        model_.overload(requests_per_s * split.weight / kernel::full_weight, split.fresh_nodes);
    return {fresh_,
            model_.freshErrors(hypothesis_, age),
            model_.stableErrors(),
            overload,
            model_.slowShare(place_),
            Purpose::FreshSound,
            fresh_rates_};
}

Crowd::Side Crowd::stableSide(double requests_per_s, const Split &split) {
    const double part = static_cast<double>(kernel::full_weight - split.weight);
    const double overload =
        model_.overload(requests_per_s * part / kernel::full_weight, split.stable_nodes);
    return {stable_,      model_.stableErrors(), model_.stableErrors(),
            overload,     model_.stableSlow(),   Purpose::StableSound,
            stable_rates_};
}

// Exactly the errors where nothing is overloaded.
double Crowd::failingOf(const Side &side) {
    return side.errors + (1.0 - side.errors) * side.overload;
}

void Crowd::count(const Side &side, double expected, Millis key) {
    const auto word = [&](std::uint32_t which) {
        const auto purpose = static_cast<std::uint32_t>(side.first) + which;
        return luck_.word(0, static_cast<Purpose>(purpose), static_cast<std::uint64_t>(key));
    };
    const double fails = failingOf(side);
    const double in_error = expected * fails;
    const double served = expected - in_error;
    const std::uint64_t sound = side.rates.sound.at(served * (1.0 - side.slow), word(0));
    std::uint64_t errors = side.rates.errors.at(in_error * (1.0 - side.slow), word(1));
    std::uint64_t slow = side.rates.slow.at(served * side.slow, word(2));
    const std::uint64_t both = side.rates.slow_errors.at(in_error * side.slow, word(3));
    const std::uint64_t requests = sound + errors + slow + both;
    errors += both;
    slow += both;
    side.sample.requests += requests;
    side.sample.timed += requests;
    side.sample.errors += errors;
    side.sample.slow += slow;
    if (fails > side.base) {
        const double ours = (fails - side.base) / fails;
        due_ += static_cast<std::int64_t>(side.rates.due.at(errors, ours, word(4)));
    }
}

void Crowd::advance(Millis now, const Split &split) {
    if (now <= since_) {
        return;
    }
    const double expected = model_.requestsBetween(since_, now);
    const double per_s = expected * 1'000.0 / static_cast<double>(now - since_);
    const double fresh = expected * split.weight / kernel::full_weight;
    const Millis key = since_;
    if (fresh > 0.0) {
        count(freshSide((since_ + now) / 2, per_s, split), fresh, key);
    }
    if (expected > fresh) {
        count(stableSide(per_s, split), expected - fresh, key);
    }
    since_ = now;
}

std::optional<Millis> Crowd::nextArrival(Millis now) {
    const double per_s = model_.requestsPerSecondAt(now);
    if (!(per_s > 0.0)) {
        arrival_ = 0.0;
        return std::nullopt;
    }
    const std::uint64_t word = luck_.word(0, Purpose::Arrival, 2 * arrivals_);
    const double gap = -kernel::naturalLog(unitOf(word)) * 1'000.0 / per_s;
    arrival_ = std::max(arrival_, static_cast<double>(now - 1)) + gap;
    return std::max(now, static_cast<Millis>(arrival_) + 1);
}

bool Crowd::arrive(Millis now, const Split &split) {
    const std::uint64_t word = luck_.word(0, Purpose::Arrival, 2 * arrivals_ + 1);
    const double per_s = model_.requestsPerSecondAt(now);
    ++arrivals_;
    Draws draws(word);
    const double to_fresh = draws.next();
    const double fails = draws.next();
    const double is_slow = draws.next();
    const bool fresh = to_fresh * kernel::full_weight < split.weight;
    const Side side = fresh ? freshSide(now, per_s, split) : stableSide(per_s, split);
    const double failing = failingOf(side);
    ++side.sample.requests;
    ++side.sample.timed;
    side.sample.errors += fails < failing;
    side.sample.slow += is_slow < side.slow;
    due_ += fails >= side.base && fails < failing;
    since_ = now;
    return fresh;
}

std::optional<double> Crowd::metric(std::string_view name, bool candidate, std::uint32_t place,
                                    Millis now) const {
    const kernel::Sample &sample = candidate ? fresh_ : stable_;
    if (sample.requests == 0) {
        return std::nullopt;
    }
    const double errors = shareOf(sample.errors, sample.requests);
    if (names(name, "error")) {
        return errors;
    }
    if (names(name, "success")) {
        return 1.0 - errors;
    }
    const auto time = static_cast<std::uint64_t>(now);
    const std::uint64_t word = luck_.word(2 * place + candidate, Purpose::Metric, time);
    const double noise = kernel::exponential(metric_noise * normalQuantile(unitOf(word)));
    if (names(name, "latency") || names(name, "duration")) {
        const double times = candidate ? hypothesis_.latency_percent / 100.0 : 1.0;
        return model_.medianLatency() * times * noise;
    }
    return noise;
}

} // namespace aviary::rehearsal
