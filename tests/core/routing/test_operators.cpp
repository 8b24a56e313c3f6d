// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/routing/backendview.h"
#include "core/routing/haproxyrouter.h"
#include "core/routing/haproxyweights.h"
#include "tests/core/routing/askedrouter.h"
#include "tests/support/operatorshaproxy.h"
#include "tests/support/programs.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <numeric>

using namespace aviary;
using namespace aviary::routing;
using tests::countOf;
using tests::Load;
using tests::OperatorsHaproxy;
using tests::Sample;

namespace {

const QString shop = QStringLiteral("shop");
const QString v1 = QStringLiteral("v1.0");
const QString v2 = QStringLiteral("v2");
const QString n1 = QStringLiteral("n1");
const QString n2 = QStringLiteral("n2");
const QString his = QStringLiteral("his");

Server serverOf(const QString &revision, const QString &node, const Sample &sample) {
    return tests::serverOf(shop, revision, node, sample);
}

SlotServer ready(int slot, const char *node) {
    return {slot, QString::fromLatin1(node), QStringLiteral("127.0.0.1"), 80, ServerState::Ready, 0,
            0};
}

} // namespace

// An HAProxy that is the operator's, the real sample service and a real load.
class TestOperators : public QObject, private tests::AskedRouter {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> place_;
    std::unique_ptr<OperatorsHaproxy> haproxy_;
    std::unique_ptr<Sample> his_;

    Result<void> split(kernel::Weight weight) { return setSplit({shop, v2, v1, weight, 500}); }
    RouteView view() { return viewOf(shop); }
    // Every point of a connection test that fails: what and remedy.
    QStringList failures() {
        QStringList failures;
        bool answered = false;
        router_->check([&](const std::vector<Result<QString>> &tried) {
            for (const Result<QString> &one : tried) {
                one ? qInfo("ok: %s", qPrintable(*one))
                    : failures.push_back(one.error().what + u" | " + one.error().remedy);
            }
            answered = true;
        });
        return QTest::qWaitFor([&] { return answered; }) ? failures : QStringList{QString()};
    }
    void open(const QString &socket, const QString &backend = QStringLiteral("web")) {
        router_.reset();
        RunningHaproxy running{socket, {{shop, backend}}};
        router_ = makeRouter(place_->path(), {{shop, haproxy_->port()}}, {{}, running});
        answerTo<void>([&](Reply<void> reply) { router_->open(std::move(reply)); });
    }
    void run(OperatorsHaproxy::Settings settings = {}) {
        his_ = std::make_unique<Sample>(his, his);
        settings.his_port = his_->port();
        haproxy_ = std::make_unique<OperatorsHaproxy>(settings);
        open(haproxy_->socket());
    }
    QJsonObject load(int requests, quint16 port = 0) {
        return Load(port == 0 ? haproxy_->port() : port,
                    {QStringLiteral("--rate"), QStringLiteral("0"), QStringLiteral("--requests"),
                     QString::number(requests)})
            .wait();
    }
    // That what is his is as it was.
    bool hisIsUntouched() {
        return haproxy_->servers("other") == QByteArrayList{"his"} &&
               haproxy_->servers("web").contains("his") &&
               countOf(load(20, haproxy_->otherPort()), "by_revision", his) == 20;
    }

private Q_SLOTS:
    void initTestCase() {
        if (!OperatorsHaproxy::isInstalled()) {
            QSKIP("HAProxy is not installed");
        }
    }
    void init() { place_ = std::make_unique<QTemporaryDir>(); }
    void cleanup() {
        router_.reset();
        haproxy_.reset();
        his_.reset();
    }

    // ---- Pure ------------------------------------------------------------------------------
    void weightsAreNearAndNeverMore() {
        for (const int fresh : {1, 2, 3, 10, 100}) {
            for (const int stable : {1, 2, 7, 12, 100}) {
                for (const int weight :
                     {0, 1, 10, 40, 100, 500, 1'000, 3'333, 5'000, 9'900, 10'000}) {
                    const Weights one = weightsFor(weight, fresh, stable);
                    const int total = one.fresh + one.stable;
                    const double share = one.fresh * 10'000.0 / total;
                    QVERIFY(total > 0 && one.fresh <= 256 * fresh && one.stable <= 256 * stable);
                    QVERIFY2(share <= weight + 6, qPrintable(QString::number(share)));
                    if (weight >= 100 && 10'000 - weight > 10'000.0 / (1 + 256.0 * fresh)) {
                        QVERIFY2(share >= weight - 6, qPrintable(QString::number(share)));
                    }
                }
            }
        }
    }
    void weightsFollowWhoIsReady() {
        HaproxyView view;
        view.backend = "web";
        view.split = {0, 1, 2'500, 500, false};
        view.servers = {ready(0, "n1"), ready(0, "n2"), ready(0, "n3"), ready(1, "n1"),
                        ready(2, "n9")};
        QCOMPARE(serverWeights(view), (std::vector<int>{100, 100, 100, 100, 0}));
        view.servers[1].state = ServerState::Draining;
        view.servers[1].weight = 77; // as it was: nobody touches it
        const std::vector<int> two = serverWeights(view);
        QCOMPARE(two[1], 77);
        QCOMPARE(two[3] * 3, two[0] + two[2]);
        view.servers[0].state = view.servers[2].state = ServerState::Down;
        QVERIFY(serverWeights(view)[3] > 0); // who is left serves
        view.split.weight = 0;
        QCOMPARE(serverWeights(view)[3], 0); // but not what nobody asked for
        view.split.spill = true;
        QVERIFY(serverWeights(view)[3] > 0);
    }
    void namesAreOurs() {
        const QByteArray name = nameOf("aviary", QStringLiteral("v1.0 x"), QStringLiteral("a.b"));
        const auto read = ourName(name, "aviary");
        QVERIFY(read);
        QCOMPARE(read->revision, QStringLiteral("v1.0 x"));
        QCOMPARE(read->node, QStringLiteral("a.b"));
        for (const char *other : {"his", "aviary", "aviary.v1", "other.v1.n1", "aviary..n1"}) {
            QVERIFY(!ourName(other, "aviary"));
        }
    }

    // ---- With a real one -------------------------------------------------------------------
    void sharesAndTheWayBack() {
        run();
        const Sample old(v1, n1), older(v1, n2), fresh(v2, n1);
        QCOMPARE(countOf(load(20), "by_revision", his), 20); // the backup, before we come
        QVERIFY(add(serverOf(v1, n1, old)));
        QVERIFY(add(serverOf(v1, n2, older)));
        QCOMPARE(view().split, (Split{shop, v1, {}, 10'000, 500}));
        QCOMPARE(view().port, haproxy_->port());
        QVERIFY(add(serverOf(v2, n1, fresh)));
        for (const kernel::Weight weight : {0, 100, 1'000, 2'500, 5'000, 9'950, 10'000, 0}) {
            QVERIFY(split(weight));
            QCOMPARE(view().split.weight, weight);
            load(400); // HAProxy takes up new weights within a round of them
            const QJsonObject tally = load(1'000);
            QCOMPARE(tally[u"lost"].toInt(), 0);
            const double share = countOf(tally, "by_revision", v2) / 10.0;
            QVERIFY2(std::abs(share - weight / 100.0) <= 0.2, qPrintable(QString::number(share)));
            QCOMPARE(countOf(tally, "by_revision", his), 0);
        }
        QVERIFY(retire(serverOf(v2, n1, fresh)));
        QCOMPARE(haproxy_->servers("web"),
                 (QByteArrayList{"aviary.v1:2e0.n1", "aviary.v1:2e0.n2", "his"}));
        QVERIFY(hisIsUntouched());
        QCOMPARE(failures(), QStringList());
    }
    void nothingIsLostInAChange() {
        run();
        const QStringList slow = {QStringLiteral("--latency"), QStringLiteral("15")};
        const Sample old(v1, n1, slow), older(v1, n2, slow), fresh(v2, n1, slow),
            last(v2, n2, slow);
        QVERIFY(add(serverOf(v1, n1, old)) && add(serverOf(v1, n2, older)));
        Load steady(haproxy_->port(), {QStringLiteral("--rate"), QStringLiteral("200"),
                                       QStringLiteral("--connections"), QStringLiteral("16")});
        const auto serveSome = [this] {
            const auto served = [this] {
                RouteView route = view();
                return route.samples[v1].requests + route.samples[v2].requests;
            };
            const std::uint64_t before = served();
            QTRY_VERIFY(served() > before + 50);
        };
        serveSome();
        QVERIFY(add(serverOf(v2, n1, fresh)) && split(5'000) && retire(serverOf(v1, n1, old)));
        serveSome();
        QVERIFY(add(serverOf(v2, n2, last)) && split(10'000) && retire(serverOf(v1, n2, older)));
        serveSome();
        QVERIFY(add(serverOf(v1, n1, old)) && split(0) && retire(serverOf(v2, n1, fresh)));
        serveSome();
        QVERIFY(retire(serverOf(v2, n2, last)));
        const QJsonObject tally = steady.stop();
        QCOMPARE(tally[u"lost"].toInt(), 0);
        QVERIFY(tally[u"answered"].toInt() > 200);
        QCOMPARE(countOf(tally, "by_status", QStringLiteral("200")), tally[u"answered"].toInt());
        QCOMPARE(countOf(tally, "by_revision", his), 0);
        QVERIFY(hisIsUntouched());
    }
    void countsAnswersAndErrors() {
        run();
        const Sample old(v1, n1);
        Sample fresh(v2, n1, {QStringLiteral("--error-rate"), QStringLiteral("0.3")});
        QVERIFY(add(serverOf(v1, n1, old)) && add(serverOf(v2, n1, fresh)) && split(5'000));
        const QJsonObject tally = load(400);
        auto samples = view().samples;
        QCOMPARE(samples.at(v1), (kernel::Sample{200, 0, 0, 0}));
        QCOMPARE(samples.at(v2).requests, std::uint64_t{200});
        QCOMPARE(static_cast<int>(samples.at(v2).errors),
                 countOf(tally, "by_status", QStringLiteral("500")));
        fresh.kill();
        load(10); // what nobody answers is an error of that revision too
        QVERIFY(view().samples.at(v2).errors > samples.at(v2).errors);
        // Counts go on when a server goes, when our process and when his is another one.
        QVERIFY(retire(serverOf(v2, n1, fresh)));
        samples = view().samples;
        open(haproxy_->socket());
        QCOMPARE(view().samples.at(v2), samples.at(v2));
        QCOMPARE(view().samples.at(v1), samples.at(v1));
        haproxy_->restart();
        QTRY_COMPARE(haproxy_->servers("web").size(), 2);
        load(100);
        QCOMPARE(view().samples.at(v1).requests, samples.at(v1).requests + 100);
    }
    void restartIsMended() {
        run();
        const Sample old(v1, n1), fresh(v2, n2);
        QVERIFY(add(serverOf(v1, n1, old)) && add(serverOf(v2, n2, fresh)) && split(2'500));
        QVERIFY(!router_->text().contains(QStringLiteral("put back")));
        haproxy_->restart();
        QCOMPARE(haproxy_->servers("web").size() >= 1, true);
        QTRY_COMPARE(haproxy_->servers("web").size(), 3);
        QTRY_VERIFY2(router_->text().contains(QStringLiteral("2 of shop were put back")),
                     qPrintable(router_->text()));
        QVERIFY(router_->text().contains(QStringLiteral("was started again")));
        QTRY_COMPARE(countOf(load(400), "by_revision", v2), 100);
        // Also when nobody of us was there, and not what went meanwhile.
        router_.reset();
        haproxy_->restart();
        open(haproxy_->socket());
        QVERIFY(retire(serverOf(v2, n2, fresh)));
        QTRY_COMPARE(haproxy_->servers("web"), (QByteArrayList{"aviary.v1:2e0.n1", "his"}));
        // Someone deletes a server of ours: it comes back, and that is said.
        haproxy_->ask("set server web/aviary.v1:2e0.n1 state maint; "
                      "del server web/aviary.v1:2e0.n1");
        QTRY_VERIFY2(router_->text().contains(QStringLiteral("deleted from HAProxy by someone")),
                     qPrintable(router_->text()));
        QTRY_COMPARE(countOf(load(20), "by_revision", v1), 20);
        QVERIFY(hisIsUntouched());
    }
    // Away while it is asked: the change is made when it is there again in time.
    void waitsForARestart() {
        run();
        const Sample old(v1, n1);
        haproxy_->stop();
        QTRY_VERIFY2(router_->text().contains(QStringLiteral("not reached")),
                     qPrintable(router_->text()));
        QTimer::singleShot(500, this, [this] { haproxy_->start(); });
        QVERIFY(add(serverOf(v1, n1, old)));
        QTRY_VERIFY2(!router_->text().contains(QStringLiteral("not reached")),
                     qPrintable(router_->text()));
    }
    void overTcp() {
        run();
        open(haproxy_->tcpSocket());
        const Sample old(v1, n1);
        QVERIFY(add(serverOf(v1, n1, old)));
        QCOMPARE(countOf(load(20), "by_revision", v1), 20);
        QCOMPARE(failures(), QStringList());
    }
    void failureOfAServerKeepsTheShare() {
        run();
        Sample old(v1, n1), older(v1, n2);
        const Sample fresh(v2, n1);
        QVERIFY(add(serverOf(v1, n1, old)) && add(serverOf(v1, n2, older)));
        QVERIFY(add(serverOf(v2, n1, fresh)) && split(2'000));
        older.kill();
        QTRY_COMPARE(countOf(load(100), "by_revision", v2), 20);
    }
    void hisServerKeepsItsShare() {
        OperatorsHaproxy::Settings settings;
        settings.his = "weight 100";
        run(settings);
        const Sample old(v1, n1), fresh(v2, n1);
        QVERIFY(add(serverOf(v1, n1, old)) && add(serverOf(v2, n1, fresh)) && split(5'000));
        const QJsonObject tally = load(300);
        QCOMPARE(countOf(tally, "by_revision", his), 100);
        QCOMPARE(countOf(tally, "by_revision", v2), 100);
    }

    // ---- Refusals --------------------------------------------------------------------------
    void refusals_data() {
        QTest::addColumn<QByteArray>("level");
        QTest::addColumn<QByteArray>("web");
        QTest::addColumn<QString>("backend");
        QTest::addColumn<QString>("what");
        const QByteArray good = "  mode http\n  balance roundrobin\n";
        const QString web = QStringLiteral("web");
        QTest::newRow("level") << QByteArray("operator") << good << web
                               << QStringLiteral("the socket has level operator, which may change "
                                                 "nothing | write \"level admin\" on its line: "
                                                 "stats socket ... level admin");
        QTest::newRow("no backend")
            << QByteArray("admin") << good << QStringLiteral("nope")
            << QStringLiteral("HAProxy has no backend \"nope\" | add it to its configuration, or "
                              "name another in settings.router.backends");
        QTest::newRow("static") << QByteArray("admin")
                                << QByteArray("  mode http\n  balance static-rr\n") << web
                                << QStringLiteral("\"balance static-rr\" does not follow weights "
                                                  "that change at run time | give it \"balance "
                                                  "roundrobin\", leastconn or random");
        QTest::newRow("source") << QByteArray("admin")
                                << QByteArray("  mode http\n  balance source\n") << web
                                << QStringLiteral("\"balance source\" does not follow weights that "
                                                  "change at run time | give it \"balance "
                                                  "roundrobin\", leastconn or random");
        QTest::newRow("tcp") << QByteArray("admin") << good << QStringLiteral("raw")
                             << QStringLiteral("it has mode tcp, in which no answers are counted | "
                                               "give it \"mode http\"");
    }
    void refusals() {
        QFETCH(QByteArray, level);
        QFETCH(QByteArray, web);
        QFETCH(QString, backend);
        QFETCH(QString, what);
        OperatorsHaproxy::Settings settings;
        settings.level = level;
        settings.web = web;
        run(settings);
        open(haproxy_->socket(), backend);
        QCOMPARE(failures(), QStringList{what});
        const Sample old(v1, n1);
        const Result<void> added = add(serverOf(v1, n1, old));
        QVERIFY(!added);
        QVERIFY2(what.startsWith(added.error().what), qPrintable(toText(added.error())));
        QVERIFY(!added.error().where.isEmpty());
    }
    void nobodyAnswers() {
        run();
        open(place_->filePath(QStringLiteral("none.sock")));
        QVERIFY2(failures().value(0).startsWith(
                     QStringLiteral("HAProxy is not reached: there is no such socket | start "
                                    "HAProxy, or correct settings.router.socket")),
                 qPrintable(failures().value(0)));
        QVERIFY2(router_->text().contains(QStringLiteral("none.sock")),
                 qPrintable(router_->text()));
        open(QStringLiteral("127.0.0.1:%1").arg(freePort()));
        QVERIFY(failures().value(0).startsWith(QStringLiteral("HAProxy is not reached: ")));
        const auto other = readBackend("HTTP/1.0 400 Bad request\r\n", "web");
        QVERIFY(!other);
        QCOMPARE(other.error().what, QStringLiteral("this is no HAProxy: it answers "
                                                    "\"HTTP/1.0 400 Bad request\""));
    }
    void tooOldAndTooFine() {
        BackendView old;
        old.version = QStringLiteral("2.4.22");
        old.level = "admin";
        old.there = true;
        old.mode = "http";
        old.algorithm = "roundrobin";
        const std::vector<Error> objections = objectionsTo(old, "web", QStringLiteral("/s"));
        QCOMPARE(objections.size(), std::size_t{1});
        QCOMPARE(objections[0].what, QStringLiteral("HAProxy 2.4.22 is older than 2.6"));
        QCOMPARE(objections[0].where, QStringLiteral("/s"));

        run();
        const Sample stable(v1, n1), fresh(v2, n2);
        QVERIFY(add(serverOf(v1, n1, stable)) && add(serverOf(v2, n2, fresh)) && split(5'000));
        const Result<void> refused = split(10);
        QVERIFY(!refused);
        QCOMPARE(refused.error().what,
                 QStringLiteral("weights of HAProxy end at 256: a share of 0.1 % is too small"));
        QCOMPARE(view().split.weight, 5'000);
    }
};

QTEST_GUILESS_MAIN(TestOperators)
#include "test_operators.moc"
