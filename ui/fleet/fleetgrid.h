// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/fleetmap.h"
#include "ui/models/fleetmatch.h"
#include "ui/models/fleetwords.h"

#include <functional>

namespace aviary {

// How the map puts nodes together.
struct FleetGrouping {
    enum class By { Site, Revision, Label };
    By by = By::Site;
    QString label; // the key
    bool operator==(const FleetGrouping &) const = default;
};

// What the colour of a square says. Its shape always says trouble.
enum class FleetColouring { Revision, Health, Behind, Cpu, Memory, Disk };

// The squares of a fleet map: which node stands where, in which colour. Nodes
// keep their places while they stay in their group, so that a person finds
// again what they saw.
class FleetGrid {
public:
    FleetGrid(const FleetStore &store, const FleetMatch &match) : store_(store), match_(match) {}

    void look(const FleetGrouping &grouping, FleetColouring colouring, const FleetFocus &focus);
    // Everything, as it is now.
    FleetMapValue whole();
    // The squares that changed; none where a node came, went or changed its
    // group, or a colour is new: then everything is needed.
    std::optional<std::vector<FleetCellChange>> changes(const FleetChange &change);

    std::size_t cellOf(NodeIndex node) const { return cells_[node]; }
    bool hasCell(NodeIndex node) const { return node < cells_.size() && cells_[node] != no_cell; }
    NodeIndex nodeAt(std::size_t cell) const { return order_[cell]; }
    std::size_t cellCount() const { return order_.size(); }

    // What the colours mean, with how many nodes have them.
    struct Entry {
        FleetTint tint;
        quint32 nodes = 0;
    };
    std::vector<Entry> legend() const;

private:
    static constexpr std::size_t no_cell = ~std::size_t(0);
    using Tint = std::uint16_t;

    QString groupOf(NodeIndex node) const;
    std::optional<Tint> tintOf(NodeIndex node) const;
    std::optional<Tint> tintByShare(std::optional<double> percent) const;
    FleetCell cell(NodeIndex node) const;
    void mixTints();
    void mixRevisions();
    void arrange(FleetMapValue &value);
    QString note(const std::vector<quint32> &by_tint, std::size_t count) const;

    const FleetStore &store_;
    const FleetMatch &match_;
    FleetGrouping grouping_;
    FleetColouring colouring_ = FleetColouring::Revision;
    FleetFocus focus_;
    std::vector<FleetTint> tints_;
    std::map<QString, Tint> tint_of_; // of a revision or a word of health
    Tint other_tint_ = 0;             // of revisions beyond those that have a colour each
    std::size_t spare_tints_ = 0;     // colours that no revision has
    std::vector<NodeIndex> order_;    // by cell
    std::vector<std::size_t> cells_;  // by node
    std::vector<quint32> group_of_;   // by node
    std::vector<QString> groups_;
    std::vector<quint32> tint_counts_;
    std::vector<Tint> tint_of_node_;
};

} // namespace aviary
