// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/valuesjson.h"
#include "tests/journeys/journey.h"

using namespace aviary;
using namespace aviary::tests;
using kernel::Status;

namespace {

const QString v1 = QStringLiteral("v1");
const QString v2 = QStringLiteral("v2");
const QString n5 = QStringLiteral("n5");

bool isAt(const api::RolloutDetail &seen, const QString &node, kernel::Phase phase) {
    return std::ranges::any_of(seen.targets, [&](const api::TargetRow &target) {
        return target.node == node && target.phase == phase;
    });
}

} // namespace

// Nodes that die in their wave, and nodes that were away.
class TestNodes : public QObject {
    Q_OBJECT

    std::unique_ptr<Journey> journey_;

    // Slow to start, so that a node can be broken in its wave, and that is known before it is
    // ready: to see that it runs takes longest where it takes longest to notice, too.
    QString slowRollout(const QString &policy) {
        const int delay_ms = 2 * journey_->ground->unnoticedMs() + 1'500;
        return journey_->desk.deploy(
            {.strategy = QStringLiteral("{kind: rolling, delay: 0 s}"),
             .policy = QStringLiteral("max_parallel: 6, ") + policy,
             .more = QStringLiteral("targets: [n5, n1, n2, n3, n4, n6, n7, n8, n9, n10, n11, n12]"),
             .options = {QStringLiteral("--start-delay"), QString::number(delay_ms)}});
    }
    bool untilOffline(quint32 nodes) {
        return QTest::qWaitFor(
            [this, nodes] {
                const auto answer = journey_->desk.ask(QStringLiteral("cluster.list"));
                const auto rows = answer
                                      ? api::listFromJson<api::ClusterRow>((*answer)[u"clusters"])
                                      : Result<std::vector<api::ClusterRow>>();
                return rows && !rows->empty() && rows->front().offline == nodes;
            },
            OperatorDesk::wait_ms_max);
    }
    bool runsOn(const QString &node, const QString &revision) const {
        return journey_->ground->running().contains(node + u' ' + revision);
    }
    std::vector<api::WaitingRow> waiting() {
        const auto answer = journey_->desk.ask(QStringLiteral("waiting"));
        return answer ? api::listFromJson<api::WaitingRow>((*answer)[u"waiting"])
                            .value_or(std::vector<api::WaitingRow>{})
                      : std::vector<api::WaitingRow>();
    }

private Q_SLOTS:
    void init() {
        journey_ = std::make_unique<Journey>();
        SKIP_WITHOUT_GROUND(journey_)
        QVERIFY(journey_->desk.openWithV1());
    }
    void cleanup() { journey_.reset(); }

    void offlineInItsWave_data() {
        QTest::addColumn<QString>("policy");
        QTest::addColumn<Status>("end");
        QTest::addColumn<int>("updated"); // of the other nodes, at the end
        QTest::addRow("rollback") << QStringLiteral("on_failure: rollback") << Status::RolledBack
                                  << 0;
        QTest::addRow("stop") << QStringLiteral("on_failure: stop") << Status::Failed << 5;
        QTest::addRow("continue") << QStringLiteral("on_failure: continue") << Status::Failed << 11;
        QTest::addRow("threshold")
            << QStringLiteral("success_threshold: 80 %") << Status::Completed << 11;
    }
    void offlineInItsWave() {
        QFETCH(QString, policy);
        QFETCH(Status, end);
        QFETCH(int, updated);
        OperatorDesk &desk = journey_->desk;
        const QString rollout = slowRollout(QStringLiteral("healthy_deadline: 30 s, ") + policy);
        QVERIFY(QTest::qWaitFor([this] { return runsOn(n5, v2); }, OperatorDesk::wait_ms_max));
        journey_->ground->setOffline(n5, true);
        // A way back cannot end while a node that must go back is away.
        if (end == Status::RolledBack) {
            QVERIFY(desk.awaitStatus(rollout, Status::RollingBack));
            journey_->ground->setOffline(n5, false);
        }
        QVERIFY(desk.awaitStatus(rollout, end));
        const api::RolloutDetail seen = desk.detail(rollout);
        qInfo("%s", qPrintable(seen.why));
        QVERIFY(seen.why.isEmpty() == (end == Status::Completed));
        if (end != Status::RolledBack) {
            QVERIFY(isAt(seen, n5, kernel::Phase::Failed));
        }
        for (const QString &node : Journey::nodes()) {
            QVERIFY(node == n5 || runsOn(node, v1) || runsOn(node, v2));
            updated -= node != n5 && runsOn(node, v2);
        }
        QCOMPARE(updated, 0);
    }

    // A service that is killed once is restarted beneath the rollout, which goes on.
    void killedInItsWave() {
        OperatorDesk &desk = journey_->desk;
        const QString rollout = slowRollout(QStringLiteral("retries: 1"));
        QVERIFY(QTest::qWaitFor([this] { return runsOn(n5, v2); }, OperatorDesk::wait_ms_max));
        QVERIFY(journey_->ground->killService(n5, v2));
        QVERIFY(desk.awaitStatus(rollout, Status::Completed));
        QCOMPARE(journey_->ground->running(), Journey::everywhere(v2));
    }

    // Machines go down in their wave with all that runs there, and come back: that is told of the
    // nodes, never as a failure of the service, and the way back reaches them.
    void downInItsWaveAndBack() {
        OperatorDesk &desk = journey_->desk;
        const QString rollout = slowRollout(QStringLiteral("on_failure: rollback"));
        QVERIFY(QTest::qWaitFor([this] { return runsOn(n5, v2); }, OperatorDesk::wait_ms_max));
        if (!journey_->ground->setPowered(n5, false)) {
            QSKIP("the nodes of this ground cannot be switched off");
        }
        QVERIFY(untilOffline(Ground::nodes / Ground::sites));
        QVERIFY(!runsOn(n5, v1) && !runsOn(n5, v2));
        QVERIFY(journey_->ground->setPowered(n5, true));
        QVERIFY(desk.awaitStatus(rollout, Status::RolledBack));
        QTRY_COMPARE_WITH_TIMEOUT(journey_->ground->running(), Journey::everywhere(v1),
                                  OperatorDesk::wait_ms_max);
        for (const api::Happening &happening : desk.detail(rollout).happenings) {
            QVERIFY2(!happening.text.contains(u"failed:"), qPrintable(happening.text));
        }
    }

    void awayAndBack_data() {
        QTest::addColumn<QString>("catch_up");
        for (const char *word : {"ask", "auto", "never"}) {
            QTest::addRow("%s", word) << QString::fromLatin1(word);
        }
    }
    void awayAndBack() {
        QFETCH(QString, catch_up);
        OperatorDesk &desk = journey_->desk;
        journey_->ground->setOffline(n5, true);
        QVERIFY(untilOffline(1));
        const QString rollout =
            desk.deploy({.strategy = QStringLiteral("{kind: rolling, delay: 0 s}"),
                         .policy = QStringLiteral("max_parallel: 12, catch_up: ") + catch_up,
                         .options = {QStringLiteral("--latency"), QStringLiteral("2")}});
        QVERIFY(desk.awaitStatus(rollout, Status::Completed));
        QVERIFY(isAt(desk.detail(rollout), n5, kernel::Phase::Behind));
        QVERIFY(runsOn(n5, v1) && !runsOn(n5, v2)); // nothing is carried out there
        journey_->ground->setOffline(n5, false);
        if (catch_up == u"auto") {
            QTRY_COMPARE_WITH_TIMEOUT(journey_->ground->running(), Journey::everywhere(v2),
                                      OperatorDesk::wait_ms_max);
            return;
        }
        const auto asks = [this] {
            return std::ranges::any_of(waiting(), [](const api::WaitingRow &row) {
                return row.verb == u"catch_up" && row.subject == shop;
            });
        };
        if (catch_up == u"ask") {
            QVERIFY(QTest::qWaitFor(asks, OperatorDesk::wait_ms_max));
            QVERIFY(runsOn(n5, v1) && !runsOn(n5, v2)); // nobody asked for it
            const auto ran =
                desk.aviary({QStringLiteral("catch_up"), shop, QStringLiteral("--wait"),
                             QStringLiteral("--timeout"), QStringLiteral("60s")});
            QVERIFY2(ran.code == 0, qPrintable(ran.err));
            QCOMPARE(journey_->ground->running(), Journey::everywhere(v2));
            QVERIFY(!asks());
            return;
        }
        QVERIFY(QTest::qWaitFor(
            [&desk] {
                const auto node = desk.ask(QStringLiteral("node.get"),
                                           {{QStringLiteral("cluster"), QStringLiteral("edge")},
                                            {QStringLiteral("node"), n5}});
                return node && (*node)[u"node"][u"status"].toString() == u"online";
            },
            OperatorDesk::wait_ms_max));
        QVERIFY(!asks());
        QVERIFY(runsOn(n5, v1) && !runsOn(n5, v2)); // nobody asked for it
    }
};

QTEST_GUILESS_MAIN(TestNodes)
#include "test_nodes.moc"
