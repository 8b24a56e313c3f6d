// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/values.h"

#include <initializer_list>

namespace aviary::samples {

// One line of "what happened".
struct Told {
    int second = 0; // since the rollout began
    const char *who = "";
    QString text;
    kernel::Weight weight = -1; // the share that the router confirmed; -1: it is not about that
};

// Adds the lines, which come one after the other in time; the newest is shown first.
void tell(api::RolloutDetail &detail, std::initializer_list<Told> lines);
// Its first lines, up to the check of its first stage: `to` serves 10 %.
void tellFirstStage(api::RolloutDetail &detail);

} // namespace aviary::samples
