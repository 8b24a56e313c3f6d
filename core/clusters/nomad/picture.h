// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clusters/nomad/reading.h"

#include <map>

namespace aviary::clusters::nomad {

enum class Table : quint8 { Nodes, Jobs, Deployments, Allocations };
inline constexpr Table all_tables[]{Table::Nodes, Table::Jobs, Table::Deployments,
                                    Table::Allocations};

// One list as it was read.
using Rows = std::variant<std::vector<Node>, std::vector<Job>, std::vector<Deployment>,
                          std::vector<Allocation>>; // in the order of Table

// All that is known of a cluster. Lists and events come in any order, twice or late: the index of
// the last change of each thing decides.
class Picture {
public:
    const std::map<QString, Node> &nodes() const { return nodes_; }
    const std::map<QString, Job> &jobs() const { return jobs_; } // by space/id
    const std::map<QString, Deployment> &deployments() const { return deployments_; }
    const std::map<QString, Allocation> &allocations() const { return allocations_; }

    // False: it was known, or something newer is.
    bool apply(const Change &change);
    // The whole table as of `index`; what is not in it and no newer is gone. False: nothing new.
    bool replace(const Rows &rows, Index index);
    void clear() { *this = {}; }

private:
    std::map<QString, Node> nodes_;
    std::map<QString, Job> jobs_;
    std::map<QString, Deployment> deployments_;
    std::map<QString, Allocation> allocations_;
};

} // namespace aviary::clusters::nomad
