// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/presentation.h"

namespace aviary::api {

// All of a RolloutDetail that follows from plan and state: the same for a live rollout and for one
// that is looked at in time travel. Its row's identity, people and wall times, its traffic and what
// happened are the caller's.
void fillDetail(RolloutDetail &detail, const kernel::Plan &plan, const kernel::State &state,
                const StepClock &clock);

} // namespace aviary::api
