// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plans/exchange/course.h"

// What both exports say alike. Only this folder includes it.
namespace aviary::plans {

// Whole seconds, rounded up; what was rounded is listed under `path`.
qint64 secondsOf(kernel::Millis duration_ms, const QString &path, Findings &findings);
// "90s", "10m", "1h": as Go reads it.
QString goText(qint64 seconds);
// The parts of the policy that neither tool has.
void leaveCommon(const Course &course, Findings &findings);
// One comment line for each; `unmapped` may hold text from a plan of somebody else.
QByteArray commentOf(const std::vector<Unmapped> &unmapped, const QString &title);

} // namespace aviary::plans
