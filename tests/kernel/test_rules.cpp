// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/kernel/rollout.h"

#include <QTest>

using namespace aviary::kernel;
using aviary::kernel::testing::planOf;
using aviary::kernel::testing::Rollout;

namespace {

using Indices = std::vector<TargetIndex>;
using Weights = std::vector<Weight>;

Plan inPlace(std::uint32_t nodes, std::uint32_t parallel, std::uint32_t sites = 1) {
    Plan plan = planOf(nodes, sites);
    plan.router = RouterKind::None;
    plan.mode = UpdateMode::InPlace;
    plan.policy.max_parallel = parallel;
    plan.policy.min_healthy_ms = 0;
    plan.steps = {UpdateStep{0, nodes, nodes, parallel}};
    return plan;
}

// 10 nodes beside; stages 10, 50, 100 % without checks, held until promoted.
Plan stages() {
    Plan plan = planOf(10);
    plan.strategy = StrategyKind::Canary;
    plan.policy.min_healthy_ms = 0;
    plan.steps = {UpdateStep{0, 1, 1, 1},  ShiftStep{1'000},  HoldStep{},
                  UpdateStep{1, 5, 4, 4},  ShiftStep{5'000},  HoldStep{},
                  UpdateStep{5, 10, 5, 5}, ShiftStep{10'000}, RetireStep{}};
    return plan;
}

Plan checked(CheckStep check, Judge judge) {
    Plan plan = planOf(2);
    plan.policy.min_healthy_ms = 0;
    plan.judges = {std::move(judge)};
    plan.steps = {UpdateStep{0, 2, 2, 2}, ShiftStep{5'000}, check, ShiftStep{10'000}};
    return plan;
}

} // namespace

class TestRules : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void thresholdDecidesTheWave_data();
    void thresholdDecidesTheWave();
    void retriesComeBeforeFailure();
    void siteKeepsItsFloor();
    void windowBeginsAnewAfterNotReady();
    void healthyDeadlineRunsOnInAPause();
    void nodeOfflineBeforeItsTurnIsBehindAndMayReturn();
    void nodeOfflineUnderWayFails();
    void progressStandsStillWhileAPersonIsAsked();
    void promoteBetweenStagesUpdatesTheNodesThatItNeeds();
    void promoteFullPassesAllHolds();
    void loweredTrafficReturnsThroughItsShift();
    void pauseFreezesAndResumeGoesOn();
    void failingCheckGoesBackByItself();
    void noTrafficWaitsForAPerson();
    void restartedRouterNeverCountsBackwards();
    void refusedRouterAsksAPerson();
    void blueGreenSwitchesBackAlone();
    void flagGoesBackToZeroAlone();
    void wayBackWaitsForANodeThatReturns();
    void wayBackEndsFailedWhenANodeStaysAway();
    void supersedeSettlesFirst();
    void requestsAreRefusedForAReason();
    void effectSaysWhatWouldHappen();
};

void TestRules::thresholdDecidesTheWave_data() {
    QTest::addColumn<int>("failures");
    QTest::addColumn<int>("on_failure");
    QTest::addColumn<int>("end");
    const auto row = [](const char *name, int failures, OnFailure on_failure, Status end) {
        QTest::newRow(name) << failures << static_cast<int>(on_failure) << static_cast<int>(end);
    };
    row("all healthy", 0, OnFailure::RollBack, Status::Completed);
    row("equal passes", 5, OnFailure::RollBack, Status::Completed);
    row("one too many goes back", 6, OnFailure::RollBack, Status::RolledBack);
    row("one too many stops", 6, OnFailure::Stop, Status::Failed);
    row("continue is still no success", 6, OnFailure::Continue, Status::Failed);
}

void TestRules::thresholdDecidesTheWave() {
    QFETCH(int, failures);
    QFETCH(int, on_failure);
    QFETCH(int, end);
    Plan plan = inPlace(100, 100);
    plan.policy.success_threshold = 950'000;
    plan.policy.max_unavailable = NodeLimit{100, true};
    plan.policy.on_failure = static_cast<OnFailure>(on_failure);
    Rollout rollout(plan);
    rollout.start();
    for (int i = 0; i < failures; ++i) {
        rollout.failed(static_cast<TargetIndex>(i));
    }
    QVERIFY(rollout.run());
    QCOMPARE(static_cast<int>(rollout.state().status), end);
    QCOMPARE(rollout.state().why.cause,
             end == static_cast<int>(Status::Completed) ? Cause::None : Cause::Threshold);
}

void TestRules::retriesComeBeforeFailure() {
    Plan plan = inPlace(1, 1);
    plan.policy.retries = 1;
    Rollout rollout(plan);
    rollout.start();
    QCOMPARE(Rollout::targets<UpdateNode>(rollout.failed(0)), Indices{0});
    QCOMPARE(rollout.state().count(Phase::Failed), 0U);
    rollout.failed(0);
    QCOMPARE(rollout.state().status, Status::RollingBack);
}

void TestRules::siteKeepsItsFloor() {
    Plan plan = inPlace(6, 6, 2); // even targets at site 0, odd ones at site 1
    plan.policy.max_unavailable = NodeLimit{1};
    Rollout rollout(plan);
    rollout.tell(NodeNotReady{4, unasked}); // one of site 0 is down by itself
    QCOMPARE(Rollout::targets<UpdateNode>(rollout.start()), (Indices{1, 4}));
    QCOMPARE(Rollout::targets<UpdateNode>(rollout.ready(1)), Indices{3});
    QCOMPARE(Rollout::targets<UpdateNode>(rollout.ready(4)), Indices{0});
}

void TestRules::windowBeginsAnewAfterNotReady() {
    Plan plan = inPlace(1, 1);
    plan.policy.min_healthy_ms = 10'000;
    Rollout rollout(plan);
    rollout.start();
    rollout.ready(0);
    rollout.wait(9'000);
    rollout.notReady(0);
    rollout.ready(0);
    rollout.wait(9'999);
    QCOMPARE(rollout.phase(0), Phase::Proving);
    rollout.tell(EngineRestarted{});
    rollout.wait(60'000);
    QCOMPARE(rollout.phase(0), Phase::Updating); // nobody looked since the restart
    rollout.ready(0);
    rollout.wait(10'000);
    QCOMPARE(rollout.state().status, Status::Completed);
}

void TestRules::healthyDeadlineRunsOnInAPause() {
    Rollout rollout(inPlace(2, 1));
    rollout.start();
    rollout.ask(Pause{});
    QVERIFY(rollout.wait(300'000).empty());
    QCOMPARE(rollout.phase(0), Phase::Failed);
    QCOMPARE(rollout.state().status, Status::Paused);
    rollout.ask(Resume{});
    QCOMPARE(rollout.state().status, Status::RollingBack);
    QCOMPARE(rollout.state().why.target, 0U);
}

void TestRules::nodeOfflineBeforeItsTurnIsBehindAndMayReturn() {
    Rollout rollout(inPlace(3, 1));
    rollout.start();
    rollout.tell(NodeStatusChanged{1, NodeStatus::Offline});
    rollout.tell(NodeFlagsChanged{2, true, false, false});
    QCOMPARE(rollout.phase(1), Phase::Behind);
    QCOMPARE(rollout.phase(2), Phase::Behind);
    rollout.tell(NodeFlagsChanged{2, false, false, false});
    rollout.tell(NodeStatusChanged{1, NodeStatus::Online});
    QVERIFY(rollout.run());
    QCOMPARE(rollout.state().count(Phase::Healthy), 3U);
}

void TestRules::nodeOfflineUnderWayFails() {
    Rollout rollout(inPlace(1, 1));
    rollout.start();
    rollout.tell(NodeStatusChanged{0, NodeStatus::Offline});
    QCOMPARE(rollout.phase(0), Phase::Failed);
    QCOMPARE(rollout.state().cells[0].cause, Cause::Silent);
}

void TestRules::progressStandsStillWhileAPersonIsAsked() {
    Rollout rollout(stages());
    rollout.start();
    rollout.run();
    QCOMPARE(rollout.state().status, Status::Waiting);
    rollout.wait(Millis{10'000'000'000});
    QCOMPARE(rollout.state().status, Status::Waiting);
    rollout.ask(Promote{});
    rollout.wait(299'999); // healthy_deadline is next, then progress_deadline
    QCOMPARE(rollout.state().status, Status::InProgress);
    rollout.wait(1);
    QCOMPARE(rollout.state().status, Status::RollingBack);
}

void TestRules::promoteBetweenStagesUpdatesTheNodesThatItNeeds() {
    Rollout rollout(stages());
    rollout.start();
    rollout.run();
    QCOMPARE(rollout.state().weight, 1'000);
    rollout.ask(Promote{3'000});
    rollout.run();
    QCOMPARE(rollout.state().status, Status::Waiting);
    QCOMPARE(rollout.state().weight, 3'000);
    QCOMPARE(rollout.state().count(Phase::Healthy), 5U);
    rollout.ask(Promote{});
    rollout.run();
    QCOMPARE(rollout.state().status, Status::Waiting); // at the hold of that stage
    QCOMPARE(rollout.state().weight, 5'000);
}

void TestRules::promoteFullPassesAllHolds() {
    Rollout rollout(stages());
    rollout.start();
    rollout.run();
    rollout.ask(Promote{full_weight});
    rollout.run();
    QCOMPARE(rollout.state().status, Status::Completed);
    QCOMPARE(Rollout::weights(rollout.said()), (Weights{1'000, 5'000, 10'000}));
}

void TestRules::loweredTrafficReturnsThroughItsShift() {
    Rollout rollout(stages());
    rollout.start();
    rollout.run();
    QCOMPARE(Rollout::weights(rollout.ask(Lower{200})), Weights{200});
    rollout.run();
    QCOMPARE(rollout.state().status, Status::Waiting);
    QCOMPARE(rollout.state().why.cause, Cause::Person);
    QCOMPARE(rollout.state().weight, 200);
    rollout.ask(Promote{});
    rollout.run();
    QCOMPARE(rollout.state().weight, 1'000);
    QCOMPARE(rollout.state().status, Status::Waiting);
}

void TestRules::pauseFreezesAndResumeGoesOn() {
    Plan plan = stages();
    plan.steps[2] = HoldStep{10'000};
    Rollout rollout(plan);
    rollout.start();
    rollout.obey();
    rollout.wait(4'000);
    rollout.ask(Pause{});
    QCOMPARE(nextDeadline(rollout.plan(), rollout.state()), never);
    rollout.wait(1'000'000);
    rollout.ask(Resume{});
    rollout.wait(5'999);
    QCOMPARE(rollout.state().step, 2U);
    rollout.wait(1);
    QCOMPARE(rollout.state().step, 3U);
}

void TestRules::failingCheckGoesBackByItself() {
    Rollout rollout(checked({0, 1, 60'000, 0}, NotWorse{}));
    rollout.start();
    rollout.obey();
    QVERIFY(rollout.state().measuring);
    for (std::uint64_t i = 0; i <= 20; ++i) {
        rollout.tell(TrafficMeasured{false, {i * 500, 0, i * 500, 0}});
        rollout.tell(TrafficMeasured{true, {i * 500, i * 100, i * 500, 0}});
    }
    QVERIFY(rollout.run());
    QCOMPARE(rollout.state().status, Status::RolledBack);
    QCOMPARE(rollout.state().why.cause, Cause::Verdict);
    QCOMPARE(rollout.state().weight, 0);
}

void TestRules::noTrafficWaitsForAPerson() {
    Rollout rollout(checked({0, 1, 60'000, 0}, NotWorse{}));
    rollout.start();
    QVERIFY(rollout.run());
    QCOMPARE(rollout.state().status, Status::Waiting);
    QCOMPARE(rollout.state().why.cause, Cause::Undecided);
    QVERIFY(rollout.state().verdict.ruling != Ruling::Pass);
    rollout.ask(Retry{});
    QCOMPARE(rollout.state().status, Status::InProgress);
    QVERIFY(rollout.run());
    QCOMPARE(rollout.state().status, Status::Waiting);
    rollout.ask(Promote{});
    QVERIFY(rollout.run());
    QCOMPARE(rollout.state().status, Status::Completed);
}

void TestRules::restartedRouterNeverCountsBackwards() {
    Rollout rollout(checked({0, 1, 60'000, 0}, NotWorse{}));
    rollout.start();
    rollout.obey();
    for (const std::uint64_t requests : {1'000U, 1'500U, 1'400U, 1'600U, 50U, 80U}) {
        rollout.tell(TrafficMeasured{true, {requests, 0, 0, 0}});
    }
    // 500, an old report, 100, a restart with 50, 30
    QCOMPARE(rollout.state().verdict.fresh.requests, 680U);
}

void TestRules::refusedRouterAsksAPerson() {
    Rollout rollout(stages());
    rollout.start();
    rollout.ready(0);
    for (int i = 0; i < 4; ++i) {
        QCOMPARE(rollout.state().weight_asked, 1'000);
        rollout.refused();
        QCOMPARE(rollout.state().weight, 0);
        rollout.wait(5'000);
    }
    QCOMPARE(rollout.state().status, Status::Waiting);
    QCOMPARE(rollout.state().why.cause, Cause::RouterRefused);
    QCOMPARE(Rollout::weights(rollout.ask(Retry{})), Weights{1'000});
}

void TestRules::blueGreenSwitchesBackAlone() {
    Plan plan = planOf(3);
    plan.strategy = StrategyKind::BlueGreen;
    plan.policy.min_healthy_ms = 0;
    plan.steps = {UpdateStep{0, 3, 3, 3}, SwitchStep{}, RetireStep{30'000}};
    Rollout rollout(plan);
    rollout.start();
    rollout.obey();
    QVERIFY(rollout.state().fresh_slot);
    const Commands began = rollout.ask(RollBack{});
    QCOMPARE(Rollout::only<SwitchSlot>(began).size(), 1U);
    QVERIFY(Rollout::targets<RestoreNode>(began).empty());
    QCOMPARE(Rollout::targets<RestoreNode>(rollout.applied()), (Indices{2, 1, 0}));
    QVERIFY(rollout.run());
    QCOMPARE(rollout.state().status, Status::RolledBack);
    QVERIFY(!rollout.state().fresh_slot);
}

void TestRules::flagGoesBackToZeroAlone() {
    Plan plan = planOf(2);
    plan.strategy = StrategyKind::FeatureFlag;
    plan.router = RouterKind::Flag;
    plan.policy.min_healthy_ms = 0;
    plan.steps = {UpdateStep{0, 2, 2, 2}, ShiftStep{1'000}, HoldStep{}};
    Rollout rollout(plan);
    rollout.start();
    rollout.run();
    rollout.ask(RollBack{});
    rollout.run();
    QCOMPARE(rollout.state().status, Status::RolledBack);
    QCOMPARE(Rollout::weights(rollout.said()), (Weights{1'000, 0}));
    QVERIFY(Rollout::targets<RestoreNode>(rollout.said()).empty());
}

void TestRules::wayBackWaitsForANodeThatReturns() {
    Rollout rollout(stages());
    rollout.start();
    rollout.run();
    rollout.tell(NodeFlagsChanged{0, false, true, false});
    rollout.ask(RollBack{});
    rollout.obey();
    QVERIFY(Rollout::targets<RestoreNode>(rollout.said()).empty());
    QCOMPARE(rollout.state().status, Status::RollingBack);
    rollout.tell(NodeFlagsChanged{0, false, false, false});
    rollout.obey();
    QCOMPARE(rollout.state().status, Status::RolledBack);
}

void TestRules::wayBackEndsFailedWhenANodeStaysAway() {
    Rollout rollout(stages());
    rollout.start();
    rollout.run();
    rollout.tell(NodeFlagsChanged{0, false, true, false});
    rollout.ask(RollBack{});
    QVERIFY(rollout.run());
    QCOMPARE(rollout.state().status, Status::Failed);
    QCOMPARE(rollout.state().why.cause, Cause::WayBackFailed);
    QCOMPARE(rollout.state().why.target, 0U);
    QCOMPARE(rollout.state().cells[0].cause, Cause::WayBackFailed);
}

void TestRules::supersedeSettlesFirst() {
    Rollout rollout(inPlace(3, 1));
    rollout.start();
    QVERIFY(rollout.ask(Supersede{}).empty());
    QCOMPARE(rollout.state().status, Status::InProgress);
    QVERIFY(Rollout::targets<UpdateNode>(rollout.ready(0)).empty());
    QCOMPARE(rollout.state().status, Status::Superseded);
}

void TestRules::requestsAreRefusedForAReason() {
    Rollout rollout(stages());
    const auto refusal = [&](const Request &request) {
        return refusalOf(rollout.plan(), rollout.state(), request);
    };
    QCOMPARE(refusal(RollBack{}), Refusal::NotStarted);
    rollout.start();
    QCOMPARE(refusal(Start{}), Refusal::AlreadyStarted);
    QCOMPARE(refusal(Promote{}), Refusal::NothingToPromote);
    QCOMPARE(refusal(Resume{}), Refusal::NotPaused);
    rollout.run();
    QCOMPARE(refusal(Promote{}), Refusal::None);
    QCOMPARE(refusal(Promote{500}), Refusal::WeightNotHigher);
    QCOMPARE(refusal(Promote{12'000}), Refusal::OutOfRange);
    QCOMPARE(refusal(Lower{2'000}), Refusal::WeightNotLower);
    QCOMPARE(refusal(Skip{99}), Refusal::UnknownTarget);
    QCOMPARE(refusal(Retry{}), Refusal::NothingToRetry);
    QCOMPARE(promoteMax(rollout.plan(), rollout.state()), full_weight);
    for (TargetIndex target = 2; target < 10; ++target) {
        rollout.tell(NodeStatusChanged{target, NodeStatus::Offline});
    }
    QCOMPARE(refusal(Promote{4'500}), Refusal::OverLoad); // 2 nodes bear 40 %
    QCOMPARE(refusal(Promote{4'000}), Refusal::None);
    QCOMPARE(promoteMax(rollout.plan(), rollout.state()), 4'000);
    rollout.ask(Fail{});
    QCOMPARE(refusal(RollBack{}), Refusal::Ended);
}

void TestRules::effectSaysWhatWouldHappen() {
    Rollout rollout(stages());
    rollout.start();
    rollout.run();
    const Effect promote = effectOf(rollout.plan(), rollout.state(), Promote{});
    QCOMPARE(promote.weight_from, 1'000);
    QCOMPARE(promote.weight_to, 5'000);
    QCOMPARE(promote.nodes, 4U);
    QVERIFY(promote.raises_exposure);
    // Lowered, it goes up again to where it was: no node more, and the check after it.
    Rollout lowered(stages());
    lowered.start();
    lowered.run();
    lowered.ask(Lower{200});
    lowered.run();
    const Effect again = effectOf(lowered.plan(), lowered.state(), Promote{});
    QCOMPARE(again.weight_from, 200);
    QCOMPARE(again.weight_to, 1'000);
    QCOMPARE(again.nodes, 0U);
    QCOMPARE(Rollout::weights(lowered.ask(Promote{})), Weights{again.weight_to});
    const Effect back = effectOf(rollout.plan(), rollout.state(), RollBack{});
    QCOMPARE(back.weight_to, 0);
    QCOMPARE(back.nodes, 1U);
    QVERIFY(!back.raises_exposure);
}

QTEST_GUILESS_MAIN(TestRules)
#include "test_rules.moc"
