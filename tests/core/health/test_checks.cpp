// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/health/machineprobe.h"
#include "core/health/watch.h"

#include <QElapsedTimer>
#include <QFile>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

#include <signal.h>

using namespace aviary;
using namespace aviary::health;

namespace {

// Answers every connection with the same bytes; with none it accepts and stays silent.
class CannedServer : public QTcpServer {
public:
    explicit CannedServer(QByteArray answer, const QHostAddress &address = QHostAddress::LocalHost)
        : answer_(std::move(answer)) {
        listen(address);
        connect(this, &QTcpServer::newConnection, this, [this] {
            QTcpSocket *socket = nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, this, [this, socket] {
                socket->readAll();
                if (!answer_.isEmpty()) {
                    socket->write(answer_);
                    socket->disconnectFromHost();
                }
            });
        });
    }
    void setAnswer(const QByteArray &answer) { answer_ = answer; }

private:
    QByteArray answer_;
};

CheckResult resultOf(const Check &check, const Endpoint &endpoint = {}) {
    const std::unique_ptr<Probe> probe = makeProbe(check, endpoint);
    CheckResult result;
    int answers = 0;
    QObject::connect(probe.get(), &Probe::finished, probe.get(), [&](const CheckResult &answer) {
        result = answer;
        ++answers;
    });
    probe->start();
    if (!QTest::qWaitFor([&] { return answers > 0; }, check.timeout_ms + 2'000) || answers != 1) {
        result.text = QStringLiteral("answered %1 times").arg(answers);
        result.health = Health::NoCheck;
    }
    return result;
}

Check checkOf(Question question, int timeout_ms = 3'000) {
    Check check;
    check.name = QStringLiteral("a");
    check.question = std::move(question);
    check.timeout_ms = timeout_ms;
    return check;
}

} // namespace

class TestChecks : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void http_data() {
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<QString>("contains");
        QTest::addColumn<int>("health");
        const auto row = [](const char *name, const char *answer, const char *contains,
                            Health health) {
            QTest::newRow(name) << QByteArray(answer) << QString::fromLatin1(contains)
                                << static_cast<int>(health);
        };
        row("200", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n", "", Health::Healthy);
        row("body found", "HTTP/1.1 200 OK\r\n\r\nall is ok", "is ok", Health::Healthy);
        row("body missing", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nno\n", "ok",
            Health::Unhealthy);
        row("body after the length ends", "HTTP/1.1 200 OK\r\n\r\nsomething", "ok",
            Health::Unhealthy);
        row("404 is expected", "HTTP/1.1 404 Not Found\r\n\r\n", "", Health::Healthy);
        row("503", "HTTP/1.1 503 Busy\r\n\r\n", "", Health::Unhealthy);
        row("redirect is not followed", "HTTP/1.1 302 Found\r\nLocation: http://x/\r\n\r\n", "",
            Health::Unhealthy);
        row("not HTTP", "SSH-2.0-OpenSSH_9.2\r\n\r\n", "", Health::Unhealthy);
        row("cut off in the head", "HTTP/1.1 200 OK\r\nContent", "", Health::Unhealthy);
        row("silence", "", "", Health::Silent);
    }
    void http() {
        QFETCH(QByteArray, answer);
        QFETCH(QString, contains);
        QFETCH(int, health);
        CannedServer server(answer);
        HttpCheck question;
        question.statuses = {{200, 299}, {404, 404}};
        question.body_contains = contains;
        Endpoint endpoint;
        endpoint.port = server.serverPort();
        const CheckResult result = resultOf(checkOf(question, 300), endpoint);
        QVERIFY2(result.health == static_cast<Health>(health), qPrintable(result.text));
    }
    void bodyIsBounded() {
        const QByteArray huge(4'000'000, 'x');
        CannedServer server("HTTP/1.1 200 OK\r\n\r\n" + huge + "needle");
        HttpCheck question;
        question.port = server.serverPort();
        question.body_contains = QStringLiteral("needle");
        QCOMPARE(resultOf(checkOf(question)).health, Health::Unhealthy);
    }
    void tcp() {
        CannedServer v4({});
        CannedServer v6({}, QHostAddress::LocalHostIPv6);
        QCOMPARE(resultOf(checkOf(TcpCheck{QStringLiteral("127.0.0.1"), v4.serverPort()})).health,
                 Health::Healthy);
        if (v6.isListening()) {
            QCOMPARE(resultOf(checkOf(TcpCheck{QStringLiteral("::1"), v6.serverPort()})).health,
                     Health::Healthy);
        }
        const quint16 port = v4.serverPort();
        v4.close();
        const CheckResult refused = resultOf(checkOf(TcpCheck{QStringLiteral("127.0.0.1"), port}));
        QCOMPARE(refused.health, Health::Unhealthy);
        QVERIFY(refused.text.contains(u"refused"));
        QCOMPARE(resultOf(checkOf(TcpCheck{})).health, Health::Unknown);
    }
    void command_data() {
        QTest::addColumn<QStringList>("command");
        QTest::addColumn<int>("health");
        const auto shell = [](const char *text) {
            return QStringList{QStringLiteral("/bin/sh"), QStringLiteral("-c"),
                               QString::fromLatin1(text)};
        };
        QTest::newRow("found") << shell("echo $NODE ok") << static_cast<int>(Health::Healthy);
        QTest::newRow("other code")
            << shell("echo n7 ok; exit 3") << static_cast<int>(Health::Unhealthy);
        QTest::newRow("other output") << shell("echo no") << static_cast<int>(Health::Unhealthy);
        QTest::newRow("killed") << shell("kill -9 $$") << static_cast<int>(Health::Unhealthy);
        QTest::newRow("endless output") << shell("yes") << static_cast<int>(Health::Silent);
        QTest::newRow("no such program")
            << QStringList{QStringLiteral("/no/such/program")} << static_cast<int>(Health::Unknown);
    }
    void command() {
        QFETCH(QStringList, command);
        QFETCH(int, health);
        Endpoint endpoint;
        endpoint.node = QStringLiteral("n7");
        const CommandCheck question{command, 0, QStringLiteral("n7 ok")};
        const CheckResult result = resultOf(checkOf(question, 700), endpoint);
        QVERIFY2(result.health == static_cast<Health>(health), qPrintable(result.text));
    }
    // What a late check started dies with it, also when the probe is cancelled.
    void commandLeavesNothingBehind() {
        const QTemporaryDir directory;
        const QString path = directory.filePath(QStringLiteral("pid"));
        const QString script =
            u"sleep 60 & echo $! > " + path + u".new; mv " + path + u".new " + path + u"; wait";
        const CommandCheck question{
            {QStringLiteral("/bin/sh"), QStringLiteral("-c"), script}, 0, {}};
        for (const bool cancel : {false, true}) {
            QFile::remove(path);
            std::unique_ptr<Probe> probe = makeProbe(checkOf(question, cancel ? 60'000 : 500), {});
            probe->start();
            QTRY_VERIFY(QFile::exists(path));
            QFile file(path);
            QVERIFY(file.open(QIODevice::ReadOnly));
            const pid_t pid = file.readAll().trimmed().toInt();
            QVERIFY(pid > 0);
            if (cancel) {
                probe.reset();
            }
            const auto gone = [pid] {
                QFile stat(QStringLiteral("/proc/%1/stat").arg(pid));
                return !stat.open(QIODevice::ReadOnly) || stat.readAll().contains(") Z ");
            };
            QTRY_VERIFY(gone());
        }
    }
    void machine() {
        QCOMPARE(resultOf(checkOf(MemoryCheck{100, 100})).health, Health::Healthy);
        QCOMPARE(resultOf(checkOf(MemoryCheck{0, 100})).health, Health::Degraded);
        QCOMPARE(resultOf(checkOf(DiskCheck{QStringLiteral("/"), 0, 0})).health, Health::Unhealthy);
        QCOMPARE(resultOf(checkOf(DiskCheck{QStringLiteral("/no/such/place"), 1, 2})).health,
                 Health::Unknown);
        QCOMPARE(memoryPercent("MemTotal: 1000 kB\nMemAvailable:  250 kB\n"), std::optional(75.0));
        QCOMPARE(memoryPercent("MemTotal: 1000 kB\n"), std::nullopt);
        QCOMPARE(memoryPercent("MemTotal: x kB\nMemAvailable: 1 kB\n"), std::nullopt);
        QCOMPARE(healthOfPercent(80, 80, 95), Health::Degraded);
        QCOMPARE(healthOfPercent(95, 80, 95), Health::Unhealthy);
        QCOMPARE(healthOfPercent(79.9, 80, 95), Health::Healthy);
    }
    void aggregates_data() {
        QTest::addColumn<QList<int>>("critical");
        QTest::addColumn<QList<int>>("other");
        QTest::addColumn<int>("expected");
        constexpr int unknown = 1, silent = 2, bad = 3, degraded = 4, good = 5;
        QTest::newRow("none") << QList<int>{} << QList<int>{} << 0;
        QTest::newRow("all good") << QList{good} << QList{good} << good;
        QTest::newRow("critical bad") << QList{good, bad, silent, unknown} << QList{good} << bad;
        QTest::newRow("critical silent") << QList{good, silent, unknown} << QList{bad} << silent;
        QTest::newRow("critical unknown") << QList{good, unknown} << QList{bad} << unknown;
        QTest::newRow("only unknown") << QList{unknown} << QList<int>{} << unknown;
        QTest::newRow("critical degraded") << QList{degraded} << QList{good} << degraded;
        QTest::newRow("other bad") << QList{good} << QList{bad} << degraded;
        QTest::newRow("other unknown") << QList{good} << QList{unknown} << degraded;
        QTest::newRow("not even asked") << QList{0} << QList{good} << unknown;
    }
    void aggregates() {
        QFETCH(QList<int>, critical);
        QFETCH(QList<int>, other);
        QFETCH(int, expected);
        std::vector<CheckResult> results;
        for (const int health : critical) {
            results.push_back({QStringLiteral("c"), static_cast<Health>(health), true, {}, 0});
        }
        for (const int health : other) {
            results.push_back({QStringLiteral("o"), static_cast<Health>(health), false, {}, 0});
        }
        QCOMPARE(static_cast<int>(aggregate(results)), expected);
    }
    void watchFollows() {
        CannedServer server("HTTP/1.1 503 Busy\r\n\r\n");
        Check check = checkOf(HttpCheck{});
        check.interval_ms = 20;
        Endpoint endpoint;
        endpoint.port = server.serverPort();
        Watch watch({check}, endpoint);
        QCOMPARE(watch.health(), Health::Unknown);
        watch.start();
        QTRY_COMPARE(watch.health(), Health::Unhealthy);
        QVERIFY(watch.reason().contains(u"503"));
        server.setAnswer("HTTP/1.1 200 OK\r\n\r\n");
        QTRY_COMPARE(watch.health(), Health::Healthy);
        server.close();
        QTRY_COMPARE(watch.health(), Health::Unhealthy);
        QCOMPARE(Watch({}, {}).health(), Health::NoCheck);
    }
    void checksOfADefinition() {
        ServiceDefinition definition;
        definition.checks.resize(4);
        CheckDefinition &ready = definition.checks[0];
        ready.name = QStringLiteral("ready");
        ready.path = QStringLiteral("/ready");
        ready.status = 204;
        ready.contains = QStringLiteral("ok");
        ready.port = 81;
        definition.checks[1].kind = CheckDefinition::Kind::Tcp;
        definition.checks[1].critical = false;
        definition.checks[1].timeout_ms = 7;
        definition.checks[2].kind = CheckDefinition::Kind::Command;
        definition.checks[2].command = QStringLiteral("/bin/test");
        definition.checks[2].args = QStringList{QStringLiteral("-e"), QStringLiteral("x")};
        definition.checks[3].kind = CheckDefinition::Kind::Disk;
        definition.checks[3].path = QStringLiteral("/srv");
        const std::vector<Check> checks = checksOf(definition);
        QCOMPARE(checks.size(), std::size_t{4});
        const HttpCheck http{{}, 81, QStringLiteral("/ready"), {{204, 204}}, QStringLiteral("ok")};
        QVERIFY(std::get<HttpCheck>(checks[0].question) == http);
        QCOMPARE(checks[0].name, QStringLiteral("ready"));
        QVERIFY(!checks[1].critical && checks[1].timeout_ms == 7);
        QCOMPARE(std::get<CommandCheck>(checks[2].question).command.size(), 3);
        QCOMPARE(std::get<DiskCheck>(checks[3].question).path, QStringLiteral("/srv"));
    }
};

QTEST_GUILESS_MAIN(TestChecks)
#include "test_checks.moc"
