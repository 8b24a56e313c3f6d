// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/local/localfixture.h"

#include <QCoreApplication>
#include <QSignalSpy>
#include <QTest>

#include <signal.h>

using namespace aviary;
using namespace aviary::clusters;
using tests::countOf;
using tests::Load;
using tests::LocalFixture;

namespace {

const QString shop = QStringLiteral("shop");
const QString v1 = QStringLiteral("v1");
const QString v2 = QStringLiteral("v2");
const QStringList slow = {QStringLiteral("--latency"), QStringLiteral("10")};

QString node(int i) {
    return QStringLiteral("n%1").arg(i + 1);
}

} // namespace

// The local cluster with a real HAProxy and a steady load.
class TestLocalTraffic : public QObject {
    Q_OBJECT

    std::unique_ptr<LocalFixture> cluster_;
    quint32 order_ = 0;

    bool run(int i, const QString &revision, kernel::UpdateMode mode = kernel::UpdateMode::Beside,
             bool back = false) {
        RunOrder order = LocalFixture::runOrder(node(i), revision, ++order_, slow);
        order.mode = mode;
        order.stop_others = back;
        return cluster_->run(order);
    }
    bool stop(int i, const QString &revision) {
        return cluster_->stop(LocalFixture::stopOrder(node(i), revision, ++order_));
    }
    quint16 port() {
        cluster_->observe();
        return cluster_->driver().servicePort(shop);
    }
    std::unique_ptr<Load> steady() {
        return std::make_unique<Load>(
            port(), QStringList{QStringLiteral("--rate"), QStringLiteral("200"),
                                QStringLiteral("--connections"), QStringLiteral("16")});
    }
    double shareOf(const QString &revision, int requests) {
        const QJsonObject tally =
            Load(port(), {QStringLiteral("--rate"), QStringLiteral("0"),
                          QStringLiteral("--requests"), QString::number(requests)})
                .wait();
        return tally[u"lost"].toInt() > 0
                   ? -1
                   : countOf(tally, "by_revision", revision) * 100.0 / requests;
    }
    bool start(int nodes) {
        cluster_ = std::make_unique<LocalFixture>(nodes, 3);
        order_ = 0;
        if (!cluster_->reopen()) {
            return false;
        }
        for (int i = 0; i < nodes; ++i) {
            if (!run(i, v1)) {
                return false;
            }
        }
        return true;
    }
    static QString flawOf(const QJsonObject &tally) {
        const bool good =
            tally[u"answered"].toInt() > 100 && tally[u"lost"].toInt() == 0 &&
            countOf(tally, "by_status", QStringLiteral("200")) == tally[u"answered"].toInt();
        return good ? QString() : QString::fromUtf8(QJsonDocument(tally).toJson());
    }

private Q_SLOTS:
    void initTestCase() {
        LocalFixture cluster(1, 1);
        QVERIFY(cluster.reopen());
        if (cluster.driver().capabilities().router == kernel::RouterKind::None) {
            QSKIP("HAProxy is not installed");
        }
    }
    void cleanup() { cluster_.reset(); }

    void canaryBesideAndBack() {
        QVERIFY(start(4));
        QCOMPARE(cluster_->observe().traffic.front().fresh, v1); // the first revision gets all
        const auto load = steady();
        const std::vector<int> stages = {1'000, 2'500, 5'000, 10'000};
        for (int i = 0; i < 4; ++i) {
            QVERIFY(run(i, v2));
            QVERIFY(cluster_->split(v2, v1, stages[static_cast<std::size_t>(i)]));
            const double share = shareOf(v2, 1'000);
            // The steady load takes places of its own in between: not exact for this one.
            QVERIFY2(std::abs(share - stages[static_cast<std::size_t>(i)] / 100.0) < 2,
                     qPrintable(QString::number(share)));
        }
        for (int i = 0; i < 4; ++i) {
            QVERIFY(stop(i, v1));
        }
        QCOMPARE(cluster_->instances().filter(v2).size(), 4);
        QCOMPARE(cluster_->instances().size(), 4);
        for (int i = 3; i >= 0; --i) { // back: what each node had, then what they got goes
            QVERIFY(run(i, v1, kernel::UpdateMode::Beside, false));
        }
        QVERIFY(cluster_->split(v2, v1, 0));
        for (int i = 3; i >= 0; --i) {
            QVERIFY(run(i, v1, kernel::UpdateMode::Beside, true));
        }
        QCOMPARE(cluster_->instances().filter(v1).size(), 4);
        QCOMPARE(cluster_->instances().size(), 4);
        const QString flaw = flawOf(load->stop());
        QVERIFY2(flaw.isEmpty(), qPrintable(flaw));
    }
    void inPlace() {
        QVERIFY(start(3));
        const auto load = steady();
        for (int i = 0; i < 3; ++i) {
            QVERIFY(run(i, v2, kernel::UpdateMode::InPlace));
            QVERIFY(cluster_->split(v2, v1, (i + 1) * 10'000 / 3));
        }
        QCOMPARE(shareOf(v2, 200), 100.0);
        const QString flaw = flawOf(load->stop());
        QVERIFY2(flaw.isEmpty(), qPrintable(flaw));
    }
    void blueGreen() {
        QVERIFY(start(2));
        const auto load = steady();
        QVERIFY(run(0, v2) && run(1, v2));
        QVERIFY(cluster_->split(v2, v1, 0));
        QCOMPARE(shareOf(v1, 500), 100.0);
        for (const int weight : {10'000, 0, 10'000}) {
            QVERIFY(cluster_->split(v2, v1, weight));
            QCOMPARE(shareOf(v2, 500), weight / 100.0);
        }
        QVERIFY(stop(0, v1) && stop(1, v1));
        const QString flaw = flawOf(load->stop());
        QVERIFY2(flaw.isEmpty(), qPrintable(flaw));
    }
    // The daemon is killed in a canary: services and traffic go on, and the next one sees it all.
    void outlivesTheDaemon() {
        QVERIFY(start(2));
        QVERIFY(run(0, v2));
        QVERIFY(cluster_->split(v2, v1, 3'000));
        const auto load = steady();
        const QStringList before = cluster_->instances();
        const pid_t pid = cluster_->pidOf(node(0), v2);
        QVERIFY(cluster_->reopen());
        QTRY_COMPARE(cluster_->instances(), before);
        QCOMPARE(cluster_->pidOf(node(0), v2), pid);
        const Traffic traffic = cluster_->observe().traffic.front();
        QCOMPARE(traffic.weight, 3'000);
        QCOMPARE(traffic.fresh, v2);
        QCOMPARE(traffic.stable, v1);
        const double share = shareOf(v2, 1'000);
        QVERIFY2(std::abs(share - 30) < 2, qPrintable(QString::number(share)));
        const QString flaw = flawOf(load->stop());
        QVERIFY2(flaw.isEmpty(), qPrintable(flaw));
    }
    // The driver is gone at any instant between order and answer: asked again, all is done once.
    void diesAtAnyInstant_data() {
        QTest::addColumn<int>("turns"); // of the event loop before the end
        for (const int turns : {0, 1, 2, 3, 5, 8, 13, 20, 40, 80}) {
            QTest::addRow("%d", turns) << turns;
        }
    }
    void diesAtAnyInstant() {
        QFETCH(int, turns);
        cluster_ = std::make_unique<LocalFixture>(2, 2);
        QVERIFY(cluster_->reopen());
        const RunOrder first = LocalFixture::runOrder(node(0), v1, 1);
        const RunOrder second = LocalFixture::runOrder(node(1), v1, 2);
        cluster_->driver().run({first, second});
        for (int turn = 0; turn < turns; ++turn) {
            QCoreApplication::processEvents(QEventLoop::AllEvents);
        }
        QVERIFY(cluster_->reopen());
        QVERIFY(cluster_->run(first));
        QVERIFY(cluster_->run(second));
        const pid_t pids[] = {cluster_->pidOf(node(0), v1), cluster_->pidOf(node(1), v1)};
        QVERIFY(cluster_->reopen());
        QVERIFY(cluster_->run(first));
        QCOMPARE(cluster_->pidOf(node(0), v1), pids[0]);
        QCOMPARE(cluster_->pidOf(node(1), v1), pids[1]);
        QTRY_COMPARE(cluster_->instances(),
                     (QStringList{QStringLiteral("n1 v1 ready"), QStringLiteral("n2 v1 ready")}));
        QTRY_COMPARE(shareOf(v1, 50), 100.0);
    }
    // An instance that dies is out of the split at once, and back when it was started again.
    void crashAndReturn() {
        QVERIFY(start(2));
        const pid_t pid = cluster_->pidOf(node(0), v1);
        ::kill(pid, SIGKILL);
        QVERIFY(cluster_->awaitAnswer(1, NodeAnswer::Kind::NotReady));
        QVERIFY(cluster_->awaitAnswer(1, NodeAnswer::Kind::Ready));
        QVERIFY(cluster_->pidOf(node(0), v1) != pid);
        QCOMPARE(shareOf(v1, 200), 100.0);
    }
    void offlineNodesGetNoRequests() {
        QVERIFY(start(2));
        QVERIFY(run(0, v2));
        QVERIFY(cluster_->split(v2, v1, 5'000));
        const auto load = steady();
        QVERIFY(cluster_->local().setOffline(node(0), true));
        QTRY_COMPARE(shareOf(v1, 100), 100.0); // v2 ran only there
        QVERIFY(cluster_->local().setOffline(node(0), false));
        QTRY_VERIFY(std::abs(shareOf(v2, 200) - 50) < 5);
        const QString flaw = flawOf(load->stop());
        QVERIFY2(flaw.isEmpty(), qPrintable(flaw));
    }
    void measuresEachRevision() {
        QVERIFY(start(1));
        QVERIFY(run(0, v2));
        QVERIFY(cluster_->split(v2, v1, 5'000));
        std::map<QString, kernel::Sample> samples;
        connect(&cluster_->driver(), &Driver::measured, this,
                [&samples](const QString &, const QString &revision, const kernel::Sample &sample) {
                    samples[revision] = sample;
                });
        cluster_->driver().measure({shop});
        shareOf(v1, 100);
        QTRY_COMPARE(samples[v1].requests + samples[v2].requests, std::uint64_t{100});
        QVERIFY(samples[v2].requests >= 49 && samples[v2].timed == samples[v2].requests);
    }
    // A flag: the file says for whom it is on, the router only where the code is.
    void flags() {
        QVERIFY(start(1));
        QVERIFY(run(0, v2));
        QVERIFY(cluster_->split(v2, v1, 0, QStringLiteral("ff_shop_v2")));
        QCOMPARE(shareOf(v1, 50), 100.0);
        QVERIFY(cluster_->split(v2, v1, 500, QStringLiteral("ff_shop_v2")));
        QCOMPARE(shareOf(v2, 50), 100.0);
        QFile file(cluster_->path(QStringLiteral("flags.json")));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray text = file.readAll().simplified();
        QVERIFY2(text.contains(R"("on", 500)"), text.constData());
    }
};

QTEST_GUILESS_MAIN(TestLocalTraffic)
#include "test_localtraffic.moc"
