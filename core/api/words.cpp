// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/words.h"

#include "core/api/gitvalues.h"
#include "core/kernel/strategy/compile.h"

#include <array>

namespace aviary::api {

namespace {

// The kernel names these itself.
template <class E, std::size_t Count>
std::span<const std::string_view> kernelWords() {
    static const std::array<std::string_view, Count> all = [] {
        std::array<std::string_view, Count> names;
        for (std::size_t i = 0; i < Count; ++i) {
            names[i] = kernel::nameOf(static_cast<E>(i));
        }
        return names;
    }();
    return all;
}

} // namespace

template <>
std::span<const std::string_view> words<kernel::Status>() {
    return kernelWords<kernel::Status, std::size_t(kernel::Status::Superseded) + 1>();
}
template <>
std::span<const std::string_view> words<kernel::Phase>() {
    return kernelWords<kernel::Phase, kernel::phase_count>();
}
template <>
std::span<const std::string_view> words<kernel::StrategyKind>() {
    return kernelWords<kernel::StrategyKind, std::size_t(kernel::StrategyKind::FeatureFlag) + 1>();
}
template <>
std::span<const std::string_view> words<kernel::NodeStatus>() {
    static constexpr std::array<std::string_view, 3> all{"online", "degraded", "offline"};
    return all;
}
template <>
std::span<const std::string_view> words<kernel::Ruling>() {
    static constexpr std::array<std::string_view, 6> all{"undecided",  "pass",    "fail",
                                                         "no_traffic", "no_data", "zero_baseline"};
    return all;
}
template <>
std::span<const std::string_view> words<ClusterKind>() {
    static constexpr std::array<std::string_view, 5> all{"local", "docker", "nomad", "kubernetes",
                                                         "file"};
    return all;
}
template <>
std::span<const std::string_view> words<ClusterClass>() {
    static constexpr std::array<std::string_view, 3> all{"development", "staging", "production"};
    return all;
}
template <>
std::span<const std::string_view> words<Contact>() {
    static constexpr std::array<std::string_view, 4> all{"connecting", "live", "stale", "lost"};
    return all;
}
template <>
std::span<const std::string_view> words<StepSign>() {
    static constexpr std::array<std::string_view, 5> all{"to_come", "now", "done", "skipped",
                                                         "failed"};
    return all;
}
template <>
std::span<const std::string_view> words<Outcome>() {
    static constexpr std::array<std::string_view, 4> all{"asked", "applied", "refused", "unknown"};
    return all;
}
template <>
std::span<const std::string_view> words<AlertKind>() {
    static constexpr std::array<std::string_view, 5> all{"hold", "failed", "rolled_back",
                                                         "left_fan", "cluster_lost"};
    return all;
}
template <>
std::span<const std::string_view> words<Health>() {
    static constexpr std::array<std::string_view, 4> all{"healthy", "unhealthy", "unknown",
                                                         "no_checks"};
    return all;
}
template <>
std::span<const std::string_view> words<SnapshotWord>() {
    static constexpr std::array<std::string_view, 3> all{"active", "rolled_back", "superseded"};
    return all;
}
template <>
std::span<const std::string_view> words<GitStart>() {
    static constexpr std::array<std::string_view, 2> all{"draft", "auto"};
    return all;
}
template <>
std::span<const std::string_view> words<GitState>() {
    static constexpr std::array<std::string_view, 8> all{"unknown",     "syncing",   "in_sync",
                                                         "drifted",     "rewritten", "broken",
                                                         "unreachable", "refused"};
    return all;
}
template <>
std::span<const std::string_view> words<Signature>() {
    static constexpr std::array<std::string_view, 4> all{"unsigned", "signed", "verified", "bad"};
    return all;
}
template <>
std::span<const std::string_view> words<Drift>() {
    static constexpr std::array<std::string_view, 9> all{"unknown",  "in_sync",   "drifted",
                                                         "draft",    "under_way", "blocked",
                                                         "conflict", "broken",    "gone"};
    return all;
}

} // namespace aviary::api
