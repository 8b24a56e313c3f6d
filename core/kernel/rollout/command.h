// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/rollout/event.h"

#include <vector>

// What the engine decided. Orders go to the world: asking twice is harmless, because a driver does
// an order once and answers a repeated one with how it stands. Turns move only the rollout itself;
// they are recorded like orders, so that a replay needs no decision of its own.
namespace aviary::kernel {

enum class Status : std::uint8_t {
    Draft,
    Approved,
    Pending, // started, nothing ordered yet
    InProgress,
    Waiting, // for promotion, or for a person's word on an undecided check
    Paused,
    RollingBack,
    Completed,
    RolledBack,
    Failed,
    Superseded,
};
constexpr bool isEnd(Status status) {
    return status >= Status::Completed;
}
std::string_view nameOf(Status status); // "in_progress"

// ---- Orders

// Brings the target to Plan::to, beside the old instance or in its place (Plan::mode).
struct UpdateNode {
    Order order = unasked;
    TargetIndex target = 0;
    bool operator==(const UpdateNode &) const = default;
    static constexpr std::string_view name = "update_node";
    static constexpr auto fields() {
        return std::tuple{field("order", &UpdateNode::order), field("target", &UpdateNode::target)};
    }
};
// Brings the target back to Target::previous (no_revision: nothing runs) and stops the new
// instance.
struct RestoreNode {
    Order order = unasked;
    TargetIndex target = 0;
    bool operator==(const RestoreNode &) const = default;
    static constexpr std::string_view name = "restore_node";
    static constexpr auto fields() {
        return std::tuple{field("order", &RestoreNode::order),
                          field("target", &RestoreNode::target)};
    }
};
// Stops the old instance of the target, draining it first.
struct RetireNode {
    Order order = unasked;
    TargetIndex target = 0;
    bool operator==(const RetireNode &) const = default;
    static constexpr std::string_view name = "retire_node";
    static constexpr auto fields() {
        return std::tuple{field("order", &RetireNode::order), field("target", &RetireNode::target)};
    }
};
// Splits the traffic: `weight` to Plan::to, the rest to Plan::from.
struct SetWeight {
    Order order = unasked;
    Weight weight = 0;
    bool operator==(const SetWeight &) const = default;
    static constexpr std::string_view name = "set_weight";
    static constexpr auto fields() {
        return std::tuple{field("order", &SetWeight::order), field("weight", &SetWeight::weight)};
    }
};
// Turns all traffic to one revision at once.
struct SwitchSlot {
    Order order = unasked;
    RevisionIndex to = no_revision;
    bool operator==(const SwitchSlot &) const = default;
    static constexpr std::string_view name = "switch_slot";
    static constexpr auto fields() {
        return std::tuple{field("order", &SwitchSlot::order), field("to", &SwitchSlot::to)};
    }
};

// ---- Turns

// `target`: the node that decided it, if one did.
struct ChangeStatus {
    Status status = Status::Draft;
    Cause cause = Cause::None;
    TargetIndex target = every_target;
    bool operator==(const ChangeStatus &) const = default;
    static constexpr std::string_view name = "change_status";
    static constexpr auto fields() {
        return std::tuple{field("status", &ChangeStatus::status),
                          field("cause", &ChangeStatus::cause),
                          field("target", &ChangeStatus::target)};
    }
};
struct EnterStep {
    std::uint32_t step = 0;
    bool operator==(const EnterStep &) const = default;
    static constexpr std::string_view name = "enter_step";
    static constexpr auto fields() { return std::tuple{field("step", &EnterStep::step)}; }
};
// Inside the present update step.
struct EnterWave {
    std::uint32_t wave = 0;
    bool operator==(const EnterWave &) const = default;
    static constexpr std::string_view name = "enter_wave";
    static constexpr auto fields() { return std::tuple{field("wave", &EnterWave::wave)}; }
};
// The present check's answer; State::verdict holds the evidence.
struct Rule {
    Ruling ruling = Ruling::Undecided;
    bool operator==(const Rule &) const = default;
    static constexpr std::string_view name = "rule";
    static constexpr auto fields() { return std::tuple{field("ruling", &Rule::ruling)}; }
};

using Command = std::variant<UpdateNode, RestoreNode, RetireNode, SetWeight, SwitchSlot,
                             ChangeStatus, EnterStep, EnterWave, Rule>;
using Commands = std::vector<Command>;
constexpr bool isOrder(const Command &command) {
    return command.index() < 5;
}

} // namespace aviary::kernel
