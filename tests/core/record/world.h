// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/record/run.h"
#include "tests/core/record/plans.h"

#include <random>

// A rollout in a fickle world: orders are answered well, badly, late or twice, nodes come and go,
// people ask for all sorts of things. The same seed gives the same run.
namespace aviary::tests {

class FickleWorld {
public:
    FickleWorld(kernel::Plan plan, std::uint64_t seed)
        : plan_(std::move(plan)), state_(kernel::begin(plan_)), chance_(seed) {}

    // The next batch: one to four events, decided one by one or all at once.
    record::Entry next() {
        using namespace kernel;
        record::Entry entry;
        now_ += pick(3) == 0 ? pick(500) : 0;
        if (const Millis due = nextDeadline(plan_, state_);
            due != never && pick(due > now_ + 60'000 ? 300 : 2) == 0) {
            now_ = std::max(now_, due);
        }
        entry.at = now_;
        entry.wall_ms = 1'700'000'000'000 + now_;
        const bool at_once = pick(2) == 0;
        for (std::uint32_t left = 1 + pick(4); left > 0; --left) {
            const Event event = begun_ ? happening() : Event(Requested{Start{}});
            begun_ = true;
            if (!at_once) {
                step(plan_, state_, event, now_, entry.log.commands);
            } else {
                note(plan_, state_, event, now_);
                if (left == 1) {
                    settle(plan_, state_, entry.log.commands);
                }
            }
            entry.log.close(event);
        }
        entry.state_hash = stateHash(state_);
        return entry;
    }

    const kernel::State &state() const { return state_; }
    const kernel::Plan &plan() const { return plan_; }

private:
    std::uint32_t pick(std::uint32_t below) {
        return static_cast<std::uint32_t>(chance_() % below);
    }
    kernel::TargetIndex anyTarget() {
        return pick(static_cast<std::uint32_t>(plan_.targets.size()));
    }

    kernel::Event happening() {
        switch (pick(12)) {
        case 0:
            return request();
        case 1:
            return kernel::NodeStatusChanged{anyTarget(), pick(3) == 0
                                                              ? kernel::NodeStatus::Offline
                                                              : kernel::NodeStatus::Online};
        case 2:
            return kernel::NodeFlagsChanged{anyTarget(), pick(4) == 0, false, pick(9) == 0};
        case 3:
            return kernel::TimePassed{};
        case 4:
            return measured();
        case 5:
            return pick(4) == 0 ? kernel::Event(kernel::EngineRestarted{}) : measured();
        default:
            return answer();
        }
    }
    kernel::Event measured() {
        if (pick(3) == 0 && plan_.judges.size() > 2) {
            return kernel::MetricMeasured{2, pick(2), pick(2) == 0, pick(4) != 0, 0.125 * pick(8)};
        }
        requests_ += 1'000;
        return kernel::TrafficMeasured{pick(2) == 0, {requests_, requests_ / 500, requests_, 7}};
    }
    kernel::Event request() {
        using namespace kernel;
        switch (pick(9)) {
        case 0:
            return Requested{Pause{}};
        case 1:
            return Requested{Lower{500}};
        case 2:
            return Requested{Skip{every_target}};
        case 3:
            return Requested{Retry{every_target}};
        case 4:
            return pick(40) == 0 ? Requested{RollBack{}} : Requested{Resume{}};
        case 5:
            return Requested{Resume{}};
        case 6:
            return Requested{Skip{anyTarget()}};
        default:
            return Requested{Promote{}};
        }
    }
    kernel::Event answer() {
        using namespace kernel;
        const Commands orders = outstanding(plan_, state_);
        if (orders.empty()) {
            return TimePassed{};
        }
        const Command &order = orders[pick(static_cast<std::uint32_t>(orders.size()))];
        return std::visit([this](const auto &one) { return answerTo(one); }, order);
    }
    template <class Order>
    kernel::Event answerTo(const Order &order) {
        using namespace kernel;
        if constexpr (
            requires { order.target; } && requires { order.order; }) {
            if constexpr (std::is_same_v<Order, RetireNode>) {
                return NodeRetired{order.target, order.order};
            }
            const auto luck = pick(12);
            return luck == 0   ? Event(NodeFailed{order.target, order.order, Cause::StartFailed})
                   : luck == 1 ? Event(NodeNotReady{order.target, order.order})
                   : luck == 2 ? Event(NodeReady{order.target, order.order - 1})
                               : Event(NodeReady{order.target, order.order});
        } else if constexpr (requires { order.order; }) {
            return pick(8) == 0 ? Event(TrafficRefused{order.order})
                                : Event(TrafficApplied{order.order});
        } else {
            return TimePassed{};
        }
    }

    kernel::Plan plan_;
    kernel::State state_;
    std::mt19937_64 chance_;
    kernel::Millis now_ = 0;
    std::uint64_t requests_ = 0;
    bool begun_ = false;
};

// A canary whose checks ask every kind of judge.
inline kernel::Plan judgedPlan(std::uint32_t nodes) {
    using namespace kernel;
    Plan plan = canaryPlan(nodes);
    plan.judges = {HealthShare{}, NotWorse{}, Tolerance{{"errors", "p99"}, 0.5, {}, 0.5, 0.1}};
    plan.steps[2] = CheckStep{0, 3, 1'000, 5'000};
    std::get<UpdateStep>(plan.steps[4]).wave_size = 1 + nodes / 4;
    plan.policy.on_failure = nodes % 3 == 0 ? OnFailure::RollBack : OnFailure::Continue;
    plan.policy.success_threshold = 500'000;
    plan.policy.retries = 1;
    return plan;
}

inline record::Run fickleRun(std::uint32_t nodes, std::uint64_t seed, int entries) {
    record::RunHeader header;
    header.rollout = QStringLiteral("01HF0000000000000000000000");
    header.plan = judgedPlan(nodes);
    header.made_by = record::MadeBy::Rehearsed;
    header.seed = seed;
    FickleWorld world(header.plan, seed);
    record::Run run = record::beginRun(header);
    for (int i = 0; i < entries; ++i) {
        if (!record::addEntry(run, world.next())) {
            qFatal("the world made an entry that cannot be written");
        }
    }
    return run;
}

} // namespace aviary::tests
