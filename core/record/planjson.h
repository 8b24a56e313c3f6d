// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/strategy/plan.h"
#include "core/support/error.h"

#include <QJsonObject>

// A compiled plan as JSON, in run files, the journal and the API: the members of kernel::Plan under
// their own names; steps and judges say in "step" and "judge" what they are.
namespace aviary::record {

QJsonObject toJson(const kernel::Plan &plan);

// Unknown, missing and surplus members are errors, and so is a plan that does not hold together.
// `where` names the document in errors.
Result<kernel::Plan> planFromJson(const QJsonObject &json, const QString &where);

// Every index points at something and every number is within its limits: the kernel may be given
// the plan. Targets up to kernel::targets_max.
Result<void> checkPlan(const kernel::Plan &plan, const QString &where);

} // namespace aviary::record
