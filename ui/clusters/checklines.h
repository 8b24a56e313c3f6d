// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/values.h"

class QGridLayout;

namespace aviary {

// Puts the points of a connection test into an empty grid, a row each: how it went, what was tried,
// and what would mend it.
void addCheckLines(QGridLayout *grid, const std::vector<api::CheckRow> &checks);

} // namespace aviary
