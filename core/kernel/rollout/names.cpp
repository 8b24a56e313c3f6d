// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernel/rollout/state.h"

namespace aviary::kernel {
namespace {

constexpr std::array<std::string_view, 11> status_names = {
    "draft",        "approved",  "pending",     "in_progress", "waiting",   "paused",
    "rolling_back", "completed", "rolled_back", "failed",      "superseded"};

constexpr std::array<std::string_view, 16> cause_names = {
    "none",     "order_refused",  "start_failed",     "checks_failed",     "exited",
    "silent",   "node_gone",      "healthy_deadline", "progress_deadline", "threshold",
    "verdict",  "router_refused", "person",           "superseded",        "way_back_failed",
    "undecided"};

constexpr std::array<std::string_view, phase_count> phase_names = {
    "untouched", "updating", "proving",   "healthy", "failed",
    "skipped",   "behind",   "restoring", "restored"};

} // namespace

std::string_view nameOf(Status status) {
    return status_names[static_cast<std::size_t>(status)];
}

std::string_view nameOf(Cause cause) {
    return cause_names[static_cast<std::size_t>(cause)];
}

std::string_view nameOf(Phase phase) {
    return phase_names[static_cast<std::size_t>(phase)];
}

} // namespace aviary::kernel
