// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/rollout/command.h"
#include "core/kernel/strategy/compile.h"
#include "tests/conformance/targetcase.h"

#include <QCborValue>

namespace aviary::conformance {

// Compiles `request` for the targets of the case, runs it against its scripts and answers as the
// reference does: {success, updated, failed, state, calls, version_after}, or {refused: [...]}.
// `completed` is the reference's word for a rollout that completed. A rollout that stands where it
// cannot be started answers {raised: true}.
QCborValue runTargets(TargetCase &scripted, kernel::PlanRequest request, const QString &completed,
                      kernel::Status standing = kernel::Status::Draft);

// Of both sides only what is promised: see calltrace.h. Texts of errors are not compared.
QCborValue reducedTargets(const QCborValue &value);

} // namespace aviary::conformance
