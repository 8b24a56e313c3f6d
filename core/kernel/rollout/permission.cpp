// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernel/rollout/permission.h"

#include "core/kernel/rollout/cells.h"
#include "core/kernel/rollout/engine.h"

#include <algorithm>

namespace aviary::kernel {
namespace {

bool splitsTraffic(const Plan &plan) {
    return plan.router != RouterKind::None && !usesSlots(plan);
}

Weight weightOut(const State &state) {
    return std::max(state.weight, state.weight_asked);
}

// Waits for a person's word, or for the time of a hold that a person may shorten.
bool isHeld(const Plan &plan, const State &state) {
    if (state.status == Status::Waiting) {
        return !routerGaveUp(state);
    }
    return state.status == Status::InProgress && presentStep<HoldStep>(plan, state);
}

// One overload for each request, asked of a rollout that is started and not at its end.
class Permission {
public:
    Permission(const Plan &plan, const State &state) : plan_(plan), state_(state) {}

    Refusal operator()(const Approve &) const { return Refusal::AlreadyStarted; }
    Refusal operator()(const Start &) const { return Refusal::AlreadyStarted; }
    Refusal operator()(const Promote &promote) const;
    Refusal operator()(const Lower &lower) const;
    Refusal operator()(const Pause &) const {
        return paused() ? Refusal::AlreadyPaused : Refusal::None;
    }
    Refusal operator()(const Resume &) const {
        return paused() ? Refusal::None : Refusal::NotPaused;
    }
    Refusal operator()(const RollBack &) const {
        return state_.docket.way_back ? Refusal::RollingBack : Refusal::None;
    }
    Refusal operator()(const Fail &) const { return Refusal::None; }
    Refusal operator()(const Skip &skip) const;
    Refusal operator()(const Retry &retry) const;
    Refusal operator()(const Supersede &) const { return Refusal::None; }

private:
    bool paused() const { return state_.status == Status::Paused; }
    bool stepCanRetry() const;

    const Plan &plan_;
    const State &state_;
};

Refusal Permission::operator()(const Promote &promote) const {
    if (state_.docket.way_back) {
        return Refusal::RollingBack;
    }
    if (paused()) {
        return Refusal::AlreadyPaused;
    }
    if (!isHeld(plan_, state_)) {
        return Refusal::NothingToPromote;
    }
    if (promote.to < 0 || promote.to > full_weight) {
        return Refusal::OutOfRange;
    }
    if (promote.to == 0 || promote.to == full_weight) {
        return Refusal::None;
    }
    if (!splitsTraffic(plan_) || state_.docket.follows) {
        return Refusal::NoRouter;
    }
    if (promote.to <= weightOut(state_)) {
        return Refusal::WeightNotHigher;
    }
    const Outlook outlook = outlookOf(plan_, state_, state_.step, promote.to);
    return bearsOutlook(plan_, state_, outlook) ? Refusal::None : Refusal::OverLoad;
}

Refusal Permission::operator()(const Lower &lower) const {
    if (state_.docket.way_back) {
        return Refusal::RollingBack;
    }
    if (lower.to < 0 || lower.to > full_weight) {
        return Refusal::OutOfRange;
    }
    if (!splitsTraffic(plan_)) {
        return Refusal::NoRouter;
    }
    if (lower.to >= weightOut(state_)) {
        return Refusal::WeightNotLower;
    }
    const bool bears = plan_.from == no_revision || lower.to >= weightsNow(plan_, state_).low;
    return bears ? Refusal::None : Refusal::OverLoad;
}

Refusal Permission::operator()(const Skip &skip) const {
    if (state_.docket.way_back) {
        return Refusal::RollingBack;
    }
    if (skip.target == every_target) {
        if (paused()) {
            return Refusal::AlreadyPaused;
        }
        const bool any = state_.docket.entered && state_.step < plan_.steps.size();
        return any ? Refusal::None : Refusal::NothingToSkip;
    }
    if (skip.target >= state_.cells.size()) {
        return Refusal::UnknownTarget;
    }
    const Phase phase = state_.cells[skip.target].phase;
    return isOpen(phase) || phase == Phase::Failed ? Refusal::None : Refusal::NothingToSkip;
}

bool Permission::stepCanRetry() const {
    return state_.docket.router_refused > 0 ||
           (presentStep<CheckStep>(plan_, state_) && !state_.docket.lowered);
}

Refusal Permission::operator()(const Retry &retry) const {
    const bool waits_for_router = state_.status == Status::Waiting && routerGaveUp(state_);
    if (state_.docket.way_back && !(waits_for_router && retry.target == every_target)) {
        return Refusal::RollingBack;
    }
    if (retry.target == every_target) {
        const bool any = state_.count(Phase::Failed) > 0 || stepCanRetry();
        return any ? Refusal::None : Refusal::NothingToRetry;
    }
    if (retry.target >= state_.cells.size()) {
        return Refusal::UnknownTarget;
    }
    const Cell &cell = state_.cells[retry.target];
    const bool may = cell.phase == Phase::Failed || (cell.phase == Phase::Behind && !cell.ready);
    return may && cell.reachable() ? Refusal::None : Refusal::NothingToRetry;
}

Refusal refusalBeforeStart(const State &state, const Request &request) {
    if (std::holds_alternative<Approve>(request)) {
        return state.status == Status::Draft ? Refusal::None : Refusal::AlreadyStarted;
    }
    const bool allowed = std::holds_alternative<Start>(request) ||
                         std::holds_alternative<Fail>(request) ||
                         std::holds_alternative<Supersede>(request);
    return allowed ? Refusal::None : Refusal::NotStarted;
}

template <std::size_t... place>
std::array<Refusal, sizeof...(place)> refusalsOf(const Plan &plan, const State &state,
                                                 std::index_sequence<place...>) {
    return {refusalOf(plan, state, Request(std::in_place_index<place>))...};
}

} // namespace

Refusal refusalOf(const Plan &plan, const State &state, const Request &request) {
    if (isEnd(state.status)) {
        return Refusal::Ended;
    }
    if (state.status < Status::Pending) {
        return refusalBeforeStart(state, request);
    }
    return std::visit(Permission(plan, state), request);
}

Weight promoteMax(const Plan &plan, const State &state) {
    const auto overloads = [&](Weight to) {
        return refusalOf(plan, state, Promote{to}) == Refusal::OverLoad;
    };
    Weight top = full_weight - 1;
    if (!overloads(top)) {
        return full_weight;
    }
    // Between two stages the same nodes are updated, so there a greater weight is a greater load.
    for (auto step = plan.steps.rbegin(); step != plan.steps.rend(); ++step) {
        const auto *shift = std::get_if<ShiftStep>(&*step);
        if (!shift || shift->weight >= top) {
            continue;
        }
        if (!overloads(shift->weight + 1)) {
            Weight good = shift->weight + 1;
            while (top - good > 1) {
                const Weight middle = good + (top - good) / 2;
                (overloads(middle) ? top : good) = middle;
            }
            return good;
        }
        if (!overloads(shift->weight)) {
            return shift->weight;
        }
        top = shift->weight;
    }
    return weightOut(state);
}

std::array<Refusal, std::variant_size_v<Request>> allowedRequests(const Plan &plan,
                                                                  const State &state) {
    return refusalsOf(plan, state, std::make_index_sequence<std::variant_size_v<Request>>{});
}

} // namespace aviary::kernel
