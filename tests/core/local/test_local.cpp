// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/local/localfixture.h"

#include <QJsonArray>
#include <QSignalSpy>
#include <QTest>

#include <signal.h>

using namespace aviary;
using namespace aviary::clusters;
using tests::LocalFixture;
using Kind = NodeAnswer::Kind;

namespace {

const QString n1 = QStringLiteral("n1");
const QString n2 = QStringLiteral("n2");
const QString v1 = QStringLiteral("v1");
const QString v2 = QStringLiteral("v2");
const routing::RouterSettings no_haproxy{QStringLiteral("/bin/true"), {}}; // none is needed

} // namespace

// Real processes on the nodes of a real local cluster, without a router.
class TestLocal : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void saysThatItCannotSplit() {
        LocalFixture cluster(3, 3, no_haproxy);
        QVERIFY(cluster.reopen());
        QCOMPARE(cluster.driver().capabilities().router, kernel::RouterKind::None);
        QVERIFY(cluster.driver().capabilities().router_text.contains(u"cannot be split"));
        QVERIFY(!cluster.split(v1, {}, 10'000));
    }
    void runsAndRetires() {
        LocalFixture cluster(3, 3, no_haproxy);
        QVERIFY(cluster.reopen());
        QVERIFY(cluster.run(LocalFixture::runOrder(n1, v1, 1)));
        QVERIFY(cluster.run(LocalFixture::runOrder(n1, v2, 2))); // beside
        QCOMPARE(cluster.instances(),
                 (QStringList{QStringLiteral("n1 v1 ready"), QStringLiteral("n1 v2 ready")}));
        QCOMPARE(cluster.observe().nodes.front().revisions.at("shop"), "v2");
        QCOMPARE(cluster.observe().nodes.front().usage.services, 2U);
        QVERIFY(cluster.stop(LocalFixture::stopOrder(n1, v1, 3)));
        QCOMPARE(cluster.instances(), QStringList{QStringLiteral("n1 v2 ready")});
        QVERIFY(cluster.stop(LocalFixture::stopOrder(n1, v1, 4))); // nothing runs: done
        QCOMPARE(cluster.answers(1), QStringList{QStringLiteral("ready")});
    }
    // The same order again starts nothing: it is answered with how it stands.
    void ordersAreDoneOnce() {
        LocalFixture cluster(1, 1, no_haproxy);
        QVERIFY(cluster.reopen());
        const RunOrder order = LocalFixture::runOrder(n1, v1, 1);
        QVERIFY(cluster.run(order));
        const pid_t pid = cluster.pidOf(n1, v1);
        QVERIFY(cluster.run(order));
        QCOMPARE(cluster.pidOf(n1, v1), pid);
        QVERIFY(cluster.reopen()); // the daemon is killed and starts again
        QVERIFY(cluster.awaitAnswer(1, Kind::Ready));
        QVERIFY(cluster.run(order));
        QCOMPARE(cluster.pidOf(n1, v1), pid);
        QVERIFY(cluster.run(LocalFixture::runOrder(n1, v1, 7))); // another order, same revision
        QCOMPARE(cluster.pidOf(n1, v1), pid);
        QCOMPARE(cluster.observe().instances.front().ticket.order, 7U);
    }
    void inPlaceLeavesOne() {
        LocalFixture cluster(1, 1, no_haproxy);
        QVERIFY(cluster.reopen());
        QVERIFY(cluster.run(LocalFixture::runOrder(n1, v1, 1)));
        RunOrder order = LocalFixture::runOrder(n1, v2, 2);
        order.mode = kernel::UpdateMode::InPlace;
        QVERIFY(cluster.run(order));
        QCOMPARE(cluster.instances(), QStringList{QStringLiteral("n1 v2 ready")});
    }
    void wayBackStopsTheOthers() {
        LocalFixture cluster(1, 1, no_haproxy);
        QVERIFY(cluster.reopen());
        QVERIFY(cluster.run(LocalFixture::runOrder(n1, v1, 1)));
        QVERIFY(cluster.run(LocalFixture::runOrder(n1, v2, 2)));
        const pid_t pid = cluster.pidOf(n1, v1);
        RunOrder back = LocalFixture::runOrder(n1, v1, 3);
        back.stop_others = true;
        QVERIFY(cluster.run(back)); // ready is said when nothing else is left
        QCOMPARE(cluster.instances(), QStringList{QStringLiteral("n1 v1 ready")});
        QCOMPARE(cluster.pidOf(n1, v1), pid);
    }
    void failuresSayWhy_data() {
        QTest::addColumn<QString>("command");
        QTest::addColumn<QStringList>("options");
        QTest::addColumn<QString>("said");
        const QString sample = tests::program("aviary-sample");
        QTest::newRow("ends at once") << sample << QStringList{QStringLiteral("--fail-start")}
                                      << QStringLiteral("exited with 1: aviary-sample: asked to");
        QTest::newRow("no such program")
            << QStringLiteral("/no/such/program") << QStringList{} << QStringLiteral("cannot run");
        QTest::newRow("nothing to run") << QString() << QStringList{} << QStringLiteral("command");
    }
    void failuresSayWhy() {
        QFETCH(QString, command);
        QFETCH(QStringList, options);
        QFETCH(QString, said);
        LocalFixture cluster(1, 1, no_haproxy);
        QVERIFY(cluster.reopen());
        RunOrder order = LocalFixture::runOrder(n1, v1, 1, options);
        order.revision.definition[u"command"] = command;
        cluster.driver().run({order});
        QVERIFY(cluster.awaitAnswer(1, Kind::Failed));
        QVERIFY2(cluster.answers(1).first().contains(said), qPrintable(cluster.answers(1).first()));
        cluster.driver().run({order}); // the same order: it is not tried again by itself
        QVERIFY(QTest::qWaitFor([&] { return cluster.answers(1).size() == 2; }));
        QVERIFY(cluster.answers(1).last().contains(said));
    }
    void retriesWithAnotherOrder() {
        LocalFixture cluster(1, 1, no_haproxy);
        QVERIFY(cluster.reopen());
        cluster.driver().run({LocalFixture::runOrder(n1, v1, 1, {QStringLiteral("--fail-start")})});
        QVERIFY(cluster.awaitAnswer(1, Kind::Failed));
        cluster.driver().run({LocalFixture::runOrder(n1, v1, 2)});
        QVERIFY(cluster.awaitAnswer(2, Kind::Failed)); // a revision is what it is: tried and failed
        QVERIFY(cluster.stop(LocalFixture::stopOrder(n1, v1, 3)));
        QCOMPARE(cluster.instances(), QStringList{});
    }
    // One that hangs in its start is started anew by another order, not by the same one.
    void anotherOrderStartsAnew() {
        LocalFixture cluster(1, 1, no_haproxy);
        QVERIFY(cluster.reopen());
        const QStringList never = {QStringLiteral("--start-delay"), QStringLiteral("600000")};
        RunOrder order = LocalFixture::runOrder(n1, v1, 1, never);
        cluster.driver().run({order});
        QTRY_VERIFY(cluster.pidOf(n1, v1) != 0);
        const pid_t pid = cluster.pidOf(n1, v1);
        cluster.driver().run({order});
        QTRY_COMPARE(cluster.instances(), QStringList{QStringLiteral("n1 v1 down")});
        QCOMPARE(cluster.pidOf(n1, v1), pid);
        order.ticket.order = 2;
        cluster.driver().run({order});
        QTRY_VERIFY(cluster.pidOf(n1, v1) != pid && cluster.pidOf(n1, v1) != 0);
    }
    // A crash is restarted by policy, on the same port and revision; then it stays down.
    void crashesAreRestarted() {
        LocalFixture cluster(1, 1, no_haproxy);
        QVERIFY(cluster.reopen());
        QVERIFY(cluster.run(LocalFixture::runOrder(n1, v1, 1)));
        const QString address = cluster.observe().instances.front().address;
        for (int crash = 0; crash < 2; ++crash) {
            const pid_t pid = cluster.pidOf(n1, v1);
            ::kill(pid, SIGKILL);
            QVERIFY(cluster.awaitAnswer(1, Kind::NotReady));
            QVERIFY(cluster.awaitAnswer(1, Kind::Ready));
            QVERIFY(cluster.pidOf(n1, v1) != pid);
        }
        QCOMPARE(cluster.observe().instances.front().address, address);
        ::kill(cluster.pidOf(n1, v1), SIGKILL);
        QVERIFY(cluster.awaitAnswer(1, Kind::Failed));
        QVERIFY(cluster.answers(1).last().contains(u"killed by signal 9"));
        QCOMPARE(cluster.observe().nodes.front().status, kernel::NodeStatus::Degraded);
        QVERIFY(cluster.reopen());
        QVERIFY(cluster.awaitAnswer(1, Kind::Failed) || cluster.answers(1).isEmpty());
        QCOMPARE(cluster.instances(), QStringList{QStringLiteral("n1 v1 down")});
    }
    void checksThatFailSayNotReady() {
        LocalFixture cluster(1, 1, no_haproxy);
        QVERIFY(cluster.reopen());
        QVERIFY(cluster.run(LocalFixture::runOrder(n1, v1, 1)));
        const pid_t pid = cluster.pidOf(n1, v1);
        ::kill(pid, SIGSTOP); // alive and silent
        QVERIFY(cluster.awaitAnswer(1, Kind::NotReady));
        ::kill(pid, SIGCONT);
        QVERIFY(cluster.awaitAnswer(1, Kind::Ready));
        QCOMPARE(cluster.pidOf(n1, v1), pid);
    }
    // What died while no daemon ran is started again by the next.
    void deadInstancesComeBack() {
        LocalFixture cluster(1, 1, no_haproxy);
        QVERIFY(cluster.reopen());
        QVERIFY(cluster.run(LocalFixture::runOrder(n1, v1, 1)));
        const pid_t pid = cluster.pidOf(n1, v1);
        ::kill(pid, SIGKILL);
        QVERIFY(cluster.reopen());
        QVERIFY(cluster.awaitAnswer(1, Kind::Ready));
        QVERIFY(cluster.pidOf(n1, v1) != pid);
    }
    void stopGoesOnAfterARestart() {
        LocalFixture cluster(1, 1, no_haproxy);
        QVERIFY(cluster.reopen());
        QVERIFY(cluster.run(LocalFixture::runOrder(n1, v1, 1)));
        cluster.driver().stop({LocalFixture::stopOrder(n1, v1, 2)});
        QVERIFY(cluster.reopen()); // at once: the process had no time to end
        QVERIFY(cluster.stop(LocalFixture::stopOrder(n1, v1, 2)));
        QCOMPARE(cluster.pidOf(n1, v1), 0);
        QCOMPARE(cluster.instances(), QStringList{});
    }
    // Cut off: it is reported so, does nothing, says nothing; on return it tells how it stands.
    void offlineNodes() {
        LocalFixture cluster(2, 2, no_haproxy);
        QVERIFY(cluster.reopen());
        QVERIFY(cluster.run(LocalFixture::runOrder(n1, v1, 1)));
        QSignalSpy changed(&cluster.driver(), &Driver::nodeChanged);
        QVERIFY(cluster.local().setOffline(n1, true));
        QVERIFY(changed.wait());
        QCOMPARE(changed[0][0].value<kernel::Node>().status, kernel::NodeStatus::Offline);
        cluster.driver().run({LocalFixture::runOrder(n1, v2, 2)});
        QVERIFY(cluster.run(LocalFixture::runOrder(n2, v2, 3))); // the other one works
        QVERIFY(cluster.answers(2).isEmpty());
        QVERIFY(cluster.local().setOffline(n1, false));
        QVERIFY(QTest::qWaitFor([&] { return cluster.answers(1).size() == 2; })); // ready, again
        QCOMPARE(cluster.instances(),
                 (QStringList{QStringLiteral("n1 v1 ready"), QStringLiteral("n2 v2 ready")}));
        QVERIFY(!cluster.local().setOffline(QStringLiteral("n9"), true));
    }
    void flagsAreKept() {
        LocalFixture cluster(1, 1, no_haproxy);
        QVERIFY(cluster.reopen());
        kernel::NodeFlags flags;
        flags.draining = true;
        cluster.driver().setFlags(n1, flags);
        QVERIFY(cluster.reopen());
        QVERIFY(cluster.observe().nodes.front().flags == flags);
        QSignalSpy refused(&cluster.driver(), &Driver::refused);
        cluster.driver().setFlags(QStringLiteral("n9"), flags);
        QVERIFY(refused.wait());
    }
    void readsLogs() {
        LocalFixture cluster(1, 1, no_haproxy);
        QVERIFY(cluster.reopen());
        QVERIFY(cluster.run(LocalFixture::runOrder(n1, v1, 1)));
        std::map<quint64, Result<std::vector<LogLine>>> read;
        connect(&cluster.driver(), &Driver::logRead, this,
                [&read](quint64 token, const Result<std::vector<LogLine>> &lines) {
                    read.emplace(token, lines);
                });
        cluster.driver().readLog(42, n1, QStringLiteral("shop"), 5);
        cluster.driver().readLog(43, n1, QStringLiteral("other"), 5);
        QTRY_COMPARE(read.size(), std::size_t{2});
        QVERIFY(read.at(42) && read.at(42)->back().text.contains(u"v1 on n1"));
        QCOMPARE(read.at(43).error().code, ErrorCode::NotFound);
    }
    // A worker that listens nowhere and has no checks is ready once it ran for a while.
    void workersWithoutChecks() {
        LocalFixture cluster(1, 1, no_haproxy);
        QVERIFY(cluster.reopen());
        RunOrder order = LocalFixture::runOrder(n1, v1, 1);
        order.revision.definition = {{QStringLiteral("command"), QStringLiteral("sleep")},
                                     {QStringLiteral("args"), QJsonArray{QStringLiteral("60")}}};
        QVERIFY(cluster.run(order));
    }
    void readsClusterFiles() {
        const LocalCluster nodes = someLocalNodes(12, 3);
        QCOMPARE(nodes.nodes[11].site, "site-c");
        const ClusterReading reading = readCluster(QJsonDocument(toJson(nodes)).toJson());
        QVERIFY(reading.flaws.empty());
        QVERIFY(reading.cluster == nodes);
    }
    void refusesClusterFiles_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("flaws");
        QTest::newRow("empty") << QByteArray() << 1;
        QTest::newRow("no object") << QByteArray("[]") << 1;
        QTest::newRow("no nodes") << QByteArray(R"({"nodes":[]})") << 1;
        QTest::newRow("bad ids") << QByteArray(R"({"nodes":[{"id":"../x"},{"id":""},{}]})") << 5;
        QTest::newRow("twice") << QByteArray(R"({"nodes":[{"id":"a"},{"id":"a"}]})") << 1;
        QTest::newRow("types") << QByteArray(
                                      R"({"nodes":[{"id":"a","labels":{"x":1},"capacity":
                                          {"services":-1}}],"ports":{"s":0},"extra":1})")
                               << 4;
    }
    void refusesClusterFiles() {
        QFETCH(QByteArray, text);
        QFETCH(int, flaws);
        const ClusterReading reading = readCluster(text);
        QVERIFY(!reading.cluster);
        QVERIFY2(static_cast<int>(reading.flaws.size()) >= std::min(flaws, 3),
                 qPrintable(QString::number(reading.flaws.size())));
        for (const Flaw &flaw : reading.flaws) {
            QVERIFY(!flaw.message.isEmpty());
        }
    }
};

QTEST_GUILESS_MAIN(TestLocal)
#include "test_local.moc"
