// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/fleetwords.h"

#include <QJsonObject>

namespace aviary {

// What a person can say of nodes.
enum class FlagChange { Drain, Undrain, BeginMaintenance, EndMaintenance, Exclude, Include };
inline constexpr std::array all_flag_changes{
    FlagChange::Drain,          FlagChange::Undrain, FlagChange::BeginMaintenance,
    FlagChange::EndMaintenance, FlagChange::Exclude, FlagChange::Include};

// What it would do to the chosen nodes together.
struct FlagEffect {
    FlagChange change = FlagChange::Drain;
    QStringList ids; // of those for which something changes
    QString title;   // "Drain 12 nodes?"
    QString button;  // "Drain 12 nodes"
    bool raises_exposure = false;
    struct Line {
        QString label, text; // "stay", "eu-west 42 of 50"
        bool operator==(const Line &) const = default;
    };
    std::vector<Line> lines;
};

// "Drain…", on a button beside the selection.
QString flagText(FlagChange change);
// The flag as node.flag takes it: {"draining": true}.
QJsonObject flagParameters(FlagChange change);
// For how many of them something changes.
quint32 flagAffects(const FleetStore &store, const std::vector<NodeIndex> &nodes,
                    FlagChange change);
FlagEffect flagEffect(const FleetStore &store, const std::vector<NodeIndex> &nodes,
                      FlagChange change, const FleetScene &scene);

} // namespace aviary
