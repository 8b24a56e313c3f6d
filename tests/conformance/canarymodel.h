// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCborMap>

// Facts about target_canary cases that need counting along the stages as the reference counts them.
namespace aviary::conformance {

bool stagesAreRefused(const QCborMap &input);
bool stageRoundsToNobody(const QCborMap &input);
bool doneCountsTowardsStages(const QCborMap &input);
bool failsInStageThatPasses(const QCborMap &input);

} // namespace aviary::conformance
