// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernel/analysis/elementary.h"
#include "core/rehearsal/future.h"
#include "tests/core/rehearsal/worlds.h"

#include <QTest>

#include <cmath>

using namespace aviary::rehearsal;
using namespace aviary::rehearsal::testing;
namespace kernel = aviary::kernel;
using kernel::testing::request;

// What is known without a rehearsal, a rehearsal must find: exactly where nothing is left to luck,
// else inside of its own interval.
class TestOracles : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void completionTimeIsItsClosedForm_data();
    void completionTimeIsItsClosedForm();
    void wayBackTakesItsClosedForm();
    void promotionTimeIsFlaggers();
    void wayBackTimeIsFlaggers();
    void oneGateIsBinomial();
    void twoStateNodeHasItsAvailability();
    void checksSeeWhatTheySayTheySee();
};

namespace {

constexpr Millis start_ms = 4'000;
constexpr Millis stop_ms = 1'000;
constexpr Millis back_ms = 3'000;
constexpr Millis healthy_ms = 10'000; // Policy::min_healthy_ms

// Judged by health alone unless the request says otherwise: not-worse takes as long as the luck of
// the requests has it.
Setup sure(kernel::PlanRequest made, std::size_t nodes) {
    const bool gated = !std::holds_alternative<kernel::Rolling>(made.strategy) &&
                       !std::holds_alternative<kernel::RollingTraffic>(made.strategy);
    if (gated && !made.judges) {
        made.judges = std::vector<kernel::Judge>{kernel::HealthShare{}};
    }
    Setup setup = setupOf(std::move(made), nodes, faultless());
    setup.futures = 1;
    return setup;
}

} // namespace

void TestOracles::completionTimeIsItsClosedForm_data() {
    QTest::addColumn<std::function<Setup()>>("setup");
    QTest::addColumn<Millis>("expected_ms");
    using Make = std::function<Setup()>;
    constexpr Millis node_ms = start_ms + healthy_ms;
    QTest::newRow("rolling in place, 12 nodes by 4") << Make([] {
        kernel::PlanRequest made = request(kernel::Rolling{5'000}, kernel::RouterKind::None);
        made.mode = kernel::UpdateMode::InPlace;
        made.policy.max_parallel = 4;
        return sure(made, 12);
    }) << 3 * node_ms + 2 * 5'000;
    QTest::newRow("rolling beside, retiring as it goes") << Make([] {
        kernel::PlanRequest made = request(kernel::Rolling{5'000});
        made.policy.max_parallel = 4;
        return sure(made, 12);
    }) << 3 * node_ms + 2 * 5'000 + stop_ms;
    QTest::newRow("rolling, traffic only") << Make([] {
        return sure(request(kernel::RollingTraffic{4, 60'000}), 12);
    }) << 3 * Millis(60'000);
    QTest::newRow("canary, timed holds") << Make([] {
        kernel::Canary canary;
        canary.bake_ms = 60'000;
        canary.hold_ms = 120'000;
        kernel::PlanRequest made = request(canary);
        made.policy.max_parallel = 100;
        return sure(made, 100);
    }) << 4 * node_ms + 4 * 60'000 + 3 * 120'000 + stop_ms;
    QTest::newRow("canary, a person promotes") << Make([] {
        kernel::Canary canary;
        canary.bake_ms = 60'000;
        kernel::PlanRequest made = request(canary);
        made.policy.max_parallel = 100;
        return sure(made, 100);
    }) << 4 * node_ms + 4 * 60'000 + 3 * Millis(3'600'000) + stop_ms;
    QTest::newRow("canary, one stage at most ten at once") << Make([] {
        kernel::CanarySingle canary;
        canary.bake_ms = 60'000;
        canary.hold_ms = 0;
        kernel::PlanRequest made = request(canary);
        made.policy.max_parallel = 10;
        return sure(made, 100);
    }) << (1 + 9) * node_ms + 2 * 60'000 + stop_ms; // max_parallel is of updates, not of stops
    QTest::newRow("blue-green") << Make([] {
        kernel::PlanRequest made = request(kernel::BlueGreen{false, 20'000, 30'000});
        made.policy.max_parallel = 100;
        return sure(made, 50);
    }) << node_ms + 20'000 + 30'000 + stop_ms;
    QTest::newRow("feature flag") << Make([] {
        kernel::FeatureFlag flag;
        flag.ramp = {1'000, 5'000, 10'000};
        flag.bake_ms = 60'000;
        flag.hold_ms = 30'000;
        kernel::PlanRequest made = request(flag, kernel::RouterKind::Flag);
        made.policy.max_parallel = 50;
        return sure(made, 50);
    }) << node_ms + 2 * 60'000 + 3 * 30'000;
}

void TestOracles::completionTimeIsItsClosedForm() {
    QFETCH(std::function<Setup()>, setup);
    QFETCH(Millis, expected_ms);
    const Setup made = setup();
    const Answers answers = answered(made);
    const EndingShare &completed = answers.hypotheses[0].endings[0];
    QStringList steps = kernel::testing::stepTexts(*made.plan);
    QVERIFY2(completed.portion.hits == 1, qPrintable(steps.join(u'\n')));
    QVERIFY2(completed.time_ms.median == expected_ms,
             qPrintable(QStringLiteral("%1 ms and not %2 ms:\n%3")
                            .arg(completed.time_ms.median)
                            .arg(expected_ms)
                            .arg(steps.join(u'\n'))));
}

// 10 of 100 nodes are on a revision on which half of the starts of the second stage fail.
void TestOracles::wayBackTakesItsClosedForm() {
    kernel::Canary canary;
    canary.hold_ms = 0;
    kernel::PlanRequest made = request(canary);
    made.policy.max_parallel = 5;
    Setup setup = sure(made, 100);
    setup.scenario.hypotheses[0].starts_fail_more = 1'000'000;
    const Answers answers = answered(setup);
    const HypothesisAnswer &answer = answers.hypotheses[0];
    QCOMPARE(answer.endings[1].portion.hits, 1U);
    QCOMPARE(answer.caught_by.front().cause, kernel::Cause::Threshold);
    // The first five fail after one start; as many are brought back at once.
    QCOMPARE(answer.caught_ms.median, start_ms);
    QCOMPARE(answer.endings[1].time_ms.median, start_ms + back_ms);
}

// docs.flagger.app, "Canary analysis": the minimum time to promote is interval * (maxWeight /
// stepWeight).
void TestOracles::promotionTimeIsFlaggers() {
    constexpr Millis interval_ms = 60'000;
    for (const kernel::Weight step : {500, 1'000, 2'000}) {
        kernel::CanaryTraffic canary;
        canary.initial = step;
        canary.step = step;
        canary.max_steps = static_cast<std::uint32_t>(5'000 / step) - 1;
        canary.bake_ms = interval_ms;
        canary.hold_ms = 0;
        kernel::PlanRequest made = request(canary);
        made.judges = std::vector<kernel::Judge>{kernel::HealthShare{}};
        const Setup setup = sure(made, 20);
        const Answers answers = answered(setup);
        const EndingShare &completed = answers.hypotheses[0].endings[0];
        const auto shifts = std::count_if(
            setup.plan->steps.begin(), setup.plan->steps.end(),
            [](const kernel::Step &one) { return std::holds_alternative<kernel::CheckStep>(one); });
        QVERIFY(completed.portion.hits == 1);
        QCOMPARE(completed.time_ms.median, interval_ms * shifts);
    }
}

// The same page: the time to go back is interval * threshold, the number of failed looks. Here the
// check finds nothing that it could pass on for as many intervals, and the person goes back at
// once.
void TestOracles::wayBackTimeIsFlaggers() {
    constexpr Millis interval_ms = 60'000;
    constexpr Millis threshold = 5;
    kernel::CanaryTraffic canary;
    canary.bake_ms = 0;
    kernel::PlanRequest made = request(canary);
    made.judges = std::vector<kernel::Judge>{kernel::NotWorse{}};
    made.check_limit_ms = interval_ms * threshold;
    Setup setup = sure(made, 20);
    setup.scenario.traffic.requests_per_s = 0.0;
    setup.scenario.person.answer = always(0);
    const Answers answers = answered(setup);
    const EndingShare &back = answers.hypotheses[0].endings[1];
    QCOMPARE(back.portion.hits, 1U);
    QCOMPARE(back.time_ms.median, interval_ms * threshold);
}

// 40 starts of which each fails with 5 %; more than 2 are too many.
void TestOracles::oneGateIsBinomial() {
    kernel::PlanRequest made = request(kernel::Rolling{0}, kernel::RouterKind::None);
    made.policy.max_parallel = 40;
    made.policy.success_threshold = 950'000;
    made.policy.max_unavailable = kernel::NodeLimit{100, true};
    Setup setup = setupOf(made, 40, faultless());
    setup.scenario.start.failed = 50'000;
    setup.futures = 20'000;
    const Answers answers = answered(setup, 2);
    const Portion &back = answers.hypotheses[0].caught;
    const double expected = kernel::binomialTail(40, 3, 0.05);
    qInfo("goes back: %.4f, %.4f to %.4f; binomial: %.4f", back.share, back.low, back.high,
          expected);
    QVERIFY(back.low < expected && expected < back.high);
}

namespace {

// How long each target was online until the horizon.
class Attendance final : public Witness {
public:
    Attendance(std::size_t nodes, Millis horizon_ms) : gone_(nodes, -1), horizon_ms_(horizon_ms) {}
    void told(const kernel::Event &event, const kernel::Commands &,
              const kernel::State &after) override {
        const auto *status = std::get_if<kernel::NodeStatusChanged>(&event);
        if (status == nullptr) {
            return;
        }
        Millis &gone = gone_[status->target];
        if (status->status == kernel::NodeStatus::Offline) {
            gone = after.now;
        } else {
            away_ms += after.now - gone;
            gone = -1;
        }
    }
    void befell(const Happening &) override {}
    Millis total() const {
        Millis all = away_ms;
        for (const Millis gone : gone_) {
            all += gone >= 0 ? horizon_ms_ - gone : 0;
        }
        return all;
    }

private:
    Millis away_ms = 0;
    std::vector<Millis> gone_;
    Millis horizon_ms_;
};

} // namespace

// Up for 2 h on average, down for 30 min: 4/5 of the time up.
void TestOracles::twoStateNodeHasItsAvailability() {
    kernel::Canary canary;
    kernel::PlanRequest made = request(canary);
    made.policy.max_parallel = 20;
    made.policy.success_threshold = 0;
    made.policy.on_failure = kernel::OnFailure::Continue;
    Setup setup = setupOf(made, 20, faultless());
    setup.scenario.person.away = 1'000'000;
    setup.scenario.sites.node_outages = {12.0, {1'800'000, 1'800'000}};
    setup.scenario.notice_ms = 0;
    setup.scenario.horizon_ms = 20LL * 86'400'000;
    setup.futures = 50;
    const World world(setup);
    Future future(world);
    double away = 0.0, squares = 0.0;
    for (std::uint32_t k = 0; k < setup.futures; ++k) {
        Attendance attendance(20, setup.scenario.horizon_ms);
        const Summary &summary = future.run(k, 1'000, &attendance);
        QCOMPARE(summary.ending, Ending::Waiting);
        const double share = static_cast<double>(attendance.total()) / 20.0 /
                             static_cast<double>(setup.scenario.horizon_ms);
        away += share;
        squares += share * share;
    }
    const double mean = away / setup.futures;
    const double variance = squares / setup.futures - mean * mean;
    const double reach = 2.58 * std::sqrt(variance / setup.futures) + 0.0003; // it begins up
    qInfo("availability %.4f, within %.4f", 1.0 - mean, reach);
    QVERIFY(std::abs(mean - 0.2) < reach);
    QVERIFY(reach < 0.01);
}

// At the rise that a check says it sees four times in five, it must see it about as often.
void TestOracles::checksSeeWhatTheySayTheySee() {
    kernel::CanaryTraffic canary;
    canary.initial = 5'000;
    canary.max_steps = 1;
    canary.step = 5'000;
    canary.bake_ms = 300'000;
    canary.hold_ms = 0;
    kernel::PlanRequest made = request(canary);
    made.judges = std::vector<kernel::Judge>{kernel::NotWorse{}};
    made.check_limit_ms = 1; // what it has not seen by then it has missed
    Setup setup = setupOf(made, 20, faultless());
    setup.futures = 1'000;
    const Answers before = answered(setup, 2);
    const Sight &sight = before.sights.front();
    QVERIFY(sight.rise && sight.fresh_requests == 15'000);
    setup.scenario.hypotheses[0].errors_more =
        static_cast<Ppm>(*sight.rise * kernel::ppm_one + 0.5);
    const Answers after = answered(setup, 2);
    const std::vector<CaughtBy> &causes = after.hypotheses[0].caught_by;
    QCOMPARE(causes.front().cause, kernel::Cause::Verdict);
    const Portion &caught = causes.front().portion;
    qInfo("a rise of %.4f is caught in %.3f", *sight.rise, caught.share);
    QVERIFY(caught.high > 0.8 && caught.share < 0.95);
    // And the bake time that it asks for is the one it has.
    QVERIFY(after.sights.front().needed.front().bake_ms);
    QVERIFY(std::abs(*after.sights.front().needed.front().bake_ms - 300'000) < 15'000);
}

QTEST_GUILESS_MAIN(TestOracles)
#include "test_oracles.moc"
