// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/values.h"

#include <QJsonObject>

// What may be asked of a rollout, what it would do, and why it may not.
namespace aviary::api {

// {"verb": "promote", "to": 2500} -> the kernel's request; the words of the CLI. "to" is in 1/100
// %. A node is given by name in "node".
Result<kernel::Request> requestFrom(const kernel::Plan &plan, const QString &verb,
                                    const QJsonObject &parameters);
QString verbOf(const kernel::Request &request);

// A sentence that says why not, and what would allow it.
QString refusalText(kernel::Refusal refusal, const kernel::Plan &plan, const kernel::State &state);

// What a promotion beyond kernel::promoteMax would do.
QString loadText(const kernel::Plan &plan);

std::vector<Permission> permissionsOf(const kernel::Plan &plan, const kernel::State &state);

// `requests_per_minute`: what the service answers now on both revisions, -1 when not measured.
EffectRow effectRow(const kernel::Plan &plan, const kernel::State &state,
                    const kernel::Request &request, double requests_per_minute);

} // namespace aviary::api
