// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/routing/haproxyrouter.h"
#include "core/support/process/identity.h"
#include "tests/core/routing/askedrouter.h"
#include "tests/support/programs.h"

#include <QDir>
#include <QHostAddress>
#include <QTemporaryDir>
#include <QTest>

#include <signal.h>

using namespace aviary;
using namespace aviary::routing;
using tests::countOf;
using tests::Load;
using tests::Sample;

namespace {

const QString shop = QStringLiteral("shop");
const QString v1 = QStringLiteral("v1");
const QString v2 = QStringLiteral("v2");

Server serverOf(const QString &revision, const QString &node, const Sample &sample) {
    return tests::serverOf(shop, revision, node, sample);
}

} // namespace

// A real HAProxy, the real sample service and a real load.
class TestHaproxy : public QObject, private tests::AskedRouter {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> place_;

    bool split(kernel::Weight weight, kernel::Millis limit_ms = 500) {
        return setSplit({shop, v2, v1, weight, limit_ms}).has_value();
    }
    RouteView view() { return viewOf(shop); }
    void open() {
        router_ = makeRouter(place_->path() + u"/routes");
        QVERIFY(answerTo<void>([&](Reply<void> reply) { router_->open(std::move(reply)); }));
    }
    pid_t haproxyPid() const {
        return readProcessRecord(place_->path() + u"/routes/shop/pid")
            .value_or(ProcessIdentity{})
            .pid;
    }
    QJsonObject load(int requests) {
        return Load(view().port, {QStringLiteral("--rate"), QStringLiteral("0"),
                                  QStringLiteral("--requests"), QString::number(requests)})
            .wait();
    }

private Q_SLOTS:
    void init() {
        place_ = std::make_unique<QTemporaryDir>();
        QDir().mkpath(place_->path() + u"/routes");
        open();
        if (router_->kind() == kernel::RouterKind::None) {
            QSKIP("HAProxy is not installed");
        }
    }
    void cleanup() {
        const pid_t pid = haproxyPid();
        router_.reset();
        if (QTest::currentTestFailed()) {
            QFile log(place_->path() + u"/routes/shop/log");
            qInfo() << (log.open(QIODevice::ReadOnly) ? log.readAll() : QByteArray());
        }
        if (pid > 1) {
            ::kill(pid, SIGKILL);
        }
    }

    void sharesAreExact() {
        const Sample old(v1, QStringLiteral("n1"));
        const Sample older(v1, QStringLiteral("n2"));
        const Sample fresh(v2, QStringLiteral("n1"));
        QVERIFY(add(serverOf(v1, QStringLiteral("n1"), old)));
        QVERIFY(add(serverOf(v1, QStringLiteral("n2"), older)));
        QVERIFY(add(serverOf(v2, QStringLiteral("n1"), fresh)));
        QCOMPARE(view().split, (Split{shop, v1, {}, 10'000, 500})); // the first one gets everything
        for (const kernel::Weight weight : {0, 100, 1'000, 2'500, 3'333, 5'000, 9'950, 10'000}) {
            QVERIFY(split(weight));
            QCOMPARE(view().split.weight, weight);
            const QJsonObject tally = load(4'000);
            QCOMPARE(tally[u"lost"].toInt(), 0);
            const double share = countOf(tally, "by_revision", v2) / 40.0;
            QVERIFY2(std::abs(share - weight / 100.0) <= 0.1, qPrintable(QString::number(share)));
        }
    }
    // HAProxy is told addresses; nodes are often called by name.
    void namesAreLookedUp() {
        const Sample old(v1, QStringLiteral("n1"));
        Server named = serverOf(v1, QStringLiteral("n1"), old);
        named.host = QStringLiteral("localhost");
        QVERIFY(add(named));
        QVERIFY(QHostAddress(view().servers.at(0).server.host).isLoopback());
        // What is asked while the name is being looked up comes after it.
        Server brief = serverOf(v2, QStringLiteral("n2"), old);
        brief.host = QStringLiteral("localhost");
        router_->add(brief, [](const Result<void> &) {});
        QVERIFY(answerTo<void>([&](Reply<void> reply) { router_->remove(brief, reply); }));
        QCOMPARE(view().servers.size(), std::size_t{1});

        named.host = QStringLiteral("a..b");
        const auto refused =
            answerTo<void>([&](Reply<void> reply) { router_->add(named, std::move(reply)); });
        QVERIFY(!refused);
        QVERIFY(refused.error().what.contains(QStringLiteral("\"a..b\" has no address")));
    }
    // Under a steady load, over connections that are kept alive, without retries: nothing is lost.
    void nothingIsLostInAChange() {
        const QStringList slow = {QStringLiteral("--latency"), QStringLiteral("15")};
        std::vector<std::unique_ptr<Sample>> old;
        std::vector<std::unique_ptr<Sample>> fresh;
        const auto node = [](int i) { return QStringLiteral("n%1").arg(i); };
        for (int i = 0; i < 4; ++i) {
            old.push_back(std::make_unique<Sample>(v1, node(i), slow));
            QVERIFY(add(serverOf(v1, node(i), *old.back())));
        }
        Load steady(view().port, {QStringLiteral("--rate"), QStringLiteral("300"),
                                  QStringLiteral("--connections"), QStringLiteral("24")});
        const auto serveSome = [this] { // so that each change happens under requests
            const auto served = [this] {
                RouteView route = view();
                return route.samples[v1].requests + route.samples[v2].requests;
            };
            const std::uint64_t before = served();
            QTRY_VERIFY(served() > before + 50);
        };
        serveSome();
        for (int i = 0; i < 4; ++i) { // beside: the new one is there before the old one goes
            fresh.push_back(std::make_unique<Sample>(v2, node(i), slow));
            QVERIFY(add(serverOf(v2, node(i), *fresh.back())));
            QVERIFY(split((i + 1) * 2'500));
            QVERIFY(retire(serverOf(v1, node(i), *old[static_cast<std::size_t>(i)])));
            QCOMPARE(old[static_cast<std::size_t>(i)]->stop(), 0);
            serveSome();
        }
        for (int i = 0; i < 4; ++i) { // the way back, in place: the new one goes first
            QVERIFY(retire(serverOf(v2, node(i), *fresh[static_cast<std::size_t>(i)])));
            QCOMPARE(fresh[static_cast<std::size_t>(i)]->stop(), 0);
            old[static_cast<std::size_t>(i)] = std::make_unique<Sample>(v1, node(i), slow);
            QVERIFY(add(serverOf(v1, node(i), *old[static_cast<std::size_t>(i)])));
            QVERIFY(split(7'500 - i * 2'500));
            serveSome();
        }
        const QJsonObject tally = steady.stop();
        QVERIFY2(tally[u"answered"].toInt() > 200, QJsonDocument(tally).toJson());
        QCOMPARE(tally[u"lost"].toInt(), 0);
        QCOMPARE(countOf(tally, "by_status", QStringLiteral("200")), tally[u"answered"].toInt());
        QVERIFY(countOf(tally, "by_revision", v2) > 100);
    }
    // The last stable server is drained before the weight says 100 %: its share goes on.
    void drainedStableHandsOver() {
        const Sample old(v1, QStringLiteral("n1"));
        const Sample fresh(v2, QStringLiteral("n2"));
        QVERIFY(add(serverOf(v1, QStringLiteral("n1"), old)));
        QVERIFY(add(serverOf(v2, QStringLiteral("n2"), fresh)));
        QVERIFY(split(1'000));
        QVERIFY(retire(serverOf(v1, QStringLiteral("n1"), old)));
        QCOMPARE(countOf(load(200), "by_revision", v2), 200);
        QVERIFY(add(serverOf(v1, QStringLiteral("n1"), old)));
        const int hits = countOf(load(1'000), "by_revision", v1);
        QVERIFY(hits >= 897 && hits <= 903);
    }
    // A dead canary gives its share back; a dead stable revision does not raise the exposure.
    void failureLowersExposure() {
        Sample old(v1, QStringLiteral("n1"));
        Sample fresh(v2, QStringLiteral("n2"));
        QVERIFY(add(serverOf(v1, QStringLiteral("n1"), old)));
        QVERIFY(add(serverOf(v2, QStringLiteral("n2"), fresh)));
        QVERIFY(split(5'000));
        fresh.kill();
        QTRY_VERIFY(view().servers.back().state == ServerState::Down);
        QCOMPARE(countOf(load(200), "by_revision", v1), 200);
        old.kill();
        const Sample again(v2, QStringLiteral("n3"));
        QVERIFY(add(serverOf(v2, QStringLiteral("n3"), again)));
        QTRY_VERIFY(view().servers.front().state == ServerState::Down);
        const QJsonObject tally = load(200);
        const int hits = countOf(tally, "by_revision", v2);
        QVERIFY(hits >= 98 && hits <= 102);
        QCOMPARE(countOf(tally, "by_status", QStringLiteral("503")), 200 - hits);
    }
    void countsErrorsAndSlowAnswers() {
        const Sample old(v1, QStringLiteral("n1"));
        Sample fresh(v2, QStringLiteral("n1"),
                     {QStringLiteral("--error-rate"), QStringLiteral("0.3"),
                      QStringLiteral("--latency"), QStringLiteral("40")});
        QVERIFY(add(serverOf(v1, QStringLiteral("n1"), old)));
        QVERIFY(add(serverOf(v2, QStringLiteral("n1"), fresh)));
        QVERIFY(split(5'000, 35));
        const QJsonObject tally = load(400);
        const auto samples = view().samples;
        QCOMPARE(samples.at(v1), (kernel::Sample{200, 0, 200, samples.at(v1).slow}));
        QVERIFY(samples.at(v1).slow < 20);
        QCOMPARE(samples.at(v2).requests, std::uint64_t{200});
        QCOMPARE(static_cast<int>(samples.at(v2).errors),
                 countOf(tally, "by_status", QStringLiteral("500")));
        QVERIFY(samples.at(v2).slow > 80 && samples.at(v2).slow < 190); // about 63 %
        fresh.kill();
        load(10); // what nobody answers is an error of that revision too
        QVERIFY(view().samples.at(v2).errors > samples.at(v2).errors);
    }
    // The daemon goes and comes back: requests are served all the time, and the view is the same.
    void outlivesTheDaemon() {
        const Sample old(v1, QStringLiteral("n1"));
        const Sample fresh(v2, QStringLiteral("n1"));
        QVERIFY(add(serverOf(v1, QStringLiteral("n1"), old)));
        QVERIFY(add(serverOf(v2, QStringLiteral("n1"), fresh)));
        QVERIFY(split(2'500));
        const QJsonObject first = load(400);
        const RouteView before = view();
        const pid_t pid = haproxyPid();
        router_.reset();
        QCOMPARE(
            countOf(Load(before.port, {QStringLiteral("--requests"), QStringLiteral("20")}).wait(),
                    "by_status", QStringLiteral("200")),
            20);
        open();
        QCOMPARE(router_->services(), QStringList{shop});
        const RouteView after = view();
        QCOMPARE(haproxyPid(), pid);
        QCOMPARE(after.port, before.port);
        QCOMPARE(after.split, before.split);
        QCOMPARE(after.servers.size(), before.servers.size());
        QCOMPARE(after.samples.at(v1).requests + after.samples.at(v2).requests, std::uint64_t{420});
    }
    // HAProxy itself crashes: the same port, servers, split and counters come back.
    void comesBackAfterACrash() {
        const Sample old(v1, QStringLiteral("n1"));
        const Sample fresh(v2, QStringLiteral("n1"));
        QVERIFY(add(serverOf(v1, QStringLiteral("n1"), old)));
        QVERIFY(add(serverOf(v2, QStringLiteral("n1"), fresh)));
        QVERIFY(split(2'500));
        load(400);
        const RouteView before = view();
        const pid_t pid = haproxyPid();
        ::kill(pid, SIGKILL);
        QTRY_VERIFY(haproxyPid() != pid && view().servers.size() == 2);
        QTRY_VERIFY(view().servers.back().state == ServerState::Ready);
        const QJsonObject tally = load(400);
        const int hits = countOf(tally, "by_revision", v2);
        QVERIFY(hits >= 98 && hits <= 102);
        const RouteView after = view();
        QCOMPARE(after.port, before.port);
        QCOMPARE(after.split, before.split);
        const auto expected = static_cast<int>(before.samples.at(v1).requests) + 400 - hits;
        QCOMPARE(static_cast<int>(after.samples.at(v1).requests), expected);
    }
    // A path longer than a socket's address may be.
    void deepDirectories() {
        const QString deep = place_->path() + u"/" + QString(120, u'd');
        QVERIFY(QDir().mkpath(deep));
        const auto router = makeRouter(deep);
        const Sample old(v1, QStringLiteral("n1"));
        QVERIFY(answerTo<void>([&](Reply<void> reply) {
            router->add(serverOf(v1, QStringLiteral("n1"), old), std::move(reply));
        }));
        ::kill(readProcessRecord(deep + u"/shop/pid")->pid, SIGKILL);
    }
};

QTEST_GUILESS_MAIN(TestHaproxy)
#include "test_haproxy.moc"
