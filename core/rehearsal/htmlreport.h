// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/rehearsal/telling.h"

namespace aviary::rehearsal {

// One file for people: pictures inside, no script, nothing fetched, all text from outside escaped
// and plain. The same findings give the same bytes.
QByteArray htmlOf(const Findings &findings);

} // namespace aviary::rehearsal
