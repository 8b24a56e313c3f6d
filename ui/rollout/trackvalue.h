// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/values.h"
#include "ui/charts/steptrack.h"

namespace aviary {

// The steps of a rollout as the track takes them; those of one stage fold together.
StepTrackValue trackOf(const api::RolloutDetail &detail);

} // namespace aviary
