// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/commandline.h"

#include <optional>

namespace aviary::cli {

// What is deployed, and the policy that a person gave beside it. Only what was given is sent: the
// manifest's own policy holds for the rest.
struct Source {
    std::string path, cluster, key;
    std::string strategy, health_check;
    std::optional<int> max_parallel, canary;
    std::optional<double> min_healthy_s, healthy_deadline_s, progress_deadline_s;
    std::optional<bool> auto_promote, auto_revert;
};

void addSource(CLI::App *verb, Source &source);

// The parameters of the daemon's deploy and plan.compile. A folder, or a manifest, is given by its
// path, and by its text to a daemon elsewhere; a plan by its text.
Result<QJsonObject> readSource(const Source &source, const Conversation &talk);

void print(const Terminal &terminal, const api::PlanAnswer &plan);
// Ends the run with all problems.
void failWith(Conversation &talk, const std::vector<api::ProblemRow> &problems);

} // namespace aviary::cli
