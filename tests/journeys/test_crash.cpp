// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/journeys/journey.h"

using namespace aviary;
using namespace aviary::tests;
using kernel::Status;

// aviaryd is killed in the middle of rollouts, without a word, and started again.
class TestCrash : public QObject {
    Q_OBJECT

    std::unique_ptr<Journey> journey_;
    std::unique_ptr<Load> load_;
    int revision_ = 1;

    // Rolling and canary in turn; every revision differs from the one before.
    QString deployNext() {
        ++revision_;
        const bool canary = revision_ % 2 == 0;
        return journey_->desk.deploy(
            {.strategy = canary ? QStringLiteral("{kind: canary, bake: 100 ms, hold: 100 ms}")
                                : QStringLiteral("{kind: rolling, delay: 100 ms}"),
             .policy = QStringLiteral("max_parallel: 2"),
             .judges = canary ? QStringLiteral("[{judge: health_share}]") : QString(),
             .options = {QStringLiteral("--latency"), QString::number(revision_ * 0.1)}});
    }

private Q_SLOTS:
    void initTestCase() {
        journey_ = std::make_unique<Journey>();
        SKIP_WITHOUT_GROUND(journey_)
        QVERIFY(journey_->desk.openWithV1());
        load_ = journey_->steady();
    }
    void cleanupTestCase() {
        if (load_) {
            VERIFY_NOTHING_LOST(load_->stop());
        }
        load_.reset();
        journey_.reset();
    }

    void killedAtAnyPoint_data() {
        QTest::addColumn<int>("done");    // nodes, when it is killed
        QTest::addColumn<bool>("paused"); // it acknowledged a pause before
        const int points = qEnvironmentVariableIsSet("AVIARY_LONG") ? 20 : 3;
        for (int point = 0; point < points; ++point) {
            const int done = point * Ground::nodes / points;
            // Near its end it may be over before the pause is asked.
            const bool paused = point % 2 == 1 && done <= Ground::nodes / 2;
            QTest::addRow("point %d, %d nodes done", point, done) << done << paused;
        }
    }
    void killedAtAnyPoint() {
        QFETCH(int, done);
        QFETCH(bool, paused);
        OperatorDesk &desk = journey_->desk;
        const QString rollout = deployNext();
        const QString to = QStringLiteral("v%1").arg(revision_);
        QVERIFY(desk.awaitRow(rollout, [done](const api::RolloutRow &row) {
            return row.nodes_done >= static_cast<quint32>(done);
        }));
        if (paused) {
            QVERIFY(desk.request(rollout, QStringLiteral("pause")));
        }
        desk.killDaemon();
        QVERIFY(desk.startDaemon());
        QVERIFY(desk.unlock());
        if (paused) { // what was acknowledged was not lost
            QVERIFY(desk.awaitStatus(rollout, Status::Paused));
            QVERIFY(desk.request(rollout, QStringLiteral("resume")));
        }
        QVERIFY(desk.awaitStatus(rollout, Status::Completed));
        QCOMPARE(journey_->ground->running(), Journey::everywhere(to));
        for (const QString &node : Journey::nodes()) {
            QCOMPARE(journey_->ground->starts(node, to), 1);
        }
        QCOMPARE(journey_->shareOf(to, 200), 100.0);
        const auto journal = desk.ask(QStringLiteral("journal.verify"));
        QVERIFY(journal && (*journal)[u"whole"].toBool());
    }
};

QTEST_GUILESS_MAIN(TestCrash)
#include "test_crash.moc"
