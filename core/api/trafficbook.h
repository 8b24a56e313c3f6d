// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/values.h"

#include <deque>
#include <map>

namespace aviary::api {

// The counters of each service over time, as a chart draws them: the differences between looks, not
// more often than one a second, for the last twenty minutes or as many looks as `looks_max`. Of a
// live cluster and of a record alike.
class TrafficBook {
public:
    static constexpr std::size_t points_max = 1'200;
    static constexpr qint64 interval_ms = 1'000;

    explicit TrafficBook(std::size_t looks_max = points_max + 1) : looks_max_(looks_max) {}

    void take(const QString &cluster, const QString &service, const QString &revision,
              const kernel::Sample &sample, qint64 wall_ms);

    // How far apart the error rates are, as the present check sees it now.
    void takeBand(const QString &cluster, const QString &service, const kernel::Interval &band);

    // Shares and rates of `fresh` against `stable`.
    std::vector<TrafficPoint> points(const QString &cluster, const QString &service,
                                     const QString &fresh, const QString &stable) const;
    // Over the last minute, all revisions; -1: not measured.
    double requestsPerMinute(const QString &cluster, const QString &service) const;
    void forget(const QString &cluster);

private:
    struct Look {
        qint64 wall_ms = 0;
        std::map<QString, kernel::Sample> samples; // by revision, cumulative
        kernel::Interval band;
    };
    using Key = std::pair<QString, QString>;
    std::size_t looks_max_;
    std::map<Key, std::deque<Look>> looks_;
};

} // namespace aviary::api
