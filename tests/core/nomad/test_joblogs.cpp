// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/nomad/joblogs.h"
#include "tests/replay/replayserver.h"

#include <QTest>

using namespace aviary;
using namespace aviary::clusters;
using namespace aviary::clusters::nomad;
using namespace aviary::tests;
using namespace Qt::Literals;

namespace {

const LogSource out{u"a10d0266-dfe1"_qs, u"server"_qs, u"stdout"_qs};
const LogSource err{u"a10d0266-dfe1"_qs, u"server"_qs, u"stderr"_qs};

QStringList textsOf(const LogBook &book, int lines = 100) {
    QStringList texts;
    for (const LogLine &line : book.last(lines)) {
        texts << line.text;
    }
    return texts;
}

Allocation allocation(const QString &id, const QString &node, qint64 created_ns) {
    Allocation one;
    one.id = id;
    one.node = node;
    one.space = u"default"_qs;
    one.job = u"web"_qs;
    one.created_ns = created_ns;
    one.tasks = {u"server"_qs};
    return one;
}

} // namespace

class TestJobLogs : public QObject {
    Q_OBJECT
private Q_SLOTS:
    // Ends of two files that grow, in the order in which they were read; no line twice.
    void linesComeOnce() {
        LogBook book;
        book.take(out, "one\ntwo\nthr", true);
        book.take(err, "bad\n", true);
        QCOMPARE(textsOf(book),
                 (QStringList{u"a10d0266 server stdout: one"_qs, u"a10d0266 server stdout: two"_qs,
                              u"a10d0266 server stderr: bad"_qs}));
        book.take(out, "one\ntwo\nthree\n", true);
        book.take(err, "bad\n", true);
        QCOMPARE(textsOf(book, 1), QStringList{u"a10d0266 server stdout: three"_qs});
        QCOMPARE(book.last(100).size(), 4u);
        // The window moved on: its first line is cut, and the rest is known.
        book.take(out, "wo\nthree\nfour\n", false);
        QCOMPARE(textsOf(book, 1), QStringList{u"a10d0266 server stdout: four"_qs});
        QCOMPARE(book.last(100).size(), 5u);
    }
    void repeatedLinesAreLines() {
        LogBook book;
        book.take(out, "x\nx\n", true);
        book.take(out, "x\nx\nx\n", true);
        QCOMPARE(book.last(100).size(), 3u);
    }
    void theNewestOnThatNodeAreRead() {
        std::map<QString, Allocation> all;
        for (int i = 0; i < 6; ++i) {
            const QString id = QString::number(i);
            all[id] = allocation(id, i == 5 ? u"n2"_qs : u"n1"_qs, i);
        }
        all[u"idle"_qs] = allocation(u"idle"_qs, u"n1"_qs, 9);
        all[u"idle"_qs].tasks.clear();
        const auto read = loggedOn(all, u"n1"_qs, u"default"_qs, u"web"_qs);
        QCOMPARE(read.size(), allocations_max);
        QCOMPARE(read.front().id, u"4"_qs);
        QVERIFY(loggedOn(all, u"n1"_qs, u"other"_qs, u"web"_qs).empty());
    }
    void whatCannotBeReadSaysWhy() {
        ReplayServer server;
        Settings settings;
        settings.address = QUrl(server.address());
        const auto connection = std::move(*Connection::make(settings));
        const auto book = std::make_shared<LogBook>();
        std::optional<Result<void>> answer;
        const auto read = [&] {
            answer.reset();
            readLogs(*connection, {allocation(u"a1"_qs, u"n1"_qs, 1)}, book,
                     [&answer](const Result<void> &given) { answer = given; });
            return QTest::qWaitFor([&] { return answer.has_value(); }, 15'000);
        };
        server.script("GET", "/v1/client/fs/logs/a1", {.status = 403, .body = "Permission denied"});
        QVERIFY(read());
        QVERIFY(!*answer);
        QVERIFY2(toText(answer->error()).contains(u"may not"), qPrintable(toText(answer->error())));
        server.script("GET", "/v1/client/fs/logs/a1", {.body = "hello\n"});
        QVERIFY(read());
        QVERIFY(answer->has_value());
        QCOMPARE(book->last(100).size(), 2u); // of both streams
        QCOMPARE(server.last("/v1/client/fs/logs/a1")->query("origin"), QByteArray("end"));
    }
};

QTEST_GUILESS_MAIN(TestJobLogs)
#include "test_joblogs.moc"
