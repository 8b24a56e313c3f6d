// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/history/historyvalue.h"

namespace aviary::samples {

// Today on all clusters, live or at 09:48:12.
HistoryValue history(bool live);
DeploymentPane pane();
DeploymentComparison comparison();
// The same with names that are long, and texts that would be markup or turn the direction.
HistoryValue hostileHistory();

} // namespace aviary::samples
