// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/kernel/rollout.h"

#include <QTest>

using namespace aviary::kernel;
using aviary::kernel::testing::planOf;
using aviary::kernel::testing::Rollout;

namespace {

using Indices = std::vector<TargetIndex>;
using Weights = std::vector<Weight>;

Plan rolling(std::uint32_t nodes, std::uint32_t parallel) {
    Plan plan = planOf(nodes);
    plan.router = RouterKind::None;
    plan.mode = UpdateMode::InPlace;
    plan.policy.max_parallel = parallel;
    plan.steps = {UpdateStep{0, nodes, parallel, parallel, 5'000}};
    return plan;
}

// 4 nodes, stages 25 and 100 %, checked by health share, held until promoted.
Plan canary() {
    Plan plan = planOf(4);
    plan.strategy = StrategyKind::Canary;
    plan.judges = {HealthShare{}};
    plan.steps = {
        UpdateStep{0, 1, 1, 1}, ShiftStep{2'500},  CheckStep{0, 1, 60'000, 0}, HoldStep{},
        UpdateStep{1, 4, 3, 3}, ShiftStep{10'000}, CheckStep{0, 1, 60'000, 0}, RetireStep{}};
    return plan;
}

} // namespace

class TestStep : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void oneNodeIsUpdatedProvenAndDone();
    void wavesFollowEachOtherAfterTheDelay();
    void canaryShiftsChecksAndHolds();
    void wayBackIsNewestFirstAfterTheTraffic();
};

void TestStep::oneNodeIsUpdatedProvenAndDone() {
    Rollout rollout(rolling(1, 1));
    const Commands began = rollout.start();
    QCOMPARE(Rollout::targets<UpdateNode>(began), Indices{0});
    QCOMPARE(rollout.phase(0), Phase::Updating);
    rollout.wait(1'000);
    rollout.ready(0);
    QCOMPARE(rollout.phase(0), Phase::Proving);
    QCOMPARE(nextDeadline(rollout.plan(), rollout.state()), Millis{11'000});
    rollout.wait(9'999);
    QCOMPARE(rollout.phase(0), Phase::Proving);
    rollout.wait(1);
    QCOMPARE(rollout.phase(0), Phase::Healthy);
    QCOMPARE(rollout.state().status, Status::Completed);
}

void TestStep::wavesFollowEachOtherAfterTheDelay() {
    Rollout rollout(rolling(5, 2));
    QCOMPARE(Rollout::targets<UpdateNode>(rollout.start()), (Indices{0, 1}));
    rollout.ready(0);
    rollout.wait(10'000);
    QCOMPARE(rollout.phase(0), Phase::Healthy);
    rollout.ready(1);
    rollout.wait(10'000);
    QCOMPARE(rollout.phase(1), Phase::Healthy);
    QVERIFY(rollout.wait(4'999).empty());
    QCOMPARE(Rollout::targets<UpdateNode>(rollout.wait(1)), (Indices{2, 3}));
    QVERIFY(rollout.run());
    QCOMPARE(rollout.state().status, Status::Completed);
    QCOMPARE(rollout.now(), 20'000 + 5'000 + 10'000 + 5'000 + 10'000); // none after the last
}

void TestStep::canaryShiftsChecksAndHolds() {
    Rollout rollout(canary());
    rollout.start();
    QVERIFY(rollout.run());
    QCOMPARE(rollout.state().status, Status::Waiting);
    QCOMPARE(rollout.state().weight, 2'500);
    QCOMPARE(rollout.state().verdict.ruling, Ruling::Pass);
    QCOMPARE(rollout.state().count(Phase::Healthy), 1U);
    rollout.ask(Promote{});
    QVERIFY(rollout.run());
    QCOMPARE(rollout.state().status, Status::Completed);
    QCOMPARE(Rollout::weights(rollout.said()), (Weights{2'500, 10'000}));
    QCOMPARE(Rollout::targets<RetireNode>(rollout.said()), (Indices{0, 1, 2, 3}));
}

void TestStep::wayBackIsNewestFirstAfterTheTraffic() {
    Plan plan = canary();
    plan.policy.max_parallel = 1;
    Rollout rollout(plan);
    rollout.start();
    rollout.run();
    rollout.ask(Promote{});
    rollout.obey(); // all nodes are ready
    rollout.wait(10'000);
    const Commands began = rollout.ask(RollBack{});
    QCOMPARE(Rollout::weights(began), Weights{0});
    QVERIFY(Rollout::targets<RestoreNode>(began).empty());
    QCOMPARE(Rollout::targets<RestoreNode>(rollout.applied()), Indices{3});
    QVERIFY(rollout.run());
    QCOMPARE(rollout.state().status, Status::RolledBack);
    QCOMPARE(rollout.state().why.cause, Cause::Person);
    QCOMPARE(rollout.state().weight, 0);
    QCOMPARE(rollout.state().count(Phase::Restored), 4U);
    QCOMPARE(Rollout::targets<RestoreNode>(rollout.said()), (Indices{3, 2, 1, 0}));
}

QTEST_GUILESS_MAIN(TestStep)
#include "test_step.moc"
