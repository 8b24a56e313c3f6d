// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/valuesjson.h"
#include "core/travel/travelprovider.h"
#include "tests/core/travel/recorded.h"

#include <QCoreApplication>
#include <QElapsedTimer>

#include <benchmark/benchmark.h>

#include <random>

// Time travel at the size of the promise: 100,000 events over 10,000 nodes, with every topic told
// to a client that reads it: any instant within 100 ms, and steps at 30 a second (33 ms).
namespace {

using namespace aviary;
using namespace aviary::travel;

constexpr std::uint32_t nodes = 10'000;
constexpr int entries = 40'000; // of one to four events: 100,000

struct World {
    TravelProvider provider{Archive{}};
    std::size_t rows = 0;

    World() {
        auto run = RecordedRun::of(tests::recordedRun(nodes, 11, entries));
        provider.addRun(*run);
        (void)provider.goTo((*run)->endWallMs());
        for (const char *topic : {"clusters", "rollouts", "waiting", "deployments", "daemon",
                                  "rollout:R1", "fleet:edge-eu"}) {
            (void)provider.whole(QString::fromLatin1(topic));
        }
        QObject::connect(&provider, &api::Provider::changed, &provider,
                         [this](const QString &topic, const QJsonObject &change) {
                             const QJsonArray told = change[u"rows"].toArray();
                             for (const QJsonValue &row : told) {
                                 read(topic, row.toObject());
                             }
                         });
    }

private:
    void read(const QString &topic, const QJsonObject &row) {
        ++rows;
        if (topic.startsWith(u"fleet:")) {
            benchmark::DoNotOptimize(api::fromJson<api::NodeRow>(row));
        } else if (topic.startsWith(u"rollout:")) {
            benchmark::DoNotOptimize(api::fromJson<api::RolloutDetail>(row));
        }
    }
};

World &world() {
    static auto *one = new World; // at exit Qt's own statics may be gone
    return *one;
}

void goTo(benchmark::State &run, bool anywhere) {
    World &world = ::world();
    const auto &walls = world.provider.runs().front()->entryWallsMs();
    std::mt19937_64 chance(3);
    std::size_t at = walls.size() / 3;
    double worst_ms = 0;
    world.rows = 0;
    for (auto _ : run) {
        at = anywhere ? chance() % walls.size() : (at + 1) % walls.size();
        QElapsedTimer timer;
        timer.start();
        (void)world.provider.goTo(walls[at]);
        worst_ms = std::max(worst_ms, static_cast<double>(timer.nsecsElapsed()) / 1e6);
    }
    run.counters["worst_ms"] = worst_ms;
    run.counters["rows"] =
        benchmark::Counter(static_cast<double>(world.rows), benchmark::Counter::kAvgIterations);
}

void anyInstant(benchmark::State &run) {
    goTo(run, true);
}
void nextEvent(benchmark::State &run) {
    goTo(run, false);
}
void open(benchmark::State &run) {
    const record::Run recorded = tests::recordedRun(nodes, 11, entries);
    for (auto _ : run) {
        benchmark::DoNotOptimize(RecordedRun::of(recorded));
    }
}

BENCHMARK(anyInstant)->Unit(benchmark::kMillisecond)->Iterations(200);
BENCHMARK(nextEvent)->Unit(benchmark::kMillisecond)->Iterations(1'000);
BENCHMARK(open)->Unit(benchmark::kMillisecond)->Iterations(1);

} // namespace

int main(int count, char **arguments) {
    const QCoreApplication app(count, arguments);
    benchmark::Initialize(&count, arguments);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
