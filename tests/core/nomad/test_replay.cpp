// SPDX-License-Identifier: GPL-3.0-or-later
// The server that plays Nomad in these tests must itself be as it says.
#include "tests/replay/certificates.h"
#include "tests/replay/replayserver.h"

#include <QElapsedTimer>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QSignalSpy>
#include <QTest>

using namespace aviary::tests;
using namespace Qt::Literals;
using Fault = Scripted::Fault;

namespace {

constexpr int wait_ms = 10'000;

struct Client {
    QNetworkAccessManager network;
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();

    std::unique_ptr<QNetworkReply> ask(const ReplayServer &server, const QString &target) {
        QNetworkRequest request(QUrl(server.address() + target));
        request.setSslConfiguration(tls);
        return std::unique_ptr<QNetworkReply>(network.get(request));
    }
    std::unique_ptr<QNetworkReply> finish(const ReplayServer &server, const QString &target) {
        auto reply = ask(server, target);
        QSignalSpy over(reply.get(), &QNetworkReply::finished);
        return over.wait(wait_ms) ? std::move(reply) : nullptr;
    }
};

int statusOf(const QNetworkReply &reply) {
    return reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
}

} // namespace

class TestReplay : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void answersAsItWasRecorded() {
        ReplayServer server;
        Client client;
        const auto found = client.finish(server, u"/v1/deployments?region=mars"_qs);
        QVERIFY(found);
        QCOMPARE(statusOf(*found), 500);
        QCOMPARE(found->readAll(), QByteArray("No path to region"));
        const auto nodes = client.finish(server, u"/v1/job/web"_qs);
        QCOMPARE(nodes->readAll(), recorded(17));
        QCOMPARE(nodes->rawHeader("X-Nomad-Index"), QByteArray("17"));
        QCOMPARE(statusOf(*client.finish(server, u"/v1/elsewhere"_qs)), 404);
    }
    void whatIsScriptedComesFirstAndEnds() {
        ReplayServer server;
        Client client;
        server.put(196);
        server.script("GET", "/v1/nodes",
                      {.status = 429, .body = "slow down", .headers = {{"Retry-After", "3"}}}, 1);
        const auto refused = client.finish(server, u"/v1/nodes"_qs);
        QCOMPARE(statusOf(*refused), 429);
        QCOMPARE(refused->rawHeader("Retry-After"), QByteArray("3"));
        const auto answered = client.finish(server, u"/v1/nodes"_qs);
        QCOMPARE(answered->readAll(), recorded(196));
        QCOMPARE(server.count("GET", "/v1/nodes"), 2);
    }
    void aRequestWaitsForItsIndex() {
        ReplayServer server;
        Client client;
        server.put("/v1/nodes", "[]", 7);
        const auto waiting = client.ask(server, u"/v1/nodes?index=7&wait=60s"_qs);
        QSignalSpy over(waiting.get(), &QNetworkReply::finished);
        QTRY_COMPARE(server.count("GET", "/v1/nodes"), 1);
        QCOMPARE(over.count(), 0);
        server.put("/v1/nodes", "[1]", 8);
        QTRY_COMPARE(over.count(), 1);
        QCOMPARE(waiting->readAll(), QByteArray("[1]"));
        const auto late = client.finish(server, u"/v1/nodes?index=8&wait=20ms"_qs);
        QCOMPARE(late->rawHeader("X-Nomad-Index"), QByteArray("8"));
    }
    void itsStreamGoesOnUntilItIsCut() {
        ReplayServer server;
        Client client;
        server.tell("{\"Index\":5}");
        const auto stream = client.ask(server, u"/v1/event/stream"_qs);
        QSignalSpy over(stream.get(), &QNetworkReply::finished);
        QByteArray told;
        connect(stream.get(), &QNetworkReply::readyRead, this,
                [&told, &stream] { told += stream->readAll(); });
        QTRY_COMPARE(told, QByteArray("{}\n{\"Index\":5}\n"));
        server.tell("{\"Index\":6}");
        QTRY_VERIFY(told.endsWith("{\"Index\":6}\n"));
        QCOMPARE(server.openStreams(), 1);
        server.cutStreams("good bye");
        QTRY_COMPARE(over.count(), 1);
        QVERIFY(told.endsWith("good bye"));
    }
    void mishapsAreMishaps_data() {
        QTest::addColumn<int>("fault");
        QTest::newRow("cut") << static_cast<int>(Fault::Cut);
        QTest::newRow("cut in the body") << static_cast<int>(Fault::CutInBody);
        QTest::newRow("no http") << static_cast<int>(Fault::NoHttp);
    }
    void mishapsAreMishaps() {
        QFETCH(int, fault);
        ReplayServer server;
        Client client;
        server.script("GET", "/v1/nodes",
                      {.body = QByteArray(1'000, 'x'), .fault = static_cast<Fault>(fault)});
        const auto failed = client.finish(server, u"/v1/nodes"_qs);
        QVERIFY(failed);
        QVERIFY(failed->error() != QNetworkReply::NoError);
    }
    void someAnswersNeverEnd() {
        ReplayServer server;
        Client client;
        server.script("GET", "/v1/a", {.fault = Fault::Dribble});
        server.script("GET", "/v1/b", {.fault = Fault::Endless});
        const auto slow = client.ask(server, u"/v1/a"_qs), huge = client.ask(server, u"/v1/b"_qs);
        QTRY_VERIFY(slow->bytesAvailable() > 5);
        QTRY_VERIFY(huge->bytesAvailable() > 2'000'000);
        QVERIFY(!slow->isFinished() && !huge->isFinished());
    }
    void itSpeaksTls() {
        const Certificates certificates;
        if (!certificates.whyNot().isEmpty()) {
            QSKIP(qPrintable(certificates.whyNot()));
        }
        ReplayServer server(certificates.server(u"server"_qs));
        server.put(196);
        Client unaware, client;
        const auto stranger = unaware.finish(server, u"/v1/nodes"_qs);
        QCOMPARE(stranger->error(), QNetworkReply::SslHandshakeFailedError);
        QCOMPARE(server.count("GET", "/v1/nodes"), 0);
        client.tls.setCaCertificates(QSslCertificate::fromPath(certificates.certificate(u"ca"_qs)));
        const auto known = client.finish(server, u"/v1/nodes"_qs);
        QVERIFY2(known->error() == QNetworkReply::NoError, qPrintable(known->errorString()));
        QCOMPARE(known->readAll(), recorded(196));
    }
};

QTEST_GUILESS_MAIN(TestReplay)
#include "test_replay.moc"
