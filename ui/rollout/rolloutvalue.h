// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/values.h"
#include "ui/charts/dataage.h"
#include "ui/models/chancevalue.h"

#include <memory>
#include <optional>

namespace aviary {

// Everything that the rollout view shows. A chosen rollout that has not come yet has an id and no
// detail; none chosen shows the list.
struct RolloutValue {
    QString chosen; // id of the rollout
    std::shared_ptr<const api::RolloutDetail> detail;
    std::vector<api::TargetRow> more_targets; // beyond those in the detail, in the same order
    std::vector<api::RolloutRow> rows;        // of all rollouts, in any order
    bool rows_known = false;                  // false: the list has not come yet
    std::vector<ChanceValue> chances; // of going on as planned; empty: not rehearsed from here
    QString rehearsed;                // when that was: "09:41"
    DataAgeValue age;                 // of the rollout's cluster
    QString cluster_name;             // "edge-eu"
    QString counted_by;               // who counts the traffic: "HAProxy 2.6.12"
    QString trouble;          // why nothing comes: "the daemon does not answer; next try in 4 s"
    qint64 heard_wall_ms = 0; // when the cluster was heard last; 0: never
    qint64 now_wall_ms = 0;   // the instant shown

    bool operator==(const RolloutValue &) const = default;
};

// The answer to effectWanted(): what the ghost would do, or why it may not.
struct GhostValue {
    kernel::Weight weight = 0;
    std::optional<api::EffectRow> effect;
    QString trouble; // no answer, and why
};

} // namespace aviary
