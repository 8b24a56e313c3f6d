// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/values.h"

// Rollouts as an operator would meet them, the same on every run: the world of the pictures.
namespace aviary::samples {

// 2026-11-20 09:53:20 UTC: the instant at which the samples are looked at.
inline constexpr qint64 sampled_wall_ms = 1'795'168'400'000;

// checkout-api v41 to v42 on edge-eu: holds at 10 % for a person, the verdict is not worse.
api::RolloutDetail waitingRollout();
api::RolloutDetail runningRollout();     // in its second stage, nodes under way
api::RolloutDetail pausedRollout();      //
api::RolloutDetail rollingBackRollout(); //
api::RolloutDetail rolledBackRollout();  // v43 answered 21 % errors and was stopped
api::RolloutDetail failedRollout();      // a rolling one that a node failed
api::RolloutDetail draftRollout();
api::RolloutDetail supersededRollout();
api::RolloutDetail completedRollout();
api::RolloutDetail undecidedRollout(); // the check cannot decide: no traffic
api::RolloutDetail firstRollout();     // from nothing, without a router
// Every text of it is long, or HTML, ANSI or turns the direction of reading.
api::RolloutDetail hostileRollout();
// What follows from its targets: phases, and the nodes of its row.
void recount(api::RolloutDetail &detail);
// `nodes` over 5 sites, an eighth of them done.
api::RolloutDetail largeRollout(int nodes);

// `count` rollouts in every state on several clusters.
std::vector<api::RolloutRow> manyRollouts(int count);

// What promoting the waiting rollout to 25 % would do.
api::EffectRow promoteEffect();

// Texts from outside at their worst, by number.
QString hostileText(int number);

} // namespace aviary::samples
