// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/values.h"
#include "ui/charts/dataage.h"

#include <QString>

#include <optional>
#include <vector>

namespace aviary {

// What the frame of the window shows, whatever view is inside.
struct ShellState {
    std::optional<api::ClusterRow> cluster; // the one looked at
    std::vector<api::ClusterRow> clusters;
    std::vector<api::RolloutRow> rollouts; // in progress, on all clusters
    quint32 waiting = 0;                   // things that wait for this person
    QString who;                           // "ops on this computer"
    std::vector<QString> present;          // who else is connected
    DataAgeValue age;                      // as_of makes the window travel in time
    QString nodes;                         // "48 nodes: 45 healthy, 2 degraded, 1 offline"
    QString journal;                       // "journal 1,482, chain whole"

    bool operator==(const ShellState &) const = default;
    bool travelling() const { return !age.as_of.isEmpty(); }
};

// "48 nodes: 45 healthy, 2 degraded, 1 offline, 1 behind"; what is none is left out.
QString nodesSentence(const api::ClusterRow &cluster);

} // namespace aviary
