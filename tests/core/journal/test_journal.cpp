// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/journal/journal.h"
#include "core/journal/schema.h"
#include "tests/core/journal/samples.h"

#include <QBuffer>
#include <QFile>
#include <QSqlDatabase>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>
#include <unistd.h>

using namespace aviary;
using namespace aviary::journal;
using kernel::Status;

namespace {

std::unique_ptr<Journal> opened(const QString &path, Access access = Access::Own) {
    auto journal = Journal::open(path, access);
    return journal ? std::move(*journal) : nullptr;
}

std::vector<record::SealedEntry> entriesOf(const Journal &journal, const QString &rollout,
                                           std::uint64_t first = 1) {
    std::vector<record::SealedEntry> entries;
    const auto read = journal.readEntries(rollout, first, [&](const auto &entry) {
        entries.push_back(entry);
        return true;
    });
    return read ? entries : std::vector<record::SealedEntry>{};
}

// Changes the file behind the journal's back.
void spoil(const QString &directory, const QString &sql) {
    {
        auto file = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("spoil"));
        file.setDatabaseName(directory + u"/journal.sqlite");
        QVERIFY(file.open());
        QSqlQuery query(file);
        QVERIFY2(query.exec(sql), qPrintable(sql));
    }
    QSqlDatabase::removeDatabase(QStringLiteral("spoil"));
}

} // namespace

class TestJournal : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void whatWasAppendedIsThereAfterwards();
    void aBatchIsAllOrNothing();
    void factsAreKeptAndTheNewestCounts();
    void snapshotsStandBesideTheChain();
    void aRunIsExported();
    void anotherProcessIsRefusedAndMayRead();
    void damageIsNamed_data();
    void damageIsNamed();
    void anAnchorShowsARewrittenHistory();
    void untrustedPlacesAreRefused_data();
    void untrustedPlacesAreRefused();
    void filesArePrivate();
    void newerVersionsAreRefused();
    void olderVersionsAreBackedUpAndBroughtUp();

private:
    std::unique_ptr<QTemporaryDir> root_;
    QString path_;
};

void TestJournal::init() {
    root_ = std::make_unique<QTemporaryDir>();
    path_ = root_->filePath(QStringLiteral("state"));
}

void TestJournal::whatWasAppendedIsThereAfterwards() {
    std::vector<record::SealedEntry> before;
    record::Anchor head;
    {
        const auto journal = opened(path_);
        QVERIFY(journal);
        for (int n = 0; n < 3; ++n) {
            QVERIFY(journal->append(tests::batch(n)));
        }
        before = entriesOf(*journal, tests::rolloutId(1));
        head = journal->head();
        QCOMPARE(head.records, 10u);
    }
    const auto journal = opened(path_);
    QVERIFY(journal->head() == head);
    QCOMPARE(before.size(), 6u);
    QVERIFY(entriesOf(*journal, tests::rolloutId(1)) == before);
    QVERIFY(entriesOf(*journal, tests::rolloutId(1), 6).front() == before.back());
    QVERIFY(entriesOf(*journal, tests::rolloutId(1), 7).empty());
    QVERIFY(*journal->header(tests::rolloutId(1)) == tests::header(1));
    const auto entry = record::decodeEntry(before[2].bytes);
    record::Entry expected = tests::addition(1, 3).entry;
    expected.sequence = 3;
    QVERIFY(entry && *entry == expected);

    const auto rollouts = journal->rollouts();
    QVERIFY(rollouts);
    const RolloutSummary summary{tests::rolloutId(1),
                                 QStringLiteral("edge-eu"),
                                 QStringLiteral("checkout-api"),
                                 Status::InProgress,
                                 6,
                                 1'700'000'000'001,
                                 0};
    QVERIFY(*rollouts == std::vector{summary});

    Batch last;
    last.entries = {tests::addition(1, 7)};
    last.entries[0].status = Status::Completed;
    QVERIFY(journal->append(last));
    QCOMPARE(journal->rollouts()->front().status, Status::Completed);
    QCOMPARE(journal->rollouts()->front().ended_wall_ms, 1'700'000'000'007);
    const auto found = journal->verify();
    QVERIFY(found && found->whole);
    QCOMPARE(found->records, 11u);
    QVERIFY(found->head == journal->head());
}

void TestJournal::aBatchIsAllOrNothing() {
    const auto journal = opened(path_);
    QVERIFY(journal->append(tests::batch(0)));
    const record::Anchor head = journal->head();

    Batch twice; // the second opening is refused, and the first goes with it
    twice.openings = {tests::header(2), tests::header(1)};
    QCOMPARE(journal->append(twice).error().code, ErrorCode::Conflict);
    Batch stranger;
    stranger.facts = {tests::fact(7)};
    stranger.entries = {tests::addition(9, 1)};
    QCOMPARE(journal->append(stranger).error().code, ErrorCode::NotFound);

    QVERIFY(!journal->standstill()); // the batch was wrong, not the disk
    QVERIFY(journal->head() == head);
    QCOMPARE(journal->rollouts()->size(), 1u);
    QVERIFY(journal->append(tests::batch(1)));
    QVERIFY(journal->verify()->whole);
}

void TestJournal::factsAreKeptAndTheNewestCounts() {
    const auto journal = opened(path_);
    Batch batch;
    batch.facts = {tests::fact(1), tests::fact(2), tests::fact(1)};
    batch.facts[2].json = "{\"n\":1,\"again\":true}";
    batch.facts[1].topic = QStringLiteral("cluster");
    QVERIFY(journal->append(batch));
    const auto requests = journal->facts(QStringLiteral("request"));
    QVERIFY(requests);
    QCOMPARE(requests->size(), 2u);
    QCOMPARE(requests->front().position, 1u);
    QCOMPARE(journal->facts(QStringLiteral("request"), 1)->size(), 1u);
    const auto newest = journal->newest(QStringLiteral("request"), QStringLiteral("R1"));
    QVERIFY(newest && *newest && (*newest)->json == batch.facts[2].json);
    const auto none = journal->newest(QStringLiteral("request"), QStringLiteral("R9"));
    QVERIFY(none && !*none);
}

void TestJournal::snapshotsStandBesideTheChain() {
    const auto journal = opened(path_);
    QVERIFY(journal->append(tests::batch(0)));
    QVERIFY(journal->snapshot(tests::rolloutId(1)) && !*journal->snapshot(tests::rolloutId(1)));
    const Snapshot snapshot{tests::rolloutId(1), 2, "state", {}};
    Batch batch;
    batch.snapshots = {snapshot};
    const record::Anchor head = journal->head();
    QVERIFY(journal->append(batch));
    QVERIFY(journal->head() == head);
    QVERIFY(**journal->snapshot(tests::rolloutId(1)) == snapshot);
    batch.snapshots[0].sequence = 99;
    QVERIFY(!journal->append(batch));
    QVERIFY(**journal->snapshot(tests::rolloutId(1)) == snapshot);
}

void TestJournal::aRunIsExported() {
    const auto journal = opened(path_);
    Batch both = tests::batch(0);
    both.openings.push_back(tests::header(2));
    both.entries.push_back(tests::addition(2, 1));
    QVERIFY(journal->append(both));
    QVERIFY(journal->append(tests::batch(1)));

    QBuffer text;
    text.open(QIODevice::ReadWrite);
    QVERIFY(journal->exportRun(tests::rolloutId(1), text));
    text.seek(0);
    const auto run = record::readRun(text, QStringLiteral("export"));
    QVERIFY2(run, qPrintable(toText(run ? Error{} : run.error())));
    QVERIFY(run->header == tests::header(1));
    QVERIFY(run->entries == entriesOf(*journal, tests::rolloutId(1)));
    QVERIFY(run->warnings.isEmpty());
    QCOMPARE(journal->exportRun(QStringLiteral("none"), text).error().code, ErrorCode::NotFound);
}

void TestJournal::anotherProcessIsRefusedAndMayRead() {
    const auto journal = opened(path_);
    QVERIFY(journal->append(tests::batch(0)));
    const auto second = Journal::open(
        path_, Access::Own); // a lock is of its opening, in this process or in another
    QVERIFY(!second);
    QCOMPARE(second.error().code, ErrorCode::Conflict);
    QVERIFY(second.error().what.contains(QString::number(::getpid())));

    const auto reader = opened(path_, Access::Read);
    QVERIFY(reader);
    QCOMPARE(entriesOf(*reader, tests::rolloutId(1)).size(), 2u);
    QCOMPARE(reader->append(tests::batch(1)).error().code, ErrorCode::Refused);
    QVERIFY(!reader->recover());
    QVERIFY(journal->append(tests::batch(1))); // the reader sees what comes
    QCOMPARE(entriesOf(*reader, tests::rolloutId(1)).size(), 4u);
    QVERIFY(reader->verify()->whole);
}

void TestJournal::damageIsNamed_data() {
    QTest::addColumn<QString>("sql");
    QTest::addColumn<quint64>("position");
    const auto row = [](const char *name, const char *sql, quint64 position) {
        QTest::newRow(name) << QString::fromLatin1(sql) << position;
    };
    row("a bit of an entry",
        "UPDATE records SET body = CAST(substr(body, 1, length(body) - 1) || x'7f' AS BLOB)"
        " WHERE position = 6",
        6);
    row("a fact", "UPDATE records SET body = CAST('{}' AS BLOB) WHERE position = 4", 4);
    row("a fact's key", "UPDATE records SET name = 'R9' WHERE position = 4", 4);
    row("a time", "UPDATE records SET wall_ms = wall_ms + 1 WHERE position = 2", 2);
    row("lost in the middle", "DELETE FROM records WHERE position = 5", 5);
    row("lost at the end", "DELETE FROM records WHERE position >= 9", 9);
    row("swapped",
        "UPDATE records SET body = (SELECT body FROM records WHERE position = 3)"
        " WHERE position = 2",
        2);
    row("another rollout", "UPDATE rollouts SET ulid = 'X'", 1);
    row("its own hash", "UPDATE records SET hash = zeroblob(32) WHERE position = 7", 7);
    row("a link", "UPDATE records SET link = zeroblob(32) WHERE position = 5", 5);
}
void TestJournal::damageIsNamed() {
    QFETCH(QString, sql);
    QFETCH(quint64, position);
    {
        const auto journal = opened(path_);
        for (int n = 0; n < 3; ++n) {
            QVERIFY(journal->append(tests::batch(n)));
        }
    }
    spoil(path_, sql);
    const auto journal = opened(path_);
    QVERIFY(journal);
    const auto found = journal->verify();
    QVERIFY(found);
    QVERIFY(!found->whole);
    QCOMPARE(found->bad_position, position);
    QVERIFY(!found->what.isEmpty());
}

// Somebody who rewrites the whole chain cannot be seen in the chain, only against its old head.
void TestJournal::anAnchorShowsARewrittenHistory() {
    record::Anchor kept;
    {
        const auto journal = opened(path_);
        QVERIFY(journal->append(tests::batch(0)));
        kept = journal->head();
        QVERIFY(journal->append(tests::batch(1)));
        QVERIFY(journal->verify(kept)->whole);
    }
    const auto other = opened(root_->filePath(QStringLiteral("other")));
    Batch batch = tests::batch(0);
    batch.entries[0].entry.reason = QStringLiteral("another");
    QVERIFY(other->append(batch));
    QVERIFY(other->verify()->whole);
    const auto found = other->verify(kept);
    QVERIFY(!found->whole);
    QCOMPARE(found->bad_position, kept.records);
    QVERIFY(!other->verify(record::Anchor{99, kept.head})->whole);
}

void TestJournal::untrustedPlacesAreRefused_data() {
    QTest::addColumn<QString>("shape");
    QTest::addColumn<QString>("what");
    const auto row = [](const char *shape, const char *what) {
        QTest::newRow(shape) << QString::fromLatin1(shape) << QString::fromLatin1(what);
    };
    row("group may write", "others may write");
    row("all may write", "others may write");
    row("link to a directory", "symbolic link");
    row("a file", "no directory");
    row("journal is a link", "no plain file");
    row("journal is a pipe", "no plain file");
    row("journal has two names", "no plain file");
    row("journal may be written by all", "others may write");
    row("log is a link", "no plain file");
    row("lock is a link", "no plain file");
    row("another owner", "another user");
}
void TestJournal::untrustedPlacesAreRefused() {
    QFETCH(QString, shape);
    QFETCH(QString, what);
    const std::string path = path_.toStdString();
    const std::string elsewhere = root_->filePath(QStringLiteral("elsewhere")).toStdString();
    const auto mode = [&](const char *name, mode_t bits) {
        QCOMPARE(::chmod((path + name).c_str(), bits), 0);
    };
    if (shape == u"a file") {
        QFile file(path_);
        QVERIFY(file.open(QIODevice::WriteOnly));
    } else if (shape == u"link to a directory") {
        QCOMPARE(::mkdir(elsewhere.c_str(), 0700), 0);
        QCOMPARE(::symlink(elsewhere.c_str(), path.c_str()), 0);
    } else {
        QVERIFY(opened(path_)); // a good journal, that is then spoilt
    }
    const auto replace = [&](const char *name) {
        ::rename((path + name).c_str(), elsewhere.c_str());
        QCOMPARE(::symlink(elsewhere.c_str(), (path + name).c_str()), 0);
    };
    if (shape == u"group may write") {
        mode("", 0770);
    } else if (shape == u"all may write") {
        mode("", 0702);
    } else if (shape == u"journal is a link") {
        replace("/journal.sqlite");
    } else if (shape == u"log is a link") {
        replace("/journal.sqlite-wal");
    } else if (shape == u"lock is a link") {
        replace("/lock");
    } else if (shape == u"journal is a pipe") {
        ::unlink((path + "/journal.sqlite").c_str());
        QCOMPARE(::mkfifo((path + "/journal.sqlite").c_str(), 0600), 0);
    } else if (shape == u"journal has two names") {
        QCOMPARE(::link((path + "/journal.sqlite").c_str(), elsewhere.c_str()), 0);
    } else if (shape == u"journal may be written by all") {
        mode("/journal.sqlite", 0666);
    } else if (shape == u"another owner" && ::chown(path.c_str(), 12'345, 12'345) != 0) {
        QSKIP("only root can give a directory away");
    }
    for (const Access access : {Access::Own, Access::Read}) {
        if (access == Access::Read && shape == u"lock is a link") {
            continue; // readers have no use for the lock
        }
        const auto journal = Journal::open(path_, access);
        QVERIFY(!journal);
        QCOMPARE(journal.error().code, ErrorCode::Storage);
        QVERIFY2(journal.error().what.contains(what), qPrintable(toText(journal.error())));
    }
}

void TestJournal::filesArePrivate() {
    ::umask(0);
    const auto journal = opened(path_);
    ::umask(022);
    QVERIFY(journal->append(tests::batch(0)));
    for (const char *name :
         {"/journal.sqlite", "/journal.sqlite-wal", "/journal.sqlite-shm", "/lock"}) {
        struct stat found {};
        QCOMPARE(::stat((path_.toStdString() + name).c_str(), &found), 0);
        QCOMPARE(found.st_mode & 0777u, 0600u);
    }
    struct stat found {};
    QCOMPARE(::stat(path_.toStdString().c_str(), &found), 0);
    QCOMPARE(found.st_mode & 0777u, 0700u);
}

void TestJournal::newerVersionsAreRefused() {
    QVERIFY(opened(path_));
    spoil(path_, QStringLiteral("PRAGMA user_version=99"));
    QFile file(path_ + u"/journal.sqlite");
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray before = file.readAll();
    for (const Access access : {Access::Own, Access::Read}) {
        const auto journal = Journal::open(path_, access);
        QVERIFY(!journal);
        QVERIFY(journal.error().what.contains(u"version 99"));
        QVERIFY(journal.error().remedy.contains(u"newer Aviary"));
    }
    file.seek(0);
    QCOMPARE(file.readAll(), before);
    spoil(path_, QStringLiteral("PRAGMA application_id=7"));
    QVERIFY(Journal::open(path_, Access::Own).error().what.contains(u"no journal of Aviary"));
}

void TestJournal::olderVersionsAreBackedUpAndBroughtUp() {
    record::Anchor head;
    {
        const auto journal = opened(path_);
        QVERIFY(journal->append(tests::batch(0)));
        head = journal->head();
    }
    const char *const wrong[] = {"CREATE TABLE extra (a)", "CREATE TABLE extra (a)"};
    const char *const right[] = {"CREATE TABLE extra (a)"};
    std::vector<Migration> steps(migrations().begin(), migrations().end());
    steps.push_back({2, wrong});
    const QString backup = path_ + u"/journal.sqlite.v1.backup";
    {
        const auto directory = StateDirectory::open(path_, Access::Own);
        const auto database = Database::open(*directory);
        QVERIFY(database);
        QVERIFY(!migrate(**database, Access::Read, steps)); // a reader changes nothing
        QVERIFY(!QFile::exists(backup));
        QVERIFY(!migrate(**database, Access::Own, steps)); // all or nothing
        QCOMPARE(*(*database)->number("PRAGMA user_version"), 1);
        QVERIFY(QFile::exists(backup));
        steps.back() = {2, right};
        QVERIFY(migrate(**database, Access::Own, steps));
        QCOMPARE(*(*database)->number("PRAGMA user_version"), 2);
        QVERIFY(migrate(**database, Access::Own, steps)); // and once is enough
    }
    // The backup is a journal of the old version, whole.
    const QString restored = root_->filePath(QStringLiteral("restored"));
    QVERIFY(opened(restored));
    QFile::remove(restored + u"/journal.sqlite");
    QVERIFY(QFile::copy(backup, restored + u"/journal.sqlite"));
    const auto journal = opened(restored);
    QVERIFY(journal && journal->head() == head && journal->verify()->whole);
}

QTEST_GUILESS_MAIN(TestJournal)
#include "test_journal.moc"
