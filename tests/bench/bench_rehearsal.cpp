// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernel/strategy/compile.h"
#include "core/rehearsal/future.h"

#include <QProcess>

#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

// What a rehearsal costs, with the whole model on: `bench_rehearsal [simple_model.py]`. An event is
// one scheduled occurrence that was delivered to the kernel. With a script it also runs SimPy on
// the simple model, the same as ours without faults, traffic and checks, and prints the ratio.
namespace aviary::rehearsal {
namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

kernel::Fleet fleetOf(std::uint32_t nodes) {
    kernel::Fleet fleet;
    for (std::uint32_t i = 0; i < nodes; ++i) {
        kernel::Node node;
        node.id = node.name = "node-" + std::to_string(i);
        node.site = "site-" + std::to_string(i % 50);
        node.revisions["web"] = "v1";
        node.heartbeat_age = 1'000;
        fleet.nodes.push_back(std::move(node));
    }
    return fleet;
}

// Ten stages, each updated, shifted to, checked by health share and not-worse for a minute and held
// for one.
kernel::PlanRequest tenSteps() {
    kernel::Canary canary;
    canary.stages.clear();
    for (kernel::Weight stage = 1'000; stage <= kernel::full_weight; stage += 1'000) {
        canary.stages.push_back(stage);
    }
    canary.hold_ms = 60'000;
    kernel::PlanRequest request;
    request.service = "web";
    request.from = "v1";
    request.to = "v2";
    request.strategy = canary;
    request.router = kernel::RouterKind::Weights;
    request.policy.max_parallel = 100;
    request.policy.retries = 1;
    return request;
}

Scenario whole() {
    Scenario scenario;
    scenario.sites.outages = {0.2, {300'000, 1'800'000}};
    scenario.sites.drains = {0.01, {600'000, 3'600'000}};
    scenario.router.refused = 1'000;
    scenario.traffic.requests_per_s = 1'000.0;
    Hypothesis errs;
    errs.name = "errs more";
    errs.errors_more = 10'000;
    errs.weight = 100'000;
    Hypothesis leaks;
    leaks.name = "leaks";
    leaks.leak_per_hour = 20'000;
    leaks.weight = 50'000;
    scenario.hypotheses.push_back(errs);
    scenario.hypotheses.push_back(leaks);
    return scenario;
}

Setup setupOf(const kernel::PlanRequest &request, std::uint32_t nodes, const Scenario &scenario,
              std::uint32_t futures) {
    Setup setup;
    setup.fleet = fleetOf(nodes);
    auto compiled = kernel::compile(request, setup.fleet);
    if (!std::holds_alternative<kernel::Plan>(compiled)) {
        std::fputs("the plan does not compile\n", stderr);
        std::exit(1);
    }
    setup.plan = std::make_shared<const kernel::Plan>(std::get<kernel::Plan>(std::move(compiled)));
    setup.scenario = scenario;
    setup.futures = futures;
    setup.worst = 0;
    return setup;
}

void rehearse(const char *what, const Setup &setup, std::uint32_t threads) {
    const auto rehearsal = Rehearsal::prepare(setup);
    Running running;
    running.threads = threads;
    const auto begin = Clock::now();
    const auto answers = rehearsal->run(running);
    const double seconds = secondsSince(begin);
    const auto events = static_cast<double>(answers->events);
    std::printf("%-34s %6.3f s  %5.1f M events/s a thread  %6.2f events/node  %4.1f %% complete\n",
                what, seconds, events / seconds / threads / 1e6,
                events / setup.futures / static_cast<double>(setup.plan->targets.size()),
                100.0 * answers->hypotheses[0].endings[0].portion.share);
}

// The futures alone, one thread, by size: what an event costs.
void scale(const char *what, const kernel::PlanRequest &request, const Scenario &scenario) {
    for (const std::uint32_t nodes : {100U, 1'000U, 10'000U, 100'000U}) {
        const Setup setup = setupOf(request, nodes, scenario, 1'000);
        const World world(setup);
        Future future(world);
        future.run(0, 60'000); // its memory is there
        std::uint64_t events = 0;
        const std::uint32_t count = std::max(3U, 300'000 / nodes);
        const auto begin = Clock::now();
        for (std::uint32_t k = 0; k < count; ++k) {
            events += future.run(3 * k % 999, 60'000).events;
        }
        const double seconds = secondsSince(begin);
        std::printf("%s, %6u nodes: %6.1f ns an event, %5.1f M events/s, %6.2f events/node\n", what,
                    nodes, seconds * 1e9 / static_cast<double>(events),
                    static_cast<double>(events) / seconds / 1e6,
                    static_cast<double>(events) / count / nodes);
    }
}

// Every node is updated, a hundred at once, starts lognormally and proves itself for 10 s.
double simpleFutures(std::uint32_t nodes, std::uint32_t futures) {
    kernel::PlanRequest request = tenSteps();
    request.strategy = kernel::Rolling{0};
    request.policy.max_parallel = 100;
    request.policy.max_unavailable = kernel::NodeLimit{100, true};
    request.mode = kernel::UpdateMode::InPlace;
    request.router = kernel::RouterKind::None;
    Scenario scenario;
    scenario.start.failed = scenario.start.silent = scenario.start.slow = 0;
    scenario.flapping.nodes = 0;
    scenario.sites.node_outages.per_day = 0.0;
    scenario.traffic.requests_per_s = 0.0;
    const Setup setup = setupOf(request, nodes, scenario, futures);
    const World world(setup);
    Future future(world);
    const auto begin = Clock::now();
    for (std::uint32_t k = 0; k < futures; ++k) {
        future.run(k, 60'000);
    }
    return secondsSince(begin) / futures;
}

void againstSimPy(const QString &script) {
    constexpr std::uint32_t nodes = 1'000;
    constexpr std::uint32_t futures = 20;
    QProcess python;
    python.start(QStringLiteral("/usr/bin/python3"),
                 {script, QString::number(nodes), QString::number(futures)});
    if (!python.waitForFinished(300'000) || python.exitCode() != 0) {
        std::printf("SimPy: not run: %s\n", python.readAllStandardError().constData());
        return;
    }
    const double theirs = python.readAllStandardOutput().trimmed().toDouble();
    const double ours = simpleFutures(nodes, 50 * futures);
    std::printf("simple model, %u nodes: ours %.6f s a future, SimPy %.6f s: %.0f times as fast\n",
                nodes, ours, theirs, theirs / ours);
}

long residentMegabytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1'024;
}

} // namespace
} // namespace aviary::rehearsal

int main(int argc, char **argv) {
    using namespace aviary::rehearsal;
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    rehearse("1,000 futures, 1,000 nodes, 1 core", setupOf(tenSteps(), 1'000, whole(), 1'000), 1);
    rehearse("1,000 futures, 1,000 nodes, 2 cores", setupOf(tenSteps(), 1'000, whole(), 1'000), 2);
    rehearse("1,000 futures, 10,000 nodes, 2 cores", setupOf(tenSteps(), 10'000, whole(), 1'000),
             2);
    std::printf("resident: %ld MB\n", residentMegabytes());
    scale("whole model", tenSteps(), whole());
    std::printf("resident, with 100,000 nodes: %ld MB\n", residentMegabytes());
    if (argc > 1) {
        againstSimPy(QString::fromLocal8Bit(argv[1]));
    }
    return 0;
}
