// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/rollout/state.h"

#include <QJsonObject>
#include <QStringList>

namespace aviary {

// What came of a rollout, in the shape that the reference systems document:
//   {success, targets_updated, targets_failed, duration_ms, state, errors, metadata}
struct DeploymentResult {
    bool success = false;        // completed, and no target failed
    quint32 targets_updated = 0; // touched by it, and healthy on the new revision
    quint32 targets_failed = 0;
    qint64 duration_ms = 0; // of the rollout's own clock
    kernel::Status state = kernel::Status::Draft;
    QStringList errors;   // one for each target that failed, at most errors_max
    QJsonObject metadata; // strategy, revision, weight in 1/100 %, behind
    static constexpr int errors_max = 1'000;
    bool operator==(const DeploymentResult &) const = default;
};

DeploymentResult resultOf(const kernel::Plan &plan, const kernel::State &state);
QJsonObject toJson(const DeploymentResult &result);

} // namespace aviary
