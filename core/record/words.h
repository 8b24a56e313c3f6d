// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/rollout/command.h"
#include "core/kernel/rollout/state.h"
#include "core/kernel/strategy/plan.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

// The one table of what a record's codes and words mean. A code or word that was ever written keeps
// its meaning for ever; a new one gets a new code. Codes are not positions in a variant or an enum,
// so the kernel may reorder its own.
namespace aviary::record {

// ---- Alternatives of Event, Command and Request; their words are their `name`. 0 is never used.

template <class T>
inline constexpr std::uint8_t code_of = 0;

template <>
inline constexpr std::uint8_t code_of<kernel::TimePassed> = 1;
template <>
inline constexpr std::uint8_t code_of<kernel::NodeReady> = 2;
template <>
inline constexpr std::uint8_t code_of<kernel::NodeNotReady> = 3;
template <>
inline constexpr std::uint8_t code_of<kernel::NodeFailed> = 4;
template <>
inline constexpr std::uint8_t code_of<kernel::NodeRetired> = 5;
template <>
inline constexpr std::uint8_t code_of<kernel::NodeStatusChanged> = 6;
template <>
inline constexpr std::uint8_t code_of<kernel::NodeFlagsChanged> = 7;
template <>
inline constexpr std::uint8_t code_of<kernel::TrafficApplied> = 8;
template <>
inline constexpr std::uint8_t code_of<kernel::TrafficRefused> = 9;
template <>
inline constexpr std::uint8_t code_of<kernel::TrafficMeasured> = 10;
template <>
inline constexpr std::uint8_t code_of<kernel::MetricMeasured> = 11;
template <>
inline constexpr std::uint8_t code_of<kernel::EngineRestarted> = 12;
template <>
inline constexpr std::uint8_t code_of<kernel::Requested> = 13;

// Commands share the code space of events: they stand in one stream. Orders from 64, turns from 80.
inline constexpr std::uint8_t command_code_min = 64;
inline constexpr std::size_t code_space = 96;
template <>
inline constexpr std::uint8_t code_of<kernel::UpdateNode> = 64;
template <>
inline constexpr std::uint8_t code_of<kernel::RestoreNode> = 65;
template <>
inline constexpr std::uint8_t code_of<kernel::RetireNode> = 66;
template <>
inline constexpr std::uint8_t code_of<kernel::SetWeight> = 67;
template <>
inline constexpr std::uint8_t code_of<kernel::SwitchSlot> = 68;
template <>
inline constexpr std::uint8_t code_of<kernel::ChangeStatus> = 80;
template <>
inline constexpr std::uint8_t code_of<kernel::EnterStep> = 81;
template <>
inline constexpr std::uint8_t code_of<kernel::EnterWave> = 82;
template <>
inline constexpr std::uint8_t code_of<kernel::Rule> = 83;

// Requests stand inside Requested, in a code space of their own.
template <>
inline constexpr std::uint8_t code_of<kernel::Approve> = 1;
template <>
inline constexpr std::uint8_t code_of<kernel::Start> = 2;
template <>
inline constexpr std::uint8_t code_of<kernel::Promote> = 3;
template <>
inline constexpr std::uint8_t code_of<kernel::Lower> = 4;
template <>
inline constexpr std::uint8_t code_of<kernel::Pause> = 5;
template <>
inline constexpr std::uint8_t code_of<kernel::Resume> = 6;
template <>
inline constexpr std::uint8_t code_of<kernel::RollBack> = 7;
template <>
inline constexpr std::uint8_t code_of<kernel::Fail> = 8;
template <>
inline constexpr std::uint8_t code_of<kernel::Skip> = 9;
template <>
inline constexpr std::uint8_t code_of<kernel::Retry> = 10;
template <>
inline constexpr std::uint8_t code_of<kernel::Supersede> = 11;

// ---- Alternatives of Step and Judge are only ever written as words

template <class T>
inline constexpr std::string_view word_of = T::name;

template <>
inline constexpr std::string_view word_of<kernel::UpdateStep> = "update";
template <>
inline constexpr std::string_view word_of<kernel::ShiftStep> = "shift";
template <>
inline constexpr std::string_view word_of<kernel::CheckStep> = "check";
template <>
inline constexpr std::string_view word_of<kernel::HoldStep> = "hold";
template <>
inline constexpr std::string_view word_of<kernel::SwitchStep> = "switch";
template <>
inline constexpr std::string_view word_of<kernel::RetireStep> = "retire";
template <>
inline constexpr std::string_view word_of<kernel::HealthShare> = "health_share";
template <>
inline constexpr std::string_view word_of<kernel::Tolerance> = "tolerance";
template <>
inline constexpr std::string_view word_of<kernel::NotWorse> = "not_worse";

// ---- The member that says which alternative an object is

template <class V>
inline constexpr std::string_view kind_of = "";
template <>
inline constexpr std::string_view kind_of<kernel::Event> = "event";
template <>
inline constexpr std::string_view kind_of<kernel::Command> = "command";
template <>
inline constexpr std::string_view kind_of<kernel::Request> = "request";
template <>
inline constexpr std::string_view kind_of<kernel::Step> = "step";
template <>
inline constexpr std::string_view kind_of<kernel::Judge> = "judge";

// ---- Enumerations. The code is the place in the list, from 1: append only, never reorder.

template <class E>
struct Word {
    E value;
    std::string_view name;
};
template <class E>
struct Words;

template <>
struct Words<kernel::Cause> {
    using E = kernel::Cause;
    static constexpr std::array all =
        std::to_array<Word<E>>({{E::None, "none"},
                                {E::OrderRefused, "order_refused"},
                                {E::StartFailed, "start_failed"},
                                {E::ChecksFailed, "checks_failed"},
                                {E::Exited, "exited"},
                                {E::Silent, "silent"},
                                {E::NodeGone, "node_gone"},
                                {E::HealthyDeadline, "healthy_deadline"},
                                {E::ProgressDeadline, "progress_deadline"},
                                {E::Threshold, "threshold"},
                                {E::Verdict, "verdict"},
                                {E::RouterRefused, "router_refused"},
                                {E::Person, "person"},
                                {E::Superseded, "superseded"},
                                {E::WayBackFailed, "way_back_failed"},
                                {E::Undecided, "undecided"}});
};
template <>
struct Words<kernel::Status> {
    using E = kernel::Status;
    static constexpr std::array all = std::to_array<Word<E>>({{E::Draft, "draft"},
                                                              {E::Approved, "approved"},
                                                              {E::Pending, "pending"},
                                                              {E::InProgress, "in_progress"},
                                                              {E::Waiting, "waiting"},
                                                              {E::Paused, "paused"},
                                                              {E::RollingBack, "rolling_back"},
                                                              {E::Completed, "completed"},
                                                              {E::RolledBack, "rolled_back"},
                                                              {E::Failed, "failed"},
                                                              {E::Superseded, "superseded"}});
};
template <>
struct Words<kernel::NodeStatus> {
    using E = kernel::NodeStatus;
    static constexpr std::array all = std::to_array<Word<E>>(
        {{E::Online, "online"}, {E::Degraded, "degraded"}, {E::Offline, "offline"}});
};
template <>
struct Words<kernel::Ruling> {
    using E = kernel::Ruling;
    static constexpr std::array all = std::to_array<Word<E>>({{E::Undecided, "undecided"},
                                                              {E::Pass, "pass"},
                                                              {E::Fail, "fail"},
                                                              {E::NoTraffic, "no_traffic"},
                                                              {E::NoData, "no_data"},
                                                              {E::ZeroBaseline, "zero_baseline"}});
};
template <>
struct Words<kernel::StrategyKind> {
    using E = kernel::StrategyKind;
    static constexpr std::array all = std::to_array<Word<E>>({{E::Rolling, "rolling"},
                                                              {E::Canary, "canary"},
                                                              {E::BlueGreen, "blue-green"},
                                                              {E::FeatureFlag, "feature-flag"}});
};
template <>
struct Words<kernel::UpdateMode> {
    using E = kernel::UpdateMode;
    static constexpr std::array all =
        std::to_array<Word<E>>({{E::Beside, "beside"}, {E::InPlace, "in_place"}});
};
template <>
struct Words<kernel::RouterKind> {
    using E = kernel::RouterKind;
    static constexpr std::array all =
        std::to_array<Word<E>>({{E::None, "none"}, {E::Weights, "weights"}, {E::Flag, "flag"}});
};
template <>
struct Words<kernel::RouterScope> {
    using E = kernel::RouterScope;
    static constexpr std::array all =
        std::to_array<Word<E>>({{E::Cluster, "cluster"}, {E::Site, "site"}});
};
template <>
struct Words<kernel::Standing> {
    using E = kernel::Standing;
    static constexpr std::array all =
        std::to_array<Word<E>>({{E::Pending, "pending"}, {E::Done, "done"}, {E::Behind, "behind"}});
};
template <>
struct Words<kernel::Reach> {
    using E = kernel::Reach;
    static constexpr std::array all = std::to_array<Word<E>>({{E::Touchable, "touchable"},
                                                              {E::Offline, "offline"},
                                                              {E::Draining, "draining"},
                                                              {E::Maintenance, "maintenance"},
                                                              {E::Excluded, "excluded"},
                                                              {E::Incapable, "incapable"},
                                                              {E::Full, "full"},
                                                              {E::Degraded, "degraded"}});
};
template <>
struct Words<kernel::Remark::Kind> {
    using E = kernel::Remark::Kind;
    static constexpr std::array all =
        std::to_array<Word<E>>({{E::NoRouter, "no_router"},
                                {E::NodeBehind, "node_behind"},
                                {E::NodeDone, "node_done"},
                                {E::StageAddsNothing, "stage_adds_nothing"},
                                {E::LoadStop, "load_stop"},
                                {E::Other, "other"}});
};
template <>
struct Words<kernel::OnFailure> {
    using E = kernel::OnFailure;
    static constexpr std::array all = std::to_array<Word<E>>(
        {{E::RollBack, "rollback"}, {E::Stop, "stop"}, {E::Continue, "continue"}});
};
template <>
struct Words<kernel::HealthSource> {
    using E = kernel::HealthSource;
    static constexpr std::array all =
        std::to_array<Word<E>>({{E::Checks, "checks"}, {E::AgentStates, "agent_states"}});
};
template <>
struct Words<kernel::CatchUp> {
    using E = kernel::CatchUp;
    static constexpr std::array all =
        std::to_array<Word<E>>({{E::Ask, "ask"}, {E::Auto, "auto"}, {E::Never, "never"}});
};

// How a run came about.
enum class MadeBy : std::uint8_t { Live, Rehearsed };
template <>
struct Words<MadeBy> {
    using E = MadeBy;
    static constexpr std::array all =
        std::to_array<Word<E>>({{E::Live, "live"}, {E::Rehearsed, "rehearsed"}});
};

// 0 for a value that the table lacks.
template <class E>
constexpr std::uint8_t codeOf(E value) {
    constexpr auto &all = Words<E>::all;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].value == value) {
            return static_cast<std::uint8_t>(i + 1);
        }
    }
    return 0;
}
template <class E>
constexpr std::optional<E> valueOf(std::uint64_t code) {
    constexpr auto &all = Words<E>::all;
    return code >= 1 && code <= all.size() ? std::optional<E>(all[code - 1].value) : std::nullopt;
}
template <class E>
constexpr std::string_view wordOf(E value) {
    const std::uint8_t code = codeOf(value);
    return code == 0 ? std::string_view() : Words<E>::all[code - 1u].name;
}
template <class E>
constexpr std::optional<E> valueOf(std::string_view name) {
    for (const Word<E> &word : Words<E>::all) {
        if (word.name == name) {
            return word.value;
        }
    }
    return std::nullopt;
}

} // namespace aviary::record
