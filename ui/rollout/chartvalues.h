// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/values.h"
#include "ui/charts/errorbandchart.h"
#include "ui/charts/trafficsharechart.h"

namespace aviary {

// What the second chart shows.
enum class Measure { Errors, Slow, Requests };

// At most this many points are drawn, whatever was counted.
inline constexpr int chart_points_max = 240;

// The traffic of a rollout as the charts take it: seconds before `now_wall_ms`, neighbours joined
// (weighted by their requests) to at most chart_points_max points.
TrafficShareValue shareOf(const api::RolloutDetail &detail, qint64 now_wall_ms);

// Errors: the band is the interval of the verdict, laid around what the old revision answered while
// the check looked, and so is the gate: the band lies above the gate exactly where the rule says
// worse. Slow answers and requests have neither.
ErrorBandValue rateOf(const api::RolloutDetail &detail, Measure measure, qint64 now_wall_ms);

} // namespace aviary
