// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/travel/travelfleet.h"

#include <algorithm>

namespace aviary::travel {

using namespace kernel;

namespace {

// A record keeps that a node was taken out, and whether it still served; the flag that its plan
// knew is kept, else a node that serves nothing counts as draining.
NodeFlags flagsOf(const Cell &cell, const Target &target) {
    NodeFlags flags;
    if (cell.flagged) {
        flags.maintenance = cell.drained && target.reach == Reach::Maintenance;
        flags.draining = cell.drained && !flags.maintenance;
        flags.excluded = !cell.drained;
    }
    return flags;
}

QString wordsOf(const Cell &cell) {
    return cell.cause == Cause::None ? QString() : api::causeText(cell.cause);
}

// What the target serves of the run's service.
void addServices(const RecordedRun &run, const Cell &cell, const Target &target,
                 std::vector<api::ServiceOnNode> &services) {
    const Plan &plan = run.plan();
    const QString service = api::text(plan.service);
    const bool heard = cell.status == NodeStatus::Online;
    const bool fresh = cell.phase == Phase::Updating || cell.phase == Phase::Proving ||
                       cell.phase == Phase::Healthy || cell.ready;
    if (cell.old_runs && !cell.old_gone && target.previous != no_revision) {
        services.push_back({service, api::revisionText(plan, target.previous), heard, {}});
    }
    if (fresh && (target.previous != plan.to || cell.old_gone || !cell.old_runs)) {
        services.push_back(
            {service, api::revisionText(plan, plan.to), heard && cell.ready, wordsOf(cell)});
    }
}

} // namespace

void TravelFleet::setNodes(const std::vector<api::NodeRow> &nodes) {
    for (const api::NodeRow &node : nodes) {
        rows_[rowFor(node.id, node.site)] = node;
    }
}

std::size_t TravelFleet::rowFor(const QString &node, const QString &site) {
    const auto [at, fresh] = at_.emplace(node, rows_.size());
    if (fresh) {
        api::NodeRow row;
        row.id = node;
        row.name = node;
        row.site = site;
        row.labels = {{QStringLiteral("site"), site}};
        rows_.push_back(std::move(row));
        told_by_.emplace_back();
    }
    return at->second;
}

void TravelFleet::addRun(const std::shared_ptr<RecordedRun> &run) {
    Teller teller{run, {}, {}, false, false};
    const Plan &plan = run->plan();
    for (TargetIndex i = 0; i < plan.targets.size(); ++i) {
        const Target &target = plan.targets[i];
        const std::size_t row =
            rowFor(api::text(target.node), api::text(plan.sites[target.site].name));
        teller.row_of.push_back(row);
        told_by_[row].emplace_back(tellers_.size(), i);
    }
    tellers_.push_back(std::move(teller));
}

void TravelFleet::chooseSpeakers(qint64 wall_ms) {
    std::map<std::string_view, Teller *> newest;
    for (Teller &teller : tellers_) {
        teller.speaks = false;
        teller.begun = teller.run->beginWallMs() <= wall_ms;
        Teller *&best = newest[teller.run->plan().service];
        const bool later = best && teller.run->beginWallMs() > best->run->beginWallMs();
        const bool better =
            !best || (teller.begun != best->begun ? teller.begun : teller.begun == later);
        if (better) {
            best = &teller;
        }
    }
    for (const auto &[service, teller] : newest) {
        teller->speaks = true;
    }
}

std::vector<std::size_t> TravelFleet::follow(qint64 wall_ms) {
    std::vector<bool> spoke, had_begun;
    for (const Teller &teller : tellers_) {
        spoke.push_back(teller.speaks);
        had_begun.push_back(teller.begun);
    }
    chooseSpeakers(wall_ms);
    std::vector<bool> dirty(rows_.size(), false);
    for (std::size_t t = 0; t < tellers_.size(); ++t) {
        Teller &teller = tellers_[t];
        const std::vector<Cell> &cells = teller.run->state().cells;
        const bool all = teller.shown.size() != cells.size() || teller.speaks != spoke[t] ||
                         teller.begun != had_begun[t];
        for (std::size_t i = 0; i < cells.size(); ++i) {
            if (all || !(teller.shown[i] == cells[i])) {
                dirty[teller.row_of[i]] = true;
            }
        }
        teller.shown = cells;
    }
    std::vector<std::size_t> changed;
    for (std::size_t row = 0; row < rows_.size(); ++row) {
        if (dirty[row]) {
            refresh(row);
            changed.push_back(row);
        }
    }
    return changed;
}

void TravelFleet::refresh(std::size_t row) {
    api::NodeRow &node = rows_[row];
    node.services.clear();
    node.flapping = false;
    node.behind = 0;
    const Teller *last = nullptr;
    for (const auto &[t, target] : told_by_[row]) {
        const Teller &teller = tellers_[t];
        const Cell &cell = teller.run->state().cells[target];
        const Target &planned = teller.run->plan().targets[target];
        if (teller.speaks) {
            addServices(*teller.run, cell, planned, node.services);
            node.behind += cell.phase == Phase::Behind;
        }
        const bool heard_later =
            !last || (teller.begun && (!last->begun || teller.run->positionWallMs() >=
                                                           last->run->positionWallMs()));
        if (heard_later) {
            last = &teller;
            node.status = cell.status;
            node.flags = flagsOf(cell, planned);
            node.heard_wall_ms =
                cell.status == NodeStatus::Offline ? 0 : teller.run->heardWallMs(target);
        }
    }
}

std::optional<std::size_t> TravelFleet::find(const QString &node) const {
    const auto at = at_.find(node);
    return at == at_.end() ? std::nullopt : std::optional(at->second);
}

void TravelFleet::count(api::ClusterRow &row) const {
    row.nodes = static_cast<quint32>(rows_.size());
    row.healthy = row.degraded = row.offline = row.behind = 0;
    for (const api::NodeRow &node : rows_) {
        row.healthy += node.status == NodeStatus::Online;
        row.degraded += node.status == NodeStatus::Degraded;
        row.offline += node.status == NodeStatus::Offline;
        row.behind += node.behind > 0;
    }
}

api::NodeRow nodeRow(const Node &node, qint64 taken_wall_ms) {
    api::NodeRow row;
    row.id = api::text(node.id);
    row.name = api::text(node.name);
    row.address = api::text(node.address);
    row.site = api::text(node.site);
    for (const auto &[key, value] : node.labels) {
        row.labels.emplace_back(api::text(key), api::text(value));
    }
    row.status = node.status;
    row.flags = node.flags;
    row.heard_wall_ms = node.heartbeat_age ? taken_wall_ms - *node.heartbeat_age : 0;
    for (const auto &[service, revision] : node.revisions) {
        row.services.push_back({api::text(service), api::text(revision),
                                node.status == NodeStatus::Online, QString()});
    }
    row.usage = node.usage;
    row.capacity = node.capacity;
    return row;
}

} // namespace aviary::travel
