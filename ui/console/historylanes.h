// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/values.h"
#include "ui/charts/scrubber.h"

namespace aviary {

// The scrubber's lanes: a service each, the last day of them, or, when nothing ran in it, the last
// few deployments. At most lanes_max services, those that ran last.
inline constexpr std::size_t lanes_max = 8;
ScrubberValue scrubberOf(const std::vector<api::DeploymentRow> &deployments, qint64 end_wall_ms);

// "Today", or the days that are seen.
QString spanText(const ScrubberValue &scrubber, qint64 now_ms);

} // namespace aviary
