// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/deployments/snapshots.h"

#include <algorithm>
#include <array>

namespace aviary {
namespace {

void supersedeFrom(std::vector<Snapshot>::iterator from, std::vector<Snapshot> &snapshots) {
    std::for_each(from, snapshots.end(),
                  [](Snapshot &snapshot) { snapshot.state = SnapshotState::Superseded; });
}

void goBack(std::vector<Snapshot> &snapshots, const QString &revision) {
    const auto at = std::find_if(snapshots.begin(), snapshots.end(), [&](const auto &snapshot) {
        return snapshot.revision == revision;
    });
    if (at != snapshots.end()) {
        supersedeFrom(at, snapshots);
        at->state = SnapshotState::RolledBack;
    }
}

} // namespace

std::vector<Snapshot> snapshotsOf(const std::vector<DeploymentRecord> &history) {
    std::vector<Snapshot> snapshots;
    for (const auto &record : history) {
        if (!record.stable || record.opened.purpose == Purpose::Rerun) {
            continue;
        }
        if (record.opened.purpose == Purpose::WayBack) {
            goBack(snapshots, record.opened.revision);
            continue;
        }
        for (auto &snapshot : snapshots) {
            if (snapshot.state == SnapshotState::Active) {
                snapshot.state = SnapshotState::Superseded;
            }
        }
        snapshots.push_back({record.opened.version, record.opened.revision});
    }
    return snapshots;
}

bool wayBackHolds(const std::vector<Snapshot> &snapshots, const QString &running) {
    const auto gone_back = [](const Snapshot &snapshot) {
        return snapshot.state == SnapshotState::RolledBack;
    };
    return std::count_if(snapshots.begin(), snapshots.end(), gone_back) == 1 &&
           std::find_if(snapshots.begin(), snapshots.end(), gone_back)->revision == running;
}

QString nameOf(SnapshotState state) {
    static constexpr std::array names = {QLatin1StringView("active"),
                                         QLatin1StringView("rolled_back"),
                                         QLatin1StringView("superseded")};
    return names[static_cast<std::size_t>(state)];
}

} // namespace aviary
