// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rollout/chartvalues.h"

#include "core/support/words.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace aviary {
namespace {

constexpr double span_max_s = 1'200;
constexpr std::size_t marks_max = 12;

struct Charts {
    Q_DECLARE_TR_FUNCTIONS(Charts)
};

// Some neighbouring points as one.
struct Joined {
    double at_s = 0;
    double requests = 0; // a second
    double share = 0;
    double fresh_error = 0, stable_error = 0, fresh_slow = 0, stable_slow = 0;
    bool fresh_seen = false, stable_seen = false;
    kernel::Interval band;
    bool banded = false;
};

bool isBand(const kernel::Interval &band) {
    return band.low > -1.0 || band.high < 1.0;
}

Joined join(std::span<const api::TrafficPoint> points, qint64 now_wall_ms) {
    Joined one;
    double fresh = 0, stable = 0, all = 0;
    for (const api::TrafficPoint &point : points) {
        const double on_fresh = point.requests * point.share;
        const double on_stable = point.requests - on_fresh;
        all += point.requests;
        fresh += on_fresh;
        stable += on_stable;
        one.fresh_error += on_fresh * point.fresh_error;
        one.fresh_slow += on_fresh * point.fresh_slow;
        one.stable_error += on_stable * point.stable_error;
        one.stable_slow += on_stable * point.stable_slow;
        if (isBand(point.band)) {
            one.band = point.band;
            one.banded = true;
        }
    }
    one.at_s = static_cast<double>(points.back().wall_ms - now_wall_ms) / 1'000;
    one.requests = all / static_cast<double>(points.size());
    one.share = all > 0 ? fresh / all : 0;
    one.fresh_seen = fresh > 0;
    one.stable_seen = stable > 0;
    one.fresh_error /= fresh > 0 ? fresh : 1;
    one.fresh_slow /= fresh > 0 ? fresh : 1;
    one.stable_error /= stable > 0 ? stable : 1;
    one.stable_slow /= stable > 0 ? stable : 1;
    return one;
}

double spanOf(const api::RolloutDetail &detail, qint64 now_wall_ms) {
    if (detail.traffic.empty()) {
        return span_max_s;
    }
    const double since = static_cast<double>(now_wall_ms - detail.traffic.front().wall_ms) / 1'000;
    // Grows in few steps, so that the axis does not crawl.
    for (const double span : {60.0, 120.0, 300.0, 600.0}) {
        if (since <= span) {
            return span;
        }
    }
    return span_max_s;
}

std::vector<Joined> joinedPoints(const api::RolloutDetail &detail, qint64 now_wall_ms) {
    std::vector<Joined> joined;
    const qint64 begin = now_wall_ms - static_cast<qint64>(spanOf(detail, now_wall_ms) * 1'000);
    const auto first =
        std::ranges::lower_bound(detail.traffic, begin, {}, &api::TrafficPoint::wall_ms);
    const auto end =
        std::ranges::upper_bound(detail.traffic, now_wall_ms, {}, &api::TrafficPoint::wall_ms);
    if (first >= end) {
        return joined;
    }
    const std::span<const api::TrafficPoint> seen(first, end);
    // Joined by their place in the whole list, so that a point keeps its neighbours as time goes.
    const std::size_t each = (seen.size() + chart_points_max - 1) / chart_points_max;
    for (std::size_t i = 0; i < seen.size(); i += each) {
        joined.push_back(join(seen.subspan(i, std::min(each, seen.size() - i)), now_wall_ms));
    }
    return joined;
}

// Changes of the share that the router confirmed, newest last.
std::vector<ChartMark> marksOf(const api::RolloutDetail &detail, qint64 now_wall_ms) {
    std::vector<ChartMark> marks;
    for (const api::Happening &happening : detail.happenings) { // newest first
        if (happening.weight >= 0 && marks.size() < marks_max) {
            marks.push_back({static_cast<double>(happening.wall_ms - now_wall_ms) / 1'000,
                             Charts::tr("to %1").arg(percentText(happening.weight))});
        }
    }
    std::ranges::reverse(marks);
    return marks;
}

// What the old revision answered while the check looked: where band and gate stand.
double stableErrors(const api::RolloutDetail &detail) {
    const kernel::Sample &stable = detail.verdict.stable;
    if (stable.requests > 0) {
        return static_cast<double>(stable.errors) / static_cast<double>(stable.requests);
    }
    double errors = 0, requests = 0;
    for (const api::TrafficPoint &point : detail.traffic) {
        const double on_stable = point.requests * (1 - point.share);
        errors += on_stable * point.stable_error;
        requests += on_stable;
    }
    return requests > 0 ? errors / requests : 0;
}

} // namespace

TrafficShareValue shareOf(const api::RolloutDetail &detail, qint64 now_wall_ms) {
    TrafficShareValue value;
    value.new_revision = detail.row.to;
    value.old_revision = detail.row.from.isEmpty() ? Charts::tr("nothing") : detail.row.from;
    value.span_s = spanOf(detail, now_wall_ms);
    value.marks = marksOf(detail, now_wall_ms);
    for (const Joined &point : joinedPoints(detail, now_wall_ms)) {
        if (point.requests > 0) {
            value.points.push_back({point.at_s, point.share});
        }
    }
    return value;
}

ErrorBandValue rateOf(const api::RolloutDetail &detail, Measure measure, qint64 now_wall_ms) {
    ErrorBandValue value;
    value.new_revision = detail.row.to;
    value.old_revision = detail.row.from;
    value.span_s = spanOf(detail, now_wall_ms);
    const double base = stableErrors(detail);
    for (const Joined &point : joinedPoints(detail, now_wall_ms)) {
        if (measure == Measure::Requests) {
            value.fresh.push_back({point.at_s, point.requests * point.share});
            value.stable.push_back({point.at_s, point.requests * (1 - point.share)});
            continue;
        }
        const bool errors = measure == Measure::Errors;
        if (point.fresh_seen) {
            value.fresh.push_back({point.at_s, errors ? point.fresh_error : point.fresh_slow});
        }
        if (point.stable_seen) {
            value.stable.push_back({point.at_s, errors ? point.stable_error : point.stable_slow});
        }
        if (errors && point.banded) {
            value.band.push_back({point.at_s, std::max(0.0, base + point.band.low),
                                  std::max(0.0, base + point.band.high)});
        }
    }
    switch (measure) {
    case Measure::Errors:
        value.name = Charts::tr("Errors");
        if (detail.gate >= 0) {
            value.gate = base + detail.gate;
            value.gate_label = Charts::tr("gate: worse when the whole band is above");
        }
        break;
    case Measure::Slow:
        value.name = Charts::tr("Slow answers");
        break;
    case Measure::Requests:
        value.name = Charts::tr("Requests");
        value.unit = ErrorBandValue::Unit::PerSecond;
        break;
    }
    return value;
}

} // namespace aviary
