// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/fleetstore.h"

#include <QStringList>

// A node of a fleet in words: the same on the map's card, in the table and on the node's page. All
// texts are plain and bounded.
namespace aviary {

// Which service's revisions are looked at. Where nothing rolls out, `fresh` is empty.
struct FleetFocus {
    QString service; // empty: each node's first
    QString fresh;   // the new revision
    QString stable;  // the old one
    bool operator==(const FleetFocus &) const = default;
};

// What a fleet is looked at with, beside its nodes.
struct FleetScene {
    FleetFocus focus;
    std::vector<api::RolloutRow> rollouts; // under way on this cluster
    qint64 now_wall_ms = 0;                // the instant shown
    bool operator==(const FleetScene &) const = default;
};

// What the newest rollout under way is about; else the service that most nodes run.
FleetFocus focusOf(const FleetStore &store, const std::vector<api::RolloutRow> &rollouts);

// "offline 4 min", "2 of 3 checks pass", "never heard"
QString healthText(const FleetStore &store, NodeIndex node, qint64 now_wall_ms);
// "checkout-api, 10 %", "2 behind"; empty where nothing is to be said.
QString rolloutText(const FleetStore &store, NodeIndex node, const FleetScene &scene);
// "draining, excluded"
QString flagsText(kernel::NodeFlags flags);
// "checkout-api v41, camera-agent v7 (not ready)"
QString servicesText(const FleetStore &store, NodeIndex node);
// "rack=r7, zone=b"
QString labelsText(const FleetStore &store, NodeIndex node);
// "4 min", "never"
QString heardText(qint64 heard_wall_ms, qint64 now_wall_ms);
// "21 Sep 2026 10:01:12"
QString exactTime(qint64 wall_ms);
// 0 to 100; none where it is not known.
std::optional<double> cpuPercent(const kernel::Usage &usage);
std::optional<double> memoryPercent(const kernel::Usage &usage, const kernel::Capacity &capacity);
std::optional<double> diskPercent(const kernel::Usage &usage, const kernel::Capacity &capacity);
// "31 %"; empty for none.
QString percentOf(std::optional<double> percent);
// The hover card: name, how it is, what it runs, ...
QStringList cardLines(const FleetStore &store, NodeIndex node, const FleetScene &scene);

// The worst first: what the table is sorted by where a person chose nothing else.
int troubleOf(Sign sign);

// "n2" before "n10": numbers inside by their value, case apart last.
bool naturallyBefore(QStringView a, QStringView b);

} // namespace aviary
