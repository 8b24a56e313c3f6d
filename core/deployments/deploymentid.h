// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/support/ulid.h"

namespace aviary {

// Runs of characters that are not letters, digits, _ . or - of ASCII become one -, and - at both
// ends goes away. May be empty.
QString safeKey(const QString &key);

// "dep_<safe key>_<ULID>": unique also after a restart, and sorted by time within its key.
QString deploymentId(const QString &key, qint64 wall_ms, const UlidRandom &random);

} // namespace aviary
