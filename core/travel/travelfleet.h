// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plans/fleetfile.h"
#include "core/travel/recordedrun.h"

#include <map>

namespace aviary::travel {

// The nodes of one cluster at the instant that its runs are at. A run knows its targets: what each
// serves, whether it is heard, and whether a person took it out. Where runs overlap, each tells of
// its own service, and the one that was heard last tells of the node itself.
class TravelFleet {
public:
    // Names, addresses, labels and capacity, which no run records; their states are not used once
    // a run knows the node.
    void setNodes(const std::vector<api::NodeRow> &nodes);
    void addRun(const std::shared_ptr<RecordedRun> &run);
    bool hasRuns() const { return !tellers_.empty(); }

    // After the runs moved to `wall_ms`: the indices of the rows that changed, rising.
    std::vector<std::size_t> follow(qint64 wall_ms);
    const std::vector<api::NodeRow> &rows() const { return rows_; }
    std::optional<std::size_t> find(const QString &node) const;
    // Nodes, healthy, degraded and offline of `row`.
    void count(api::ClusterRow &row) const;

private:
    // One run and what was shown of it.
    struct Teller {
        std::shared_ptr<RecordedRun> run;
        std::vector<std::size_t> row_of; // of each target
        std::vector<kernel::Cell> shown;
        bool speaks = false; // for its service: the newest that had begun, or else the oldest
        bool begun = false;
    };

    std::size_t rowFor(const QString &node, const QString &site);
    void chooseSpeakers(qint64 wall_ms);
    void refresh(std::size_t row);

    std::vector<api::NodeRow> rows_;
    std::map<QString, std::size_t> at_;
    std::vector<Teller> tellers_;
    std::vector<std::vector<std::pair<std::size_t, kernel::TargetIndex>>> told_by_; // of each row
};

// A node of a fleet file as a row: what it runs, by its own word.
api::NodeRow nodeRow(const kernel::Node &node, qint64 taken_wall_ms);

} // namespace aviary::travel
