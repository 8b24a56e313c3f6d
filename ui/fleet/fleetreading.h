// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/fleet/fleetgrid.h"
#include "ui/models/fleettablemodel.h"

namespace aviary {

// All that is derived from one store: which nodes match, their rows, their
// squares.
struct FleetReading {
    const FleetStore &store;
    FleetMatch match;
    FleetTableModel model;
    FleetGrid grid;

    explicit FleetReading(const FleetStore &nodes)
        : store(nodes), match(nodes), model(nodes, match), grid(nodes, match) {}
};

} // namespace aviary
