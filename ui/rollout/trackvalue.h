// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/values.h"
#include "ui/charts/steptrack.h"

namespace aviary {

// The steps of a rollout as the track takes them; those of one stage fold together. The step under
// way lasts until `now_wall_ms`, but for a paused rollout, whose time stands still.
StepTrackValue trackOf(const api::RolloutDetail &detail, qint64 now_wall_ms);

} // namespace aviary
