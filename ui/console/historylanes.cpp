// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/historylanes.h"

#include "ui/models/signs.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include <algorithm>
#include <map>

namespace aviary {

namespace {

struct Lanes {
    Q_DECLARE_TR_FUNCTIONS(aviary::HistoryLanes)
};

constexpr qint64 day_ms = 24LL * 3'600 * 1'000;
constexpr qint64 span_ms_min = 10LL * 60 * 1'000;
constexpr std::size_t bars_min = 20;
constexpr std::size_t bars_max = 400;

ScrubberBar barOf(const api::DeploymentRow &row) {
    ScrubberBar bar;
    bar.begin_ms = row.started_wall_ms;
    if (row.ended_wall_ms != 0) {
        bar.end_ms = std::max(row.ended_wall_ms, row.started_wall_ms);
    }
    bar.label = row.revision + u' ' + row.strategy;
    bar.sign = signOf(row.status);
    return bar;
}

} // namespace

ScrubberValue scrubberOf(const std::vector<api::DeploymentRow> &deployments, qint64 end_wall_ms) {
    std::vector<const api::DeploymentRow *> newest;
    for (const api::DeploymentRow &row : deployments) {
        if (row.started_wall_ms > 0 && row.started_wall_ms <= end_wall_ms) {
            newest.push_back(&row);
        }
    }
    std::ranges::sort(newest, std::ranges::greater{}, &api::DeploymentRow::started_wall_ms);
    ScrubberValue value;
    value.end_ms = end_wall_ms;
    value.begin_ms = end_wall_ms;
    std::map<QString, std::size_t> lane_of;
    std::size_t bars = 0;
    for (const api::DeploymentRow *row : newest) {
        const bool recent = row->ended_wall_ms == 0 || row->ended_wall_ms > end_wall_ms - day_ms;
        if (bars == bars_max || (!recent && bars >= bars_min)) {
            break;
        }
        if (lane_of.size() == lanes_max && !lane_of.contains(row->key)) {
            continue;
        }
        const auto [lane, fresh] = lane_of.emplace(row->key, value.lanes.size());
        if (fresh) {
            value.lanes.push_back({row->key, {}});
        }
        value.lanes[lane->second].bars.push_back(barOf(*row));
        value.begin_ms = std::min<std::int64_t>(value.begin_ms, row->started_wall_ms);
        ++bars;
    }
    for (ScrubberLane &lane : value.lanes) {
        std::ranges::reverse(lane.bars);
    }
    const qint64 margin = (value.end_ms - value.begin_ms) / 20;
    value.begin_ms = std::min(value.begin_ms - margin, value.end_ms - span_ms_min);
    return value;
}

QString spanText(const ScrubberValue &scrubber, qint64 now_ms) {
    const QDate begin = QDateTime::fromMSecsSinceEpoch(scrubber.begin_ms).date();
    const QDate end = QDateTime::fromMSecsSinceEpoch(scrubber.end_ms).date();
    if (begin == end && end == QDateTime::fromMSecsSinceEpoch(now_ms).date()) {
        return Lanes::tr("Today");
    }
    const QLocale locale;
    return begin == end ? locale.toString(end, QLocale::ShortFormat)
                        : Lanes::tr("%1 to %2")
                              .arg(locale.toString(begin, QLocale::ShortFormat),
                                   locale.toString(end, QLocale::ShortFormat));
}

} // namespace aviary
