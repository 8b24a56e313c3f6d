// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/rollout/rolloutvalue.h"

#include <vector>

// The rollout view's values for every state that an operator can meet.
namespace aviary::scene {

// One rollout, seen live at the instant of the samples.
RolloutValue of(const api::RolloutDetail &detail);
RolloutValue list(int count);

struct Named {
    const char *name;
    RolloutValue value;
};
// Every state: waiting, running, paused, rolling back, rolled back, failed, draft, superseded,
// completed, undecided, first, hostile, stale, never heard, in time travel, with rehearsed chances,
// loading, without a daemon, an empty list, a full list, a list of hostile texts.
std::vector<Named> all();

} // namespace aviary::scene
