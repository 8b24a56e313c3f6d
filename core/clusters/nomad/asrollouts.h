// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clusters/nomad/picture.h"
#include "core/clusters/ownrollout.h"

namespace aviary::clusters::nomad {

// Of the allocations themselves: the count of a group has old ones in it that were taken over.
qint64 healthyCanaries(const Picture &picture, const GroupProgress &group);

// Nomad's deployments as rollouts that it runs itself, the oldest first.
std::vector<OwnRollout> asRollouts(const Picture &picture, bool with_space);

} // namespace aviary::clusters::nomad
