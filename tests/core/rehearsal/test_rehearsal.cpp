// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/rehearsal/worlds.h"

#include <QTest>

#include <atomic>

using namespace aviary::rehearsal;
using namespace aviary::rehearsal::testing;
using aviary::ErrorCode;
namespace kernel = aviary::kernel;
namespace record = aviary::record;

// Rehearsals as whole: the same answers on any number of threads, futures that open as runs, from
// now, and what cannot be rehearsed.
class TestRehearsal : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void answersDoNotDependOnThreads();
    void anotherSeedGivesOtherAnswers();
    void everyFutureHasAnEnding();
    void badRevisionIsCaughtAndGoodOnePasses();
    void worstFuturesSayWhy();
    void opensAsTheSameRun();
    void openedRunIsReplayed();
    void progressComesAndCancelEnds();
    void goesOnFromNow();
    void opensFromNowWithItsRecord();
    void refusesWhatCannotBeRehearsed_data();
    void refusesWhatCannotBeRehearsed();
    void refusesWhatWouldNeverEnd();
};

void TestRehearsal::answersDoNotDependOnThreads() {
    const Setup setup = lively();
    const QByteArray one = toJson(answered(setup, 1));
    QVERIFY(one.size() > 1'000);
    QCOMPARE(toJson(answered(setup, 2)), one);
    QCOMPARE(toJson(answered(setup, 4)), one);
}

void TestRehearsal::anotherSeedGivesOtherAnswers() {
    Setup setup = lively();
    const Answers one = answered(setup, 2);
    setup.seed = 8;
    const Answers other = answered(setup, 2);
    QVERIFY(one.hypotheses[0].endings[0].time_ms != other.hypotheses[0].endings[0].time_ms);
}

void TestRehearsal::everyFutureHasAnEnding() {
    const Answers answers = answered(lively(), 2);
    std::uint32_t futures = 0;
    for (const HypothesisAnswer &hypothesis : answers.hypotheses) {
        std::uint32_t endings = 0;
        for (const EndingShare &ending : hypothesis.endings) {
            endings += ending.portion.hits;
            QCOMPARE(ending.time_ms.of, ending.portion.hits);
        }
        QCOMPARE(endings, hypothesis.futures);
        futures += hypothesis.futures;
        QCOMPARE(hypothesis.fans.nodes.bands.size(), fan_points);
        QCOMPARE(hypothesis.fans.nodes.bands.front().high, 0.0);
        QVERIFY(!hypothesis.sites.empty() && hypothesis.sites.front().nodes > 0);
    }
    QCOMPARE(futures, 300U);
}

void TestRehearsal::badRevisionIsCaughtAndGoodOnePasses() {
    Setup setup = lively();
    setup.scenario.start.failed = 0;
    setup.scenario.sites.outages.per_day = 0.0;
    const Answers answers = answered(setup, 2);
    const HypothesisAnswer &good = answers.hypotheses[0];
    const HypothesisAnswer &bad = answers.hypotheses[1];
    QVERIFY(good.endings[0].portion.share > 0.8);
    QVERIFY(bad.caught.share > 0.8);
    QCOMPARE(bad.caught_by.front().cause, kernel::Cause::Verdict);
    QVERIFY(bad.failed_requests.mean > good.failed_requests.mean);
    QVERIFY(bad.failed_when_caught.median <= bad.failed_requests.median);
    QVERIFY(bad.fans.traffic.bands.back().median < good.fans.traffic.bands.back().median);
}

void TestRehearsal::worstFuturesSayWhy() {
    const Answers answers = answered(lively(), 2);
    QCOMPARE(answers.worst.size(), std::size_t(10));
    for (std::size_t i = 0; i < answers.worst.size(); ++i) {
        QVERIFY(!answers.worst[i].because.empty());
        QVERIFY(i == 0 || answers.worst[i].failed_requests <= answers.worst[i - 1].failed_requests);
    }
    const HypothesisAnswer &hypothesis = answers.hypotheses[answers.worst[0].hypothesis];
    QCOMPARE(hypothesis.failed_requests.worst, answers.worst[0].failed_requests);
}

void TestRehearsal::opensAsTheSameRun() {
    const auto rehearsal = Rehearsal::prepare(lively());
    const auto answers = rehearsal->run({});
    const WorstFuture &worst = answers->worst.front();
    const auto run = rehearsal->openFuture(worst.future);
    QVERIFY2(run.has_value(), qPrintable(toText(run ? aviary::Error{} : run.error())));
    QCOMPARE(run->header.made_by, record::MadeBy::Rehearsed);
    QCOMPARE(run->header.seed, std::optional<std::uint64_t>(7));
    const auto again = rehearsal->openFuture(worst.future);
    QCOMPARE(again->head(), run->head());
    const auto check = record::checkRun(*run);
    QVERIFY(check.has_value());
    QCOMPARE(check->status == kernel::Status::Completed, worst.ending == Ending::Completed);
    QCOMPARE(record::decodeEntry(run->entries.back().bytes)->at, worst.end_ms);
    QCOMPARE(rehearsal->openFuture(300).error().code, ErrorCode::NotFound);
}

void TestRehearsal::openedRunIsReplayed() {
    const auto rehearsal = Rehearsal::prepare(lively());
    for (std::uint32_t k = 0; k < 30; ++k) {
        const auto run = rehearsal->openFuture(k);
        QVERIFY(run.has_value());
        const auto check = record::checkRun(*run, record::Decisions::Compared);
        QVERIFY2(check.has_value(), qPrintable(toText(check ? aviary::Error{} : check.error())));
        QVERIFY(check->warnings.isEmpty());
    }
}

void TestRehearsal::progressComesAndCancelEnds() {
    Setup setup = lively();
    const auto rehearsal = Rehearsal::prepare(setup);
    Progress last;
    Running running;
    running.threads = 2;
    running.progress = [&](const Progress &progress) { last = progress; };
    QVERIFY(rehearsal->run(running).has_value());
    QCOMPARE(last.done, 300U);
    QCOMPARE(last.endings.size(), std::size_t(3));
    QCOMPARE(last.endings[0][0].of, 100U);

    std::stop_source source;
    source.request_stop();
    running.cancel = source.get_token();
    const auto cancelled = rehearsal->run(running);
    QVERIFY(!cancelled);
    QCOMPARE(cancelled.error().code, ErrorCode::Refused);
}

namespace {

// A live rollout that stands in its second stage.
struct Live {
    std::shared_ptr<const kernel::Plan> plan;
    kernel::State state;
    record::Run run;
};

Live liveOf(const Setup &setup) {
    const auto rehearsal = Rehearsal::prepare(setup);
    const auto whole = rehearsal->openFuture(0);
    Live live{setup.plan, kernel::begin(*setup.plan), record::beginRun(whole->header)};
    record::Replay replay(setup.plan);
    for (const record::SealedEntry &sealed : whole->entries) {
        const auto appended = replay.append(sealed.bytes);
        const auto sought = replay.seek(replay.entries());
        if (!appended || !sought) {
            qFatal("the future cannot be replayed");
        }
        const auto added = record::addEntry(live.run, *record::decodeEntry(sealed.bytes));
        if (!added || replay.state().weight >= 2'500) {
            break;
        }
    }
    live.state = replay.state();
    return live;
}

} // namespace

void TestRehearsal::goesOnFromNow() {
    Setup setup = lively();
    const Live live = liveOf(setup);
    QCOMPARE(live.state.weight, 2'500);
    setup.now = Now{live.state, std::nullopt, {}};
    const Answers answers = answered(setup, 2);
    const HypothesisAnswer &good = answers.hypotheses[0];
    const Band &first = good.fans.traffic.bands.front();
    QCOMPARE(first.median, 0.25);
    QVERIFY(good.fans.nodes.bands.front().median >= 0.2);
    QVERIFY(good.endings[0].portion.share > 0.5);
    // What is behind it does not come again: less time than the whole plan takes.
    setup.now.reset();
    const Answers whole = answered(setup, 2);
    QVERIFY(good.endings[0].time_ms.median < whole.hypotheses[0].endings[0].time_ms.median);
}

void TestRehearsal::opensFromNowWithItsRecord() {
    Setup setup = lively();
    const Live live = liveOf(setup);
    setup.now = Now{live.state, std::nullopt, {}};
    QCOMPARE(Rehearsal::prepare(setup)->openFuture(3).error().code, ErrorCode::Refused);
    setup.now->record = live.run;
    const auto run = Rehearsal::prepare(setup)->openFuture(3);
    QVERIFY(run.has_value());
    QVERIFY(run->entries.size() > live.run.entries.size());
    const auto check = record::checkRun(*run, record::Decisions::Compared);
    QVERIFY2(check.has_value(), qPrintable(toText(check ? aviary::Error{} : check.error())));
}

void TestRehearsal::refusesWhatCannotBeRehearsed_data() {
    QTest::addColumn<std::function<void(Setup &)>>("spoil");
    QTest::addColumn<QString>("where");
    using Spoil = std::function<void(Setup &)>;
    const auto row = [](const char *name, const char *where, const Spoil &spoil) {
        QTest::newRow(name) << spoil << QString::fromLatin1(where);
    };
    row("no plan", "plan", [](Setup &setup) { setup.plan.reset(); });
    row("an empty plan", "plan",
        [](Setup &setup) { setup.plan = std::make_shared<const kernel::Plan>(); });
    row("a step beyond the targets", "plan", [](Setup &setup) {
        kernel::Plan plan = *setup.plan;
        std::get<kernel::UpdateStep>(plan.steps[0]).end = 4'000'000'000U;
        setup.plan = std::make_shared<const kernel::Plan>(plan);
    });
    row("no futures", "futures", [](Setup &setup) { setup.futures = 0; });
    row("too many futures", "futures", [](Setup &setup) { setup.futures = 4'000'000'000U; });
    row("too many of the worst", "worst", [](Setup &setup) { setup.worst = 1'000'000; });
    row("requests that are no number", "scenario: traffic.requests_per_s", [](Setup &setup) {
        setup.scenario.traffic.requests_per_s = std::numeric_limits<double>::quiet_NaN();
    });
    row("endless requests", "scenario: traffic.requests_per_s", [](Setup &setup) {
        setup.scenario.traffic.requests_per_s = std::numeric_limits<double>::infinity();
    });
    row("negative troubles", "scenario: sites.outages.per_day",
        [](Setup &setup) { setup.scenario.sites.outages.per_day = -1.0; });
    row("a time of 2^63 - 1", "scenario: start.latency.p95", [](Setup &setup) {
        setup.scenario.start.latency.p95_ms = std::numeric_limits<Millis>::max();
    });
    row("a negative time", "scenario: horizon",
        [](Setup &setup) { setup.scenario.horizon_ms = -1; });
    row("a share over all", "scenario: start.failed",
        [](Setup &setup) { setup.scenario.start.failed = 4'000'000'000U; });
    row("no hypotheses", "scenario: hypotheses",
        [](Setup &setup) { setup.scenario.hypotheses.clear(); });
    row("a name twice", "scenario: hypotheses[1].name",
        [](Setup &setup) { setup.scenario.hypotheses[1].name = "good"; });
    row("half a day", "scenario: traffic.day_shape",
        [](Setup &setup) { setup.scenario.traffic.day_shape.assign(12, 100); });
    row("flapping without rest", "scenario: flapping.up_mean",
        [](Setup &setup) { setup.scenario.flapping.up_mean_ms = 1; });
    row("each of too many requests", "scenario: traffic.look", [](Setup &setup) {
        setup.scenario.traffic.look_ms = 0;
        setup.scenario.traffic.requests_per_s = 1'000'000.0;
    });
    row("the state of another plan", "state", [](Setup &setup) {
        setup.now = Now{kernel::begin(*lively(12).plan), std::nullopt, {}};
    });
    row("an ended rollout", "state", [](Setup &setup) {
        setup.now = Now{kernel::begin(*setup.plan), std::nullopt, {}};
        setup.now->state.status = kernel::Status::Completed;
    });
}

void TestRehearsal::refusesWhatCannotBeRehearsed() {
    QFETCH(std::function<void(Setup &)>, spoil);
    QFETCH(QString, where);
    Setup setup = lively();
    spoil(setup);
    const auto rehearsal = Rehearsal::prepare(setup);
    QVERIFY(!rehearsal);
    QVERIFY2(rehearsal.error().where.startsWith(where), qPrintable(toText(rehearsal.error())));
    QVERIFY(!rehearsal.error().what.isEmpty());
}

// Each thing in it may be, and all of it together would take hours.
void TestRehearsal::refusesWhatWouldNeverEnd() {
    kernel::PlanRequest request = kernel::testing::request(kernel::Canary{});
    request.policy.on_failure = kernel::OnFailure::Continue;
    Setup setup = setupOf(request, 60, Scenario{});
    setup.futures = futures_max;
    setup.scenario.person.away = 1'000'000;
    setup.scenario.sites.node_outages = {1'000.0, {1'000, 2'000}};
    setup.scenario.notice_ms = 0;
    setup.scenario.horizon_ms = 2LL * 86'400'000;
    const auto answers = Rehearsal::prepare(setup)->run({});
    QVERIFY(!answers);
    QCOMPARE(answers.error().code, ErrorCode::Refused);
    QVERIFY(answers.error().remedy.contains(QStringLiteral("fewer")));
}

QTEST_GUILESS_MAIN(TestRehearsal)
#include "test_rehearsal.moc"
