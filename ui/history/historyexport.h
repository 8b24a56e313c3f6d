// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/history/historyvalue.h"

#include <QByteArray>

namespace aviary {

// Deployments as a file, each a whole one. Texts are as they were recorded, made safe for what
// reads the file.

// RFC 4180, UTF-8. A text that a spreadsheet would take for a formula (= + - @, tab, carriage
// return) is led by an apostrophe.
QByteArray csvOf(const std::vector<HistoryLine> &lines);
// {"format": "aviary-history/1", "as_of_wall_ms", "deployments": [DeploymentRow]}
QByteArray jsonOf(const std::vector<HistoryLine> &lines, qint64 as_of_wall_ms);
// One file without anything from elsewhere, and without scripts: opens in any browser, and prints.
QByteArray htmlOf(const std::vector<HistoryLine> &lines, qint64 as_of_wall_ms,
                  const std::vector<DeploymentComparison> &comparisons);

} // namespace aviary
