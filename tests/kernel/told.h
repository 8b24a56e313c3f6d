// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/rollout/step.h"

// How the nodes stand by what the engine was told and what it ordered: the books of the world
// around it, kept without its counters.
namespace aviary::kernel::testing {

struct ToldNode {
    bool old_serves = true, fresh_serves = false, served = true;
    bool offline = false, draining = false, excluded = false, incapable = false;
    bool updated = false;  // UpdateNode was ordered
    bool restored = false; // and its way back is done
    bool up() const { return (old_serves || fresh_serves) && !offline && !draining; }
    bool reachable() const { return !offline && !draining && !excluded && !incapable; }
};

inline std::vector<ToldNode> toldBy(const Plan &plan) {
    std::vector<ToldNode> nodes;
    for (const Target &target : plan.targets) {
        ToldNode node;
        node.old_serves = target.previous != no_revision && target.previous != plan.to;
        node.fresh_serves = target.standing == Standing::Done ||
                            (target.previous == plan.to && target.standing == Standing::Behind);
        node.served = target.previous != no_revision || node.fresh_serves;
        node.offline = target.reach == Reach::Offline;
        node.draining = target.reach == Reach::Draining || target.reach == Reach::Maintenance;
        node.excluded = target.reach == Reach::Excluded;
        node.incapable = target.reach == Reach::Incapable || target.reach == Reach::Full;
        nodes.push_back(node);
    }
    return nodes;
}

inline void noteServing(const Plan &plan, const Cell &cell, TargetIndex target, Order given,
                        bool serves, ToldNode &node) {
    if (given != unasked && given != cell.order) {
        return;
    }
    if (given == unasked) {
        if (!cell.old_gone) {
            node.old_serves = serves;
        } else if (!cell.touched && plan.targets[target].standing == Standing::Done) {
            node.fresh_serves = serves;
        }
    } else if (cell.returning) {
        const bool had_one = plan.targets[target].previous != no_revision;
        if (serves || cell.phase == Phase::Restored) {
            node.old_serves = serves && had_one;
            node.fresh_serves = node.fresh_serves && cell.phase == Phase::Restoring && !serves;
            node.restored = node.restored || serves;
            node.served = had_one;
        }
    } else {
        node.fresh_serves = serves;
        node.old_serves = node.old_serves && !(serves && plan.mode == UpdateMode::InPlace);
    }
    node.served = node.served || node.old_serves || node.fresh_serves;
}

// `state`: before the event.
inline void noteTold(const Plan &plan, const State &state, const Event &event,
                     std::vector<ToldNode> &nodes) {
    const auto serving = [&](const auto &report, bool serves) {
        noteServing(plan, state.cells[report.target], report.target, report.order, serves,
                    nodes[report.target]);
    };
    if (const auto *status = std::get_if<NodeStatusChanged>(&event)) {
        nodes[status->target].offline = status->status == NodeStatus::Offline;
    } else if (const auto *flags = std::get_if<NodeFlagsChanged>(&event)) {
        nodes[flags->target].draining = flags->draining || flags->maintenance;
        nodes[flags->target].excluded = flags->excluded;
    } else if (const auto *ready = std::get_if<NodeReady>(&event)) {
        serving(*ready, true);
    } else if (const auto *not_ready = std::get_if<NodeNotReady>(&event)) {
        serving(*not_ready, false);
    } else if (const auto *failed = std::get_if<NodeFailed>(&event)) {
        serving(*failed, false);
        const bool meant =
            failed->order == unasked || failed->order == state.cells[failed->target].order;
        if (failed->cause == Cause::NodeGone && meant) {
            ToldNode &node = nodes[failed->target];
            node.offline = true;
            node.old_serves = node.fresh_serves = false;
        }
    }
}

} // namespace aviary::kernel::testing
