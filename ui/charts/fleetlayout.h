// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPoint>
#include <QRect>
#include <QSize>

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace aviary {

// Everything in pixels of the device, so that squares fall on whole pixels at every scale.
struct FleetMeasures {
    QSize viewport;
    int label_height = 16;
    int label_width_min = 56; // a block is at least as wide as this where it has a label
    int label_width = 0;      // and as this where that makes no square smaller
    int gap = 20;             // between blocks
    int square_max = 33;      // largest distance from square to square when everything is shown
    bool mirrored = false;
};

// One site: a grid of squares under a label.
struct FleetBlock {
    std::size_t first = 0; // node
    std::size_t count = 0;
    int columns = 1;
    int shelf = 0;
    QRect label; // empty where there is no room for labels
    QRect grid;
    bool operator==(const FleetBlock &) const = default;
};

// Where every node is. Blocks stand on shelves in the order of the sites.
struct FleetLayout {
    int square = 2;       // distance from one square to the next
    int label_width = 56; // the least that a block with a label takes
    bool mirrored = false;
    QSize size; // of everything
    std::vector<FleetBlock> blocks;

    QRect cell(std::size_t node) const;
    std::optional<std::size_t> nodeAt(QPoint position) const;
    // The nearest node in the direction of (dx, dy), one of which is 0; `node` where there is none.
    std::size_t neighbour(std::size_t node, int dx, int dy) const;
    const FleetBlock *blockOf(std::size_t node) const;
};

// The layout with the largest squares that shows all, of 2 pixels or more if gaps and labels can be
// given up for that; squares of 1 pixel where none does.
FleetLayout fitFleet(std::span<const std::size_t> site_counts, const FleetMeasures &measures);

// The same blocks with squares of another size: zoom keeps everything in its place.
FleetLayout zoomFleet(const FleetLayout &fitted, int square, const FleetMeasures &measures);

} // namespace aviary
