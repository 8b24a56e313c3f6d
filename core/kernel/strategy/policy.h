// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/basics.h"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace aviary::kernel {

enum class OnFailure : std::uint8_t { RollBack, Stop, Continue };
enum class HealthSource : std::uint8_t { Checks, AgentStates };
enum class CatchUp : std::uint8_t { Ask, Auto, Never };
std::string_view nameOf(OnFailure action);    // "rollback"
std::string_view nameOf(HealthSource source); // "agent_states"
std::string_view nameOf(CatchUp catch_up);    // "ask"

// A number of nodes or a share of a site's nodes (rounded down, at least one).
struct NodeLimit {
    std::uint32_t value = 1;
    bool percent = false;
    std::uint32_t of(std::uint32_t nodes) const {
        const std::uint32_t share =
            percent ? static_cast<std::uint32_t>(std::uint64_t{nodes} * value / 100) : value;
        return share == 0 ? 1 : share;
    }
    bool operator==(const NodeLimit &) const = default;
    static constexpr auto fields() {
        return std::tuple{field("value", &NodeLimit::value), field("percent", &NodeLimit::percent)};
    }
};

// One meaning each; see "Policy, one meaning each" in the manual page aviary-plan(5).
struct Policy {
    Millis min_healthy_ms = 10'000;        // continuously healthy before a node counts as healthy
    Millis healthy_deadline_ms = 300'000;  // from the order to update until healthy
    Millis progress_deadline_ms = 600'000; // 0: the first unhealthy node fails the rollout
    std::uint32_t retries = 0;             // further attempts on a node that failed
    std::uint32_t max_parallel = 1;        // updates under way at once
    std::optional<NodeLimit>
        max_unavailable;                  // nodes of a site down for any reason; none: max_parallel
    std::uint32_t max_load_percent = 200; // of a node's usual share of traffic
    std::optional<Ppm> success_threshold; // none: rolling and blue-green 1.0, canary 0.95
    OnFailure on_failure = OnFailure::RollBack;
    HealthSource health_check = HealthSource::Checks;
    CatchUp catch_up = CatchUp::Ask;
    bool auto_promote = false;
    bool auto_revert = false;
    bool operator==(const Policy &) const = default;
    static constexpr auto fields() {
        return std::tuple{field("min_healthy_ms", &Policy::min_healthy_ms),
                          field("healthy_deadline_ms", &Policy::healthy_deadline_ms),
                          field("progress_deadline_ms", &Policy::progress_deadline_ms),
                          field("retries", &Policy::retries),
                          field("max_parallel", &Policy::max_parallel),
                          field("max_unavailable", &Policy::max_unavailable),
                          field("max_load_percent", &Policy::max_load_percent),
                          field("success_threshold", &Policy::success_threshold),
                          field("on_failure", &Policy::on_failure),
                          field("health_check", &Policy::health_check),
                          field("catch_up", &Policy::catch_up),
                          field("auto_promote", &Policy::auto_promote),
                          field("auto_revert", &Policy::auto_revert)};
    }
};

// With a progress_deadline of 0 the first unhealthy node fails the rollout, and one without any
// progress may still stand still only so long.
inline Millis stallLimit(const Policy &policy) {
    return policy.progress_deadline_ms > 0 ? policy.progress_deadline_ms
                                           : policy.healthy_deadline_ms;
}

} // namespace aviary::kernel
