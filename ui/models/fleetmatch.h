// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/filter.h"
#include "ui/models/fleetstore.h"

#include <vector>

namespace aviary {

// Which nodes of a store a filter matches, the same answer as Filter::matches() gives of each row.
// Terms about shared words are asked once a word, and only terms about a node's own texts and
// numbers once a node; so 100,000 nodes are matched between two keystrokes.
class FleetMatch {
public:
    explicit FleetMatch(const FleetStore &store) : store_(store) {}

    void setFilter(const api::Filter &filter); // and looks at every node
    const api::Filter &filter() const { return filter_; }
    // Looks at the nodes again whose rows changed; nodes that came or went need all of them.
    void update(const FleetChange &change);

    // A node that the store has not announced yet matches nothing.
    bool at(NodeIndex node) const { return node < matches_.size() && matches_[node]; }
    quint32 count() const { return count_; } // of the nodes that are there

private:
    using Term = api::Filter::Term;
    // One condition over one column: its answers by number of the shared value, where there is one.
    struct Condition {
        const Term *term = nullptr; // null: all the terms about services
        std::vector<signed char> known;
        quint64 version = 0;
    };

    void lookAtAll();
    bool holds(Condition &condition, NodeIndex node);
    bool answer(const Condition &condition, NodeIndex node);
    std::optional<quint32> shared(const Condition &condition, NodeIndex node) const;
    quint64 version(const Condition &condition) const;

    const FleetStore &store_;
    api::Filter filter_;
    std::vector<Condition> conditions_; // the cheap ones first
    std::vector<bool> matches_;
    quint32 count_ = 0;
    api::NodeRow scratch_;
};

} // namespace aviary
