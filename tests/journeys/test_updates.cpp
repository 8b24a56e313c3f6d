// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/journeys/journey.h"

using namespace aviary;
using namespace aviary::tests;
using kernel::Status;

namespace {

const QString v1 = QStringLiteral("v1");
const QString v2 = QStringLiteral("v2");
const QStringList changed = {QStringLiteral("--latency"), QStringLiteral("2")};

} // namespace

// Every way to bring a new revision to all nodes, and the ways back, under 200 requests a second of
// which none may be lost.
class TestUpdates : public QObject {
    Q_OBJECT

    std::unique_ptr<Journey> journey_;
    std::unique_ptr<Load> load_;

    QString rolling(const QString &more, const QString &judges = {}) {
        return journey_->desk.deploy({.strategy = QStringLiteral("{kind: rolling, delay: 100 ms}"),
                                      .policy = QStringLiteral("max_parallel: 3"),
                                      .judges = judges,
                                      .more = more,
                                      .options = changed});
    }

private Q_SLOTS:
    void init() {
        journey_ = std::make_unique<Journey>();
        SKIP_WITHOUT_GROUND(journey_)
        QVERIFY(journey_->desk.openWithV1());
        load_ = journey_->steady();
    }
    void cleanup() {
        load_.reset();
        journey_.reset();
    }

    void rollingAndBack_data() {
        QTest::addColumn<QString>("mode");
        QTest::addRow("beside") << QStringLiteral("mode: beside");
        QTest::addRow("in place") << QStringLiteral("mode: in_place");
    }
    void rollingAndBack() {
        QFETCH(QString, mode);
        OperatorDesk &desk = journey_->desk;
        const QString rollout = rolling(mode);
        QVERIFY(desk.awaitStatus(rollout, Status::Completed));
        QCOMPARE(journey_->ground->running(), Journey::everywhere(v2));
        QCOMPARE(journey_->shareOf(v2, 300), 100.0);
        // It ended, so the way back is a rollout of its own.
        QVERIFY(desk.request(rollout, QStringLiteral("rollback")));
        QVERIFY(QTest::qWaitFor([&desk] { return desk.rows().size() == 3; }));
        for (const api::RolloutRow &row : desk.rows()) {
            QVERIFY(desk.awaitStatus(row.id, Status::Completed));
        }
        QCOMPARE(journey_->ground->running(), Journey::everywhere(v1));
        QCOMPARE(journey_->shareOf(v1, 300), 100.0);
        VERIFY_NOTHING_LOST(load_->stop());
    }

    // The way back in the middle of a rollout is a phase of it.
    void backFromTheMiddle_data() { rollingAndBack_data(); }
    void backFromTheMiddle() {
        QFETCH(QString, mode);
        OperatorDesk &desk = journey_->desk;
        const QString rollout = rolling(mode);
        QVERIFY(
            desk.awaitRow(rollout, [](const api::RolloutRow &row) { return row.nodes_done >= 5; }));
        QVERIFY(desk.request(rollout, QStringLiteral("rollback")));
        QVERIFY(desk.awaitStatus(rollout, Status::RolledBack));
        QCOMPARE(journey_->ground->running(), Journey::everywhere(v1));
        VERIFY_NOTHING_LOST(load_->stop());
    }

    void blueGreen() {
        OperatorDesk &desk = journey_->desk;
        const QString rollout =
            desk.deploy({.strategy = QStringLiteral("{kind: blue-green, retire_delay: 1 s}"),
                         .options = changed});
        QVERIFY(desk.awaitRow(
            rollout, [](const api::RolloutRow &row) { return row.weight == kernel::full_weight; }));
        QCOMPARE(journey_->shareOf(v2, 300), 100.0); // all at once
        QVERIFY(desk.awaitStatus(rollout, Status::Completed));
        QCOMPARE(journey_->ground->running(), Journey::everywhere(v2));
        VERIFY_NOTHING_LOST(load_->stop());
    }

    // While the old instances wait to be retired, the way back is the switch.
    void blueGreenAndBack() {
        OperatorDesk &desk = journey_->desk;
        const QString rollout =
            desk.deploy({.strategy = QStringLiteral("{kind: blue-green, retire_delay: 60 s}"),
                         .options = changed});
        QVERIFY(desk.awaitRow(
            rollout, [](const api::RolloutRow &row) { return row.weight == kernel::full_weight; }));
        QVERIFY(desk.request(rollout, QStringLiteral("rollback")));
        QVERIFY(desk.awaitRow(rollout, [](const api::RolloutRow &row) { return row.weight == 0; }));
        QCOMPARE(journey_->shareOf(v1, 300), 100.0);
        QVERIFY(desk.awaitStatus(rollout, Status::RolledBack));
        QCOMPARE(journey_->ground->running(), Journey::everywhere(v1));
        VERIFY_NOTHING_LOST(load_->stop());
    }
};

QTEST_GUILESS_MAIN(TestUpdates)
#include "test_updates.moc"
