// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/nomad/watcher.h"
#include "tests/replay/replayserver.h"

#include <QJsonArray>
#include <QSignalSpy>
#include <QTest>

using namespace aviary;
using namespace aviary::clusters::nomad;
using namespace aviary::tests;
using namespace Qt::Literals;
using Fault = Scripted::Fault;
using Kind = Failure::Kind;

namespace {

const QString first_node = u"05b2e921-3c7c-71e7-bebf-c87de4ee351b"_qs;

QByteArray nodeEvent(int index, const QString &id, const QString &status) {
    const QJsonObject node{{u"ID"_qs, id},
                           {u"Name"_qs, u"made"_qs},
                           {u"Status"_qs, status},
                           {u"ModifyIndex"_qs, index}};
    const QJsonObject event{{u"Topic"_qs, u"Node"_qs},
                            {u"Type"_qs, u"NodeEvent"_qs},
                            {u"Key"_qs, id},
                            {u"Payload"_qs, QJsonObject{{u"Node"_qs, node}}}};
    const QJsonObject line{{u"Index"_qs, index}, {u"Events"_qs, QJsonArray{event}}};
    return QJsonDocument(line).toJson(QJsonDocument::Compact);
}

// A Nomad with four nodes, and somebody who watches it.
struct Watched {
    ReplayServer server;
    std::unique_ptr<Connection> connection;
    std::unique_ptr<Watcher> watcher;
    std::unique_ptr<QSignalSpy> completed, looked, failed, noticed;

    explicit Watched(const QString &space = u"default"_qs) {
        server.put(196);
        server.put("/v1/jobs", recorded(19), 17);
        server.put("/v1/deployments", "[" + recorded(25) + "]", 24);
        server.put("/v1/allocations", recorded(26), 24);
        Settings settings;
        settings.address = QUrl(server.address());
        settings.space = space;
        connection = std::move(*Connection::make(settings));
        watcher = std::make_unique<Watcher>(*connection);
        completed = std::make_unique<QSignalSpy>(watcher.get(), &Watcher::completed);
        looked = std::make_unique<QSignalSpy>(watcher.get(), &Watcher::looked);
        failed = std::make_unique<QSignalSpy>(watcher.get(), &Watcher::failed);
        noticed = std::make_unique<QSignalSpy>(watcher.get(), &Watcher::noticed);
    }
    ~Watched() { watcher.reset(); }

    bool begin() {
        watcher->begin();
        return QTest::qWaitFor([this] { return completed->count() == 1; }, 10'000);
    }
    bool wait(const std::function<bool()> &is_so) { return QTest::qWaitFor(is_so, 10'000); }
    QString statusOf(const QString &node) const {
        const auto &nodes = watcher->picture().nodes();
        return nodes.contains(node) ? nodes.at(node).status : u"none"_qs;
    }
    QString notices() const {
        QStringList all;
        for (const auto &one : *noticed) {
            all << one[0].toString();
        }
        return all.join(u'\n');
    }
    int lists(const QByteArray &path) const {
        int count = 0;
        for (const Asked &one : server.asked()) {
            count += one.path() == path && one.query("prefix").isEmpty();
        }
        return count;
    }
    QByteArray streamedFrom() const { return server.last("/v1/event/stream")->query("index"); }
};

} // namespace

class TestWatcher : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void followsTheStreamAndAsksNothingElse() {
        Watched watched;
        QVERIFY(watched.begin());
        QVERIFY(watched.watcher->streams());
        QCOMPARE(watched.watcher->picture().nodes().size(), 4u);
        QCOMPARE(watched.watcher->picture().deployments().size(), 1u);
        QVERIFY(!watched.watcher->picture().allocations().empty());
        const Asked stream = *watched.server.last("/v1/event/stream");
        QVERIFY2(stream.target.contains("topic=Deployment&topic=Node&topic=Job"),
                 stream.target.constData());
        QVERIFY(!stream.target.contains("Allocation")); // a hundred times as much
        watched.server.tell(nodeEvent(500, first_node, u"down"_qs));
        QVERIFY(watched.wait([&] { return watched.statusOf(first_node) == u"down"; }));
        QCOMPARE(watched.lists("/v1/nodes"), 1);
        QCOMPARE(watched.notices(), QString());
    }
    // All deployments of a job of 100 that was rolled out, as one server told them.
    void aRecordedStreamIsFollowedToItsEnd() {
        Watched watched;
        QVERIFY(watched.begin());
        for (const QByteArray &line : recorded(236).split('\n')) {
            if (!line.trimmed().isEmpty() && line.trimmed() != "{}") {
                watched.server.tell(line);
            }
        }
        QVERIFY(watched.wait([&] {
            const auto &all = watched.watcher->picture().deployments();
            return std::ranges::any_of(all, [](const auto &one) {
                return one.second.job != u"web" && one.second.isOver() &&
                       one.second.groups.at(0).wanted == 100 &&
                       one.second.groups.at(0).healthy == 100;
            });
        }));
    }
    void aCutStreamIsResumedWhereItWas() {
        Watched watched;
        QVERIFY(watched.begin());
        watched.server.tell(nodeEvent(500, first_node, u"down"_qs));
        QVERIFY(watched.wait([&] { return watched.statusOf(first_node) == u"down"; }));
        watched.server.forgetLines(); // what happened meanwhile is not told
        watched.server.put("/v1/nodes", "[]", 501);
        watched.server.cutStreams();
        QVERIFY(watched.wait([&] { return watched.watcher->picture().nodes().empty(); }));
        QVERIFY2(watched.notices().contains(u"the event stream broke"_qs),
                 qPrintable(watched.notices()));
        QVERIFY(watched.wait([&] { return watched.server.openStreams() == 1; }));
        QCOMPARE(watched.streamedFrom(), QByteArray("500"));
    }
    void whatIsNoLineEndsTheStream_data() {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QString>("told");
        QTest::newRow("garbage") << QByteArray("<html>good morning</html>") << u"good morning"_qs;
        QTest::newRow("half a line") << QByteArray("{\"Index\":5,") << u"{\"Index\":5,"_qs;
    }
    void whatIsNoLineEndsTheStream() {
        QFETCH(QByteArray, line);
        QFETCH(QString, told);
        Watched watched;
        QVERIFY(watched.begin());
        watched.server.tell(line);
        QVERIFY(watched.wait([&] { return watched.notices().contains(told); }));
        watched.server.forgetLines();
        QVERIFY(watched.wait([&] {
            return watched.server.count("GET", "/v1/event/stream") > 1 &&
                   watched.watcher->streams();
        }));
        QCOMPARE(watched.watcher->picture().nodes().size(), 4u);
    }
    void lastWordsWithoutAnEndAreRead() {
        Watched watched;
        QVERIFY(watched.begin());
        watched.server.cutStreams("subscription closed by server, client should resubscribe");
        QVERIFY(watched.wait([&] { return watched.notices().contains(u"should resubscribe"_qs); }));
    }
    void aLastLineWithoutAnEndCounts() {
        Watched watched;
        QVERIFY(watched.begin());
        watched.server.put("/v1/nodes", "[]", 499); // what is listed after the end
        watched.server.cutStreams(nodeEvent(500, first_node, u"down"_qs));
        QVERIFY(watched.wait([&] { return watched.statusOf(first_node) == u"down"; }));
        QVERIFY(watched.wait([&] { return watched.notices().contains(u"broke"_qs); }));
    }
    void withoutAStreamListsAreWatched_data() {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("denied") << 403 << QByteArray("Permission denied");
        QTest::newRow("denied by 1.0") << 500 << recorded(180);
        QTest::newRow("sign in") << 401 << QByteArray();
        QTest::newRow("before 1.0") << 404 << QByteArray();
        QTest::newRow("gateway") << 502 << QByteArray(100'000, 'x');
        QTest::newRow("busy") << 429 << QByteArray();
    }
    void withoutAStreamListsAreWatched() {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        Watched watched;
        watched.server.script("GET", "/v1/event/stream", {.status = status, .body = body});
        QVERIFY(watched.begin());
        QVERIFY(!watched.watcher->streams());
        QVERIFY2(watched.notices().contains(u"lists are watched instead"_qs),
                 qPrintable(watched.notices()));
        QVERIFY(watched.wait([&] { return watched.lists("/v1/nodes") == 2; })); // and it waits
        QCOMPARE(watched.server.last("/v1/nodes")->query("index"), QByteArray("469"));
        watched.server.put("/v1/nodes", recorded(210), 580);
        const QString lost = u"26056a21-e55d-13f7-e0db-939c0fe679e1"_qs;
        QVERIFY(watched.wait([&] {
            const auto &nodes = watched.watcher->picture().nodes();
            return std::ranges::any_of(
                nodes, [](const auto &one) { return one.second.status == u"down"; });
        }));
        QVERIFY(watched.statusOf(lost) != u"none");
    }
    void aRedirectedStreamGoesNowhere() {
        Watched watched;
        ReplayServer stranger;
        watched.server.script(
            "GET", "/v1/event/stream",
            {.status = 307,
             .headers = {{"Location", stranger.address().toLatin1() + "/v1/event/stream"}}});
        QVERIFY(watched.begin());
        QVERIFY(!watched.watcher->streams());
        QVERIFY(stranger.asked().empty());
        QVERIFY(watched.watcher->trouble());
        QVERIFY(watched.watcher->trouble()->error.what.contains(stranger.address()));
    }
    void aTableThatMovedIsListedByALook() {
        Watched watched;
        QVERIFY(watched.begin());
        watched.watcher->look();
        QVERIFY(watched.wait([&] { return watched.looked->count() == 1; }));
        QCOMPARE(watched.lists("/v1/nodes"), 1);
        // 1.0 tells nobody when a drain begins.
        watched.server.put("/v1/nodes", recorded(210), 580);
        watched.watcher->look();
        QVERIFY(watched.wait([&] { return watched.looked->count() == 2; }));
        QCOMPARE(watched.lists("/v1/nodes"), 2);
        QCOMPARE(watched.watcher->indexOf(Table::Nodes), 580u);
        QVERIFY(*watched.watcher->ageMs() >= 0);
    }
    void whoIsGoneIsSaidAndFoundAgain() {
        Watched watched;
        QVERIFY(watched.begin());
        watched.server.goAway();
        QVERIFY(watched.wait([&] { return watched.failed->count() > 0; }));
        watched.watcher->look();
        const auto before = watched.failed->count();
        QVERIFY(watched.wait([&] { return watched.failed->count() > before; }));
        QCOMPARE(watched.looked->count(), 0);
        QCOMPARE(watched.watcher->picture().nodes().size(), 4u); // as they were seen last
        watched.server.comeBack();
        QVERIFY(QTest::qWaitFor([&] { return watched.watcher->streams(); }, 30'000));
        watched.watcher->look();
        QVERIFY(watched.wait([&] { return watched.looked->count() == 1; }));
    }
    void anotherHistoryIsSaid() {
        Watched watched;
        QVERIFY(watched.begin());
        watched.server.put("/v1/nodes", "[]", 3);
        watched.watcher->look();
        QVERIFY(watched.wait([&] { return watched.notices().contains(u"began anew"_qs); }));
        QVERIFY(watched.wait([&] { return watched.completed->count() == 2; }));
        QVERIFY(watched.watcher->picture().nodes().empty());
    }
    // Before 1.2.4 a list of the deployments of all namespaces is empty.
    void anOldServerIsAskedForEachNamespace() {
        Watched watched(u"*"_qs);
        watched.server.put("/v1/namespaces", "[{\"Name\":\"default\"},{\"Name\":\"team-a\"}]", 1);
        watched.watcher->setVersion(u"1.0.18"_qs);
        QVERIFY(watched.begin());
        QStringList asked;
        for (const Asked &one : watched.server.asked()) {
            if (one.path() == "/v1/deployments") {
                asked << QString::fromLatin1(one.query("namespace"));
            }
        }
        QCOMPARE(asked, (QStringList{u"default"_qs, u"team-a"_qs}));
        QCOMPARE(watched.server.last("/v1/jobs")->query("namespace"), QByteArray("*"));
        Watched newer(u"*"_qs);
        newer.watcher->setVersion(u"1.6.0"_qs);
        QVERIFY(newer.begin());
        QCOMPARE(newer.server.last("/v1/deployments")->query("namespace"), QByteArray("*"));
    }
    void beginningAnewForgetsWhatWasUnderWay() {
        Watched watched;
        watched.server.script("GET", "/v1/nodes", {.body = "[]", .delay_ms = 300}, 1);
        watched.watcher->begin();
        QVERIFY(watched.wait([&] { return watched.lists("/v1/nodes") == 1; }));
        watched.watcher->begin();
        QVERIFY(watched.wait([&] { return watched.completed->count() == 1; }));
        QCOMPARE(watched.watcher->picture().nodes().size(), 4u);
        QCOMPARE(watched.server.openStreams(), 1);
    }
};

QTEST_GUILESS_MAIN(TestWatcher)
#include "test_watcher.moc"
