// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/rollout/permission.h"
#include "core/kernel/rollout/step.h"
#include "core/kernel/strategy/compile.h"

#include <deque>
#include <functional>
#include <optional>

namespace aviary::conformance {

// A plan run to its end in a world that answers at once: what a recorded case asks of the real
// engine. The callbacks are the world; what they do not answer succeeds.
class RolloutRun {
public:
    struct World {
        // The cause when the node fails; none when it is ready.
        std::function<std::optional<kernel::Cause>(kernel::TargetIndex)> update;
        std::function<void(kernel::TargetIndex)> restore;
        std::function<void(kernel::TargetIndex)> retire;
        std::function<void(kernel::Weight)> weight;
        std::function<bool(kernel::RevisionIndex)> turn; // false: the router refuses
        std::function<void(std::uint32_t step)> enter;
        std::function<void(kernel::Millis)> wait; // time that passed with nothing to do
    };

    // `standing`: where the rollout is taken up.
    RolloutRun(kernel::Plan plan, World world, kernel::Status standing = kernel::Status::Draft);

    // Answers why it was refused; runs until nothing is due when it is allowed.
    kernel::Refusal ask(const kernel::Request &request);

    const kernel::Plan &plan() const { return plan_; }
    const kernel::State &state() const { return state_; }
    std::vector<kernel::Weight> weights; // as the router was asked, in order

private:
    void feed(const kernel::Event &event);
    void carryOut(const kernel::Command &command);
    void settle();

    kernel::Plan plan_;
    World world_;
    kernel::State state_;
    std::deque<kernel::Event> events_;
    kernel::Millis now_ = 0;
};

// A request with what the recorded cases never give: no windows, no deadlines that act, as many
// nodes down as there are.
kernel::PlanRequest plainRequest(kernel::Strategy strategy, std::uint32_t nodes);

} // namespace aviary::conformance
