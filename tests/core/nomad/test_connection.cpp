// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/nomad/connection.h"
#include "tests/replay/certificates.h"
#include "tests/replay/replayserver.h"

#include <QSignalSpy>
#include <QTest>

using namespace aviary;
using namespace aviary::clusters::nomad;
using namespace aviary::tests;
using namespace Qt::Literals;
using Fault = Scripted::Fault;
using Kind = Failure::Kind;

namespace {

constexpr auto secret = "11111111-2222-3333-4444-555555555555";

Settings at(const QString &address) {
    Settings settings;
    settings.address = QUrl(address);
    return settings;
}

std::unique_ptr<Connection> connectionTo(const Settings &settings) {
    auto made = Connection::make(settings);
    if (!made) {
        QTest::qFail(qPrintable(toText(made.error())), __FILE__, __LINE__);
        return nullptr;
    }
    (*made)->setSecrets({QString::fromLatin1(secret), {}});
    return std::move(*made);
}

// One request and all that came of it.
struct Try {
    std::optional<Outcome<Answer>> answer;
    int answers = 0;

    Try(Connection &connection, const Request &request) {
        connection.ask(request, [this](const Outcome<Answer> &given) {
            answer = given;
            ++answers;
        });
    }
    bool wait() {
        return QTest::qWaitFor([this] { return answer.has_value(); }, 10'000);
    }
    Kind kind() const { return answer->has_value() ? Kind::Broken : answer->error().kind; }
    QString text() const { return answer->has_value() ? QString() : toText(answer->error().error); }
};

const Request nodes{.path = u"/v1/nodes"_qs, .spaced = false};
const Request halt{.verb = "POST", .path = u"/v1/deployment/pause/d1"_qs, .body = "{}"};

} // namespace

class TestConnection : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void asksWithTokenRegionAndNamespace() {
        ReplayServer server;
        Settings settings = at(server.address() + u"/behind/"_qs);
        settings.region = u"eu-west"_qs;
        settings.space = u"*"_qs;
        server.script("GET", "/behind/v1/job/a%2Fb",
                      {.body = "{}", .headers = {{"X-Nomad-Index", "9007199254740993"}}});
        const auto connection = connectionTo(settings);
        Try asked(*connection,
                  {.path = u"/v1/job/a%2Fb"_qs, .query = {{u"reason"_qs, u"a&b=ü"_qs}}});
        QVERIFY(asked.wait());
        QVERIFY2(asked.answer->has_value(), qPrintable(asked.text()));
        QCOMPARE((*asked.answer)->index, 9007199254740993u); // above 2^53
        const aviary::tests::Asked seen = *server.last("/behind/v1/job/a%2Fb");
        QCOMPARE(seen.query("region"), QByteArray("eu-west"));
        QCOMPARE(seen.query("namespace"), QByteArray("*"));
        QCOMPARE(seen.query("reason"), QByteArray("a&b=ü"));
        QCOMPARE(seen.headers.value("x-nomad-token"), QByteArray(secret));
        QVERIFY(!seen.target.contains(secret));
    }
    void failuresAreToldApart_data() {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<Kind>("kind");
        QTest::newRow("denied") << 403 << QByteArray("Permission denied") << Kind::Denied;
        QTest::newRow("denied stream of 1.0")
            << 500 << QByteArray("Permission denied") << Kind::Denied;
        QTest::newRow("unknown token") << 403 << QByteArray("ACL token not found") << Kind::NoToken;
        QTest::newRow("expired") << 403 << QByteArray("ACL token expired") << Kind::NoToken;
        QTest::newRow("no uuid") << 500 << recorded(178) << Kind::NoToken;
        QTest::newRow("sign in") << 401 << QByteArray() << Kind::NoToken;
        QTest::newRow("region") << 500 << recorded(63) << Kind::WrongRegion;
        QTest::newRow("leader") << 500 << QByteArray("No cluster leader") << Kind::NoLeader;
        QTest::newRow("deployment, read") << 404 << recorded(51) << Kind::NotFound;
        QTest::newRow("deployment, acted on") << 500 << recorded(52) << Kind::NotFound;
        QTest::newRow("version") << 500 << recorded(71) << Kind::NotFound;
        QTest::newRow("short id") << 500 << recorded(28) << Kind::NotFound;
        QTest::newRow("index") << 500 << recorded(21) << Kind::Conflict;
        QTest::newRow("prior version") << 500 << recorded(73) << Kind::Conflict;
        QTest::newRow("conflict") << 409 << QByteArray("changed") << Kind::Conflict;
        QTest::newRow("over") << 500 << recorded(46) << Kind::Refused;
        QTest::newRow("too early") << 500 << recorded(23) << Kind::Refused;
        QTest::newRow("same version") << 500 << recorded(72) << Kind::Refused;
        QTest::newRow("scaling") << 400 << recorded(95) << Kind::Refused;
        QTest::newRow("eligibility") << 500 << recorded(134) << Kind::Refused;
        QTest::newRow("no such path") << 404 << QByteArray() << Kind::NotNomad;
        QTest::newRow("no such page")
            << 404 << QByteArray("404 page not found\n") << Kind::NotNomad;
        QTest::newRow("http to https") << 400
                                       << QByteArray("Client sent an HTTP request to an HTTPS "
                                                     "server.")
                                       << Kind::NotNomad;
        QTest::newRow("busy") << 429 << QByteArray() << Kind::TooMany;
        QTest::newRow("gateway") << 502 << QByteArray("bad gateway") << Kind::Broken;
        QTest::newRow("moved") << 301 << QByteArray() << Kind::Redirected;
    }
    void failuresAreToldApart() {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(Kind, kind);
        const Failure failure = failureOf(status, body);
        QCOMPARE(failure.kind, kind);
        QVERIFY(!failure.error.what.isEmpty());
    }
    void aRedirectGetsNothing() {
        ReplayServer server, stranger;
        server.script("GET", "/v1/nodes",
                      {.status = 307,
                       .headers = {{"Location", stranger.address().toLatin1() + "/v1/nodes"}}});
        const auto connection = connectionTo(at(server.address()));
        Try asked(*connection, nodes);
        QVERIFY(asked.wait());
        QCOMPARE(asked.kind(), Kind::Redirected);
        QVERIFY2(asked.text().contains(stranger.address()), qPrintable(asked.text()));
        QVERIFY(stranger.asked().empty());
    }
    void whatBreaksEndsInTheTruth_data() {
        QTest::addColumn<int>("fault");
        QTest::addColumn<Kind>("of_a_look");
        QTest::addColumn<Kind>("of_an_act");
        const auto row = [](const char *name, Fault fault, Kind look, Kind act) {
            QTest::newRow(name) << static_cast<int>(fault) << look << act;
        };
        row("cut", Fault::Cut, Kind::Unreachable, Kind::Unknown);
        row("cut in the body", Fault::CutInBody, Kind::Unreachable, Kind::Unknown);
        row("silent", Fault::Silent, Kind::Unreachable, Kind::Unknown);
        row("a byte at a time", Fault::Dribble, Kind::Unreachable, Kind::Unknown);
    }
    void whatBreaksEndsInTheTruth() {
        QFETCH(int, fault);
        QFETCH(Kind, of_a_look);
        QFETCH(Kind, of_an_act);
        ReplayServer server;
        const Scripted answer{.body = QByteArray(1'000, ' '), .fault = static_cast<Fault>(fault)};
        server.script("GET", "/v1/nodes", answer);
        server.script("POST", "/v1/deployment/pause/d1", answer);
        const auto connection = connectionTo(at(server.address()));
        Request quick_look = nodes, quick_act = halt;
        quick_look.timeout_ms = quick_act.timeout_ms = 400;
        Try look(*connection, quick_look), act(*connection, quick_act);
        QVERIFY(look.wait() && act.wait());
        QCOMPARE(look.kind(), of_a_look);
        QCOMPARE(act.kind(), of_an_act);
        // QNetworkAccessManager sends again what broke; what acts must not be.
        QCOMPARE(server.count("POST", "/v1/deployment/pause/d1"), 1);
        QCOMPARE(act.answers, 1);
    }
    void whatSpeaksNoHttpIsNotReached() {
        ReplayServer server;
        server.script("GET", "/v1/nodes", {.fault = Fault::NoHttp});
        const auto connection = connectionTo(at(server.address()));
        Try asked(*connection, nodes);
        QVERIFY(asked.wait());
        QCOMPARE(asked.kind(), Kind::Unreachable);
        QVERIFY2(asked.text().contains(u"http or https"_qs), qPrintable(asked.text()));
    }
    void nobodyThere() {
        QString address;
        {
            ReplayServer server;
            address = server.address();
        }
        const auto connection = connectionTo(at(address));
        Try asked(*connection, nodes);
        QVERIFY(asked.wait());
        QCOMPARE(asked.kind(), Kind::Unreachable);
        QVERIFY2(asked.text().startsWith(address), qPrintable(asked.text()));
    }
    void anEndlessAnswerIsLeft() {
        ReplayServer server;
        server.script("GET", "/v1/nodes", {.fault = Fault::Endless});
        const auto connection = connectionTo(at(server.address()));
        Request short_of_time = nodes;
        short_of_time.timeout_ms = 500;
        Try asked(*connection, short_of_time);
        QVERIFY(asked.wait());
        QCOMPARE(asked.kind(), Kind::Unreachable);
    }
    void aPauseThatNomadAsksForIsKept() {
        ReplayServer server;
        server.put(196);
        server.script("GET", "/v1/nodes", {.status = 429, .headers = {{"Retry-After", "1"}}}, 1);
        const auto connection = connectionTo(at(server.address()));
        Try first(*connection, nodes);
        QVERIFY(first.wait());
        QCOMPARE(first.kind(), Kind::TooMany);
        QCOMPARE(first.answer->error().retry_after_ms, 1'000);
        Try second(*connection, nodes);
        QVERIFY(!second.answer.has_value());
        QCOMPARE(server.count("GET", "/v1/nodes"), 1); // it is not even sent
        QVERIFY(second.wait());
        QVERIFY(second.answer->has_value());
        QCOMPARE(server.count("GET", "/v1/nodes"), 2);
    }
    void hangingUpAnswersAll() {
        ReplayServer server;
        server.script("GET", "/v1/nodes", {.fault = Fault::Silent});
        const auto connection = connectionTo(at(server.address()));
        Try first(*connection, nodes), second(*connection, nodes);
        connection->hangUp();
        QCOMPARE(first.kind(), Kind::Unreachable);
        QCOMPARE(second.kind(), Kind::Unreachable);
    }
    void tlsNeedsTheRightCertificates() {
        const Certificates made;
        if (!made.whyNot().isEmpty()) {
            QSKIP(qPrintable(made.whyNot()));
        }
        ReplayServer server(made.server(u"server"_qs, true)), old(made.server(u"expired"_qs));
        server.put(196);
        Settings settings = at(server.address());
        const auto kindWith = [](const Settings &tried) {
            const auto connection = connectionTo(tried);
            Try asked(*connection, nodes);
            asked.wait();
            return asked.answer->has_value()   ? u"good"_qs
                   : asked.kind() == Kind::Tls ? u"tls"_qs
                                               : asked.text();
        };
        QCOMPARE(kindWith(settings), u"tls"_qs); // nobody knows who signed it
        settings.ca = made.certificate(u"other"_qs);
        QCOMPARE(kindWith(settings), u"tls"_qs);
        settings.ca = made.certificate(u"ca"_qs);
        settings.certificate = made.certificate(u"client"_qs);
        settings.key = made.key(u"client"_qs);
        QCOMPARE(kindWith(settings), u"good"_qs);
        settings.tls_name = u"server.global.nomad"_qs;
        QCOMPARE(kindWith(settings), u"good"_qs);
        settings.tls_name = u"server.mars.nomad"_qs;
        QCOMPARE(kindWith(settings), u"tls"_qs);
        settings.tls_name.clear();
        settings.address = QUrl(old.address());
        QCOMPARE(kindWith(settings), u"tls"_qs);
        QVERIFY(old.asked().empty()); // no token went there
    }
    void filesThatAreMissingAreNamed() {
        Settings settings;
        settings.ca = u"/nowhere/ca.pem"_qs;
        const auto made = Connection::make(settings);
        QVERIFY(!made.has_value());
        QCOMPARE(made.error().where, u"/nowhere/ca.pem"_qs);
    }
};

QTEST_GUILESS_MAIN(TestConnection)
#include "test_connection.moc"
