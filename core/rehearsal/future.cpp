// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rehearsal/future.h"

#include "core/kernel/rollout/permission.h"

#include <algorithm>

namespace aviary::rehearsal {

using kernel::Status;
using kernel::Weight;

namespace {

constexpr Millis count_step_ms = 1'000;
constexpr Millis quiet_look_ms = 60'000; // with single requests, when there are none

std::uint8_t stepsOf(std::uint64_t part, std::uint64_t of) {
    const std::uint64_t steps = of == 0 ? 0 : (2 * part * fan_steps + of) / (2 * of);
    return static_cast<std::uint8_t>(std::min<std::uint64_t>(steps, fan_steps));
}

Ending endingOf(Status status) {
    switch (status) {
    case Status::Completed:
        return Ending::Completed;
    case Status::RolledBack:
        return Ending::RolledBack;
    case Status::Failed:
    case Status::Superseded:
        return Ending::Failed;
    case Status::Waiting:
    case Status::Paused:
        return Ending::Waiting;
    default:
        return Ending::Stuck;
    }
}

} // namespace

Future::Future(const World &world) : world_(world), plan_(world.plan()), crowd_(world.crowd) {}

const Summary &Future::run(std::uint32_t future, Millis fan_step_ms, Witness *witness) {
    begin(future, fan_step_ms, witness);
    start();
    live();
    end();
    return summary_;
}

void Future::begin(std::uint32_t future, Millis fan_step_ms, Witness *witness) {
    const std::size_t place = world_.hypothesisOf(future);
    state_ = world_.initial;
    state_.explains = witness != nullptr;
    wheel_.clear();
    luck_ = Luck(world_.setup.seed, world_.luckOf(future));
    const kernel::Docket &docket = state_.docket;
    crowd_.begin(luck_, world_.scenario().hypotheses[place], place, docket.tally_fresh.last,
                 docket.tally_stable.last);
    suspicion_ = &world_.suspicions[place];
    nodes_.assign(plan_.targets.size(), {});
    site_dark_until_.assign(state_.sites.size(), 0);
    down_worst_.assign(state_.sites.size(), 0);
    summary_ = {};
    witness_ = witness;
    now_ = 0;
    draw_due_ = 0;
    draw_step_ms_ = fan_step_ms;
    drawn_ = 0;
    count_due_ = plan_.router == kernel::RouterKind::None ? 0 : kernel::never;
    routed_ = question_ = 0;
    looking_ = arrives_ = fresh_began_ = false;
    away_ = lowHalf(luck_.word(0, Purpose::Away, 0)) < world_.away;
}

// What is under way already, or the word to begin.
void Future::start() {
    for (std::uint32_t site = 0; site < down_worst_.size(); ++site) {
        seeDown(site);
    }
    summary_.weight_highest = split().weight;
    beginTroubles();
    if (state_.status < Status::Pending) {
        tell(kernel::Requested{kernel::Start{}});
        return;
    }
    if (state_.docket.fresh > 0) {
        fresh_began_ = true;
        crowd_.freshBegan(0);
    }
    commands_ = kernel::outstanding(plan_, state_);
    carryOut();
    if (state_.status == Status::Waiting || state_.status == Status::Paused) {
        statusChanged({state_.status, state_.why.cause, state_.why.target});
    }
    if (state_.measuring) {
        beginLooking();
    }
}

void Future::live() {
    while (!kernel::isEnd(state_.status) && summary_.events < future_events_max) {
        if (!goOn(kernel::nextDeadline(plan_, state_))) {
            return;
        }
    }
}

// One occurrence, or what the engine waits for (`deadline`, in its own time); false: nothing more
// within the horizon.
bool Future::goOn(Millis deadline) {
    const Millis due = deadline == kernel::never ? deadline : deadline - world_.begun;
    const Millis horizon = world_.scenario().horizon_ms;
    Occurrence one;
    if (wheel_.next(std::min(due, horizon), one)) {
        if (one.at >= draw_due_) {
            draw(one.at);
        }
        now_ = one.at;
        deliver(one);
        return true;
    }
    if (due > horizon) {
        return false;
    }
    if (due >= draw_due_) {
        draw(due);
    }
    now_ = std::max(now_, due);
    tell(kernel::TimePassed{});
    return true;
}

void Future::end() {
    const bool ended = kernel::isEnd(state_.status);
    if (!ended) {
        const Millis horizon = world_.scenario().horizon_ms;
        draw(horizon);
        now_ = horizon;
    }
    countTraffic();
    draw(kernel::never);
    summary_.end_ms = now_;
    summary_.ending = endingOf(state_.status);
    summary_.failed = crowd_.due();
}

void Future::tell(const kernel::Event &event) {
    ++summary_.events;
    commands_.clear();
    kernel::step(plan_, state_, event, world_.begun + now_, commands_);
    if (witness_ != nullptr) {
        witness_->told(event, commands_, state_);
    }
    if (!commands_.empty()) {
        carryOut();
    }
    if (state_.measuring && !looking_) {
        beginLooking();
    }
    if (now_ >= count_due_) {
        countTraffic();
        count_due_ = now_ + count_step_ms;
    }
}

void Future::carryOut() {
    for (const kernel::Command &command : commands_) {
        if (const auto *one = std::get_if<kernel::UpdateNode>(&command)) {
            update(one->target, one->order);
        } else if (const auto *old = std::get_if<kernel::RetireNode>(&command)) {
            retire(old->target, old->order);
        } else if (const auto *back = std::get_if<kernel::RestoreNode>(&command)) {
            restore(back->target, back->order);
        } else if (const auto *weight = std::get_if<kernel::SetWeight>(&command)) {
            route(weight->order);
        } else if (const auto *slot = std::get_if<kernel::SwitchSlot>(&command)) {
            route(slot->order);
        } else if (const auto *change = std::get_if<kernel::ChangeStatus>(&command)) {
            statusChanged(*change);
        }
    }
}

void Future::statusChanged(const kernel::ChangeStatus &change) {
    const bool asks = change.status == Status::Waiting || change.status == Status::Paused;
    if (asks && !away_) {
        ++question_;
        const std::uint64_t word = luck_.word(0, Purpose::Answer, question_);
        add(world_.answer.at(highHalf(word)), Kind::Answer, 0, question_);
    }
    const bool doubts =
        change.status == Status::Waiting && change.cause == kernel::Cause::Undecided;
    const bool stops = change.status == Status::RollingBack || change.status == Status::Failed;
    if (summary_.caught_ms < 0 && (doubts || stops)) {
        countTraffic();
        summary_.caught_ms = now_;
        summary_.failed_caught = crowd_.due();
        summary_.caught_cause = change.cause;
        summary_.caught_step = state_.step;
    }
}

void Future::deliver(const Occurrence &one) {
    switch (one.kind) {
    case Kind::Applied:
        countTraffic();
        tell(kernel::TrafficApplied{one.order});
        summary_.weight_highest = std::max(summary_.weight_highest, state_.weight);
        break;
    case Kind::Rejected:
        tell(kernel::TrafficRefused{one.order});
        break;
    case Kind::Look:
        look();
        break;
    case Kind::Answer:
        answerQuestion(one.order);
        break;
    case Kind::Outage:
        siteOutage(one.order);
        break;
    case Kind::NodeOutage:
        nodeOutage(one.order);
        break;
    case Kind::Drain:
        drain(one.order);
        break;
    case Kind::SiteNoticed:
        noticeSite(one.subject);
        break;
    case Kind::NodeNoticed:
        notice(one.subject);
        break;
    case Kind::Drained:
        drained(one.subject);
        break;
    default:
        report(one);
    }
}

// ---- Checks

void Future::beginLooking() {
    looking_ = true;
    if (world_.scenario().traffic.look_ms > 0) {
        add(0, Kind::Look, 0, 0);
    } else {
        awaitRequest();
    }
}

void Future::look() {
    const Millis look_ms = world_.scenario().traffic.look_ms;
    if (state_.measuring) {
        look_ms > 0 ? lookOnce() : lookAtRequest();
    }
    looking_ = state_.measuring;
    if (looking_ && look_ms > 0) {
        add(look_ms, Kind::Look, 0, 0);
    } else if (looking_) {
        awaitRequest();
    }
}

void Future::awaitRequest() {
    const auto arrival = crowd_.nextArrival(now_);
    arrives_ = arrival.has_value();
    add(arrival ? *arrival - now_ : quiet_look_ms, Kind::Look, 0, 0);
}

void Future::lookAtRequest() {
    if (!arrives_) {
        countTraffic();
        return;
    }
    const bool fresh = crowd_.arrive(now_, split());
    tell(kernel::TrafficMeasured{fresh, fresh ? crowd_.fresh() : crowd_.stable()});
}

void Future::lookOnce() {
    countTraffic();
    const auto *check = state_.step < plan_.steps.size()
                            ? std::get_if<kernel::CheckStep>(&plan_.steps[state_.step])
                            : nullptr;
    tell(kernel::TrafficMeasured{true, crowd_.fresh()});
    tell(kernel::TrafficMeasured{false, crowd_.stable()});
    if (check != nullptr) {
        tellMetrics(*check);
    }
}

void Future::tellMetrics(const kernel::CheckStep &check) {
    for (std::uint32_t place = check.judges_begin; place < check.judges_end; ++place) {
        const auto *judge = std::get_if<kernel::Tolerance>(&plan_.judges[place]);
        for (std::uint32_t i = 0; judge != nullptr && i < judge->metrics.size(); ++i) {
            for (const bool candidate : {false, true}) {
                const auto value = crowd_.metric(judge->metrics[i], candidate, i, now_);
                tell(kernel::MetricMeasured{place, i, candidate, value.has_value(),
                                            value.value_or(0.0)});
            }
        }
    }
}

// ---- The person

void Future::answerQuestion(std::uint32_t question) {
    const bool asked = state_.status == Status::Waiting || state_.status == Status::Paused;
    if (!asked || question != question_) {
        return;
    }
    const kernel::Request first = requestNow();
    for (const kernel::Request &request :
         {first, kernel::Request(kernel::Retry{}), kernel::Request(kernel::Skip{}),
          kernel::Request(kernel::RollBack{})}) {
        if (kernel::refusalOf(plan_, state_, request) == kernel::Refusal::None) {
            tell(kernel::Requested{request});
            return;
        }
    }
}

kernel::Request Future::requestNow() const {
    if (state_.status == Status::Paused) {
        return kernel::Resume{};
    }
    if (state_.why.cause == kernel::Cause::RouterRefused) {
        return kernel::Retry{};
    }
    if (state_.why.cause != kernel::Cause::Undecided) {
        return kernel::Promote{};
    }
    switch (world_.scenario().person.in_doubt) {
    case Doubt::RollBack:
        return kernel::RollBack{};
    case Doubt::Retry:
        return kernel::Retry{};
    case Doubt::Promote:
        break;
    }
    return kernel::Promote{};
}

// ---- What is seen

void Future::seeDown(std::uint32_t site) {
    down_worst_[site] = std::max(down_worst_[site], state_.sites[site].down);
}

// The values that held until then.
void Future::draw(Millis until) {
    const kernel::Docket &docket = state_.docket;
    const std::uint8_t nodes = stepsOf(docket.fresh, plan_.active);
    const auto weight = static_cast<std::uint64_t>(std::max<Weight>(split().weight, 0));
    const std::uint8_t traffic = stepsOf(weight, kernel::full_weight);
    const std::uint8_t health = stepsOf(docket.up, plan_.active);
    while (drawn_ < fan_points && draw_due_ <= until) {
        track_.nodes[drawn_] = nodes;
        track_.traffic[drawn_] = traffic;
        track_.health[drawn_] = health;
        ++drawn_;
        draw_due_ = draw_step_ms_ * drawn_;
    }
    if (drawn_ == fan_points) {
        draw_due_ = kernel::never;
    }
}

} // namespace aviary::rehearsal
