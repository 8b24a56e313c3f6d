// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/rpc.h"

#include <QTest>

#include <rapidcheck.h>

using namespace aviary;
using namespace aviary::api;
using namespace Qt::Literals;

class TestRpc : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsWrittenIsRead();
    void malformedInputIsNamed_data();
    void malformedInputIsNamed();
    void anyBytesAreAnswered();
    void linesComeWhereverTheStreamIsCut();
    void aHugeLineIsPassedOverAndTheNextIsRead();
};

void TestRpc::whatIsWrittenIsRead() {
    const auto call = rpc::parse(rpc::toLine(rpc::Call{7, u"promote"_qs, {{u"to"_qs, 2500}}}));
    QCOMPARE(std::get<rpc::Call>(call).method, u"promote"_qs);
    QCOMPARE(std::get<rpc::Call>(call).id, QJsonValue(7));
    QCOMPARE(std::get<rpc::Call>(call).parameters.value(u"to"_qs).toInt(), 2500);
    const Error error{ErrorCode::Conflict, u"it moved on"_qs, u"rollout"_qs, u"look again"_qs};
    const auto reply = rpc::parse(rpc::toLine(rpc::Reply{7, tl::unexpected<Error>(error)}));
    QCOMPARE(std::get<rpc::Reply>(reply).result.error(), error);
    const auto notice = rpc::parse(rpc::toLine(rpc::Notice{u"changed"_qs, {}}));
    QCOMPARE(std::get<rpc::Notice>(notice).method, u"changed"_qs);
}

void TestRpc::malformedInputIsNamed_data() {
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<int>("fault");
    const int parse = int(rpc::Fault::Parse), shape = int(rpc::Fault::Shape);
    QTest::newRow("no JSON") << QByteArray("GET / HTTP/1.1") << parse;
    QTest::newRow("truncated") << QByteArray(R"({"jsonrpc":"2.0","id":1,"meth)") << parse;
    QTest::newRow("bad UTF-8") << QByteArray("{\"jsonrpc\":\"2.0\",\"method\":\"\xff\xfe\"}")
                               << parse;
    QTest::newRow("batch") << QByteArray(R"([{"jsonrpc":"2.0","id":1,"method":"a"}])") << shape;
    QTest::newRow("scalar") << QByteArray("17") << parse;
    QTest::newRow("version") << QByteArray(R"({"id":1,"method":"a"})") << shape;
    QTest::newRow("method") << QByteArray(R"({"jsonrpc":"2.0","id":1,"method":5})") << shape;
    QTest::newRow("id") << QByteArray(R"({"jsonrpc":"2.0","id":{},"method":"a"})") << shape;
    QTest::newRow("params") << QByteArray(R"({"jsonrpc":"2.0","id":1,"method":"a","params":[1]})")
                            << int(rpc::Fault::Parameters);
    QTest::newRow("deep") << QByteArray(1'000'000, '[') << shape;
    QTest::newRow("deep inside") << R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"a":)" +
                                        QByteArray(40, '[') + QByteArray(40, ']') + "}}"
                                 << shape;
}

void TestRpc::malformedInputIsNamed() {
    QFETCH(QByteArray, line);
    QFETCH(int, fault);
    const rpc::Message message = rpc::parse(line);
    QVERIFY(std::holds_alternative<rpc::Malformed>(message));
    QCOMPARE(int(std::get<rpc::Malformed>(message).fault), fault);
    const auto told = rpc::parse(rpc::toLine(std::get<rpc::Malformed>(message)));
    QVERIFY(!std::get<rpc::Reply>(told).result);
}

void TestRpc::anyBytesAreAnswered() {
    QVERIFY(rc::check([](const std::string &bytes) {
        (void)rpc::parse(QByteArray::fromStdString(bytes));
        (void)rpc::parse("{\"jsonrpc\":\"2.0\"," + QByteArray::fromStdString(bytes));
    }));
}

void TestRpc::linesComeWhereverTheStreamIsCut() {
    QVERIFY(rc::check([](const std::vector<std::vector<bool>> &cuts) {
        QByteArray stream;
        QByteArrayList wanted;
        for (std::size_t i = 0; i < cuts.size(); ++i) {
            wanted.append(QByteArray(qsizetype(cuts[i].size()), char('a' + i % 26)));
            stream += wanted.last() + '\n';
        }
        rpc::Lines lines;
        QByteArrayList got;
        qsizetype from = 0;
        for (const auto &cut : cuts) {
            const qsizetype size = qsizetype(cut.size() * 2 / 3 + 1);
            lines.append(stream.mid(from, size));
            from = std::min(from + size, stream.size());
            while (const auto line = lines.next()) {
                got.append(line->text);
            }
        }
        lines.append(stream.mid(from));
        while (const auto line = lines.next()) {
            got.append(line->text);
        }
        RC_ASSERT(got == wanted);
    }));
}

void TestRpc::aHugeLineIsPassedOverAndTheNextIsRead() {
    rpc::Lines lines;
    int too_long = 0;
    QByteArrayList read;
    const QByteArray block(1024 * 1024, 'x');
    for (int i = 0; i < 40; ++i) {
        lines.append(block);
        while (const auto line = lines.next()) {
            too_long += line->too_long ? 1 : 0;
        }
    }
    lines.append("tail\nnext\n");
    while (const auto line = lines.next()) {
        read.append(line->text);
    }
    QCOMPARE(too_long, 1);
    QCOMPARE(read, QByteArrayList{"next"});
}

QTEST_GUILESS_MAIN(TestRpc)
#include "test_rpc.moc"
