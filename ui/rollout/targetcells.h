// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/fleetmap.h"
#include "ui/rollout/rolloutvalue.h"

namespace aviary {

// One line of the map's legend: a colour or a sign, and what it stands for.
struct LegendEntry {
    std::optional<FleetTint> tint; // none: a sign
    Sign sign = Sign::None;
    QString text; // "offline, 1: catches up when it returns"
    bool operator==(const LegendEntry &) const = default;
};

// The targets of a rollout as squares, its sites as blocks, in the order in which they are first
// met. Kept from value to value, so that only what changed is drawn again.
class TargetCells {
public:
    // Rebuilds; `same_places` is true when every node has the square that it had before.
    struct Update {
        bool same_places = false;
        std::vector<FleetCellChange> changes; // only where same_places
    };
    Update setValue(const RolloutValue &value);

    const FleetMapValue &map() const { return map_; }
    const std::vector<LegendEntry> &legend() const { return legend_; }
    std::size_t size() const { return order_.size(); }
    const api::TargetRow &target(std::size_t square) const;
    // What stands beside the pointer: name, revision, state, why.
    QStringList card(std::size_t square) const;

private:
    std::uint16_t tintOf(const api::TargetRow &target);
    FleetCell cellOf(const api::TargetRow &target);
    bool placed(const std::vector<const api::TargetRow *> &targets) const;
    void place(const std::vector<const api::TargetRow *> &targets);
    void count();

    std::shared_ptr<const api::RolloutDetail> detail_;
    std::vector<api::TargetRow> more_;
    std::vector<std::size_t> order_; // target of each square
    std::vector<const api::TargetRow *> targets_;
    FleetMapValue map_;
    std::vector<LegendEntry> legend_;
};

} // namespace aviary
