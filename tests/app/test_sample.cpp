// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/programs.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTcpSocket>
#include <QTest>

using namespace aviary::tests;

namespace {

const QString v7 = QStringLiteral("v7");
const QString n1 = QStringLiteral("n1");

// The whole answer to one request; empty when there is none.
QByteArray ask(quint16 port, const QByteArray &request) {
    QTcpSocket socket;
    socket.connectToHost(QStringLiteral("127.0.0.1"), port);
    if (!socket.waitForConnected(2'000)) {
        return {};
    }
    socket.write(request);
    QByteArray answer;
    while (socket.waitForReadyRead(2'000)) {
        answer += socket.readAll();
    }
    return answer;
}

QByteArray get(quint16 port, const QByteArray &path) {
    return ask(port, "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
}

int statusOf(const QByteArray &answer) {
    return answer.mid(9, 3).toInt();
}

QJsonObject load(quint16 port, int requests, int rate = 0) {
    return Load(port, {QStringLiteral("--requests"), QString::number(requests),
                       QStringLiteral("--rate"), QString::number(rate)})
        .wait();
}

int exitCodeOf(const QStringList &options) {
    return QProcess::execute(program("aviary-sample"), options);
}

} // namespace

// The sample service and the load generator against each other, as processes.
class TestSample : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void saysWhoItIs() {
        Sample sample(v7, n1);
        const QByteArray answer = get(sample.port(), "/");
        QCOMPARE(statusOf(answer), 200);
        QVERIFY(answer.contains("X-Revision: v7\r\n") && answer.contains("X-Node: n1\r\n"));
        QVERIFY(answer.endsWith("v7 on n1\n"));
        QCOMPARE(statusOf(get(sample.port(), "/health?x=1")), 200);
        QCOMPARE(statusOf(get(sample.port(), "/ready")), 200);
        QCOMPARE(statusOf(get(sample.port(), "/other")), 404);
        QCOMPARE(sample.stop(), 0);
    }
    void badRequests_data() {
        QTest::addColumn<QByteArray>("request");
        QTest::newRow("noise") << QByteArray("\xff\xfe\r\n\r\n");
        QTest::newRow("HTTP/1.0") << QByteArray("GET / HTTP/1.0\r\n\r\n");
        QTest::newRow("no target") << QByteArray("GET HTTP/1.1\r\n\r\n");
        QTest::newRow("header without colon") << QByteArray("GET / HTTP/1.1\r\nx\r\n\r\n");
        QTest::newRow("negative length")
            << QByteArray("GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n");
        QTest::newRow("huge length")
            << QByteArray("GET / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n");
        QTest::newRow("chunked") << QByteArray(
            "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
        QTest::newRow("endless head")
            << QByteArray("GET / HTTP/1.1\r\nx: ") + QByteArray(80'000, 'x');
    }
    void badRequests() {
        QFETCH(QByteArray, request);
        Sample sample(v7, n1);
        QCOMPARE(statusOf(ask(sample.port(), request)), 400);
        QCOMPARE(statusOf(get(sample.port(), "/")), 200); // and it goes on
    }
    void pipelinedRequestsAreAnsweredInOrder() {
        Sample sample(v7, n1, {QStringLiteral("--latency"), QStringLiteral("5")});
        const QByteArray answer =
            ask(sample.port(), "GET /health HTTP/1.1\r\n\r\n"
                               "GET / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc"
                               "GET /ready HTTP/1.1\r\nConnection: close\r\n\r\n");
        QCOMPARE(answer.count("HTTP/1.1 200 OK"), 3);
        QVERIFY(answer.indexOf("ok\n") < answer.indexOf("v7 on n1"));
        QVERIFY(answer.endsWith("ready\n"));
    }
    void errorRate() {
        Sample sample(v7, n1, {QStringLiteral("--error-rate"), QStringLiteral("0.2")});
        const QJsonObject tally = load(sample.port(), 2'000);
        const int errors = countOf(tally, "by_status", QStringLiteral("500"));
        QVERIFY2(errors > 300 && errors < 500, qPrintable(QString::number(errors)));
        QCOMPARE(countOf(tally, "by_revision", v7), 2'000);
        QCOMPARE(tally[u"lost"].toInt(), 0);
    }
    void startDelay() {
        Sample sample(v7, n1, {QStringLiteral("--start-delay"), QStringLiteral("600")});
        QCOMPARE(statusOf(get(sample.port(), "/ready")), 503);
        QCOMPARE(statusOf(get(sample.port(), "/health")), 200);
        QTRY_COMPARE(statusOf(get(sample.port(), "/ready")), 200);
    }
    // Each node has a start of its own, and the same one with the same luck.
    void startsAreDrawn() {
        const auto atOnce = [](const QString &node) {
            Sample sample(v7, node,
                          {QStringLiteral("--start-delay"), QStringLiteral("1"),
                           QStringLiteral("--start-delay-p95"), QStringLiteral("80000000")});
            return statusOf(get(sample.port(), "/ready"));
        };
        int ready = 0;
        // None of them draws a delay between half a millisecond and two minutes.
        const QStringList nodes = QStringLiteral("n1 n2 n4 n5 n6 n8").split(u' ');
        for (const QString &node : nodes) {
            const int status = atOnce(node);
            QCOMPARE(atOnce(node), status);
            ready += status == 200 ? 1 : 0;
        }
        QCOMPARE(ready, 3);
    }
    void someNodesFailToStart() {
        const auto codes = [](const char *luck) {
            QList<int> all;
            for (int i = 1; i <= 12; ++i) {
                all << exitCodeOf({QStringLiteral("--fail-start-rate"), QStringLiteral("0.5"),
                                   QStringLiteral("--exit-after"), QStringLiteral("1"),
                                   QStringLiteral("--luck"), QString::fromLatin1(luck),
                                   QStringLiteral("--node"), QStringLiteral("n%1").arg(i)});
            }
            return all;
        };
        const QList<int> first = codes("1");
        QVERIFY(first.contains(1) && first.contains(70));
        QCOMPARE(codes("1"), first);
        QVERIFY(codes("2") != first);
    }
    // The rate is kept whatever the answers do, and waiting counts as latency.
    void loadIsOpenLoop() {
        Sample sample(v7, n1, {QStringLiteral("--latency"), QStringLiteral("50")});
        QElapsedTimer since;
        since.start();
        Load load(sample.port(),
                  {QStringLiteral("--rate"), QStringLiteral("200"), QStringLiteral("--requests"),
                   QStringLiteral("100"), QStringLiteral("--connections"), QStringLiteral("2")});
        const QJsonObject tally = load.wait();
        QCOMPARE(tally[u"answered"].toInt(), 100);
        // Two connections at 50 ms serve 40 a second: the last one waited about two seconds.
        QVERIFY(tally[u"latency_ms"][u"max"].toDouble() > 1'000);
        QVERIFY(since.elapsed() > 1'500);
    }
    void lostRequestsAreCounted() {
        quint16 port = 0;
        {
            Sample sample(v7, n1);
            port = sample.port();
        }
        const QJsonObject tally = load(port, 5);
        QCOMPARE(tally[u"lost"].toInt(), 5);
        QCOMPARE(countOf(tally, "lost_by_cause", QStringLiteral("Connection refused")), 5);
    }
    // Requests that were begun are finished, also with latency; the exit is clean.
    void stopIsGraceful() {
        Sample sample(v7, n1, {QStringLiteral("--latency"), QStringLiteral("300")});
        QTcpSocket socket;
        socket.connectToHost(QStringLiteral("127.0.0.1"), sample.port());
        QVERIFY(socket.waitForConnected());
        socket.write("GET / HTTP/1.1\r\n\r\n");
        QVERIFY(socket.waitForBytesWritten());
        QCOMPARE(statusOf(get(sample.port(), "/health")), 200); // the request before is in, too
        QCOMPARE(sample.stop(), 0);
        QVERIFY(socket.waitForReadyRead() || socket.bytesAvailable() > 0);
        QVERIFY(socket.readAll().endsWith("v7 on n1\n"));
        QVERIFY(get(sample.port(), "/").isEmpty());
    }
    void exits() {
        QCOMPARE(exitCodeOf({QStringLiteral("--fail-start")}), 1);
        QCOMPARE(exitCodeOf({QStringLiteral("--exit-after"), QStringLiteral("50")}), 70);
        for (const QStringList &wrong :
             {QStringList{QStringLiteral("--error-rate"), QStringLiteral("1.5")},
              QStringList{QStringLiteral("--latency"), QStringLiteral("-1")},
              QStringList{QStringLiteral("--port"), QStringLiteral("70000")},
              QStringList{QStringLiteral("--revision"), QStringLiteral("a\r\nb")},
              QStringList{QStringLiteral("--unknown")}}) {
            QVERIFY2(exitCodeOf(wrong) > 1, qPrintable(wrong.join(u' ')));
        }
    }
    void leaks() {
        Sample sample(v7, n1, {QStringLiteral("--leak"), QStringLiteral("6000")});
        const auto residentKib = [&sample] {
            QFile status(QStringLiteral("/proc/%1/status").arg(sample.pid()));
            const QByteArray text =
                status.open(QIODevice::ReadOnly) ? status.readAll() : QByteArray();
            return text.mid(text.indexOf("VmRSS:") + 6).trimmed().split(' ').first().toInt();
        };
        const int before = residentKib();
        QTRY_VERIFY(residentKib() > before + 20 * 1024);
    }
    void servesThousandsASecond() {
        Sample sample(v7, n1);
        Load load(sample.port(), {QStringLiteral("--rate"), QStringLiteral("0"),
                                  QStringLiteral("--time"), QStringLiteral("500")});
        QVERIFY(load.wait()[u"answered"].toInt() > 1'000);
    }
};

QTEST_GUILESS_MAIN(TestSample)
#include "test_sample.moc"
