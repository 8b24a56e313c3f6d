// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/basics.h"

#include <variant>

// What a person, or the orchestrator in a person's name, asks of a rollout.
namespace aviary::kernel {

// Every target, for Skip and Retry.
inline constexpr TargetIndex every_target = 0xffff'ffffu;

struct Approve {
    bool operator==(const Approve &) const = default;
    static constexpr std::string_view name = "approve";
    static constexpr auto fields() { return std::tuple{}; }
};
// From draft or approved.
struct Start {
    bool operator==(const Start &) const = default;
    static constexpr std::string_view name = "start";
    static constexpr auto fields() { return std::tuple{}; }
};
// Ends the present hold. 0: on to the next hold. A weight above the present one: on, past holds
// below it, and waits again at that weight; full_weight goes past every further hold.
struct Promote {
    Weight to = 0;
    bool operator==(const Promote &) const = default;
    static constexpr std::string_view name = "promote";
    static constexpr auto fields() { return std::tuple{field("to", &Promote::to)}; }
};
// Lowers the weight of the new revision and waits for a person there. Nodes stay as they are.
struct Lower {
    Weight to = 0;
    bool operator==(const Lower &) const = default;
    static constexpr std::string_view name = "lower";
    static constexpr auto fields() { return std::tuple{field("to", &Lower::to)}; }
};
struct Pause {
    bool operator==(const Pause &) const = default;
    static constexpr std::string_view name = "pause";
    static constexpr auto fields() { return std::tuple{}; }
};
struct Resume {
    bool operator==(const Resume &) const = default;
    static constexpr std::string_view name = "resume";
    static constexpr auto fields() { return std::tuple{}; }
};
// Undoes what was touched, newest first, past all gates.
struct RollBack {
    bool operator==(const RollBack &) const = default;
    static constexpr std::string_view name = "roll_back";
    static constexpr auto fields() { return std::tuple{}; }
};
// Ends the rollout where it stands.
struct Fail {
    bool operator==(const Fail &) const = default;
    static constexpr std::string_view name = "fail";
    static constexpr auto fields() { return std::tuple{}; }
};
// The present step (every_target), or one node that has its turn to come, is under way or failed.
struct Skip {
    TargetIndex target = every_target;
    bool operator==(const Skip &) const = default;
    static constexpr std::string_view name = "skip";
    static constexpr auto fields() { return std::tuple{field("target", &Skip::target)}; }
};
// The present check and every failed node (every_target), or one failed node.
struct Retry {
    TargetIndex target = every_target;
    bool operator==(const Retry &) const = default;
    static constexpr std::string_view name = "retry";
    static constexpr auto fields() { return std::tuple{field("target", &Retry::target)}; }
};
// A newer request for the service takes over: nothing new starts, what is under way settles, then
// it ends.
struct Supersede {
    bool operator==(const Supersede &) const = default;
    static constexpr std::string_view name = "supersede";
    static constexpr auto fields() { return std::tuple{}; }
};

using Request = std::variant<Approve, Start, Promote, Lower, Pause, Resume, RollBack, Fail, Skip,
                             Retry, Supersede>;

} // namespace aviary::kernel
