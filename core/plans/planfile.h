// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/strategy/compile.h"
#include "core/plans/yaml.h"
#include "core/support/flaw.h"

#include <QJsonObject>

#include <optional>
#include <variant>

// `.plan.yaml`: a request that is yet to be compiled, or a compiled plan. Reading one acts on
// nothing. resources/schemas/plan.schema.json describes it; by example:
//
//   format: aviary-plan/1
//   service: checkout-api
//   from: v41                      the stable revision; absent on a first deployment
//   to: v42
//   strategy: canary               a word, or a map with the strategy's parameters:
//   strategy:
//     kind: canary                 rolling, canary, blue-green, feature-flag
//     stages: [10 %, 25 %, 50 %, 100 %]
//     bake: 1 min
//     hold: until promoted         or a time
//   policy: {max_parallel: 4, max_unavailable: 25 %, max_load: 2, on_failure: rollback}
//   judges: [{judge: not_worse, margin: 0.5 %}, {judge: health_share, threshold: 95 %}]
//   targets: [store-1, store-2]    absent: every online node
//   service_definition: {...}      kept as it is
//
// rolling takes delay; with traffic_only: true batch_count and pause. canary takes stages, or
// canary_percent, or canary_nodes; with traffic_only: true initial, step and max_steps.
// A compiled plan has the member `compiled` in place of all between format and targets.
namespace aviary::plans {

struct PlanFile {
    std::variant<kernel::PlanRequest, kernel::Plan> content;
    bool router_given = false;      // of a request; else the cluster that runs it says what it has
    QJsonObject service_definition; // kept verbatim; empty: none
    bool operator==(const PlanFile &) const = default;
};

struct PlanReading {
    std::optional<PlanFile> file; // none when there are flaws
    Flaws flaws;                  // all of them, each with field, line and column
    YamlNode document;            // for places of what compile finds later
};

PlanReading readPlan(const QByteArray &text);

// What compile found wrong with the request of this document, with lines and columns.
Flaws flawsOf(const std::vector<kernel::Problem> &problems, const YamlNode &document);

// Canonical: every parameter and policy value is written out, so that the file means the same under
// later defaults. Refused when it would be too large to be read again.
Result<QByteArray> writePlan(const PlanFile &file);

} // namespace aviary::plans
