// SPDX-License-Identifier: GPL-3.0-or-later
// What calls for a person: raised once, delivered, taken up, and not lost by a restart.
#include "tests/understudies/daemonunderstudy.h"

#include <QTcpServer>
#include <QTcpSocket>
#include <QtTest>

using namespace aviary;
using aviary::tests::DaemonUnderstudy;
using aviary::tests::SimulatedDriver;

namespace {

const QString shop = QStringLiteral("shop");

QJsonObject canary() {
    return {{QStringLiteral("plan"), QStringLiteral(R"(format: aviary-plan/1
service: shop
to: next
strategy: {kind: canary, stages: [50 %, 100 %], bake: 0 s, hold: until promoted}
policy: {min_healthy: 0 s, max_parallel: 4}
judges: [{judge: health_share, threshold: 95 %}]
service_definition: {command: /bin/true, image: "a:next"}
)")}};
}

QJsonArray alerts(DaemonUnderstudy &daemon, bool open = false) {
    return daemon.must(QStringLiteral("alert.list"), {{QStringLiteral("open"), open}})[u"alerts"]
        .toArray();
}

// Answers each post with `status` and keeps the bodies.
class Hook : public QTcpServer {
public:
    explicit Hook(int status) {
        const bool listens = listen(QHostAddress::LocalHost);
        Q_ASSERT(listens);
        connect(this, &QTcpServer::newConnection, this, [this, status] {
            QTcpSocket *socket = nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, this, [this, socket, status] {
                read_ += socket->readAll();
                const auto end = read_.indexOf("\r\n\r\n");
                const auto body = QJsonDocument::fromJson(read_.mid(end + 4));
                if (end > 0 && body.isObject()) {
                    read_.clear();
                    posted.append(body.object());
                    socket->write("HTTP/1.1 " + QByteArray::number(status) +
                                  " x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                    socket->disconnectFromHost();
                }
            });
        });
    }
    QString url() const { return QStringLiteral("http://127.0.0.1:%1/hook").arg(serverPort()); }
    QJsonArray posted;

private:
    QByteArray read_;
};

} // namespace

class TestAlerts : public QObject {
    Q_OBJECT

    static QString startCanary(DaemonUnderstudy &daemon) {
        const QString first = daemon.deploy(shop, QStringLiteral("a:v1"));
        if (!daemon.waitFor(first, QStringLiteral("completed"))) {
            return {};
        }
        return daemon.must(QStringLiteral("deploy"), canary())[u"rollout"][u"id"].toString();
    }

private Q_SLOTS:
    void aHoldCallsOnceUntilItIsOver() {
        DaemonUnderstudy daemon(4);
        const QString id = startCanary(daemon);
        QVERIFY(daemon.waitFor(id, QStringLiteral("waiting")));
        QCOMPARE(alerts(daemon).size(), 1);
        const QJsonObject hold = alerts(daemon)[0].toObject();
        QCOMPARE(hold[u"kind"].toString(), QStringLiteral("hold"));
        QCOMPARE(hold[u"rollout"].toString(), id);
        QVERIFY2(hold[u"text"].toString().contains(u"shop v2"),
                 qPrintable(hold[u"text"].toString()));
        QCOMPARE(hold[u"over_wall_ms"].toInteger(), 0);
        daemon.must(
            QStringLiteral("request"),
            {{QStringLiteral("rollout"), id}, {QStringLiteral("verb"), QStringLiteral("promote")}});
        QVERIFY(daemon.waitFor(id, QStringLiteral("completed")));
        QCOMPARE(alerts(daemon).size(), 1);
        QVERIFY(alerts(daemon)[0][u"over_wall_ms"].toInteger() > 0);
    }

    void aWayBackCallsOnce() {
        DaemonUnderstudy daemon(4);
        const QString id = startCanary(daemon);
        QVERIFY(daemon.waitFor(id, QStringLiteral("waiting")));
        daemon.must(QStringLiteral("request"),
                    {{QStringLiteral("rollout"), id},
                     {QStringLiteral("verb"), QStringLiteral("rollback")}});
        QVERIFY(daemon.waitFor(id, QStringLiteral("rolled_back")));
        QStringList kinds;
        for (const QJsonValue &row : alerts(daemon)) {
            kinds << row[u"kind"].toString();
        }
        kinds.sort();
        QCOMPARE(kinds, QStringList({QStringLiteral("hold"), QStringLiteral("rolled_back")}));
    }

    void acknowledgedAndSnoozedStayThatWayOverARestart() {
        DaemonUnderstudy daemon(4);
        const QString id = startCanary(daemon);
        QVERIFY(daemon.waitFor(id, QStringLiteral("waiting")));
        const QString alert = alerts(daemon)[0][u"id"].toString();
        const auto tooShort =
            daemon.call(QStringLiteral("alert.snooze"),
                        {{QStringLiteral("id"), alert}, {QStringLiteral("for_ms"), 5}});
        QVERIFY(!tooShort);
        QCOMPARE(tooShort.error().where, QStringLiteral("for_ms"));
        const auto snoozed =
            daemon.must(QStringLiteral("alert.snooze"),
                        {{QStringLiteral("id"), alert}, {QStringLiteral("for_ms"), 60'000}});
        QCOMPARE(snoozed[u"alert"][u"snoozed_by"].toString(), QStringLiteral("ops"));
        daemon.must(QStringLiteral("alert.ack"), {{QStringLiteral("id"), alert}});
        QCOMPARE(alerts(daemon, true).size(), 0);
        daemon.stop();
        daemon.start();
        QVERIFY(daemon.waitFor(id, QStringLiteral("waiting")));
        QCOMPARE(alerts(daemon, true).size(), 0);
        QCOMPARE(alerts(daemon).size(), 1);
        QCOMPARE(alerts(daemon)[0][u"acknowledged_by"].toString(), QStringLiteral("ops"));
        QCOMPARE(
            daemon.call(QStringLiteral("alert.ack"), {{QStringLiteral("id"), shop}}).error().code,
            ErrorCode::NotFound);
    }

    void aLostClusterCallsUntilItIsBack() {
        DaemonUnderstudy daemon(4);
        daemon.cluster().setAnswering(false);
        QTRY_COMPARE(alerts(daemon).size(), 1);
        QCOMPARE(alerts(daemon)[0][u"kind"].toString(), QStringLiteral("cluster_lost"));
        QCOMPARE(alerts(daemon)[0][u"over_wall_ms"].toInteger(), 0);
        daemon.cluster().setAnswering(true);
        QTRY_VERIFY(alerts(daemon)[0][u"over_wall_ms"].toInteger() > 0);
        QCOMPARE(alerts(daemon).size(), 1);
    }

    void aWebhookGetsItAndItsAnswerIsTold_data() {
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("told");
        QTest::newRow("taken") << 204 << QStringLiteral("webhook: done");
        QTest::newRow("not taken") << 500 << QStringLiteral("webhook: answered 500");
    }

    void aWebhookGetsItAndItsAnswerIsTold() {
        QFETCH(int, status);
        QFETCH(QString, told);
        Hook hook(status);
        DaemonUnderstudy daemon(4);
        daemon.must(QStringLiteral("alert.delivery"), {{QStringLiteral("webhook"), hook.url()}});
        const QString id = startCanary(daemon);
        QTRY_COMPARE(hook.posted.size(), 1);
        QCOMPARE(hook.posted[0][u"rollout"].toString(), id);
        QTRY_COMPARE(alerts(daemon)[0][u"delivery"].toString(), told);
    }

    void aCommandReadsIt() {
        QTemporaryDir directory;
        const QString file = directory.filePath(QStringLiteral("alert.json"));
        DaemonUnderstudy daemon(4);
        const QJsonArray command{QStringLiteral("/bin/sh"), QStringLiteral("-c"),
                                 QStringLiteral("cat > \"$0\""), file};
        daemon.must(QStringLiteral("alert.delivery"), {{QStringLiteral("command"), command}});
        daemon.stop();
        daemon.start(); // what was set is still set
        daemon.must(QStringLiteral("cluster.lock"), {{QStringLiteral("unlocked"), true}});
        QTRY_COMPARE(
            daemon.must(QStringLiteral("cluster.list"))[u"clusters"][0][u"contact"].toString(),
            QStringLiteral("live"));
        const QString id = startCanary(daemon);
        QTRY_VERIFY(!alerts(daemon).isEmpty());
        QTRY_COMPARE(alerts(daemon)[0][u"delivery"].toString(), QStringLiteral("command: done"));
        QFile written(file);
        QVERIFY(written.open(QIODevice::ReadOnly));
        QCOMPARE(QJsonDocument::fromJson(written.readAll())[u"rollout"].toString(), id);
    }

    void whatCannotDeliverIsRefused_data() {
        QTest::addColumn<QJsonObject>("given");
        QTest::addColumn<QString>("where");
        const auto row = [](const char *name, const QJsonObject &given, const char *where) {
            QTest::newRow(name) << given << QString::fromLatin1(where);
        };
        row("no path", {{QStringLiteral("command"), QJsonArray{QStringLiteral("cat")}}}, "command");
        row("no program", {{QStringLiteral("command"), QJsonArray{QStringLiteral("/nowhere")}}},
            "command");
        row("a folder", {{QStringLiteral("command"), QJsonArray{QStringLiteral("/tmp")}}},
            "command");
        row("a file", {{QStringLiteral("webhook"), QStringLiteral("file:///etc/passwd")}},
            "webhook");
        row("no host", {{QStringLiteral("webhook"), QStringLiteral("http://")}}, "webhook");
    }

    void whatCannotDeliverIsRefused() {
        QFETCH(QJsonObject, given);
        QFETCH(QString, where);
        DaemonUnderstudy daemon(1);
        const auto refused = daemon.call(QStringLiteral("alert.delivery"), given);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Invalid);
        QCOMPARE(refused.error().where, where);
        QVERIFY(!refused.error().remedy.isEmpty());
        QCOMPARE(daemon.must(QStringLiteral("alert.delivery"))[u"command"].toArray().size(), 0);
    }

    void aRunThatLeftItsFanCallsOnce() {
        DaemonUnderstudy daemon(4);
        const QString id = startCanary(daemon);
        QVERIFY(daemon.waitFor(id, QStringLiteral("waiting")));
        const QJsonObject left{{QStringLiteral("rollout"), id},
                               {QStringLiteral("text"), QStringLiteral("slower than 95 %")}};
        const auto first = daemon.must(QStringLiteral("alert.raise"), left)[u"alert"].toObject();
        QCOMPARE(first[u"kind"].toString(), QStringLiteral("left_fan"));
        QCOMPARE(daemon.must(QStringLiteral("alert.raise"), left)[u"alert"].toObject(), first);
        QCOMPARE(alerts(daemon).size(), 2);
    }
};

QTEST_GUILESS_MAIN(TestAlerts)
#include "test_alerts.moc"
