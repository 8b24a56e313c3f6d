// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/rehearsal/scenario.h"
#include "core/support/flaw.h"

#include <QByteArray>
#include <QStringList>

#include <optional>

// `.scenario.yaml`: what a rehearsal assumes. Reading one acts on nothing. Every member may be
// absent and has the default of core/rehearsal/scenario.h; resources/schemas/scenario.schema.json
// describes it; by example:
//
//   format: aviary-scenario/1
//   name: night
//   start: {latency: {median: 4 s, p95: 11 s}, failed: 1 %}      a time alone: always the same
//   sites: {outages: {per_day: 0.5, length: {median: 10 min, p95: 1 h}}}
//   traffic: {requests_per_s: 300, begins_at: "02:00"}
//   hypotheses:
//     - {name: good, weight: 80 %}
//     - {name: errs 2 % more, weight: 20 %, errors_more: 2 %}
//   operator: {answer: {median: 10 min, p95: 1 h}, away: 10 %, in_doubt: rollback}
namespace aviary::rehearsal {

struct ScenarioReading {
    std::optional<Scenario> scenario; // none when there are flaws
    Flaws flaws;                      // each with field, line and column
};

ScenarioReading readScenario(const QByteArray &text);

// Canonical: every member is written out, so that the file means the same under later defaults.
QByteArray writeScenario(const Scenario &scenario);

// The scenarios that come with the program: "calm", "flaky-site", "night", "peak".
QStringList scenarioNames();
std::optional<Scenario> scenarioNamed(const QString &name);

} // namespace aviary::rehearsal
