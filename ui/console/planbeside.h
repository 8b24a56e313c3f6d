// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plans/exchange/export.h"
#include "core/plans/exchange/import.h"
#include "core/plans/requestchange.h"
#include "ui/plans/planvalue.h"

namespace aviary {

// What was written into the document, and why.
PlanBeside besideOf(const std::vector<plans::MemberChange> &changes, const QString &title,
                    const QString &why);
// What a plan of another tool lost on its way here, or ours on its way there.
PlanBeside besideOf(const plans::Import &import, const QString &file);
PlanBeside besideOf(const plans::Export &exported, const QString &file);
// How this plan differs from the one that ran last; `last` names that one.
PlanBeside besideOf(const kernel::Plan &before, const QString &last, const kernel::Plan &now);

} // namespace aviary
