// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/rehearsal/rehearsal.h"
#include "tests/kernel/fleets.h"
#include "tests/kernel/randomplan.h"

// Plans and scenarios for the tests of rehearsals.
namespace aviary::rehearsal::testing {

inline Spread always(Millis span_ms) {
    return {span_ms, span_ms};
}

// Nothing goes wrong, and everything always takes as long: starts 4 s, stops 1 s, ways back 3 s,
// the router nothing, a person an hour.
inline Scenario faultless() {
    Scenario scenario;
    scenario.start = {};
    scenario.start.latency = always(4'000);
    scenario.start.stop = always(1'000);
    scenario.start.back = always(3'000);
    scenario.start.failed = scenario.start.silent = scenario.start.slow = 0;
    scenario.start.back_failed = 0;
    scenario.flapping.nodes = 0;
    scenario.sites.node_outages.per_day = 0.0;
    scenario.router.delay = always(0);
    scenario.person.answer = always(3'600'000);
    return scenario;
}

inline Setup setupOf(kernel::PlanRequest request, std::size_t nodes, Scenario scenario) {
    Setup setup;
    setup.fleet = kernel::testing::fleet(nodes, 3);
    auto compiled = kernel::compile(request, setup.fleet);
    if (const auto *problems = std::get_if<std::vector<kernel::Problem>>(&compiled)) {
        qFatal("%s: %s", problems->front().field.c_str(), problems->front().what.c_str());
    }
    setup.plan = std::make_shared<const kernel::Plan>(std::get<kernel::Plan>(std::move(compiled)));
    setup.scenario = std::move(scenario);
    return setup;
}

// A canary with checks, and troubles of every kind: what most tests rehearse.
inline Setup lively(std::size_t nodes = 60) {
    kernel::Canary canary;
    canary.hold_ms = 60'000;
    kernel::PlanRequest request = kernel::testing::request(canary);
    request.policy.max_parallel = 10;
    Scenario scenario;
    scenario.start.failed = 20'000;
    scenario.flapping.nodes = 20'000;
    scenario.sites.outages = {2.0, {120'000, 600'000}};
    scenario.sites.drains = {1.0, {120'000, 600'000}};
    Hypothesis errs;
    errs.name = "errs more";
    errs.errors_more = 20'000;
    errs.weight = 250'000;
    Hypothesis leaks;
    leaks.name = "leaks";
    leaks.leak_per_hour = 100'000;
    leaks.weight = 100'000;
    scenario.hypotheses.push_back(errs);
    scenario.hypotheses.push_back(leaks);
    Setup setup = setupOf(request, nodes, scenario);
    setup.futures = 300;
    setup.seed = 7;
    return setup;
}

inline Answers answered(const Setup &setup, std::uint32_t threads = 1) {
    const auto rehearsal = Rehearsal::prepare(setup);
    if (!rehearsal) {
        qFatal("%s", qPrintable(toText(rehearsal.error())));
    }
    Running running;
    running.threads = threads;
    auto answers = rehearsal->run(running);
    if (!answers) {
        qFatal("%s", qPrintable(toText(answers.error())));
    }
    return *answers;
}

} // namespace aviary::rehearsal::testing
