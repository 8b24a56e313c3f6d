// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/conversation.h"
#include "core/api/values.h"
#include "core/rehearsal/nextversion.h"
#include "core/rehearsal/telling.h"

#include <optional>
#include <string>
#include <vector>

namespace aviary::cli {

// What `aviary rehearse` was given.
struct RehearseOptions {
    std::string plan, fleet, scenario = "calm", cluster, from_now;
    std::string service, part; // the next version of one that a cluster rolls out itself
    std::vector<std::string> against, hypotheses;
    std::uint32_t futures = 1'000, threads = 0, worst = 10;
    std::uint64_t seed = 1;
    std::optional<std::uint32_t> open;
    std::string report, output;
    bool no_advice = false, watch = false;
};

// A live rollout, and where it stands.
struct LiveStart {
    record::Run run;
    std::shared_ptr<const kernel::Plan> plan;
    kernel::State state;
    std::string engine; // of a cluster that runs rollouts itself
};

// Everything that is rehearsed. `findings` has names, plans, fleet and scenario, and no answers.
struct Prepared {
    rehearsal::Setup setup; // of the first plan
    rehearsal::Findings findings;
    std::vector<std::shared_ptr<const kernel::Plan>> plans;
};

struct GivenFleet {
    kernel::Fleet fleet;
    QString words; // "edge-eu, 48 nodes in 4 sites"
};
Result<GivenFleet> readFleetFile(const QString &path);
GivenFleet fleetOf(const QString &cluster, const std::vector<api::NodeRow> &nodes);
Result<LiveStart> liveStartOf(const QString &jsonl, api::ClusterKind kind);

// A name of one that comes with the program, or a file; only the hypotheses asked for, if any: by
// name, or as a map of a scenario file, "{name: errs, errors_more: 2 %}".
Result<rehearsal::Scenario> readScenarioFor(const RehearseOptions &options);

Result<Prepared> prepare(const RehearseOptions &options, const std::optional<GivenFleet> &fleet,
                         std::optional<LiveStart> live);

Result<Prepared> prepareNext(const RehearseOptions &options,
                             const rehearsal::PlannedVersion &planned, const QString &cluster,
                             const std::vector<api::NodeRow> &nodes);

} // namespace aviary::cli
