// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/samples.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace aviary::samples {
namespace {

constexpr std::int64_t minute_ms = 60'000;
// 2026-11-20 09:00 UTC
constexpr std::int64_t morning_ms = 1'795'165'200'000;

// A small generator, so that samples need no seed from outside.
class Noise {
public:
    explicit Noise(std::uint32_t seed) : state_(seed) {}
    double next() {
        state_ = state_ * 1'664'525U + 1'013'904'223U;
        return (state_ >> 8) / 16'777'216.0;
    }
    std::size_t below(std::size_t end) {
        return std::min(end - 1, static_cast<std::size_t>(next() * static_cast<double>(end)));
    }

private:
    std::uint32_t state_;
};

TrackStep done(const QString &label, std::int64_t taken_ms) {
    return {label, {}, TrackStep::Phase::Done, taken_ms, {}, {}};
}

TrackStep ahead(const QString &label, std::optional<std::int64_t> expected_ms,
                const QString &group = {}) {
    return {label, {}, TrackStep::Phase::ToCome, {}, expected_ms, group};
}

} // namespace

StepTrackValue stepTrack(Sign now) {
    StepTrackValue value;
    value.now = now;
    value.steps = {done(u"Update 4 nodes"_qs, 42'000), done(u"Shift 10 %"_qs, 1'000),
                   done(u"Check 5 min"_qs, 300'000)};
    value.steps.push_back({u"Hold for you"_qs, {}, TrackStep::Phase::Now, 728'000, {}, {}});
    value.steps.push_back(ahead(u"Update 8 nodes"_qs, 2 * minute_ms));
    value.steps.push_back(ahead(u"Shift 25 %"_qs, {}));
    value.steps.push_back(ahead(u"Check 5 min"_qs, {}));
    value.steps.push_back(ahead(u"Hold for you"_qs, {}));
    for (const QString &group : {u"Stage 50 %"_qs, u"Stage 100 %"_qs}) {
        for (const QString &label : {u"Update"_qs, u"Shift"_qs, u"Check 5 min"_qs, u"Hold"_qs}) {
            value.steps.push_back(ahead(label, minute_ms, group));
        }
    }
    value.steps.push_back(ahead(u"Retire v41"_qs, minute_ms));
    return value;
}

TrafficSliderValue slider() {
    return {1'000,
            {1'000, 2'500, 5'000, 10'000},
            5'000,
            u"12 nodes would carry over twice their usual load"_qs,
            u"v42"_qs};
}

QString sliderEffect() {
    return u"10 % \u2192 25 %: 8 more nodes first, "
           u"then about 3,120 more requests a minute on v42"_qs;
}

FleetMapValue smallFleet() {
    FleetMapValue value;
    value.tints = {{u"v41"_qs, Role::OldFill, 1}, {u"v42"_qs, Role::Accent, 1}};
    value.sites = {{u"eu-west"_qs, {}, 18}, {u"eu-north"_qs, {}, 16}, {u"eu-south"_qs, {}, 14}};
    value.cells.resize(48);
    for (const std::size_t node : {0U, 1U, 18U, 34U}) {
        value.cells[node].tint = 1;
    }
    value.cells[11].sign = Sign::NodeDegraded;
    value.cells[27].sign = Sign::NodeUpdating;
    value.cells[28].sign = Sign::NodeDraining;
    value.cells[41].sign = Sign::NodeOffline;
    value.cells[44].sign = Sign::NodeBehind;
    value.cells[45].sign = Sign::NodeMaintenance;
    value.cells[46].sign = Sign::NodeExcluded;
    value.cells[47].sign = Sign::NodeUnknown;
    return value;
}

FleetMapValue largeFleet(std::size_t nodes, bool dimmed) {
    FleetMapValue value;
    value.tints = {{u"v41"_qs, Role::OldFill, 1},
                   {u"v42"_qs, Role::Accent, 1},
                   {u"v40"_qs, Role::OldFill, 0.45}};
    const std::array<double, 5> parts{0.26, 0.19, 0.29, 0.16, 0.10};
    const std::array<double, 5> updated{0.25, 0.10, 0.03, 0, 0};
    const std::array names{u"eu-west"_qs, u"eu-north"_qs, u"us-east"_qs, u"ap-south"_qs,
                           u"depots"_qs};
    Noise noise(7);
    for (std::size_t site = 0; site < parts.size(); ++site) {
        const auto count = static_cast<std::size_t>(static_cast<double>(nodes) * parts[site]);
        const QString note =
            updated[site] > 0 ? QStringLiteral("v42 %1 %").arg(updated[site] * 100) : QString();
        value.sites.push_back({names[site], note, count});
        for (std::size_t i = 0; i < count; ++i) {
            FleetCell cell;
            const double place = static_cast<double>(i) / static_cast<double>(count);
            cell.tint = place < updated[site] ? 1 : noise.next() < 0.01 ? 2 : 0;
            const double luck = noise.next();
            cell.sign = luck < 0.004   ? Sign::NodeOffline
                        : luck < 0.012 ? Sign::NodeDegraded
                                       : Sign::NodeHealthy;
            cell.dimmed = dimmed && (cell.sign == Sign::NodeHealthy || site > 1);
            value.cells.push_back(cell);
        }
    }
    return value;
}

ScrubberValue scrubber(bool live) {
    const auto at = [](double minutes) {
        return morning_ms + static_cast<std::int64_t>(minutes * static_cast<double>(minute_ms));
    };
    ScrubberValue value;
    value.lanes = {
        {u"checkout-api"_qs, {{at(8), at(55), u"v42 canary"_qs, Sign::Completed}}},
        {u"camera-agent"_qs, {{at(20), at(78), u"v17 rolling"_qs, Sign::Completed}}},
        {u"gateway"_qs, {{at(40), at(62), u"v9"_qs, Sign::RolledBack}}},
        {u"telemetry"_qs, {{at(70), std::nullopt, u"v3 canary"_qs, Sign::InProgress}}},
    };
    for (double minute = 8; minute < 119; minute += 1.7) {
        value.events_ms.push_back(at(minute));
    }
    value.begin_ms = at(0);
    value.end_ms = at(120);
    if (!live) {
        value.playhead_ms = at(48.2);
    }
    return value;
}

FanChartValue fan(bool live) {
    FanChartValue value;
    // Time at which each share is reached: early, median, late.
    struct Stage {
        double share, early, median, late;
    };
    const std::array<Stage, 5> stages{{{0.08, 0.5, 1, 2},
                                       {0.25, 7.5, 9, 11},
                                       {0.5, 17, 18.5, 23},
                                       {1.0, 33, 37, 46},
                                       {1.0, 60, 60, 60}}};
    const auto reached = [&stages](double minutes, double Stage::*when, double lead) {
        double share = 0;
        for (const Stage &stage : stages) {
            const double begin = stage.*when - lead;
            if (minutes >= stage.*when) {
                share = stage.share;
            } else if (minutes > begin) {
                return share + (stage.share - share) * (minutes - begin) / lead;
            }
        }
        return share;
    };
    FanBand outer, inner;
    for (int i = 0; i <= 240; ++i) {
        const double minutes = i * 0.25;
        value.minutes.push_back(minutes);
        value.median.push_back(reached(minutes, &Stage::median, minutes > 25 ? 8 : 0.8));
        outer.high.push_back(reached(minutes, &Stage::early, minutes > 25 ? 7 : 0.6));
        outer.low.push_back(reached(minutes, &Stage::late, minutes > 25 ? 9 : 1));
    }
    value.bands = {outer};
    value.band_label = u"median, 5 to 95 %"_qs;
    value.bad = {{{6, 0.08}, {8, 0}, {10, 0}},
                 {{9.5, 0.25}, {19, 0.25}, {21, 0}, {23, 0}},
                 {{18, 0.5}, {25.5, 0.5}, {27, 0}, {31, 0}},
                 {{19, 0.5}, {28, 0.5}, {30, 0}, {33, 0}}};
    value.bad_label = u"rolled back"_qs;
    if (live) {
        value.live = {{0, 0}, {1.2, 0.08}, {9.4, 0.08}, {10, 0.25}, {26, 0.25}};
        value.left_at_minutes = 23;
    }
    return value;
}

OutcomeBarValue outcomes(double good, double attention, double bad) {
    return {{{OutcomePart::Kind::Good, good, u"complete"_qs},
             {OutcomePart::Kind::Attention, attention, u"back"_qs},
             {OutcomePart::Kind::Bad, bad, u"stuck"_qs}}};
}

SparklineValue sparkline() {
    SparklineValue value;
    Noise noise(3);
    for (int i = 0; i < 40; ++i) {
        value.points.push_back(i == 20 || i == 21 ? std::nan("") : 0.3 + 0.2 * noise.next());
    }
    value.limit = 0.9;
    value.label = u"errors, 0.34 %"_qs;
    return value;
}

TrafficShareValue share() {
    TrafficShareValue value;
    value.new_revision = u"v42"_qs;
    value.old_revision = u"v41"_qs;
    value.marks = {{-1'000, u"shift to 10 %"_qs}};
    for (int s = -1'200; s <= 0; s += 10) {
        value.points.push_back({static_cast<double>(s), s < -1'000 ? 0.0 : 0.1});
    }
    return value;
}

ErrorBandValue errors() {
    ErrorBandValue value;
    value.new_revision = u"v42"_qs;
    value.old_revision = u"v41"_qs;
    value.gate = 0.009;
    value.gate_label = u"gate: roll back when the band is above"_qs;
    Noise noise(11);
    for (int s = -1'200; s <= 0; s += 12) {
        const double at = s;
        const double wave = std::sin(at / 170) * 0.0003;
        value.stable.push_back({at, 0.0031 + wave + (noise.next() - 0.5) * 0.0006});
        if (s >= -990) {
            const double open = 0.0055 / std::sqrt(1 + (at + 990) / 60);
            value.fresh.push_back({at, 0.0034 + std::sin(at / 140) * 0.0004});
            value.band.push_back({at, std::max(0.0, 0.0034 - open), 0.0034 + open});
        }
    }
    return value;
}

} // namespace aviary::samples
