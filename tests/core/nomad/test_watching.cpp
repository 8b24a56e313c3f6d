// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/nomad/watching.h"
#include "tests/replay/recordings.h"

#include <QTest>

using namespace aviary;
using namespace aviary::clusters::nomad;
using namespace Qt::Literals;
using aviary::tests::recorded;
using Kind = Failure::Kind;

namespace {

const StreamLine heartbeat;

Node node(const QString &id, Index modified, const QString &status = u"ready"_qs) {
    Node made;
    made.id = id;
    made.status = status;
    made.modified = modified;
    return made;
}

Failure failure(Kind kind, const QString &what = u"gone"_qs) {
    return {kind, {ErrorCode::Unreachable, what, {}, {}}, 0};
}

QString textOf(const Command &command) {
    static const QStringList names{u"nodes"_qs, u"jobs"_qs, u"deployments"_qs, u"allocations"_qs};
    if (const auto *open = std::get_if<OpenStream>(&command)) {
        return u"open from %1"_qs.arg(open->from);
    }
    if (const auto *list = std::get_if<List>(&command)) {
        const QString name = names[static_cast<int>(list->table)];
        return list->after == 0 ? name : u"%1 after %2"_qs.arg(name).arg(list->after);
    }
    return u"close"_qs;
}

QStringList texts(const Commands &commands) {
    QStringList all;
    for (const Command &command : commands) {
        all << textOf(command);
    }
    return all;
}

const QStringList all_lists{u"nodes"_qs, u"jobs"_qs, u"deployments"_qs, u"allocations"_qs};

Rows noRows(Table table) {
    switch (table) {
    case Table::Nodes:
        return std::vector<Node>{};
    case Table::Jobs:
        return std::vector<Job>{};
    case Table::Deployments:
        return std::vector<Deployment>{};
    case Table::Allocations:
        break;
    }
    return std::vector<Allocation>{};
}

// All tables listed at one index, with these nodes.
void listAll(Watching &watching, qint64 now_ms, Index index,
             const std::vector<Node> &nodes = {node(u"n1"_qs, 5)}) {
    for (const Table table : all_tables) {
        watching.listed(now_ms, table, index, table == Table::Nodes ? Rows(nodes) : noRows(table));
    }
}

// A stream that is open, and all was listed at `index`.
Watching following(Index index = 10) {
    Watching watching(1);
    watching.begin(0);
    watching.streamSaid(0, heartbeat);
    listAll(watching, 0, index);
    return watching;
}

} // namespace

class TestWatching : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void listsOnceTheStreamIsOpen() {
        Watching watching(1);
        QCOMPARE(texts(watching.begin(0)), QStringList{u"open from 0"_qs});
        QVERIFY(!watching.trueAt());
        QCOMPARE(texts(watching.streamSaid(20, heartbeat)), all_lists);
        QVERIFY(!watching.isComplete());
        listAll(watching, 50, 10);
        QVERIFY(watching.isComplete());
        QVERIFY(watching.takeChanged());
        QCOMPARE(watching.trueAt(), std::optional<qint64>(50));
        QVERIFY(watching.takeNotices().isEmpty());
    }
    // 20,000 events cost one request in a minute: allocations wait, the rest comes by itself.
    void whatStreamsIsNotListed() {
        Watching watching = following();
        const auto due = watching.nextDeadline();
        QCOMPARE(due, std::optional<qint64>(Watching::pause_ms_min));
        QCOMPARE(texts(watching.advance(*due)), QStringList{u"allocations after 10"_qs});
        for (Index index = 11; index < 20'000; ++index) {
            QVERIFY(watching.streamSaid(2'000, StreamLine{index, {node(u"n1"_qs, index)}}).empty());
        }
        QCOMPARE(watching.picture().nodes().at(u"n1"_qs).modified, 19'999u);
        QCOMPARE(watching.nextDeadline(), std::optional<qint64>(2'000 + Watching::silence_ms));
    }
    void nodesAreAskedForWhereTheStreamTellsNoDrains() {
        Watching watching = following();
        watching.advance(Watching::pause_ms_min);
        watching.setVersion(2'000, u"1.1.0"_qs);
        QVERIFY(watching.advance(2'000).empty());
        watching.setVersion(2'000, u"1.0.18"_qs);
        QCOMPARE(texts(watching.advance(2'000)), QStringList{u"nodes after 10"_qs});
        watching.listed(3'000, Table::Nodes, 12, std::vector<Node>{node(u"n1"_qs, 12)});
        QCOMPARE(texts(watching.advance(3'000 + Watching::pause_ms_min)),
                 QStringList{u"nodes after 12"_qs});
    }
    void duplicatesAndLateEventsChangeNothing() {
        Watching watching = following();
        watching.streamSaid(1, StreamLine{12, {node(u"n1"_qs, 12, u"down"_qs)}});
        QVERIFY(watching.takeChanged());
        watching.streamSaid(2, StreamLine{12, {node(u"n1"_qs, 12, u"down"_qs)}});
        watching.streamSaid(3, StreamLine{13, {node(u"n1"_qs, 11)}});
        QVERIFY(!watching.takeChanged());
        QCOMPARE(watching.picture().nodes().at(u"n1"_qs).status, u"down"_qs);
        // A list that was read before the event does not undo it.
        watching.listed(4, Table::Nodes, 11, std::vector<Node>{node(u"n1"_qs, 5)});
        QCOMPARE(watching.picture().nodes().at(u"n1"_qs).status, u"down"_qs);
        QVERIFY(watching.takeNotices().isEmpty());
    }
    void aStreamThatGoesBackIsListedAndSaid() {
        Watching watching = following();
        watching.streamSaid(1, StreamLine{20, {}});
        QVERIFY(texts(watching.streamSaid(2, StreamLine{15, {}})).contains(u"nodes"_qs));
        const QStringList notices = watching.takeNotices();
        QCOMPARE(notices.size(), 1);
        QVERIFY2(notices[0].contains(u"from 20 to 15"_qs), qPrintable(notices[0]));
    }
    void whoLeavesIsGoneWithTheNextList() {
        Watching watching = following();
        QCOMPARE(
            texts(watching.streamSaid(1, StreamLine{12, {Gone{Gone::What::Node, u"n1"_qs, {}}}})),
            QStringList{u"nodes"_qs});
        watching.listed(2, Table::Nodes, 12, std::vector<Node>{});
        QVERIFY(watching.picture().nodes().empty());
    }
    // Events between two streams may be lost, and no server says so.
    void aBrokenStreamIsResumedAndAllIsListed() {
        Watching watching = following();
        watching.streamSaid(1'000, StreamLine{17, {}});
        QCOMPARE(texts(watching.streamEnded(2'000, failure(Kind::Unreachable, u"cut"_qs))),
                 all_lists);
        const QStringList notices = watching.takeNotices();
        QVERIFY2(notices.value(0).contains(u"cut"_qs), qPrintable(notices.join(u'\n')));
        listAll(watching, 2'100, 17);
        const auto due = watching.nextDeadline();
        QVERIFY(*due >= 2'500 && *due <= 3'000); // half a second to one, by chance
        QCOMPARE(textOf(watching.advance(*due).at(0)), u"open from 17"_qs);
        QCOMPARE(watching.trueAt(), std::optional<qint64>(2'100)); // lists keep it fresh meanwhile
        const QStringList asked = texts(watching.streamSaid(*due + 50, heartbeat));
        QVERIFY(asked.contains(u"deployments"_qs));
        QVERIFY(watching.streams());
    }
    void silenceEndsAStream() {
        Watching watching = following();
        watching.advance(1'000);
        watching.streamSaid(30'000, heartbeat);
        QVERIFY(!texts(watching.advance(30'000 + Watching::silence_ms - 1)).contains(u"close"_qs));
        const QStringList done = texts(watching.advance(30'000 + Watching::silence_ms));
        QCOMPARE(done.value(0), u"close"_qs);
        QVERIFY(watching.takeNotices().value(0).contains(u"75 s"_qs));
    }
    void lastWordsAreSaid() {
        Watching watching = following();
        const auto line =
            readStreamLine("subscription closed by server, client should resubscribe");
        QCOMPARE(texts(watching.streamSaid(1, line)).value(0), u"close"_qs);
        QVERIFY(watching.takeNotices().value(0).contains(u"subscription closed"_qs));
        QVERIFY(!watching.streams());
        QVERIFY(watching.streamEnded(2, failure(Kind::Unreachable)).empty()); // it was closed
    }
    void withoutAStreamListsAreWatched_data() {
        QTest::addColumn<int>("kind");
        QTest::newRow("denied") << static_cast<int>(Kind::Denied);
        QTest::newRow("no such path") << static_cast<int>(Kind::NotNomad);
        QTest::newRow("failed") << static_cast<int>(Kind::Broken);
    }
    void withoutAStreamListsAreWatched() {
        QFETCH(int, kind);
        Watching watching(1);
        watching.begin(0);
        QCOMPARE(texts(watching.streamEnded(1, failure(static_cast<Kind>(kind)))), all_lists);
        QVERIFY(watching.takeNotices().value(0).contains(u"no event stream"_qs));
        listAll(watching, 100, 10);
        QVERIFY(!watching.trouble());
        QCOMPARE(texts(watching.advance(100 + Watching::pause_ms_min)),
                 (QStringList{u"nodes after 10"_qs, u"jobs after 10"_qs, u"deployments after 10"_qs,
                              u"allocations after 10"_qs}));
        // Nothing else is asked until one of them moves.
        QCOMPARE(watching.nextDeadline(), std::optional<qint64>(1 + Watching::stream_again_ms));
        watching.listed(50'000, Table::Nodes, 12, std::vector<Node>{});
        QCOMPARE(texts(watching.advance(51'000)), QStringList{u"nodes after 12"_qs});
        QVERIFY(texts(watching.advance(1 + Watching::stream_again_ms))
                    .contains(u"open from 0"_qs)); // and the stream is tried again
    }
    // 1.11.2 and later: a denial looks like 200 and an end without a word.
    void aStreamThatNeverSaysAWordIsLeft() {
        Watching watching(1);
        watching.begin(0);
        QCOMPARE(texts(watching.streamEnded(1, failure(Kind::Unreachable))), all_lists);
        listAll(watching, 10, 10);
        watching.advance(*watching.nextDeadline());
        watching.streamEnded(2'000, failure(Kind::Unreachable));
        QVERIFY(watching.takeNotices().value(0).contains(u"no event stream"_qs));
        QVERIFY(watching.trueAt());
    }
    void aServerThatIsAwayIsNotTakenForRefusing() {
        Watching watching(1);
        watching.begin(0);
        qint64 now_ms = 0;
        qint64 longest_ms = 0;
        for (int i = 0; i < 12; ++i) {
            const Commands commands = watching.streamEnded(now_ms, failure(Kind::Unreachable));
            for (const Command &command : commands) {
                if (const auto *list = std::get_if<List>(&command)) {
                    watching.listFailed(now_ms, list->table, failure(Kind::Unreachable));
                }
            }
            QVERIFY(watching.trouble());
            QVERIFY(!watching.trueAt());
            QStringList done;
            const qint64 began_ms = now_ms;
            while (!done.contains(u"open from 0"_qs)) {
                now_ms = *watching.nextDeadline();
                done = texts(watching.advance(now_ms));
                for (const Table table : all_tables) {
                    if (done.contains(all_lists[static_cast<int>(table)])) {
                        watching.listFailed(now_ms, table, failure(Kind::Unreachable));
                    }
                }
            }
            longest_ms = std::max(longest_ms, now_ms - began_ms);
        }
        QVERIFY(longest_ms <= Watching::again_ms_max);
        QVERIFY(longest_ms >= Watching::again_ms_max / 2);
    }
    // Four lists that fail together are one failure, not four.
    void afterAShortAbsenceItIsTriedSoon() {
        Watching watching(1);
        watching.begin(0);
        watching.streamEnded(0, failure(Kind::Unreachable));
        for (const Table table : all_tables) {
            watching.listFailed(0, table, failure(Kind::Unreachable));
        }
        QStringList done;
        while (watching.nextDeadline() && *watching.nextDeadline() <= 1'000) {
            done << texts(watching.advance(*watching.nextDeadline()));
        }
        QVERIFY2(done.contains(u"open from 0"_qs), qPrintable(done.join(u'\n')));
        for (const QString &list : all_lists) {
            QVERIFY2(done.contains(list), qPrintable(done.join(u'\n')));
        }
    }
    void aHistoryThatBeginsAnewIsForgottenAndSaid() {
        Watching watching = following(500);
        watching.streamSaid(1, StreamLine{600, {node(u"n2"_qs, 600)}});
        watching.streamEnded(2, failure(Kind::Unreachable));
        listAll(watching, 3, 12, {node(u"m1"_qs, 7)}); // another cluster answers there
        QVERIFY(!watching.picture().nodes().contains(u"n2"_qs));
        listAll(watching, 4, 12, {node(u"m1"_qs, 7)});
        QCOMPARE(watching.picture().nodes().size(), 1u);
        QVERIFY(watching.picture().nodes().contains(u"m1"_qs));
        QVERIFY(watching.takeNotices().join(u'\n').contains(u"began anew"_qs));
        QVERIFY(watching.isComplete());
    }
    // An event may come while a list is under way that was read before it.
    void anEventThatOvertakesAListIsNoStepBack() {
        Watching watching(1);
        watching.begin(0);
        watching.streamSaid(0, heartbeat);
        watching.streamSaid(1, StreamLine{11, {node(u"n1"_qs, 11, u"down"_qs)}});
        listAll(watching, 2, 10);
        QCOMPARE(watching.picture().nodes().at(u"n1"_qs).status, u"down"_qs);
        QVERIFY(watching.takeNotices().isEmpty());
    }
    void aLookAtTheIndexKeepsItFreshOrListsIt() {
        Watching watching = following();
        for (const Table table : all_tables) {
            QVERIFY(watching.seen(5'000, table, 10, 10).empty());
        }
        QCOMPARE(watching.trueAt(), std::optional<qint64>(5'000));
        // 1.0 sends no event when a drain begins.
        QCOMPARE(texts(watching.seen(10'000, Table::Nodes, 14, 10)), QStringList{u"nodes"_qs});
        QCOMPARE(watching.trueAt(), std::optional<qint64>(5'000));
        // Older than what the stream said meanwhile: no step back.
        watching.streamSaid(11'000, StreamLine{20, {node(u"n1"_qs, 20)}});
        watching.seen(11'001, Table::Nodes, 14, 10);
        QVERIFY(watching.takeNotices().isEmpty());
        watching.seen(12'000, Table::Nodes, 3, 20);
        QVERIFY(watching.takeNotices().value(0).contains(u"began anew"_qs));
    }
    void withoutALeaderItWaitsAndSaysWhy() {
        Watching watching = following();
        watching.streamEnded(1'000, failure(Kind::Unreachable));
        for (const Table table : all_tables) {
            watching.listFailed(1'000, table, failure(Kind::NoLeader, u"no leader"_qs));
        }
        QCOMPARE(watching.trouble()->kind, Kind::NoLeader);
        QCOMPARE(watching.trueAt(), std::optional<qint64>(0)); // as old as it is
        watching.advance(*watching.nextDeadline());
        for (int i = 0; i < 10 && !watching.streams(); ++i) {
            watching.advance(*watching.nextDeadline());
            watching.streamSaid(60'000, heartbeat);
        }
        listAll(watching, 60'000, 30);
        QVERIFY(!watching.trouble());
    }
    void aPauseThatNomadAsksForIsKept() {
        Watching watching = following();
        Failure busy = failure(Kind::TooMany);
        busy.retry_after_ms = 20'000;
        watching.advance(1'000);
        watching.listFailed(1'000, Table::Allocations, busy);
        QCOMPARE(watching.nextDeadline(), std::optional<qint64>(21'000));
    }
    void aRecordedLifeIsFollowed() {
        Watching watching(1);
        watching.begin(0);
        for (const QByteArray &line : recorded(234).split('\n')) {
            if (!line.isEmpty()) {
                watching.streamSaid(1, readStreamLine(line));
            }
        }
        QCOMPARE(watching.picture().nodes().size(), 1u);
        const Job &web = watching.picture().jobs().at(u"default/web"_qs);
        QCOMPARE(web.version, std::optional<quint64>(1));
        QVERIFY(web.stable);
        const auto &deployments = watching.picture().deployments();
        QCOMPARE(deployments.size(), 2u);
        for (const auto &[id, deployment] : deployments) {
            QCOMPARE(deployment.status, DeploymentStatus::Successful);
        }
    }
};

QTEST_GUILESS_MAIN(TestWatching)
#include "test_watching.moc"
