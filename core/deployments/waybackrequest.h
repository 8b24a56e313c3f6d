// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/strategy/compile.h"

namespace aviary {

// The request of a way back when no rollout is active: the same service, router, needs and targets
// as `forward`, from the revision that it brought to `back`, with no gate, no hold and no delay.
// Traffic alone goes back in one shift; blue-green switches; all others go node by node.
kernel::PlanRequest wayBackRequest(const kernel::PlanRequest &forward, const std::string &back);

} // namespace aviary
