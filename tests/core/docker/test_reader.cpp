// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/docker/dockernode.h"
#include "core/clusters/docker/httpreader.h"

#include <QJsonDocument>
#include <QTest>

using namespace aviary;
using namespace aviary::clusters;

namespace {

// Feeds the answer in pieces of `size` bytes; what the reader made of it.
struct Fed {
    Result<void> result;
    int status = 0;
    QByteArray body;
    bool done = false;
};
Fed fed(const QByteArray &answer, qsizetype size) {
    HttpReader reader;
    reader.begin();
    Fed fed;
    for (qsizetype at = 0; at < answer.size() && fed.result; at += size) {
        fed.result = reader.feed(answer.mid(at, size));
        fed.body += reader.takeBody();
    }
    fed.status = reader.status();
    fed.done = reader.isDone();
    return fed;
}

QByteArray frame(char stream, const QByteArray &text) {
    QByteArray head(8, '\0');
    head[0] = stream;
    head[7] = static_cast<char>(text.size());
    return head + text;
}

} // namespace

class TestReader : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsWhole_data() {
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("length") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
                                << 200 << QByteArray("hello");
        QTest::newRow("chunks") << QByteArray(
                                       "HTTP/1.1 201 Created\r\ntransfer-ENCODING: chunked"
                                       "\r\n\r\n3\r\nabc\r\nA;x=1\r\n0123456789\r\n0\r\n\r\n")
                                << 201 << QByteArray("abc0123456789");
        QTest::newRow("nothing") << QByteArray("HTTP/1.1 204 No Content\r\n\r\n") << 204
                                 << QByteArray();
        QTest::newRow("goes on first")
            << QByteArray("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 304 Not Modified\r\n\r\n") << 304
            << QByteArray();
    }
    void readsWhole() {
        QFETCH(QByteArray, answer);
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        for (qsizetype size = 1; size <= answer.size(); ++size) {
            const Fed got = fed(answer, size);
            QVERIFY2(got.result.has_value(), qPrintable(QString::number(size)));
            QVERIFY(got.done);
            QCOMPARE(got.status, status);
            QCOMPARE(got.body, body);
        }
    }
    void refusesWhatIsNoAnswer_data() {
        QTest::addColumn<QByteArray>("answer");
        QTest::newRow("ssh") << QByteArray("SSH-2.0-OpenSSH_9.2\r\n");
        QTest::newRow("tls alert") << QByteArray("\x15\x03\x01\x00\x02\x02\x46", 7);
        QTest::newRow("status") << QByteArray("HTTP/1.1 9999 ?\r\n\r\n");
        QTest::newRow("negative length")
            << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n");
        QTest::newRow("length is a word")
            << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\n");
        QTest::newRow("chunk size")
            << QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n");
        QTest::newRow("chunk too long")
            << QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n");
        QTest::newRow("endless head")
            << "HTTP/1.1 200 OK\r\nA: " + QByteArray(HttpReader::head_bytes_max + 10, 'a');
        QTest::newRow("more than was asked")
            << QByteArray("HTTP/1.1 204 No Content\r\n\r\n") + "HTTP/1.1 200 OK\r\n";
    }
    void refusesWhatIsNoAnswer() {
        QFETCH(QByteArray, answer);
        HttpReader reader;
        reader.begin();
        Result<void> result = reader.feed(answer.left(answer.indexOf("\r\n\r\n") + 4));
        if (result) {
            result = reader.feed(answer.mid(answer.indexOf("\r\n\r\n") + 4));
        }
        QVERIFY(!result);
        QVERIFY(!result.error().remedy.isEmpty());
    }
    void anEndInTheMiddleIsAnError() {
        HttpReader reader;
        reader.begin();
        QVERIFY(reader.feed("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel"));
        QVERIFY(!reader.feedEnd());
        reader.begin();
        QVERIFY(reader.feed("HTTP/1.0 200 OK\r\n\r\nall of it"));
        QVERIFY(reader.feedEnd());
        QCOMPARE(reader.takeBody(), QByteArray("all of it"));
        QVERIFY(reader.closes());
    }
    void logsAreLines() {
        const std::vector<LogLine> lines = logLines(
            frame(1, "2026-11-20T12:00:00.123456789Z one\n") +
            frame(2, "2026-11-20T12:00:01.000000000Z two \x1b[31mred\n") + frame(1, "no time\n"));
        QCOMPARE(lines.size(), std::size_t{3});
        QCOMPARE(lines[0].text, QStringLiteral("one"));
        QCOMPARE(lines[1].wall_ms - lines[0].wall_ms, 877);
        QVERIFY(!lines[1].text.contains(QChar(0x1b)));
        QCOMPARE(lines[2].wall_ms, 0);
        const std::vector<LogLine> podman = logLines(frame(1, "2026-11-20T12:00:02Z three\n"));
        QCOMPARE(podman.at(0).text, QStringLiteral("three"));
        QCOMPARE(podman.at(0).wall_ms - lines[1].wall_ms, 1'000);
        QVERIFY(logLines(QByteArray("\x01\x00\x00\x00\x7f\xff\xff\xff", 8)).empty());
    }

    void clusters_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("flaw"); // empty: there is none
        QTest::newRow("good") << QByteArray(
                                     "{\"nodes\": [{\"id\": \"a\", \"host\": \"unix:///a\"}]}")
                              << QString();
        QTest::newRow("no engine")
            << QByteArray("{\"nodes\": [{\"id\": \"a\"}]}") << QStringLiteral("reached");
        QTest::newRow("both")
            << QByteArray(
                   "{\"nodes\": [{\"id\": \"a\", \"host\": \"ssh://b\", \"context\": \"c\"}]}")
            << QStringLiteral("reached");
        QTest::newRow("an option")
            << QByteArray("{\"nodes\": [{\"id\": \"a\", \"context\": \"-Hx\"}]}")
            << QStringLiteral("reached");
        QTest::newRow("another scheme")
            << QByteArray("{\"nodes\": [{\"id\": \"a\", \"host\": \"file:///etc\"}]}")
            << QStringLiteral("reached");
        QTest::newRow("twice") << QByteArray(
                                      "{\"nodes\": [{\"id\": \"a\", \"host\": \"unix:///a\"},"
                                      "{\"id\": \"a\", \"host\": \"unix:///b\"}]}")
                               << QStringLiteral("twice");
        QTest::newRow("ports")
            << QByteArray(
                   "{\"nodes\": [{\"id\": \"a\", \"host\": \"unix:///a\", \"ports\": [9, 1]}]}")
            << QStringLiteral("two ports");
        QTest::newRow("none") << QByteArray("{\"nodes\": []}") << QStringLiteral("must list");
        QTest::newRow("no object") << QByteArray("[]") << QStringLiteral("JSON object");
    }
    void clusters() {
        QFETCH(QByteArray, text);
        QFETCH(QString, flaw);
        const DockerReading reading = readDockerCluster(text);
        QCOMPARE(reading.cluster.has_value(), flaw.isEmpty());
        if (!flaw.isEmpty()) {
            QVERIFY2(reading.flaws.front().message.contains(flaw),
                     qPrintable(reading.flaws.front().message));
        }
    }
    void failuresAreExplained_data() {
        QTest::addColumn<QString>("raw");
        QTest::addColumn<QString>("what");
        QTest::newRow("route") << QStringLiteral("dial tcp: connect: no route to host")
                               << QStringLiteral("no route");
        QTest::newRow("tls") << QStringLiteral("x509: certificate signed by unknown authority")
                             << QStringLiteral("TLS");
        QTest::newRow("permission")
            << QStringLiteral("Got permission denied while trying to connect")
            << QStringLiteral("permission");
        QTest::newRow("nobody") << QStringLiteral("Connection refused")
                                << QStringLiteral("nothing listens");
        QTest::newRow("other") << QStringLiteral("gone fishing") << QStringLiteral("gone fishing");
    }
    void failuresAreExplained() {
        QFETCH(QString, raw);
        QFETCH(QString, what);
        const Error error = explainFailure(raw, {{}, QStringLiteral("tcp://box:2375"), {}});
        QVERIFY2(error.what.contains(what), qPrintable(error.what));
        QVERIFY(!error.remedy.isEmpty());
        QCOMPARE(error.where, QStringLiteral("tcp://box:2375"));
    }
    void labelsTellARecord() {
        const QJsonObject labels{
            {docker_label::node, QStringLiteral("n1")},
            {docker_label::service, QStringLiteral("shop")},
            {docker_label::revision, QStringLiteral("v2")},
            {docker_label::rollout, QStringLiteral("R")},
            {docker_label::order, QStringLiteral("7")},
            {docker_label::port, QStringLiteral("20001")},
            {docker_label::definition, QStringLiteral("{\"image\": \"shop:2\"}")}};
        const auto record = recordOf(labels);
        QVERIFY(record.has_value());
        QCOMPARE(record->ticket.order, 7U);
        QCOMPARE(record->port, quint16{20'001});
        QCOMPARE(record->definition.image, QStringLiteral("shop:2"));
        QVERIFY(!recordOf({}).has_value());
    }
};

QTEST_GUILESS_MAIN(TestReader)
#include "test_reader.moc"
