// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/support/words.h"
#include "ui/charts/steptrack.h"

#include <algorithm>

namespace aviary {
namespace {

using Phase = TrackStep::Phase;

QString timeOf(const TrackStep &step) {
    if (!step.note.isEmpty()) {
        return step.note;
    }
    if (step.taken_ms) {
        return clockText(*step.taken_ms);
    }
    const bool ahead = step.phase == Phase::ToCome || step.phase == Phase::Now;
    return ahead && step.expected_ms ? aboutText(*step.expected_ms) : QString();
}

bool mayFold(Phase phase) {
    return phase == Phase::ToCome || phase == Phase::Done || phase == Phase::Skipped;
}

QString stepCount(std::size_t count) {
    return countedText(static_cast<std::int64_t>(count), StepTrack::tr("1 step"),
                       StepTrack::tr("%1 steps"));
}

// Whether stops a and b, neighbours, can be one: of one group, or anyhow.
bool together(const TrackStop &a, const TrackStop &b, const std::vector<TrackStep> &steps,
              bool one_group) {
    if (!mayFold(a.phase) || a.phase != b.phase) {
        return false;
    }
    const QString &group = steps[a.first].group;
    return !one_group || (!group.isEmpty() && group == steps[b.first].group);
}

struct Run {
    std::size_t begin = 0, end = 0; // stops
};

// Runs of at least two neighbours that can be one.
std::vector<Run> runs(const std::vector<TrackStop> &stops, const std::vector<TrackStep> &steps,
                      bool one_group) {
    std::vector<Run> found;
    for (std::size_t i = 0; i < stops.size();) {
        std::size_t end = i + 1;
        while (end < stops.size() && together(stops[end - 1], stops[end], steps, one_group)) {
            ++end;
        }
        if (end - i > 1) {
            found.push_back({i, end});
        }
        i = end;
    }
    return found;
}

void join(std::vector<TrackStop> &stops, Run run, const std::vector<TrackStep> &steps,
          bool one_group) {
    TrackStop &stop = stops[run.begin];
    stop.last = stops[run.end - 1].last;
    const QString count = stepCount(stop.last - stop.first + 1);
    stop.label = one_group ? steps[stop.first].group : count;
    stop.note = one_group ? count : QString();
    stops.erase(stops.begin() + static_cast<std::ptrdiff_t>(run.begin) + 1,
                stops.begin() + static_cast<std::ptrdiff_t>(run.end));
}

// What is to be folded first: the future from its end, then the past from its beginning.
Run chosen(const std::vector<Run> &found, const std::vector<TrackStop> &stops) {
    return stops[found.back().begin].phase == Phase::ToCome ? found.back() : found.front();
}

} // namespace

std::vector<TrackStop> foldSteps(const std::vector<TrackStep> &steps, std::size_t stops_max) {
    std::vector<TrackStop> stops;
    stops.reserve(steps.size());
    for (std::size_t i = 0; i < steps.size(); ++i) {
        stops.push_back({i, i, steps[i].label, timeOf(steps[i]), steps[i].phase});
    }
    for (const bool one_group : {true, false}) {
        while (stops.size() > stops_max) {
            const std::vector<Run> found = runs(stops, steps, one_group);
            if (found.empty()) {
                break;
            }
            Run run = chosen(found, stops);
            if (!one_group) {
                // No more than needed, so that the near future stays readable.
                const std::size_t over = stops.size() - stops_max + 1;
                const std::size_t length =
                    std::min(run.end - run.begin, std::max<std::size_t>(2, over));
                const bool ahead = stops[run.begin].phase == Phase::ToCome;
                run = ahead ? Run{run.end - length, run.end} : Run{run.begin, run.begin + length};
            }
            join(stops, run, steps, one_group);
        }
    }
    return stops;
}

} // namespace aviary
