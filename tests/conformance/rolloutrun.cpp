// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/conformance/rolloutrun.h"

#include <algorithm>

namespace aviary::conformance {

using namespace kernel;

RolloutRun::RolloutRun(Plan plan, World world, Status standing)
    : plan_(std::move(plan)), world_(std::move(world)), state_(begin(plan_)) {
    state_.status = standing;
}

Refusal RolloutRun::ask(const Request &request) {
    const Refusal refusal = refusalOf(plan_, state_, request);
    if (refusal == Refusal::None) {
        events_.push_back(Requested{request});
        settle();
    }
    return refusal;
}

void RolloutRun::feed(const Event &event) {
    Commands commands;
    step(plan_, state_, event, now_, commands);
    for (const Command &command : commands) {
        carryOut(command);
    }
}

void RolloutRun::settle() {
    for (;;) {
        while (!events_.empty()) {
            const Event event = events_.front();
            events_.pop_front();
            feed(event);
        }
        const Millis due = nextDeadline(plan_, state_);
        if (due == never || isEnd(state_.status) || state_.status == Status::Waiting) {
            return;
        }
        if (due > now_ && world_.wait) {
            world_.wait(due - now_);
        }
        now_ = std::max(now_, due);
        events_.push_back(TimePassed{});
    }
}

void RolloutRun::carryOut(const Command &command) {
    if (const auto *update = std::get_if<UpdateNode>(&command)) {
        const auto cause = world_.update ? world_.update(update->target) : std::nullopt;
        events_.push_back(cause ? Event(NodeFailed{update->target, update->order, *cause})
                                : Event(NodeReady{update->target, update->order}));
    } else if (const auto *restore = std::get_if<RestoreNode>(&command)) {
        if (world_.restore) {
            world_.restore(restore->target);
        }
        events_.push_back(NodeReady{restore->target, restore->order});
    } else if (const auto *retire = std::get_if<RetireNode>(&command)) {
        if (world_.retire) {
            world_.retire(retire->target);
        }
        events_.push_back(NodeRetired{retire->target, retire->order});
    } else if (const auto *shift = std::get_if<SetWeight>(&command)) {
        weights.push_back(shift->weight);
        if (world_.weight) {
            world_.weight(shift->weight);
        }
        events_.push_back(TrafficApplied{shift->order});
    } else if (const auto *turn = std::get_if<SwitchSlot>(&command)) {
        const bool applied = !world_.turn || world_.turn(turn->to);
        events_.push_back(applied ? Event(TrafficApplied{turn->order})
                                  : Event(TrafficRefused{turn->order}));
    } else if (const auto *enter = std::get_if<EnterStep>(&command)) {
        if (world_.enter) {
            world_.enter(enter->step);
        }
    }
}

PlanRequest plainRequest(Strategy strategy, std::uint32_t nodes) {
    PlanRequest request;
    request.service = "service";
    request.strategy = std::move(strategy);
    request.policy.min_healthy_ms = 0;
    request.policy.healthy_deadline_ms = 1'000;
    request.policy.progress_deadline_ms = duration_ms_max;
    request.policy.max_parallel = std::max(nodes, 1U);
    request.policy.max_unavailable = NodeLimit{std::max(nodes, 1U), false};
    request.policy.on_failure = OnFailure::Continue;
    return request;
}

} // namespace aviary::conformance
