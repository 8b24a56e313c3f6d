// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/rollout/permission.h"
#include "core/kernel/rollout/step.h"
#include "core/kernel/strategy/load.h"
#include "tests/kernel/chance.h"
#include "tests/kernel/told.h"

#include <algorithm>
#include <string>

// A world around one rollout: nodes that start, fail, flap, fall silent and come back; a router
// that refuses; reports that come late, twice or in the wrong order; people who ask for things;
// an engine that restarts. It keeps its own books of what it told, and watches every order.
namespace aviary::kernel::testing {

class World {
public:
    World(Plan plan, std::uint64_t seed)
        : plan_(std::move(plan))
        , chance_(seed)
        , calm_(chance_.below(100))
        , state_(kernel::begin(plan_))
        , twin_(state_)
        , silent_(state_)
        , nodes_(toldBy(plan_)) {
        silent_.explains = false;
    }

    // Phase one: anything may happen. Phase two: all is well, and people say yes.
    void run(int moves) {
        tell(Requested{Start{}});
        for (int i = 0; i < moves && !isEnd(state_.status) && problem_.empty(); ++i) {
            moveAtRandom();
        }
        finishWell();
        if (problem_.empty()) {
            checkEnd();
        }
    }

    const std::string &problem() const { return problem_; }
    const State &state() const { return state_; }
    const Plan &plan() const { return plan_; }
    std::uint64_t fingerprint() const { return fingerprint_; }
    std::size_t events() const { return events_; }

private:
    void fault(const std::string &what) {
        if (problem_.empty()) {
            problem_ =
                what + " at event " + std::to_string(events_) + ", time " + std::to_string(now_);
        }
    }

    // ---- What the world does

    void tell(const Event &event) {
        ++events_;
        history_.push_back(event);
        times_.push_back(now_);
        noteTold(plan_, state_, event, nodes_);
        Commands commands;
        step(plan_, state_, event, now_, commands);
        kernel::note(plan_, twin_, event, now_);
        for (const Command &command : commands) {
            watch(command);
            mark(plan_, twin_, command);
        }
        Commands unexplained;
        step(plan_, silent_, event, now_, unexplained);
        if (unexplained != commands) {
            fault("it decides otherwise where nobody asks why");
        }
        if (stateHash(state_) != stateHash(twin_)) {
            fault("the replay differs");
        }
        fingerprint_ = (fingerprint_ ^ stateHash(state_)) * 0x0000'0100'0000'01b3ULL;
        checkRest(event);
    }
    void moveAtRandom() {
        const std::uint32_t dice = chance_.percent(calm_) ? chance_.below(60) : chance_.below(100);
        if (dice < 42) {
            answer(!chance_.percent(calm_));
        } else if (dice < 60) {
            letTimePass();
        } else if (dice < 68) {
            disturb();
        } else if (dice < 76) {
            changeNode();
        } else if (dice < 84) {
            measure(chance_.percent(30));
        } else if (dice < 92) {
            repeat();
        } else if (dice < 97) {
            askSomething();
        } else if (dice < 99) {
            tell(EngineRestarted{});
        } else {
            tell(NodeFailed{anyTarget(), unasked,
                            chance_.percent(20) ? Cause::NodeGone : Cause::Exited});
        }
    }

    TargetIndex anyTarget() { return chance_.below(static_cast<std::uint32_t>(nodes_.size())); }
    Order order(TargetIndex target) const { return state_.cells[target].order; }

    // Answers one outstanding order, well or with faults.
    void answer(bool faults) {
        const Commands orders = outstanding(plan_, state_);
        if (orders.empty()) {
            letTimePass();
            return;
        }
        const Command &chosen = orders[chance_.below(static_cast<std::uint32_t>(orders.size()))];
        const bool bad = faults && chance_.percent(12);
        if (const auto *update = std::get_if<UpdateNode>(&chosen)) {
            answerNode(update->target, update->order, bad);
        } else if (const auto *restore = std::get_if<RestoreNode>(&chosen)) {
            answerNode(restore->target, restore->order, bad);
        } else if (const auto *retire = std::get_if<RetireNode>(&chosen)) {
            bad ? tell(NodeFailed{retire->target, retire->order, Cause::OrderRefused})
                : tell(NodeRetired{retire->target, retire->order});
        } else {
            answerRouter(bad);
        }
    }
    void answerNode(TargetIndex target, Order order, bool bad) {
        if (nodes_[target].offline) {
            return; // silent
        }
        bad ? tell(NodeFailed{target, order, Cause::StartFailed}) : tell(NodeReady{target, order});
    }
    void answerRouter(bool bad) {
        const Order order = state_.docket.router_order;
        bad ? tell(TrafficRefused{order}) : tell(TrafficApplied{order});
    }

    void letTimePass() {
        const Millis due = nextDeadline(plan_, state_);
        const bool waits = due != never;
        // What was ordered is answered before long, most often.
        const bool soon = waits && (due < now_ + 20'000 || outstanding(plan_, state_).empty());
        if (waits && chance_.percent(soon ? 70 : 2)) {
            now_ = std::max(now_, due);
        } else {
            now_ += chance_.below(8'000);
        }
        tell(TimePassed{});
    }

    void disturb() {
        const TargetIndex target = anyTarget();
        if (chance_.percent(50)) {
            tell(NodeNotReady{target, order(target)});
        } else if (chance_.percent(30)) {
            tell(NodeFailed{target, order(target), Cause::Exited});
        } else {
            chance_.percent(50) ? tell(NodeNotReady{target, unasked})
                                : tell(NodeReady{target, unasked});
        }
    }

    void changeNode() {
        const TargetIndex target = anyTarget();
        if (chance_.percent(50)) {
            const bool away = chance_.percent(40);
            tell(NodeStatusChanged{target, away ? NodeStatus::Offline : NodeStatus::Online});
        } else {
            tell(NodeFlagsChanged{target, chance_.percent(20), chance_.percent(10),
                                  chance_.percent(10)});
        }
    }

    void measure(bool bad) {
        requests_ += chance_.from(0, 400);
        errors_ += bad ? chance_.below(200) : 0;
        errors_ = std::min(errors_, requests_);
        if (chance_.percent(3)) {
            requests_ = errors_ = 0; // the router restarted
        }
        tell(TrafficMeasured{true, {requests_, errors_, requests_, 0}});
        tell(TrafficMeasured{false, {2 * requests_, 0, 2 * requests_, 0}});
    }

    // Late and repeated reports. What has no order (status, flags, what ran before) is the truth of
    // its moment, so only the newest of these may come twice.
    void repeat() {
        if (history_.empty()) {
            return;
        }
        const auto size = static_cast<std::uint32_t>(history_.size());
        const Event event = history_[size - 1 - chance_.below(std::min(size, 60U))];
        const bool ordered = std::visit(
            [](const auto &one) {
                if constexpr (requires { one.order; }) {
                    return one.order != unasked;
                }
                return false;
            },
            event);
        if (ordered && !isNewest(event)) {
            const std::uint64_t before = stateHash(state_);
            now_ = state_.now;
            tell(event);
            if (stateHash(state_) != before) {
                fault("a late report changed something");
            }
        }
    }
    bool isNewest(const Event &event) const {
        return std::visit(
            [&](const auto &one) {
                if constexpr (requires {
                                  one.target;
                                  one.order;
                              }) {
                    return one.order == order(one.target) ||
                           (state_.cells[one.target].retiring &&
                            state_.docket.retire_order[one.target] == one.order);
                } else if constexpr (requires { one.order; }) {
                    return one.order == state_.docket.router_order;
                }
                return false;
            },
            event);
    }

    void askSomething() {
        const Request asked[] = {Approve{},
                                 Start{},
                                 Promote{},
                                 Promote{static_cast<Weight>(chance_.below(11'000))},
                                 Promote{full_weight},
                                 Lower{static_cast<Weight>(chance_.below(10'000))},
                                 Pause{},
                                 Resume{},
                                 Resume{},
                                 RollBack{},
                                 Skip{},
                                 Skip{anyTarget()},
                                 Retry{},
                                 Retry{anyTarget()},
                                 Fail{},
                                 Supersede{}};
        const std::uint32_t rare = chance_.percent(15) ? 16 : 14;
        ask(asked[chance_.below(rare)]);
    }
    void ask(const Request &request) {
        const Refusal refusal = refusalOf(plan_, state_, request);
        const std::uint64_t epoch = state_.epoch;
        now_ = state_.now;
        (void)effectOf(plan_, state_, request);
        tell(Requested{request});
        if ((refusal == Refusal::None) != (state_.epoch > epoch)) {
            fault("a request was refused and acted upon, or allowed and not");
        }
    }

    // ---- Phase two

    void finishWell() {
        for (TargetIndex i = 0; i < nodes_.size() && problem_.empty(); ++i) {
            tell(NodeStatusChanged{i, NodeStatus::Online});
            tell(NodeFlagsChanged{i, false, false, false});
            if (!state_.cells[i].old_gone && !isOpenUnderWay(i)) {
                tell(NodeReady{i, unasked});
            }
        }
        for (int turn = 0; turn < 20'000 && problem_.empty(); ++turn) {
            if (isEnd(state_.status)) {
                return;
            }
            if (!outstanding(plan_, state_).empty()) {
                answer(false);
            } else if (state_.status == Status::Paused) {
                ask(Resume{});
            } else if (state_.status == Status::Waiting) {
                sayYes();
            } else {
                if (state_.measuring) {
                    requests_ += 300;
                    tell(TrafficMeasured{true, {requests_, errors_, requests_, 0}});
                    tell(TrafficMeasured{false, {2 * requests_, 0, 2 * requests_, 0}});
                    now_ += 500;
                    tell(TimePassed{});
                    continue;
                }
                const Millis due = nextDeadline(plan_, state_);
                if (due == never) {
                    fault("it stands still: status " + std::string(nameOf(state_.status)) +
                          ", step " + std::to_string(state_.step));
                    return;
                }
                now_ = due;
                tell(TimePassed{});
            }
        }
        fault("it does not end");
    }
    bool isOpenUnderWay(TargetIndex target) const {
        const Phase phase = state_.cells[target].phase;
        return phase == Phase::Updating || phase == Phase::Restoring;
    }
    void sayYes() {
        for (const Request &request : {Request(Promote{full_weight}), Request(Retry{}),
                                       Request(Skip{}), Request(RollBack{})}) {
            if (refusalOf(plan_, state_, request) == Refusal::None) {
                ask(request);
                return;
            }
        }
        fault("it waits, and nothing is allowed");
    }

    // ---- What must always hold

    void watch(const Command &command) {
        if (const auto *update = std::get_if<UpdateNode>(&command)) {
            watchDown(update->target);
            ToldNode &node = nodes_[update->target];
            node.updated = true;
            node.restored = false;
            node.fresh_serves = false;
            node.old_serves = node.old_serves && plan_.mode == UpdateMode::Beside;
        } else if (const auto *restore = std::get_if<RestoreNode>(&command)) {
            watchDown(restore->target);
            ToldNode &node = nodes_[restore->target];
            const bool in_place = plan_.mode == UpdateMode::InPlace;
            node.fresh_serves = node.fresh_serves && !in_place && !node.old_serves;
            node.old_serves = node.old_serves && !in_place;
        } else if (const auto *retire = std::get_if<RetireNode>(&command)) {
            ToldNode &node = nodes_[retire->target];
            watchReach(retire->target);
            if (!node.fresh_serves) {
                fault("an old instance is retired while the new one does not serve");
            }
            node.old_serves = false;
        } else if (const auto *weight = std::get_if<SetWeight>(&command)) {
            watchWeight(weight->weight);
        }
    }
    void watchReach(TargetIndex target) {
        if (!nodes_[target].reachable()) {
            fault("an order to a node that may not be touched");
        }
    }
    void watchDown(TargetIndex target) {
        watchReach(target);
        if (plan_.mode != UpdateMode::InPlace || !nodes_[target].up()) {
            return;
        }
        const std::uint32_t site = plan_.targets[target].site;
        std::uint32_t down = 1;
        for (std::size_t i = 0; i < nodes_.size(); ++i) {
            down += plan_.targets[i].site == site && nodes_[i].served && !nodes_[i].up();
        }
        if (down > plan_.maxUnavailable(site)) {
            fault("more than max_unavailable down");
        }
    }
    void watchWeight(Weight weight) {
        if (weight <= asked_) {
            asked_ = weight;
            return;
        }
        asked_ = weight;
        if (state_.docket.follows) {
            return;
        }
        Weight allowed = state_.weight_person;
        for (std::size_t i = 0; i <= state_.step && i < plan_.steps.size(); ++i) {
            if (const auto *shift = std::get_if<ShiftStep>(&plan_.steps[i])) {
                allowed = std::max(allowed, shift->weight);
            }
        }
        if (weight > allowed) {
            fault("the weight is above the stage and what a person allowed");
        }
        if (plan_.router == RouterKind::Weights &&
            weight > weightMax(plan_.policy.max_load_percent, plan_.active, freshNodes()) &&
            plan_.scope == RouterScope::Cluster) {
            fault("the weight overloads the new nodes");
        }
    }
    std::uint32_t freshNodes() const {
        return static_cast<std::uint32_t>(
            std::count_if(nodes_.begin(), nodes_.end(), [](const ToldNode &node) {
                return node.fresh_serves && !node.offline && !node.draining;
            }));
    }

    void checkRest(const Event &event) {
        if (Command left; decide(plan_, state_, left)) {
            fault("something was left undecided");
        }
        if (nextDeadline(plan_, state_) <= state_.now) {
            fault("a deadline stays behind");
        }
        std::array<std::uint32_t, phase_count> counts{};
        std::vector<std::uint32_t> down(state_.sites.size());
        for (std::size_t i = 0; i < nodes_.size(); ++i) {
            ++counts[static_cast<std::size_t>(state_.cells[i].phase)];
            down[plan_.targets[i].site] += nodes_[i].served && !nodes_[i].up();
        }
        if (counts != state_.counts) {
            fault("the counts are wrong");
        }
        for (std::size_t i = 0; i < down.size() && !isEnd(state_.status); ++i) {
            if (down[i] != state_.sites[i].down) {
                fault("nodes down at a site: " + std::to_string(state_.sites[i].down) +
                      " counted, " + std::to_string(down[i]) + " told");
            }
        }
        checkDuplicate(event);
    }
    void checkDuplicate(const Event &event) {
        if (std::holds_alternative<Requested>(event)) {
            return;
        }
        State copy = state_;
        Commands commands;
        step(plan_, copy, event, now_, commands);
        if (!commands.empty() || stateHash(copy) != stateHash(state_)) {
            fault("the same event again changed something, kind " + std::to_string(event.index()));
        }
    }

    void checkEnd() {
        if (state_.status != Status::RolledBack) {
            return;
        }
        const bool dark = plan_.strategy == StrategyKind::FeatureFlag && state_.docket.flag_raised;
        for (std::size_t i = 0; i < nodes_.size() && !dark; ++i) {
            if (nodes_[i].updated && !nodes_[i].restored) {
                fault("rolled back, and node " + std::to_string(i) + " is not");
            }
        }
        if (plan_.router != RouterKind::None && (state_.weight != 0 || state_.fresh_slot)) {
            fault("rolled back, and the new revision has traffic");
        }
    }

    Plan plan_;
    Chance chance_;
    std::uint32_t calm_; // percent of moves without faults
    State state_;
    State twin_;   // moved by note and mark alone
    State silent_; // explains nothing
    std::vector<ToldNode> nodes_;
    std::vector<Event> history_;
    std::vector<Millis> times_; // as history_
    std::string problem_;
    Millis now_ = 0;
    Weight asked_ = 0;
    std::uint64_t requests_ = 0, errors_ = 0;
    std::uint64_t fingerprint_ = 0xcbf2'9ce4'8422'2325ULL;
    std::size_t events_ = 0;
};

} // namespace aviary::kernel::testing
