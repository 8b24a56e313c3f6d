// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/routing/flagfile.h"
#include "core/routing/haproxychanges.h"
#include "core/routing/haproxyrouter.h"
#include "core/routing/norouter.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

#include <numeric>

using namespace aviary;
using namespace aviary::routing;

namespace {

const QByteArray stat_head =
    "# pxname,svname,scur,status,hrsp_1xx,hrsp_2xx,hrsp_3xx,hrsp_4xx,hrsp_5xx,hrsp_other,addr,\n";

QByteArrayList answers() {
    return {stat_head + "slot0,n1,2,UP 1/3,0,5,0,0,0,0,127.0.0.1:81,\n"
                        "slot0,n:2f2,0,DRAIN,0,5,0,0,0,0,127.0.0.1:82,\n"
                        "slot0,BACKEND,2,UP,1,10,2,3,4,5,,\n"
                        "slot1,n1,0,DOWN,0,5,0,0,0,0,[::1]:83,\n"
                        "slot1,BACKEND,2,UP,0,7,0,0,0,0,,\n\n",
            "# table: counted, type: integer, size:64, used:3\n"
            "0x5: key=0 use=0 exp=0 gpc0=20 gpc1=6\n"
            "0x6: key=1000 use=0 exp=0 gpc0=99 gpc1=0\n\n",
            "0x55 split 0:1:2500:400:0\n\n",
            "0x1 0 v1,3,1,0,0\n0x2 1 v2:20x,0,0,0,0\n0x3 2 .,0,0,0,0\n0x4 3 .,0,0,0,0\n"
            "0x5 4 .,0,0,0,0\n0x6 5 .,0,0,0,0\n0x7 6 .,0,0,0,0\n0x8 7 .,0,0,0,0\n\n"};
}

Server serverOf(const char *revision, const char *node, quint16 port) {
    return {QStringLiteral("shop"), QString::fromLatin1(revision), QString::fromLatin1(node),
            QStringLiteral("127.0.0.1"), port};
}

} // namespace

class TestRouting : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsTheView() {
        const Result<HaproxyView> view = readView(answers().join());
        QVERIFY(view.has_value());
        const RouteView route = routeView(*view, QStringLiteral("shop"), 80);
        QCOMPARE(route.split, (Split{QStringLiteral("shop"), QStringLiteral("v2 x"),
                                     QStringLiteral("v1"), 2'500, 400}));
        QCOMPARE(route.samples.at(QStringLiteral("v1")), (kernel::Sample{22, 3, 20, 6}));
        QCOMPARE(route.servers.size(), std::size_t{3});
        QCOMPARE(route.servers[0].open_requests, 2U);
        QCOMPARE(route.servers[1].server.node, QStringLiteral("n/2"));
        QCOMPARE(route.servers[1].state, ServerState::Draining);
        QCOMPARE(route.servers[2].server.host, QStringLiteral("::1"));
        QCOMPARE(route.servers[2].state, ServerState::Down);
    }
    void refusesStrangeAnswers() {
        for (int i = 0; i < 4; ++i) {
            for (const QByteArray &other :
                 {QByteArray(), QByteArray("Unknown command"), QByteArray(2'000, '\xfe')}) {
                QByteArrayList changed = answers();
                changed[i] = other;
                QVERIFY(i == 1 || !readView(changed.join()).has_value());
            }
        }
        QVERIFY(!readView(QByteArray()).has_value());
    }
    void words() {
        for (const QString &name :
             {QStringLiteral("v1.2/ä:x y"), QStringLiteral("-"), QStringLiteral("."), QString()}) {
            QCOMPARE(nameOfWord(wordOf(name)), std::optional(name));
        }
        QCOMPARE(nameOfWord("a:2"), std::nullopt);
        QCOMPARE(nameOfWord("a:zz"), std::nullopt);
        QVERIFY(!wordOf(QStringLiteral("../a;b c\n")).contains('/'));
    }
    // An order that is true already sends nothing.
    void changesAreIdempotent() {
        const HaproxyView view = *readView(answers().join());
        QVERIFY(commandsToAdd(view, serverOf("v1", "n1", 81))->isEmpty());
        QVERIFY(commandsToDrain(view, serverOf("v1", "n/2", 82)).isEmpty());
        QVERIFY(commandsToRemove(view, serverOf("v1", "n9", 82)).isEmpty());
        QVERIFY(commandsToSplit(view, {QStringLiteral("shop"), QStringLiteral("v2 x"),
                                       QStringLiteral("v1"), 2'500, 400})
                    ->isEmpty());
    }
    void newRevisionTakesAFreeSlot() {
        const HaproxyView view = *readView(answers().join());
        const Result<QByteArrayList> commands = commandsToAdd(view, serverOf("v3", "n1", 90));
        QVERIFY(commands.has_value());
        QCOMPARE(commands->first(), QByteArray("set map slots.map 2 v3,0,0,0,0"));
        QVERIFY(commands->at(1).startsWith("add server slot2/n1 127.0.0.1:90 "));
    }
    // A moved server is made anew, and the last drained stable server hands its share over.
    void movesAndSpills() {
        HaproxyView view = *readView(answers().join());
        const Result<QByteArrayList> moved = commandsToAdd(view, serverOf("v1", "n1", 99));
        QCOMPARE(moved->mid(0, 2),
                 (QByteArrayList{"set server slot0/n1 state maint", "del server slot0/n1"}));
        const QByteArrayList drain = commandsToDrain(view, serverOf("v1", "n1", 81));
        QCOMPARE(drain, (QByteArrayList{"set map split.map split 0:1:2500:400:1",
                                        "set server slot0/n1 state drain"}));
        view.split.spill = true;
        QVERIFY(commandsToAdd(view, serverOf("v1", "n7", 87))
                    ->contains("set map split.map split 0:1:2500:400:0"));
    }
    // A drained server comes back as it is: its last requests may still be open.
    void drainedServerComesBack() {
        const HaproxyView view = *readView(answers().join());
        QCOMPARE(commandsToAdd(view, serverOf("v1", "n/2", 82))->first(),
                 QByteArray("set server slot0/n:2f2 state ready"));
    }
    void slotsRunOut() {
        HaproxyView view = *readView(answers().join());
        for (int slot = 0; slot < haproxy_slots; ++slot) {
            view.slots[static_cast<std::size_t>(slot)].revision = QStringLiteral("r%1").arg(slot);
            view.servers.push_back({slot, QStringLiteral("n"), {}, 1, ServerState::Ready, 0});
        }
        QCOMPARE(commandsToAdd(view, serverOf("v9", "n1", 90)).error().code, ErrorCode::Refused);
        view.servers.erase(view.servers.begin() + 3, view.servers.end()); // only old ones are left
        QCOMPARE(commandsToAdd(view, serverOf("v9", "n1", 90))->first().left(20),
                 QByteArray("set map slots.map 2 "));
    }
    void refusesBadInput() {
        const HaproxyView view = *readView(answers().join());
        Server server = serverOf("v1", "n5", 90);
        server.host = QStringLiteral("127.0.0.1:1;shutdown");
        QCOMPARE(commandsToAdd(view, server).error().code, ErrorCode::Invalid);
        server = serverOf("v1", "n5", 0);
        QCOMPARE(commandsToAdd(view, server).error().code, ErrorCode::Invalid);
        for (const int weight : {-1, 10'001}) {
            QVERIFY(!commandsToSplit(view,
                                     {{}, QStringLiteral("v2"), QStringLiteral("v1"), weight, 1}));
        }
    }
    // Every place comes once in 10,000 requests, and any 1,000 in a row are within 0.3 points.
    void placesAreEven() {
        QCOMPARE(std::gcd(haproxy_step, 10'000), 1);
        for (const int weight : {1, 100, 1'000, 2'500, 5'000, 9'999}) {
            std::vector<int> sums(1, 0);
            for (int n = 1; n <= 20'000; ++n) {
                sums.push_back(sums.back() + (n * haproxy_step % 10'000 < weight ? 1 : 0));
            }
            for (std::size_t begin = 0; begin + 1'000 < sums.size(); ++begin) {
                const int hits = sums[begin + 1'000] - sums[begin];
                QVERIFY(std::abs(hits - weight / 10.0) <= 3.0);
            }
        }
    }
    void versions() {
        QCOMPARE(haproxyVersion("HAProxy version 2.6.12-1+deb12u4 2026/10/17 - x\nStatus"),
                 QStringLiteral("2.6.12"));
        QCOMPARE(haproxyVersion("HA-Proxy version 1.8.19 2019"), QStringLiteral("1.8.19"));
        QCOMPARE(haproxyVersion("nginx"), QString());
    }
    void withoutHaproxyItSaysSo() {
        const QTemporaryDir directory;
        const auto router = makeRouter(directory.path(), {}, {QStringLiteral("/bin/true"), {}});
        QCOMPARE(router->kind(), kernel::RouterKind::None);
        QVERIFY(router->text().contains(u"traffic cannot be split"));
        std::optional<Result<void>> added;
        std::optional<Result<void>> split;
        router->add(serverOf("v1", "n1", 80), [&](const Result<void> &result) { added = result; });
        router->setSplit({QStringLiteral("shop"), QStringLiteral("v1"), {}, 10'000, 1},
                         [&](const Result<void> &result) { split = result; });
        QTRY_VERIFY(added && split);
        QVERIFY(added->has_value());
        QCOMPARE(split->error().code, ErrorCode::Refused);
        QVERIFY(split->error().remedy.contains(u"HAProxy"));
    }
    void flags_data() {
        QTest::addColumn<int>("weight");
        for (const int weight : {0, 1, 250, 9'999, 10'000}) {
            QTest::addRow("%d", weight) << weight;
        }
    }
    void flags() {
        QFETCH(int, weight);
        const QTemporaryDir directory;
        const QString path = directory.filePath(QStringLiteral("flags.json"));
        QFile other(path);
        QVERIFY(other.open(QIODevice::WriteOnly));
        other.write(R"({"$evaluators":{"a":1},"flags":{"mine":{"state":"DISABLED",
                        "variants":{"x":1},"defaultVariant":"x"}}})");
        other.close();
        const FlagFile file(path);
        QVERIFY(file.set(QStringLiteral("ff_shop_v2"), weight).has_value());
        const auto weights = file.read();
        QCOMPARE(weights->at(QStringLiteral("ff_shop_v2")), weight);
        QVERIFY(!weights->contains(QStringLiteral("mine")));
        QVERIFY(other.open(QIODevice::ReadOnly));
        const QJsonObject document = QJsonDocument::fromJson(other.readAll()).object();
        QCOMPARE(document[u"flags"][u"mine"][u"variants"][u"x"].toInt(), 1);
        QCOMPARE(document[u"$evaluators"][u"a"].toInt(), 1);
        const QJsonObject flag = document[u"flags"][u"ff_shop_v2"].toObject();
        QCOMPARE(flag[u"targeting"].isUndefined(), weight == 0 || weight == 10'000);
        QCOMPARE(flag[u"defaultVariant"].toString(),
                 weight == 10'000 ? QStringLiteral("on") : QStringLiteral("off"));
    }
    void flagFileOfOthers() {
        const QTemporaryDir directory;
        const QString path = directory.filePath(QStringLiteral("flags.json"));
        QVERIFY(FlagFile(path).read()->empty());
        for (const char *text : {"", "[]", "{", R"({"flags":[]})"}) {
            QFile file(path);
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(text);
            file.close();
            QCOMPARE(FlagFile(path).set(QStringLiteral("a"), 1).error().code, ErrorCode::Invalid);
            QVERIFY(file.open(QIODevice::ReadOnly));
            QCOMPARE(file.readAll(), QByteArray(text)); // nothing of another's is destroyed
        }
        QCOMPARE(FlagFile(directory.filePath(QStringLiteral("no/flags.json")))
                     .set(QStringLiteral("a"), 1)
                     .error()
                     .code,
                 ErrorCode::Storage);
    }
};

QTEST_GUILESS_MAIN(TestRouting)
#include "test_routing.moc"
