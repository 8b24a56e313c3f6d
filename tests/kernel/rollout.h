// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/rollout/permission.h"
#include "core/kernel/rollout/step.h"

#include <string>

// A rollout driven by hand: says what happens, reads what was ordered.
namespace aviary::kernel::testing {

// `nodes` pending targets, spread over `sites` sites in turn, from revision 1 to revision 2.
inline Plan planOf(std::uint32_t nodes, std::uint32_t sites = 1) {
    Plan plan;
    plan.service = "web";
    plan.revisions = {"", "v1", "v2"};
    plan.from = 1;
    plan.to = 2;
    plan.mode = UpdateMode::Beside;
    plan.router = RouterKind::Weights;
    plan.sites.resize(sites);
    for (std::uint32_t i = 0; i < sites; ++i) {
        plan.sites[i].name = "s" + std::to_string(i);
    }
    for (std::uint32_t i = 0; i < nodes; ++i) {
        Target target;
        target.node = "n" + std::to_string(i);
        target.site = i % sites;
        target.previous = 1;
        ++plan.sites[target.site].nodes;
        plan.targets.push_back(target);
    }
    plan.pending = plan.active = nodes;
    plan.policy.max_parallel = nodes;
    return plan;
}

// Lets a rollout run: reports of the world in, orders out.
class Rollout {
public:
    explicit Rollout(Plan plan) : plan_(std::move(plan)), state_(kernel::begin(plan_)) {}

    Commands tell(const Event &event) {
        Commands commands;
        step(plan_, state_, event, now_, commands);
        said_.insert(said_.end(), commands.begin(), commands.end());
        return commands;
    }
    Commands ask(const Request &request) { return tell(Requested{request}); }
    Commands start() { return ask(Start{}); }
    Commands wait(Millis span) {
        now_ += span;
        return tell(TimePassed{});
    }
    // The instance that was ordered last on the target becomes ready.
    Commands ready(TargetIndex target) { return tell(NodeReady{target, order(target)}); }
    Commands notReady(TargetIndex target) { return tell(NodeNotReady{target, order(target)}); }
    Commands failed(TargetIndex target, Cause cause = Cause::StartFailed) {
        return tell(NodeFailed{target, order(target), cause});
    }
    Commands retired(TargetIndex target) {
        return tell(NodeRetired{target, state_.docket.retire_order[target]});
    }
    Commands applied() { return tell(TrafficApplied{state_.docket.router_order}); }
    Commands refused() { return tell(TrafficRefused{state_.docket.router_order}); }

    // Answers every outstanding order well until nothing is left to answer.
    void obey() {
        for (;;) {
            const Commands orders = outstanding(plan_, state_);
            if (orders.empty()) {
                return;
            }
            for (const Command &order : orders) {
                obey(order);
            }
        }
    }
    void obey(const Command &order) {
        if (const auto *update = std::get_if<UpdateNode>(&order)) {
            tell(NodeReady{update->target, update->order});
        } else if (const auto *restore = std::get_if<RestoreNode>(&order)) {
            tell(NodeReady{restore->target, restore->order});
        } else if (const auto *retire = std::get_if<RetireNode>(&order)) {
            tell(NodeRetired{retire->target, retire->order});
        } else if (const auto *weight = std::get_if<SetWeight>(&order)) {
            tell(TrafficApplied{weight->order});
        } else if (const auto *slot = std::get_if<SwitchSlot>(&order)) {
            tell(TrafficApplied{slot->order});
        }
    }
    // Obeys and lets time pass until it waits, is paused, or ends; false when it never does.
    bool run() {
        for (int turn = 0; turn < 100'000; ++turn) {
            obey();
            const Millis due = nextDeadline(plan_, state_);
            if (due == never) {
                return true;
            }
            now_ = due;
            tell(TimePassed{});
        }
        return false;
    }

    Order order(TargetIndex target) const { return state_.cells[target].order; }
    Phase phase(TargetIndex target) const { return state_.cells[target].phase; }
    const State &state() const { return state_; }
    const Plan &plan() const { return plan_; }
    Millis now() const { return now_; }
    const Commands &said() const { return said_; }

    template <class Kind>
    static std::vector<Kind> only(const Commands &commands) {
        std::vector<Kind> found;
        for (const Command &command : commands) {
            if (const auto *one = std::get_if<Kind>(&command)) {
                found.push_back(*one);
            }
        }
        return found;
    }
    // Targets of the orders of one kind, in their order.
    template <class Kind>
    static std::vector<TargetIndex> targets(const Commands &commands) {
        std::vector<TargetIndex> found;
        for (const Kind &one : only<Kind>(commands)) {
            found.push_back(one.target);
        }
        return found;
    }
    static std::vector<Weight> weights(const Commands &commands) {
        std::vector<Weight> found;
        for (const SetWeight &one : only<SetWeight>(commands)) {
            found.push_back(one.weight);
        }
        return found;
    }

private:
    Plan plan_;
    State state_;
    Millis now_ = 0;
    Commands said_;
};

} // namespace aviary::kernel::testing
