// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/fleetlayout.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace aviary {
namespace {

constexpr int square_min = 1;
constexpr int square_wanted = 2; // a single pixel is hard to see, and harder to point at
constexpr std::array aspects{0.6, 1.0, 2.0, 4.0}; // of a block, width to height
constexpr int shelves_max = 6;

int rowsOf(const FleetBlock &block) {
    const auto columns = static_cast<std::size_t>(block.columns);
    return static_cast<int>((block.count + columns - 1) / columns);
}

// Gives every block its place. Shelves are as they stand in `blocks`.
void place(FleetLayout &layout, const FleetMeasures &measures, bool labels) {
    const int label = labels ? measures.label_height : 0;
    int x = 0;
    int top = 0;
    int tallest = 0;
    int widest = 0;
    int shelf = 0;
    for (FleetBlock &block : layout.blocks) {
        if (block.shelf != shelf) {
            shelf = block.shelf;
            top += tallest + measures.gap;
            x = tallest = 0;
        }
        const int width = block.columns * layout.square;
        const int slot = labels ? std::max(width, layout.label_width) : width;
        block.grid = QRect(x, top + label, width, rowsOf(block) * layout.square);
        block.label = labels ? QRect(x, top, slot, label) : QRect();
        tallest = std::max(tallest, label + block.grid.height());
        widest = std::max(widest, x + slot);
        x += slot + measures.gap;
    }
    layout.size = {widest, top + tallest};
    if (!layout.mirrored) {
        return;
    }
    const int right = std::max(layout.size.width(), measures.viewport.width());
    for (FleetBlock &block : layout.blocks) {
        block.grid.moveLeft(right - block.grid.right() - 1);
        block.label.moveLeft(right - block.label.right() - 1);
    }
}

// What decides how many columns a block has: an aspect of its own, or the height of shelves that
// all blocks fill, which wastes no room.
struct Shape {
    double aspect = 1;
    int shelves = 0; // 0: by aspect
};

int columnsOf(std::size_t count, Shape shape, const FleetMeasures &measures, int square,
              bool labels) {
    const auto nodes = static_cast<double>(count);
    if (shape.shelves == 0) {
        return std::max(1, static_cast<int>(std::ceil(std::sqrt(nodes * shape.aspect))));
    }
    const int between = (shape.shelves - 1) * measures.gap;
    const int shelf = (measures.viewport.height() - between) / shape.shelves;
    const int rows = std::max(1, (shelf - (labels ? measures.label_height : 0)) / square);
    return std::max(1, static_cast<int>(std::ceil(nodes / rows)));
}

FleetLayout arrange(std::span<const std::size_t> counts, const FleetMeasures &measures, int square,
                    Shape shape, bool labels) {
    FleetLayout layout;
    layout.square = square;
    layout.label_width = measures.label_width_min;
    layout.mirrored = measures.mirrored;
    std::size_t first = 0;
    int x = 0;
    int shelf = 0;
    for (const std::size_t count : counts) {
        FleetBlock block;
        block.first = first;
        block.count = count;
        block.columns = columnsOf(count, shape, measures, square, labels);
        const int width = block.columns * square;
        const int slot = labels ? std::max(width, measures.label_width_min) : width;
        if (x > 0 && x + slot > measures.viewport.width()) {
            ++shelf;
            x = 0;
        }
        block.shelf = shelf;
        x += slot + measures.gap;
        first += count;
        layout.blocks.push_back(block);
    }
    place(layout, measures, labels);
    return layout;
}

bool fits(const FleetLayout &layout, QSize viewport) {
    return layout.size.width() <= viewport.width() && layout.size.height() <= viewport.height();
}

// The largest squares of this shape that fit, found by halving.
std::optional<FleetLayout> largest(std::span<const std::size_t> counts,
                                   const FleetMeasures &measures, Shape shape, bool labels) {
    std::optional<FleetLayout> best;
    int low = square_min;
    int high = std::max(square_min, measures.square_max);
    while (low <= high) {
        const int square = (low + high) / 2;
        FleetLayout layout = arrange(counts, measures, square, shape, labels);
        if (fits(layout, measures.viewport)) {
            best = std::move(layout);
            low = square + 1;
        } else {
            high = square - 1;
        }
    }
    return best;
}

std::optional<FleetLayout> largestOfAll(std::span<const std::size_t> counts,
                                        const FleetMeasures &measures, bool labels) {
    std::optional<FleetLayout> best;
    const auto attempt = [&](Shape shape) {
        auto layout = largest(counts, measures, shape, labels);
        if (layout && (!best || layout->square > best->square)) {
            best = std::move(layout);
        }
    };
    for (const double aspect : aspects) {
        attempt({aspect, 0});
    }
    for (int shelves = 1; shelves <= shelves_max; ++shelves) {
        attempt({1, shelves});
    }
    return best;
}

// How far a point is from the nearest of a block's cells, and which that is.
struct Nearest {
    std::size_t node = 0;
    int distance = std::numeric_limits<int>::max();
};

Nearest nearestCell(const FleetLayout &layout, const FleetBlock &block, QPoint point) {
    const QRect &grid = block.grid;
    const QPoint inside(std::clamp(point.x(), grid.left(), grid.right()),
                        std::clamp(point.y(), grid.top(), grid.bottom()));
    std::size_t node = block.first + block.count - 1;
    if (const auto at = layout.nodeAt(inside)) {
        node = *at;
    }
    const QPoint apart = layout.cell(node).center() - point;
    return {node, apart.manhattanLength()};
}

} // namespace

const FleetBlock *FleetLayout::blockOf(std::size_t node) const {
    const auto after = std::upper_bound(
        blocks.begin(), blocks.end(), node,
        [](std::size_t wanted, const FleetBlock &block) { return wanted < block.first; });
    if (after == blocks.begin()) {
        return nullptr;
    }
    const FleetBlock &block = *std::prev(after);
    return node < block.first + block.count ? &block : nullptr;
}

QRect FleetLayout::cell(std::size_t node) const {
    const FleetBlock *block = blockOf(node);
    if (!block) {
        return {};
    }
    const int place = static_cast<int>(node - block->first);
    const int column = place % block->columns;
    const int from_left = mirrored ? block->columns - 1 - column : column;
    return {block->grid.left() + from_left * square,
            block->grid.top() + place / block->columns * square, square, square};
}

std::optional<std::size_t> FleetLayout::nodeAt(QPoint position) const {
    for (const FleetBlock &block : blocks) {
        if (!block.grid.contains(position)) {
            continue;
        }
        const QPoint inside = position - block.grid.topLeft();
        const int from_left = inside.x() / square;
        const int column = mirrored ? block.columns - 1 - from_left : from_left;
        const auto place = static_cast<std::size_t>(inside.y() / square * block.columns + column);
        return place < block.count ? std::optional(block.first + place) : std::nullopt;
    }
    return std::nullopt;
}

std::size_t FleetLayout::neighbour(std::size_t node, int dx, int dy) const {
    const QRect from = cell(node);
    const QPoint wanted = from.center() + QPoint(dx, dy) * square;
    if (const auto direct = nodeAt(wanted)) {
        return *direct;
    }
    Nearest best{node, std::numeric_limits<int>::max()};
    for (const FleetBlock &block : blocks) {
        if (block.count == 0) {
            continue;
        }
        const Nearest found = nearestCell(*this, block, wanted);
        const QPoint way = cell(found.node).center() - from.center();
        const bool ahead = way.x() * dx + way.y() * dy > 0;
        if (ahead && found.node != node && found.distance < best.distance) {
            best = found;
        }
    }
    return best.node;
}

FleetLayout fitFleet(std::span<const std::size_t> site_counts, const FleetMeasures &measures) {
    // What is given up first when room is short: the gaps, then the labels.
    struct Comfort {
        int gap;
        bool labels;
    };
    const std::array comforts{Comfort{measures.gap, true}, Comfort{measures.gap / 3, true},
                              Comfort{measures.gap / 3, false}};
    for (const int wanted : {square_wanted, square_min}) {
        for (const auto &[gap, labels] : comforts) {
            FleetMeasures allowed = measures;
            allowed.gap = gap;
            const auto best = largestOfAll(site_counts, allowed, labels);
            if (!best || best->square < wanted) {
                continue;
            }
            allowed.label_width_min = std::max(measures.label_width_min, measures.label_width);
            const auto wide = largestOfAll(site_counts, allowed, labels);
            return wide && wide->square == best->square ? *wide : *best;
        }
    }
    return arrange(site_counts, measures, square_min, {}, true);
}

FleetLayout zoomFleet(const FleetLayout &fitted, int square, const FleetMeasures &measures) {
    FleetLayout layout = fitted;
    layout.square = std::max(square_min, square);
    const bool labels = !fitted.blocks.empty() && !fitted.blocks.front().label.isEmpty();
    // Squares large enough to point at leave room for a label again.
    place(layout, measures, labels || layout.square * 4 >= measures.label_height);
    return layout;
}

} // namespace aviary
