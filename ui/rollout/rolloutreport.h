// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/values.h"

namespace aviary {

// A rollout as a report to be pasted into a mail, a ticket or a chat: why first, then evidence,
// numbers, steps and what happened. Times are those of this desktop, with the offset from UTC.
struct RolloutReport {
    QString text; // plain, lines of at most about 100 characters where the words allow
    QString html; // the same; whatever came from outside is escaped
};

RolloutReport reportOf(const api::RolloutDetail &detail, const QString &cluster,
                       qint64 made_wall_ms);

} // namespace aviary
