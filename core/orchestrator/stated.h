// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/values.h"
#include "core/support/error.h"

namespace aviary::orchestrator {

// What a person saw before the word was given holds no more; `now`: what it would do.
Error changedMeanwhile(const QStringList &now);

// `stated` is the token of the effect that the person saw; empty: none was stated. Conflict: the
// effect is another one now.
Result<void> stillStated(const QString &stated, const api::EffectRow &now);

} // namespace aviary::orchestrator
