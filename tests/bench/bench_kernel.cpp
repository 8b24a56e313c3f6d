// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernel/rollout/step.h"

#include <benchmark/benchmark.h>

#include <string>

// The engine in a world that answers each order at once, every policy on. An item is one event:
// reports one by one, each at a time of its own.
namespace aviary::kernel {
namespace {

constexpr std::uint32_t sites = 50;

Plan planOf(std::uint32_t nodes, StrategyKind strategy) {
    Plan plan;
    plan.service = "web";
    plan.revisions = {"", "v1", "v2"};
    plan.from = 1;
    plan.to = 2;
    plan.strategy = strategy;
    plan.router = RouterKind::Weights;
    plan.sites.resize(sites);
    plan.policy.max_parallel = 100;
    plan.policy.retries = 1;
    plan.policy.max_unavailable = NodeLimit{25, true};
    plan.pending = plan.active = nodes;
    plan.targets.resize(nodes);
    for (std::uint32_t i = 0; i < nodes; ++i) {
        plan.targets[i].node = "node-" + std::to_string(i);
        plan.targets[i].site = i % sites;
        plan.targets[i].previous = 1;
        ++plan.sites[i % sites].nodes;
    }
    return plan;
}

Plan rolling(std::uint32_t nodes) {
    Plan plan = planOf(nodes, StrategyKind::Rolling);
    plan.mode = UpdateMode::InPlace;
    plan.router = RouterKind::None;
    plan.steps = {UpdateStep{0, nodes, 100, 100, 5'000}};
    return plan;
}

Plan canary(std::uint32_t nodes) {
    Plan plan = planOf(nodes, StrategyKind::Canary);
    plan.policy.auto_promote = true;
    plan.judges = {HealthShare{}};
    std::uint32_t begin = 0;
    for (const std::uint32_t percent : {10U, 25U, 50U, 100U}) {
        const std::uint32_t end = nodes / 100 * percent;
        plan.steps.emplace_back(UpdateStep{begin, end, end - begin, 100});
        plan.steps.emplace_back(ShiftStep{static_cast<Weight>(percent * 100)});
        plan.steps.emplace_back(CheckStep{0, 1, 60'000, 0});
        plan.steps.emplace_back(HoldStep{});
        begin = end;
    }
    plan.steps.pop_back();
    plan.steps.emplace_back(RetireStep{});
    return plan;
}

Plan blueGreen(std::uint32_t nodes) {
    Plan plan = planOf(nodes, StrategyKind::BlueGreen);
    plan.judges = {HealthShare{}};
    plan.steps = {UpdateStep{0, nodes, nodes, nodes}, CheckStep{0, 1, 0, 0}, SwitchStep{},
                  RetireStep{30'000}};
    return plan;
}

Event answerTo(const Command &order) {
    switch (order.index()) {
    case 0:
        return NodeReady{std::get<UpdateNode>(order).target, std::get<UpdateNode>(order).order};
    case 2:
        return NodeRetired{std::get<RetireNode>(order).target, std::get<RetireNode>(order).order};
    case 3:
        return TrafficApplied{std::get<SetWeight>(order).order};
    default:
        return TrafficApplied{std::get<SwitchSlot>(order).order};
    }
}

// Returns the number of events.
std::uint64_t run(const Plan &plan, State &state, Commands &commands) {
    std::uint64_t events = 1;
    Millis now = 0;
    std::size_t answered = 0;
    commands.clear();
    step(plan, state, Requested{Start{}}, now, commands);
    while (!isEnd(state.status)) {
        ++events;
        const Millis due = nextDeadline(plan, state);
        if (due <= now + 1) {
            now = due; // as the shell's timer does
            step(plan, state, TimePassed{}, now, commands);
            continue;
        }
        auto next = commands.cbegin() + static_cast<std::ptrdiff_t>(answered);
        while (next != commands.cend() && !isOrder(*next)) {
            ++next;
            ++answered;
        }
        if (next != commands.cend()) {
            ++now;
            ++answered;
            step(plan, state, answerTo(*next), now, commands);
            continue;
        }
        commands.clear();
        answered = 0;
        if (due == never) {
            return 0;
        }
        now = due;
        step(plan, state, TimePassed{}, now, commands);
    }
    return events;
}

template <Plan (*make)(std::uint32_t)>
void runs(benchmark::State &bench) {
    const Plan plan = make(static_cast<std::uint32_t>(bench.range(0)));
    const State fresh = begin(plan);
    Commands commands;
    std::uint64_t events = 0;
    for (auto _ : bench) {
        bench.PauseTiming();
        State state = fresh;
        bench.ResumeTiming();
        const std::uint64_t one = run(plan, state, commands);
        if (one == 0 || state.status != Status::Completed) {
            bench.SkipWithError("it did not complete");
            return;
        }
        events += one;
    }
    bench.SetItemsProcessed(static_cast<std::int64_t>(events));
}

void sizes(benchmark::internal::Benchmark *bench) {
    bench->Arg(1'000)->Arg(10'000)->Arg(100'000);
}
BENCHMARK(runs<rolling>)->Name("rolling")->Apply(sizes);
BENCHMARK(runs<canary>)->Name("canary")->Apply(sizes);
BENCHMARK(runs<blueGreen>)->Name("blue-green")->Apply(sizes);

} // namespace
} // namespace aviary::kernel

BENCHMARK_MAIN();
