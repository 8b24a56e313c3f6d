// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/rollout/command.h"

#include <QString>
#include <QStringList>

#include <vector>

// Rollouts that a cluster runs itself. It moves them; we see how they stand, and may ask.
//
// The way of one datum: the driver reads that the cluster's rollout R has 2 of 2 healthy canaries
// and waits -> SelfRunning::rollouts() has R with status Waiting -> the orchestrator compares it
// with what its journal says of R, writes the difference down as one fact (the whole of R, and
// when), and only then shows it. A person's "promote" is written down as a request ->
// SelfRunning::ask(Promote, R)
// -> the cluster does it, and is asked again what R is now -> the answer closes the request
// (applied, refused, unknown), and the next look brings R as it became, as one more fact.
// Read back, the facts of R, in order, give the same row and the same lines of what happened:
// nothing else goes into them.
namespace aviary::clusters {

// What of a rollout moves by itself.
struct OwnPart {
    QString name;
    qint64 canaries = 0; // wanted before the rest follows
    qint64 canaries_healthy = 0;
    qint64 wanted = 0, placed = 0, healthy = 0, unhealthy = 0; // instances, with the canaries
    bool promoted = false;
    bool promotes_itself = false, reverts_itself = false;
    bool operator==(const OwnPart &) const = default;

    bool waits() const { return canaries > 0 && !promoted && !promotes_itself; }
    bool mayBePromoted() const { return canaries > 0 && !promoted && canaries_healthy >= canaries; }
};

struct OwnRollout {
    QString id; // the cluster's, for ever
    QString service;
    QString from, to; // revisions; from is empty for the first, and where it is not known
    // Of kernel::Status: InProgress, Waiting (for a person's word, which may be given now), Paused,
    // Completed, Failed, Superseded.
    kernel::Status status = kernel::Status::InProgress;
    QString text; // the cluster's own words
    std::vector<OwnPart> parts;
    qint64 began_wall_ms = 0; // 0: it does not say
    bool operator==(const OwnRollout &) const = default;
};

struct OwnRequest {
    enum class Verb : quint8 { Promote, Pause, Resume, Fail, RollBack };
    Verb verb = Verb::Pause;
    QString rollout;
    QStringList parts = {}; // of Promote; empty: all
    QString revision = {};  // of RollBack; empty: what ran before
};

struct OwnAnswer {
    enum class Outcome : quint8 {
        Applied, // the cluster was asked again, and it is so
        Refused, // it is not so
        Unknown, // it may have been done
    };
    Outcome outcome = Outcome::Unknown;
    QString text;
};

} // namespace aviary::clusters
