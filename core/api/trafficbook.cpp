// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/trafficbook.h"

namespace aviary::api {

using kernel::Sample;

namespace {

// Counters that began anew count from there.
std::uint64_t grown(std::uint64_t before, std::uint64_t now) {
    return now >= before ? now - before : now;
}

Sample difference(const Sample &before, const Sample &now) {
    return {grown(before.requests, now.requests), grown(before.errors, now.errors),
            grown(before.timed, now.timed), grown(before.slow, now.slow)};
}

Sample sampleOf(const std::map<QString, Sample> &samples, const QString &revision) {
    const auto at = samples.find(revision);
    return at == samples.end() ? Sample{} : at->second;
}

double rate(std::uint64_t part, std::uint64_t whole) {
    return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

} // namespace

void TrafficBook::take(const QString &cluster, const QString &service, const QString &revision,
                       const Sample &sample, qint64 wall_ms) {
    auto &looks = looks_[{cluster, service}];
    if (looks.empty()) {
        looks.push_back({wall_ms, {}, {}});
    } else if (wall_ms - looks.back().wall_ms >= interval_ms) {
        looks.push_back({wall_ms, looks.back().samples, {}});
    }
    looks.back().samples[revision] = sample;
    if (looks.size() > looks_max_) {
        looks.pop_front();
    }
}

void TrafficBook::takeBand(const QString &cluster, const QString &service,
                           const kernel::Interval &band) {
    const auto at = looks_.find({cluster, service});
    if (at != looks_.end() && !at->second.empty()) {
        at->second.back().band = band;
    }
}

std::vector<TrafficPoint> TrafficBook::points(const QString &cluster, const QString &service,
                                              const QString &fresh, const QString &stable) const {
    std::vector<TrafficPoint> points;
    const auto at = looks_.find({cluster, service});
    if (at == looks_.end()) {
        return points;
    }
    for (std::size_t i = 1; i < at->second.size(); ++i) {
        const Look &before = at->second[i - 1];
        const Look &now = at->second[i];
        const Sample a = difference(sampleOf(before.samples, fresh), sampleOf(now.samples, fresh));
        const Sample b =
            difference(sampleOf(before.samples, stable), sampleOf(now.samples, stable));
        const double seconds = static_cast<double>(now.wall_ms - before.wall_ms) / 1'000;
        TrafficPoint point;
        point.wall_ms = now.wall_ms;
        point.share = rate(a.requests, a.requests + b.requests);
        point.requests = seconds > 0 ? static_cast<double>(a.requests + b.requests) / seconds : 0;
        point.fresh_error = rate(a.errors, a.requests);
        point.stable_error = rate(b.errors, b.requests);
        point.fresh_slow = rate(a.slow, a.timed);
        point.stable_slow = rate(b.slow, b.timed);
        point.band = now.band;
        points.push_back(point);
    }
    return points;
}

double TrafficBook::requestsPerMinute(const QString &cluster, const QString &service) const {
    const auto at = looks_.find({cluster, service});
    if (at == looks_.end() || at->second.size() < 2) {
        return -1;
    }
    const auto &looks = at->second;
    const std::size_t back = std::min<std::size_t>(looks.size() - 1, 60);
    const Look &before = looks[looks.size() - 1 - back];
    const Look &now = looks.back();
    std::uint64_t requests = 0;
    for (const auto &[revision, sample] : now.samples) {
        requests += difference(sampleOf(before.samples, revision), sample).requests;
    }
    const double minutes = static_cast<double>(now.wall_ms - before.wall_ms) / 60'000;
    return minutes > 0 ? static_cast<double>(requests) / minutes : -1;
}

void TrafficBook::forget(const QString &cluster) {
    std::erase_if(looks_, [&](const auto &entry) { return entry.first.first == cluster; });
}

} // namespace aviary::api
