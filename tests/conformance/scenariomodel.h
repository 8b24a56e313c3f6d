// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCborMap>
#include <QString>

namespace aviary::conformance {

// A weakness of the reference through which a scenario passes, and what Aviary does instead.
enum class Weakness : quint8 {
    None,
    OverrideReplaced,
    StartFails,
    BatchFails,
    NoChangeIsAVersion,
    BlueGreenIgnored,
    AutoPromoteIgnored,
    CanaryOfAll,
    HalfUpdatedIsTakenAsWhole,
    PendingIsRefused,
    TypeOfTheOldJob,
    OlderIsLeftBehind,
    LabelsWithoutGuard,
    ResumeLosesTheWait,
    RevertIsIgnored,
    RollBackDuringRollout,
    OtherTarget,
    WayBackIsGated,
    JobServiceIsHidden,
    CancelFails,
    JobIsGone,
    FleetChanged,
};

// Follows the operations as the reference keeps them, as far as the first weakness.
Weakness firstWeakness(const QCborMap &input);

} // namespace aviary::conformance
