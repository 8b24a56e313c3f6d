// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/server.h"
#include "core/api/socketsession.h"
#include "tests/core/api/fakeprovider.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace aviary;
using namespace aviary::api;
using namespace aviary::tests;
using namespace Qt::Literals;

namespace {

// A client without manners: writes and reads bytes as a test says.
struct RawClient {
    explicit RawClient(const QString &path) { socket.connectToServer(path); }
    QJsonObject readLine() {
        if (!QTest::qWaitFor([this] { return socket.canReadLine(); })) {
            return {};
        }
        return QJsonDocument::fromJson(socket.readLine()).object();
    }
    QLocalSocket socket;
};

} // namespace

class TestServer : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void twoClientsWorkAtOnce();
    void theSameRequestTwiceIsOne();
    void thePeerIsWhoTheKernelSays();
    void theSocketIsForThisUserOnly();
    void garbageIsAnsweredAndTheClientStays();
    void aHugeLineIsAnsweredAndTheClientStays();
    void tooManyCallsAreRefused();
    void anAnswerCountsOnce();
    void changesOfOneRowBecomeFewer();
    void aLongWholeComesInPieces();
    void aRowThatCameAndWentIsGone();
    void aClientThatDoesNotReadIsNotWaitedFor();
    void aClientThatNeverReadsIsDropped();
    void anAnswerThatIsTooLongIsAnError();
    void aBrokenLinkLeavesTheOutcomeUnknown();
    void theSessionComesBackWithItsTopics();
    void aSecondServerIsRefused();
    void aSocketLeftBehindIsReplaced();
    void whatIsNoSocketIsNotRemoved_data();
    void whatIsNoSocketIsNotRemoved();
    void aCallWithoutDaemonIsUnreachable();

private:
    Places places() const { return {dir_->path(), dir_->filePath(u"d"_qs), {}}; }
    void serve(const ConnectionLimits &limits = {});
    std::unique_ptr<SocketSession> client();
    Result<QJsonObject> ask(Session &session, const QString &verb, const QJsonObject &with = {});

    std::unique_ptr<QTemporaryDir> dir_;
    std::unique_ptr<FakeProvider> provider_;
    std::unique_ptr<Server> server_;
};

void TestServer::init() {
    dir_ = std::make_unique<QTemporaryDir>();
    provider_ = std::make_unique<FakeProvider>();
    serve();
}

void TestServer::cleanup() {
    server_.reset();
    provider_.reset();
}

void TestServer::serve(const ConnectionLimits &limits) {
    server_.reset();
    server_ = std::make_unique<Server>(*provider_, limits);
    const auto listening = server_->listen(places().socket);
    QVERIFY2(listening, listening ? "" : qPrintable(aviary::toText(listening.error())));
}

std::unique_ptr<SocketSession> TestServer::client() {
    auto session = std::make_unique<SocketSession>(
        places(), Introduction{u"test"_qs, u"1"_qs, u"Ann"_qs}, SocketSession::Starting::Never);
    session->open();
    return session;
}

Result<QJsonObject> TestServer::ask(Session &session, const QString &verb,
                                    const QJsonObject &with) {
    const auto result = std::make_shared<std::optional<Result<QJsonObject>>>();
    session.call(verb, with, [result](const Result<QJsonObject> &answer) { *result = answer; });
    if (!QTest::qWaitFor([result] { return result->has_value(); })) {
        return fail(ErrorCode::Internal, u"no answer in the test"_qs);
    }
    return **result;
}

void TestServer::twoClientsWorkAtOnce() {
    const auto ann = client(), ben = client();
    QStringList order;
    const auto note = [&order](const QString &who) {
        return [&order, who](const Result<QJsonObject> &) { order.append(who); };
    };
    ann->call(u"keep"_qs, {}, note(u"ann"_qs));
    QTRY_COMPARE(int(provider_->kept.size()), 1);
    ben->call(u"echo"_qs, {}, note(u"ben"_qs));
    QTRY_COMPARE(order, QStringList{u"ben"_qs});
    provider_->release();
    QTRY_COMPARE(order, (QStringList{u"ben"_qs, u"ann"_qs}));
    QCOMPARE(provider_->present, 2);
    QCOMPARE(server_->clientCount(), 2);
}

void TestServer::theSameRequestTwiceIsOne() {
    const auto ann = client(), ben = client();
    const QJsonObject request{{u"request_id"_qs, u"01ARZ3NDEKTSV4RRFFQ69G5FAV"_qs}};
    const auto first = ask(*ann, u"request"_qs, request);
    const auto second = ask(*ben, u"request"_qs, request);
    QCOMPARE(first.value(), second.value());
    QCOMPARE(provider_->done, 1);
}

void TestServer::thePeerIsWhoTheKernelSays() {
    const auto session = client();
    const auto who = ask(*session, u"whoami"_qs, {{u"user"_qs, u"somebody else"_qs}});
    QCOMPARE(who.value().value(u"user"_qs).toString(), ownUser());
    QCOMPARE(who.value().value(u"as"_qs).toString(), u"Ann"_qs);
}

void TestServer::theSocketIsForThisUserOnly() {
    struct stat found {};
    QCOMPARE(lstat(qPrintable(places().socket), &found), 0);
    QCOMPARE(int(found.st_mode & 0777), 0600);
}

void TestServer::garbageIsAnsweredAndTheClientStays() {
    RawClient raw(places().socket);
    raw.socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n\xff\xfe\n");
    QCOMPARE(raw.readLine().value(u"error"_qs).toObject().value(u"code"_qs).toInt(), -32700);
    QCOMPARE(raw.readLine().value(u"error"_qs).toObject().value(u"code"_qs).toInt(), -32700);
    QCOMPARE(raw.readLine().value(u"error"_qs).toObject().value(u"code"_qs).toInt(), -32700);
    raw.socket.write(
        "{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"echo\",\"params\":{\"x\":1}}\n");
    const QJsonObject reply = raw.readLine();
    QCOMPARE(reply.value(u"id"_qs).toString(), u"a"_qs);
    QCOMPARE(reply.value(u"result"_qs).toObject().value(u"x"_qs).toInt(), 1);
    raw.socket.write("{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"nonsense\"}\n");
    const QJsonObject data =
        raw.readLine().value(u"error"_qs).toObject().value(u"data"_qs).toObject();
    QCOMPARE(data.value(u"code"_qs).toString(), u"not_found"_qs);
    QVERIFY(!data.value(u"remedy"_qs).toString().isEmpty());
}

void TestServer::aHugeLineIsAnsweredAndTheClientStays() {
    RawClient raw(places().socket);
    raw.socket.write(QByteArray(rpc::line_bytes_max + 4'000'000, 'x'));
    QCOMPARE(raw.readLine().value(u"error"_qs).toObject().value(u"code"_qs).toInt(), -32600);
    raw.socket.write("yyy\n{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\"}\n");
    QVERIFY(raw.readLine().contains(u"result"_qs));
}

void TestServer::tooManyCallsAreRefused() {
    const auto session = client();
    int refused = 0;
    for (int i = 0; i < 70; ++i) {
        session->call(u"keep"_qs, {}, [&refused](const Result<QJsonObject> &result) {
            refused += !result && result.error().code == ErrorCode::Refused ? 1 : 0;
        });
    }
    QTRY_COMPARE(refused, 6);
    provider_->release();
    QVERIFY(ask(*session, u"echo"_qs));
}

void TestServer::anAnswerCountsOnce() {
    const auto session = client();
    QCOMPARE(ask(*session, u"twice"_qs).value().value(u"n"_qs).toInt(), 1);
    QVERIFY(ask(*session, u"echo"_qs));
}

void TestServer::changesOfOneRowBecomeFewer() {
    provider_->setRows(3);
    const auto session = client();
    QSignalSpy spy(session.get(), &Session::changed);
    session->subscribe(u"nodes"_qs);
    QTRY_COMPARE(spy.size(), 1);
    QCOMPARE(spy[0][1].toJsonObject().value(u"whole"_qs).toBool(), true);
    QCOMPARE(spy[0][1].toJsonObject().value(u"rows"_qs).toArray().size(), 3);
    for (int i = 1; i <= 1'000; ++i) {
        provider_->touch(1, i);
    }
    QTRY_COMPARE(spy.size(), 2);
    const QJsonArray rows = spy[1][1].toJsonObject().value(u"rows"_qs).toArray();
    QCOMPARE(rows.size(), 1);
    QCOMPARE(rows[0].toObject().value(u"value"_qs).toInt(), 1'000);
}

void TestServer::aLongWholeComesInPieces() {
    provider_->setRows(2'000);
    const auto session = client();
    QSignalSpy spy(session.get(), &Session::changed);
    session->subscribe(u"nodes"_qs);
    const auto rowCount = [&spy] {
        qsizetype rows = 0;
        for (const auto &change : spy) {
            rows += change[1].toJsonObject().value(u"rows"_qs).toArray().size();
        }
        return rows;
    };
    QTRY_COMPARE(rowCount(), qsizetype(2'000));
    QVERIFY(spy[0][1].toJsonObject().value(u"whole"_qs).toBool());
    QVERIFY(!spy[1][1].toJsonObject().value(u"whole"_qs).toBool());
}

void TestServer::aRowThatCameAndWentIsGone() {
    const auto session = client();
    QSignalSpy spy(session.get(), &Session::changed);
    session->subscribe(u"nodes"_qs);
    QTRY_COMPARE(spy.size(), 1);
    provider_->touch(5, 1);
    provider_->remove(5);
    QTRY_COMPARE(spy.size(), 2);
    QCOMPARE(spy[1][1].toJsonObject().value(u"rows"_qs).toArray().size(), 0);
    QCOMPARE(spy[1][1].toJsonObject().value(u"gone"_qs).toArray().size(), 1);
    provider_->remove(5);
    provider_->touch(5, 2);
    QTRY_COMPARE(spy.size(), 3);
    QCOMPARE(spy[2][1].toJsonObject().value(u"rows"_qs).toArray().size(), 1);
    QCOMPARE(spy[2][1].toJsonObject().value(u"gone"_qs).toArray().size(), 0);
}

void TestServer::aClientThatDoesNotReadIsNotWaitedFor() {
    ConnectionLimits limits;
    limits.feed_interval_ms = 1;
    serve(limits);
    provider_->setRows(512);
    RawClient slow(places().socket);
    slow.socket.setReadBufferSize(1024);
    slow.socket.write("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"subscribe\",\"params\":{"
                      "\"topic\":\"nodes\"}}\n");
    const auto quick = client();
    QSignalSpy spy(quick.get(), &Session::changed);
    quick->subscribe(u"nodes"_qs);
    QTRY_COMPARE(spy.size(), 1);
    int latest = 0;
    connect(quick.get(), &Session::changed, this, [&](const QString &, const QJsonObject &change) {
        const QJsonArray rows = change.value(u"rows"_qs).toArray();
        latest = rows.isEmpty() ? latest : rows.last().toObject().value(u"value"_qs).toInt();
    });
    // Far more than the socket and the feed of the slow one can hold.
    for (int round = 1; round <= 100; ++round) {
        for (int row = 0; row < 512; ++row) {
            provider_->touch(row, round);
        }
        QTRY_COMPARE(latest, round);
    }
    QCOMPARE(server_->clientCount(), 2);
    // When it reads at last, it ends with the newest of each row, in fewer messages.
    slow.socket.setReadBufferSize(0);
    int messages = 0, value = 0;
    while (value != 100) {
        const QJsonObject change = slow.readLine();
        QVERIFY(!change.isEmpty());
        ++messages;
        const QJsonArray rows = change.value(u"params"_qs).toObject().value(u"rows"_qs).toArray();
        value = rows.isEmpty() ? value : rows.last().toObject().value(u"value"_qs).toInt();
    }
    QVERIFY2(messages < 60, qPrintable(QString::number(messages)));
}

void TestServer::aClientThatNeverReadsIsDropped() {
    ConnectionLimits limits;
    limits.stall_ms_max = 50;
    serve(limits);
    RawClient raw(places().socket);
    raw.socket.setReadBufferSize(1024);
    for (int i = 0; i < 4; ++i) {
        raw.socket.write("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"large\",\"params\":{"
                         "\"size\":1000000}}\n");
    }
    QTRY_COMPARE(server_->clientCount(), 1);
    QTRY_COMPARE(server_->clientCount(), 0);
    QCOMPARE(provider_->present, 0);
}

void TestServer::anAnswerThatIsTooLongIsAnError() {
    const auto session = client();
    const auto answer = ask(*session, u"large"_qs, {{u"size"_qs, 9'000'000}});
    QCOMPARE(answer.error().code, ErrorCode::Invalid);
    QVERIFY(ask(*session, u"echo"_qs));
}

void TestServer::aBrokenLinkLeavesTheOutcomeUnknown() {
    const auto session = client();
    std::optional<Result<QJsonObject>> result;
    session->call(u"keep"_qs, {}, [&](const Result<QJsonObject> &answer) { result = answer; });
    QTRY_COMPARE(int(provider_->kept.size()), 1);
    server_.reset();
    QTRY_VERIFY(result.has_value());
    QCOMPARE(result->error().code, ErrorCode::TimedOut);
    QVERIFY(result->error().what.contains(u"unknown"));
    provider_->release(); // late, to nobody
}

void TestServer::theSessionComesBackWithItsTopics() {
    provider_->setRows(1);
    const auto session = client();
    QSignalSpy spy(session.get(), &Session::changed);
    QSignalSpy links(session.get(), &Session::linkChanged);
    session->subscribe(u"nodes"_qs);
    QTRY_COMPARE(spy.size(), 1);
    server_.reset();
    QTRY_COMPARE(session->link(), Session::Link::Connecting);
    provider_->setRows(4);
    serve();
    QTRY_COMPARE(spy.size(), 2);
    QCOMPARE(spy[1][1].toJsonObject().value(u"whole"_qs).toBool(), true);
    QCOMPARE(spy[1][1].toJsonObject().value(u"rows"_qs).toArray().size(), 4);
    QCOMPARE(session->link(), Session::Link::Open);
}

void TestServer::aSecondServerIsRefused() {
    Server second(*provider_);
    const auto listening = second.listen(places().socket);
    QCOMPARE(listening.error().code, ErrorCode::Conflict);
    const auto session = client();
    QVERIFY(ask(*session, u"echo"_qs)); // the first one goes on
}

void TestServer::aSocketLeftBehindIsReplaced() {
    const QString path = dir_->filePath(u"old"_qs);
    {
        QLocalServer old; // its file stays when only the descriptor is closed, as after kill -9
        QVERIFY(old.listen(path));
        QVERIFY(QFile::rename(path, path + u"2"));
    }
    QVERIFY(QFile::rename(path + u"2"_qs, path));
    Server next(*provider_);
    QVERIFY(next.listen(path));
    QLocalSocket socket;
    socket.connectToServer(path);
    QCOMPARE(socket.state(), QLocalSocket::ConnectedState);
}

void TestServer::whatIsNoSocketIsNotRemoved_data() {
    QTest::addColumn<bool>("link");
    QTest::newRow("a file") << false;
    QTest::newRow("a symbolic link") << true;
}

void TestServer::whatIsNoSocketIsNotRemoved() {
    QFETCH(bool, link);
    const QString path = dir_->filePath(u"precious"_qs);
    QFile file(link ? dir_->filePath(u"elsewhere"_qs) : path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("precious");
    file.close();
    if (link) {
        QVERIFY(QFile::link(file.fileName(), path));
    }
    Server next(*provider_);
    QCOMPARE(next.listen(path).error().code, ErrorCode::Refused);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), QByteArray("precious"));
}

void TestServer::aCallWithoutDaemonIsUnreachable() {
    server_.reset();
    const auto session = client();
    const auto answer = ask(*session, u"echo"_qs);
    QCOMPARE(answer.error().code, ErrorCode::Unreachable);
    QVERIFY(answer.error().remedy.contains(u"aviary daemon start"));
}

QTEST_GUILESS_MAIN(TestServer)
#include "test_server.moc"
