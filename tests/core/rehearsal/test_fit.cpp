// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rehearsal/fit.h"

#include <QTest>

#include <cmath>

using namespace aviary;
using namespace aviary::rehearsal;
using namespace aviary::kernel;

// What is learned from records that say how long each start took.
class TestFit : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theMedianAndTheSpreadOfStarts();
    void failuresAreCountedOnce();
    void theRouterTeachesItsOwnTime();
    void tooFewTeachNoTime();
    void aRehearsedRunTeachesNothing();
};

namespace {

record::Run run(record::MadeBy made_by = record::MadeBy::Live) {
    record::RunHeader header;
    header.rollout = QStringLiteral("01J00000000000000000000000");
    header.plan.service = "web";
    header.plan.revisions = {"", "v1", "v2"};
    header.plan.targets.resize(100);
    header.made_by = made_by;
    return record::beginRun(header);
}

void put(record::Run &run, Millis at, const Event &event, const Commands &commands) {
    record::Entry entry;
    entry.at = at;
    entry.log.events = {event};
    entry.log.commands = commands;
    entry.log.ends = {static_cast<std::uint32_t>(commands.size())};
    QVERIFY(record::addEntry(run, entry).has_value());
}

// A start of order `order` that is answered after `took_ms` by `answer`.
void start(record::Run &run, Order order, Millis took_ms, const Event &answer) {
    put(run, 1'000, TimePassed{}, {UpdateNode{order, order}});
    put(run, 1'000 + took_ms, answer, {});
}

} // namespace

void TestFit::theMedianAndTheSpreadOfStarts() {
    record::Run record = run();
    // 2, 4 and 8 s: a median of 4 s, and a standard deviation of the logarithm of ln 2 * sqrt(2/3).
    Order order = 0;
    for (int i = 0; i < 4; ++i) {
        for (const Millis took_ms : {2'000, 4'000, 8'000}) {
            ++order;
            start(record, order, took_ms, NodeReady{order, order});
        }
    }
    const auto fit = fitOf({record});
    QVERIFY(fit.has_value());
    QCOMPARE(fit->starts.of, 12U);
    QCOMPARE(fit->starts.latency.median_ms, 4'000);
    const double p95 = 4'000.0 * std::exp(1.6448536 * std::log(2.0) * std::sqrt(2.0 / 3.0));
    QVERIFY(std::abs(double(fit->starts.latency.p95_ms) - p95) < 2.0);
    const Scenario learned = applied(*fit, Scenario{});
    QCOMPARE(learned.start.latency, fit->starts.latency);
    QCOMPARE(learned.start.failed, 0U);
    QCOMPARE(learned.start.back, Scenario{}.start.back); // never seen: as assumed
    QVERIFY(problemsOf(learned).empty());
}

void TestFit::failuresAreCountedOnce() {
    record::Run record = run();
    for (Order order = 1; order <= 10; ++order) {
        const bool fails = order == 3;
        const bool refused = order == 7;
        start(record, order, 3'000,
              fails     ? Event{NodeFailed{order, order, Cause::StartFailed}}
              : refused ? Event{NodeFailed{order, order, Cause::OrderRefused}}
                        : Event{NodeReady{order, order}});
    }
    put(record, 9'000, NodeNotReady{1, 1}, {});
    put(record, 9'500, NodeReady{1, 1}, {}); // ready again is no second start
    put(record, 9'600, NodeFailed{3, 3, Cause::StartFailed}, {});
    put(record, 9'700, TimePassed{}, {UpdateNode{11, 11}}); // never answered
    const auto fit = fitOf({record});
    QCOMPARE(fit->starts.of, 10U);
    QCOMPARE(fit->starts.failed, 1U);
    QCOMPARE(fit->starts.refused, 1U);
    QCOMPARE(fit->unanswered, 1U);
    QCOMPARE(applied(*fit, Scenario{}).start.failed, 100'000U);
}

void TestFit::theRouterTeachesItsOwnTime() {
    record::Run record = run();
    start(record, 1, 3'000, NodeReady{1, 1});
    for (Order order = 11; order <= 20; ++order) {
        put(record, 10'000, TimePassed{}, {SetWeight{order, 500}});
        put(record, 10'040, order == 13 ? Event{TrafficRefused{order}} : TrafficApplied{order}, {});
    }
    const auto fit = fitOf({record});
    QCOMPARE(fit->splits.of, 10U);
    QCOMPARE(fit->splits.refused, 1U);
    QCOMPARE(fit->unanswered, 0U);
    const Scenario learned = applied(*fit, Scenario{});
    QCOMPARE(learned.router.delay, (Spread{40, 40}));
    QCOMPARE(learned.router.refused, 100'000U);
    QCOMPARE(learned.start.latency, Scenario{}.start.latency); // one start says nothing
}

void TestFit::tooFewTeachNoTime() {
    record::Run record = run();
    start(record, 1, 3'000, NodeReady{1, 1});
    const auto fit = fitOf({record});
    QCOMPARE(fit->starts.latency, Spread{});
    QCOMPARE(applied(*fit, Scenario{}).start, Scenario{}.start);
}

void TestFit::aRehearsedRunTeachesNothing() {
    const auto fit = fitOf({run(record::MadeBy::Rehearsed)});
    QVERIFY(!fit);
    QVERIFY(fit.error().what.contains(u"assumed"));
    QVERIFY(!fitOf({run()})); // and an empty one neither
}

QTEST_GUILESS_MAIN(TestFit)
#include "test_fit.moc"
