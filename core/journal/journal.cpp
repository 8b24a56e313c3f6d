// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/journal/journal.h"

#include "core/journal/chain.h"
#include "core/journal/schema.h"
#include "core/record/words.h"

namespace aviary::journal {

using record::bytesOf;
using record::Hash;

namespace {

// As many bytes of entries cost about 20 ms to replay.
constexpr std::uint64_t snapshot_spacing_bytes = 1024 * 1024;

QByteArray blob(const Hash &hash) {
    return bytesOf(hash).toByteArray();
}

// SQLite tells NULL from an empty text; the journal needs no NULL in what it hashes.
QString present(const QString &text) {
    return text.isNull() ? QStringLiteral("") : text;
}

template <class T>
Result<void> voided(const Result<T> &result) {
    return result ? Result<void>{} : tl::unexpected(result.error());
}

} // namespace

struct Journal::Record {
    ChainedRecord chained;
    QVariant rollout_id, link;
};

Journal::Journal(StateDirectory directory) : directory_(std::move(directory)) {}

Result<std::unique_ptr<Journal>> Journal::open(const QString &directory, Access access) {
    auto opened = StateDirectory::open(directory, access);
    if (!opened) {
        return tl::unexpected(opened.error());
    }
    std::unique_ptr<Journal> journal(new Journal(std::move(*opened)));
    if (const auto good = journal->connect(); !good) {
        return tl::unexpected(good.error());
    }
    if (access == Access::Read) {
        journal->standstill_ = Error{ErrorCode::Refused,
                                     QStringLiteral("the journal was opened for reading"),
                                     journal->directory_.path(),
                                     {}};
    }
    return journal;
}

Result<void> Journal::connect() {
    auto database = Database::open(directory_);
    if (!database) {
        return tl::unexpected(database.error());
    }
    if (auto good = migrate(**database, directory_.access()); !good) {
        return good;
    }
    database_ = std::move(*database);
    courses_.clear();
    const auto head = storedHead();
    if (!head) {
        return tl::unexpected(head.error());
    }
    head_ = *head;
    return {};
}

Result<QSqlQuery *> Journal::query(const char *sql, const QVariantList &values) const {
    return database_->run(sql, values);
}

Result<record::Anchor> Journal::storedHead() const {
    const auto row = query("SELECT records, head FROM journal");
    if (!row) {
        return tl::unexpected(row.error());
    }
    std::optional<Hash> head;
    record::Anchor anchor;
    if ((*row)->next()) {
        anchor.records = (*row)->value(0).toULongLong();
        head = record::hashFromBytes((*row)->value(1).toByteArray());
    }
    (*row)->finish();
    if (!head) {
        return fail(ErrorCode::Storage, QStringLiteral("the journal has lost its head"),
                    database_->path());
    }
    anchor.head = *head;
    return anchor;
}

Result<void> Journal::append(const Batch &batch) {
    if (standstill_) {
        return tl::unexpected(*standstill_);
    }
    if (batch.empty()) {
        return {};
    }
    Pending pending{head_, {}};
    Result<void> good = database_->begin();
    if (good) {
        good = write(batch, pending);
    }
    if (good) {
        good = database_->commit();
    }
    if (!good) {
        database_->rollBack();
        if (good.error().code == ErrorCode::Storage) {
            standstill_ = good.error();
        }
        return good;
    }
    head_ = pending.head;
    for (auto it = pending.courses.cbegin(); it != pending.courses.cend(); ++it) {
        courses_.insert(it.key(), it.value());
    }
    return {};
}

Result<void> Journal::write(const Batch &batch, Pending &pending) {
    Result<void> good;
    for (std::size_t i = 0; good && i < batch.openings.size(); ++i) {
        good = writeOpening(batch.openings[i], pending);
    }
    for (std::size_t i = 0; good && i < batch.entries.size(); ++i) {
        good = writeEntry(batch.entries[i], pending);
    }
    for (std::size_t i = 0; good && i < batch.facts.size(); ++i) {
        good = writeFact(batch.facts[i], pending);
    }
    for (std::size_t i = 0; good && i < batch.snapshots.size(); ++i) {
        good = writeSnapshot(batch.snapshots[i], pending);
    }
    if (!good) {
        return good;
    }
    return voided(
        database_->run("UPDATE journal SET records = ?, head = ?",
                       {static_cast<qint64>(pending.head.records), blob(pending.head.head)}));
}

Result<void> Journal::writeRecord(const Record &record, Pending &pending) {
    ChainedRecord chained = record.chained;
    chained.position = pending.head.records + 1;
    pending.head = {chained.position, recordHash(pending.head.head, chained)};
    return voided(database_->run(
        "INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {static_cast<qint64>(chained.position), static_cast<int>(chained.kind), record.rollout_id,
         static_cast<qint64>(chained.sequence), present(chained.topic), present(chained.name),
         chained.wall_ms, chained.body, record.link, blob(pending.head.head)}));
}

Result<void> Journal::writeOpening(const record::RunHeader &header, Pending &pending) {
    const QByteArray line = record::headerLine(header);
    const Hash genesis = record::genesisOf(line);
    const auto inserted = database_->run(
        "INSERT INTO rollouts (ulid, cluster, service, status, sequence, head, begun_wall_ms,"
        " position) VALUES (?, ?, ?, ?, 0, ?, ?, ?)",
        {present(header.rollout), present(header.cluster),
         QString::fromStdString(header.plan.service), record::codeOf(kernel::Status::Draft),
         blob(genesis), header.begun_wall_ms, static_cast<qint64>(pending.head.records + 1)});
    if (!inserted) {
        return tl::unexpected(inserted.error());
    }
    const qint64 id = (*inserted)->lastInsertId().toLongLong();
    pending.courses.insert(header.rollout, {id, 0, genesis, 0});
    Record record;
    record.rollout_id = id;
    record.chained.kind = RecordKind::Opening;
    record.chained.rollout = header.rollout;
    record.chained.wall_ms = header.begun_wall_ms;
    record.chained.body = line;
    return writeRecord(record, pending);
}

Result<void> Journal::writeEntry(const Addition &addition, Pending &pending) {
    auto course = courseIn(addition.rollout, pending);
    if (!course) {
        return tl::unexpected(course.error());
    }
    record::Entry entry = addition.entry;
    entry.sequence = course->sequence + 1;
    auto sealed = record::seal(entry, course->head);
    if (!sealed) {
        return tl::unexpected(sealed.error());
    }
    course->sequence = entry.sequence;
    course->head = sealed->hash;
    course->bytes += static_cast<std::uint64_t>(sealed->bytes.size());
    pending.courses.insert(addition.rollout, *course);

    Record record;
    record.rollout_id = course->id;
    record.link = blob(sealed->hash);
    record.chained.kind = RecordKind::Entry;
    record.chained.rollout = addition.rollout;
    record.chained.sequence = entry.sequence;
    record.chained.wall_ms = entry.wall_ms;
    record.chained.body = std::move(sealed->bytes);
    if (auto good = writeRecord(record, pending); !good) {
        return good;
    }
    const bool ended = kernel::isEnd(addition.status);
    return voided(database_->run(
        "UPDATE rollouts SET status = ?, sequence = ?, head = ?, ended_wall_ms = ? WHERE id = ?",
        {record::codeOf(addition.status), static_cast<qint64>(entry.sequence), record.link,
         ended ? QVariant(entry.wall_ms) : QVariant(), course->id}));
}

Result<void> Journal::writeFact(const Fact &fact, Pending &pending) {
    Record record;
    record.chained.kind = RecordKind::Fact;
    record.chained.topic = fact.topic;
    record.chained.name = fact.key;
    record.chained.wall_ms = fact.wall_ms;
    record.chained.body = fact.json.isNull() ? QByteArray("") : fact.json;
    return writeRecord(record, pending);
}

Result<void> Journal::writeSnapshot(const Snapshot &snapshot, Pending &pending) {
    auto course = courseIn(snapshot.rollout, pending);
    if (!course) {
        return tl::unexpected(course.error());
    }
    if (snapshot.sequence > course->sequence) {
        return fail(ErrorCode::Internal, QStringLiteral("a snapshot of what did not happen"),
                    snapshot.rollout);
    }
    course->bytes = 0;
    pending.courses.insert(snapshot.rollout, *course);
    const auto bytes = [](const QByteArray &value) { return value.isNull() ? "" : value; };
    return voided(database_->run("INSERT OR REPLACE INTO snapshots VALUES (?, ?, ?, ?)",
                                 {course->id, static_cast<qint64>(snapshot.sequence),
                                  bytes(snapshot.state), bytes(snapshot.extra)}));
}

Result<void> Journal::recover() {
    if (directory_.access() == Access::Read || !standstill_) {
        return standstill_ ? Result<void>(tl::unexpected(*standstill_)) : Result<void>{};
    }
    Result<void> good = connect();
    if (good) {
        good = probe();
    }
    if (good) {
        standstill_.reset();
    } else {
        standstill_ = good.error();
    }
    return good;
}

// A commit of its own: it overwrites in the log whatever a failed one left behind.
Result<void> Journal::probe() {
    Result<void> good = database_->begin();
    if (good) {
        good = voided(database_->run("UPDATE journal SET probes = probes + 1"));
    }
    if (good) {
        good = database_->commit();
    }
    if (!good) {
        database_->rollBack();
    }
    return good;
}

bool Journal::wantsSnapshot(const QString &rollout) const {
    return courses_.value(rollout).bytes >= snapshot_spacing_bytes;
}

Result<Journal::Course> Journal::courseIn(const QString &rollout, const Pending &pending) const {
    const auto found = pending.courses.constFind(rollout);
    if (found != pending.courses.cend()) {
        return *found;
    }
    const auto known = courses_.constFind(rollout);
    return known != courses_.cend() ? Result<Course>(*known) : courseOf(rollout);
}

Result<Journal::Course> Journal::courseOf(const QString &rollout) const {
    const auto row = query("SELECT id, sequence, head FROM rollouts WHERE ulid = ?", {rollout});
    if (!row) {
        return tl::unexpected(row.error());
    }
    if (!(*row)->next()) {
        return fail(ErrorCode::NotFound,
                    QStringLiteral("the journal has no rollout %1").arg(record::shown(rollout)));
    }
    Course course{(*row)->value(0).toLongLong(), (*row)->value(1).toULongLong(), {}, 0};
    const auto head = record::hashFromBytes((*row)->value(2).toByteArray());
    (*row)->finish();
    if (!head) {
        return fail(ErrorCode::Storage,
                    QStringLiteral("rollout %1 has lost its head").arg(record::shown(rollout)));
    }
    course.head = *head;
    return course;
}

} // namespace aviary::journal
