// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rehearsal/future.h"
#include "tests/core/rehearsal/naiveworld.h"
#include "tests/core/rehearsal/worlds.h"

#include <QTest>

using namespace aviary::rehearsal;
using aviary::kernel::testing::Chance;
using aviary::rehearsal::testing::NaiveWorld;
using aviary::rehearsal::testing::ToldEvent;
namespace kernel = aviary::kernel;

namespace {

class Listener final : public Witness {
public:
    void told(const kernel::Event &event, const kernel::Commands &,
              const kernel::State &after) override {
        events.push_back({after.now, event});
    }
    void befell(const Happening &) override {}
    std::vector<ToldEvent> events;
};

Spread randomSpread(Chance &chance, std::uint32_t most_ms) {
    const Millis median = chance.from(1, most_ms);
    return {median, median + chance.from(0, 2 * most_ms)};
}

Hypothesis randomHypothesis(Chance &chance) {
    Hypothesis one;
    one.name = "suspected";
    one.errors_more = chance.percent(50) ? chance.below(100'000) : 0;
    one.latency_percent = chance.from(50, 400);
    one.leak_per_hour = chance.percent(30) ? 300'000 : 0;
    one.starts_fail_more = chance.percent(30) ? 100'000 : 0;
    if (chance.percent(30)) {
        one.label = "site";
        one.label_value = "b";
        one.label_fails = 500'000;
    }
    return one;
}

Scenario randomScenario(Chance &chance) {
    Scenario made;
    made.start.latency = randomSpread(chance, 20'000);
    made.start.stop = randomSpread(chance, 5'000);
    made.start.back = randomSpread(chance, 20'000);
    made.start.failed = 1'000 * chance.below(100);
    made.start.refused = 1'000 * chance.below(30);
    made.start.silent = 1'000 * chance.below(30);
    made.start.slow = 1'000 * chance.below(100);
    made.flapping = {1'000 * chance.below(300), chance.from(1'000, 60'000),
                     chance.from(1'000, 20'000)};
    made.sites.outages = {chance.below(30) * 1.0, randomSpread(chance, 200'000)};
    made.sites.node_outages = {chance.below(30) * 1.0, randomSpread(chance, 200'000)};
    made.sites.drains = {chance.below(30) * 1.0, randomSpread(chance, 200'000)};
    made.router = {randomSpread(chance, 2'000), 1'000 * chance.below(200)};
    made.traffic.requests_per_s = chance.below(100) * 1.0;
    made.traffic.node_requests_per_s_max = chance.percent(30) ? 10.0 : 0.0;
    made.traffic.look_ms = chance.from(1'000, 20'000);
    made.hypotheses = {Hypothesis{}, randomHypothesis(chance)};
    made.person.answer = randomSpread(chance, 600'000);
    made.person.away = chance.percent(30) ? 300'000 : 0;
    made.person.in_doubt = static_cast<Doubt>(chance.below(3));
    made.notice_ms = chance.below(20'000);
    made.horizon_ms = 3 * 3'600'000;
    return made;
}

Setup randomSetup(Chance &chance) {
    Setup setup;
    setup.plan = std::make_shared<const kernel::Plan>(kernel::testing::randomPlan(chance));
    for (const kernel::Target &target : setup.plan->targets) {
        setup.fleet.nodes.push_back(
            kernel::testing::node(target.node, setup.plan->sites[target.site].name));
    }
    setup.scenario = randomScenario(chance);
    setup.seed = chance.next();
    return setup;
}

QString textOf(const std::vector<ToldEvent> &events, std::size_t at) {
    return at < events.size()
               ? QStringLiteral("kind %1 at %2 ms").arg(events[at].event.index()).arg(events[at].at)
               : QStringLiteral("the end");
}

} // namespace

// 1,000 small worlds; the first is that of AVIARY_SEED.
class TestNaive : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void fastWorldTellsTheSameEvents();
};

void TestNaive::fastWorldTellsTheSameEvents() {
    const auto first = static_cast<std::uint64_t>(qEnvironmentVariableIntValue("AVIARY_SEED"));
    std::size_t events = 0;
    std::array<int, ending_count> endings{};
    for (std::uint64_t seed = first; seed < first + 1'000; ++seed) {
        Chance chance(seed);
        const Setup setup = randomSetup(chance);
        const auto future = static_cast<std::uint32_t>(chance.below(100));
        const World world(setup);
        Future fast(world);
        Listener listener;
        const Summary &summary = fast.run(future, 1'000, &listener);
        NaiveWorld naive(setup, future);
        const std::vector<ToldEvent> told = naive.run();
        const auto [left, right] =
            std::mismatch(listener.events.begin(), listener.events.end(), told.begin(), told.end());
        const auto at = static_cast<std::size_t>(left - listener.events.begin());
        QVERIFY2(left == listener.events.end() && right == told.end(),
                 qPrintable(QStringLiteral("seed %1, event %2 of %3: %4, and not %5")
                                .arg(seed)
                                .arg(at)
                                .arg(told.size())
                                .arg(textOf(listener.events, at), textOf(told, at))));
        QCOMPARE(kernel::stateHash(fast.state()), kernel::stateHash(naive.state()));
        QCOMPARE(summary.failed, naive.failedRequests());
        events += told.size();
        ++endings[static_cast<std::size_t>(summary.ending)];
    }
    qInfo("%zu events; %d completed, %d rolled back, %d failed, %d waiting, %d stuck", events,
          endings[0], endings[1], endings[2], endings[3], endings[4]);
    QVERIFY(endings[0] > 50 && endings[1] > 50);
}

QTEST_GUILESS_MAIN(TestNaive)
#include "test_naive.moc"
