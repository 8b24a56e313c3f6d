// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/strategy/plan.h"
#include "ui/models/chancevalue.h"
#include "ui/models/desk.h"

#include <memory>
#include <vector>

namespace aviary {

// What the last rehearsal said of each hypothesis, for the views in which somebody decides.
struct RehearsedChances {
    std::shared_ptr<const kernel::Plan> plan; // that was rehearsed
    QPointer<Desk> desk;                      // of the rollout
    QString rollout; // that was rehearsed from now; empty: a plan from its beginning
    qint64 wall_ms = 0;
    std::vector<ChanceValue> chances;
};

} // namespace aviary
