// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/deployments/ledger.h"

namespace aviary {

// A deployed version seen as a snapshot that can be gone back to.
enum class SnapshotState : quint8 {
    Active,     // the newest deployment, and nothing went back since
    RolledBack, // was gone back to, and nothing older was since
    Superseded, // a later deployment, or a way back past it, took its place
};
struct Snapshot {
    quint32 version = 0;
    QString revision;
    SnapshotState state = SnapshotState::Active;
    bool operator==(const Snapshot &) const = default;
};

// Of the completed deployments in a history, oldest first. Ways back are no snapshots of their own.
std::vector<Snapshot> snapshotsOf(const std::vector<DeploymentRecord> &history);

// Whether the last word was a way back and it holds: one snapshot was gone back to, and it is
// `running`.
bool wayBackHolds(const std::vector<Snapshot> &snapshots, const QString &running);

QString nameOf(SnapshotState state); // "active", "rolled_back", "superseded"

} // namespace aviary
