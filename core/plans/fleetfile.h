// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/fleet/fleet.h"
#include "core/support/flaw.h"

#include <QByteArray>

#include <optional>

// `.fleet.json`: the nodes of a cluster as they were at one instant. Reading one acts on nothing.
// resources/schemas/fleet.schema.json describes it; by example:
//
//   {"format": "aviary-fleet/1", "cluster": "edge-eu", "taken_wall_ms": 1790000000000, "nodes": [
//     {"id": "store-1", "site": "eu-west", "status": "online", "heartbeat_age_ms": 900,
//      "revisions": {"checkout-api": "v41"}, "capabilities": ["gpu"], "labels": {"ring": "1"},
//      "capacity": {"memory_mib": 4096, "services": 8}, "usage": {"memory_mib": 900}}]}
//
// Only `id` is needed. `name` is the id by default, `site` the label "site", `status` online.
namespace aviary::plans {

struct FleetFile {
    QString cluster;
    qint64 taken_wall_ms = 0; // milliseconds since 1970; 0: not known
    kernel::Fleet fleet;
    bool operator==(const FleetFile &) const = default;
};

struct FleetReading {
    std::optional<FleetFile> file; // none when there are flaws
    Flaws flaws;                   // at most 25, with their lines
};

inline constexpr qsizetype fleet_bytes_max = 512 * 1024 * 1024;

FleetReading readFleet(const QByteArray &text);

// Canonical: members sorted, one node a line, what is at its default left out.
QByteArray writeFleet(const FleetFile &file);

} // namespace aviary::plans
