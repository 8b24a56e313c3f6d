// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/values.h"
#include "core/clusters/ownrollout.h"
#include "core/journal/journal.h"

namespace aviary::orchestrator {

// Of the journal's facts; key: the rollout's id.
inline const QString topic_own_hold = QStringLiteral("own_hold");

// A share of new instances at which a rollout that a cluster runs itself is to be paused: the
// cluster knows no such stage, so this daemon watches for it.
struct OwnHold {
    QString rollout;
    kernel::Weight at = 0;
    QString who, reason; // of the person who wanted it
    bool over = false;   // it was reached, or given up
};
journal::Fact toFact(const OwnHold &hold, qint64 wall_ms);
OwnHold ownHoldFrom(const journal::Fact &fact);

// Of all instances, those that are placed anew; an instance that is placed is exposed, healthy or
// not. Rounded down.
kernel::Weight newShare(const clusters::OwnRollout &rollout);
// How many of them make a share, at least.
qint64 instancesAt(const clusters::OwnRollout &rollout, kernel::Weight share);

enum class HoldState : quint8 { Coming, Due, Over };
HoldState holdStateOf(const clusters::OwnRollout &rollout, kernel::Weight at);

// What goes to the cluster so that it moves towards a hold. None: it moves already.
std::optional<clusters::OwnRequest::Verb> verbTowards(const clusters::OwnRollout &rollout);
// Why it cannot be held there; empty: it can.
QString refusalOfHold(const clusters::OwnRollout &rollout, kernel::Weight at);

} // namespace aviary::orchestrator
