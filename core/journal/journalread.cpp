// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/journal/journal.h"
#include "core/record/words.h"

namespace aviary::journal {

using record::Hash;

namespace {

Fact factOf(const QSqlQuery &row) {
    return {row.value(1).toString(), row.value(2).toString(), row.value(3).toByteArray(),
            row.value(4).toLongLong(), row.value(0).toULongLong()};
}

} // namespace

Result<std::vector<RolloutSummary>> Journal::rollouts() const {
    const auto rows = query("SELECT ulid, cluster, service, status, sequence, begun_wall_ms,"
                            " ended_wall_ms FROM rollouts ORDER BY id");
    if (!rows) {
        return tl::unexpected(rows.error());
    }
    std::vector<RolloutSummary> summaries;
    const auto read = database_->forEach(**rows, [&](const QSqlQuery &row) {
        const auto status = record::valueOf<kernel::Status>(row.value(3).toULongLong());
        summaries.push_back({row.value(0).toString(), row.value(1).toString(),
                             row.value(2).toString(), status.value_or(kernel::Status::Failed),
                             row.value(4).toULongLong(), row.value(5).toLongLong(),
                             row.value(6).toLongLong()});
        return true;
    });
    return read ? Result<std::vector<RolloutSummary>>(std::move(summaries))
                : tl::unexpected(read.error());
}

Result<record::RunHeader> Journal::header(const QString &rollout) const {
    const auto line = headerBytes(rollout);
    return line ? record::headerFromLine(*line, rollout) : tl::unexpected(line.error());
}

Result<QByteArray> Journal::headerBytes(const QString &rollout) const {
    const auto course = courseOf(rollout);
    if (!course) {
        return tl::unexpected(course.error());
    }
    const auto row = query("SELECT body FROM records WHERE position ="
                           " (SELECT position FROM rollouts WHERE id = ?)",
                           {course->id});
    if (!row) {
        return tl::unexpected(row.error());
    }
    if (!(*row)->next()) {
        return fail(ErrorCode::Storage,
                    QStringLiteral("rollout %1 has lost its header").arg(record::shown(rollout)));
    }
    const QByteArray line = (*row)->value(0).toByteArray();
    (*row)->finish();
    return line;
}

Result<void> Journal::readEntries(const QString &rollout, std::uint64_t first,
                                  const TakeEntry &take) const {
    const auto course = courseOf(rollout);
    if (!course) {
        return tl::unexpected(course.error());
    }
    Hash previous{};
    if (first <= 1) {
        const auto line = headerBytes(rollout);
        if (!line) {
            return tl::unexpected(line.error());
        }
        previous = record::genesisOf(*line);
    }
    const std::uint64_t from = first <= 1 ? 1 : first - 1; // one more, for its hash
    const auto rows = query("SELECT sequence, body, link FROM records"
                            " WHERE kind = 2 AND rollout = ? AND sequence >= ? ORDER BY sequence",
                            {course->id, static_cast<qint64>(from)});
    if (!rows) {
        return tl::unexpected(rows.error());
    }
    std::uint64_t expected = from;
    bool whole = true;
    const auto read = database_->forEach(**rows, [&](const QSqlQuery &row) {
        const auto link = record::hashFromBytes(row.value(2).toByteArray());
        const QByteArray body = row.value(1).toByteArray();
        const bool wanted = expected >= first;
        whole = row.value(0).toULongLong() == expected && link &&
                (!wanted || record::entryHash(previous, body) == *link);
        const bool more = whole && (!wanted || take({body, previous, *link}));
        previous = link.value_or(Hash{});
        expected += whole ? 1 : 0;
        return more;
    });
    if (read && !whole) {
        return fail(ErrorCode::Storage,
                    QStringLiteral("entry %1 of rollout %2 is missing or was changed")
                        .arg(expected)
                        .arg(record::shown(rollout)),
                    database_->path(), QStringLiteral("verify the journal"));
    }
    return read;
}

Result<std::optional<Snapshot>> Journal::snapshot(const QString &rollout) const {
    const auto course = courseOf(rollout);
    if (!course) {
        return tl::unexpected(course.error());
    }
    const auto row =
        query("SELECT sequence, state, extra FROM snapshots WHERE rollout = ?", {course->id});
    if (!row) {
        return tl::unexpected(row.error());
    }
    std::optional<Snapshot> found;
    if ((*row)->next()) {
        found = Snapshot{rollout, (*row)->value(0).toULongLong(), (*row)->value(1).toByteArray(),
                         (*row)->value(2).toByteArray()};
    }
    (*row)->finish();
    return found;
}

Result<std::vector<Fact>> Journal::facts(const QString &topic, std::uint64_t after) const {
    const auto rows = query("SELECT position, topic, name, body, wall_ms FROM records"
                            " WHERE kind = 3 AND topic = ? AND position > ? ORDER BY position",
                            {topic, static_cast<qint64>(after)});
    if (!rows) {
        return tl::unexpected(rows.error());
    }
    std::vector<Fact> found;
    const auto read = database_->forEach(**rows, [&](const QSqlQuery &row) {
        found.push_back(factOf(row));
        return true;
    });
    return read ? Result<std::vector<Fact>>(std::move(found)) : tl::unexpected(read.error());
}

Result<std::optional<Fact>> Journal::newest(const QString &topic, const QString &key) const {
    const auto row = query("SELECT position, topic, name, body, wall_ms FROM records"
                           " WHERE kind = 3 AND topic = ? AND name = ?"
                           " ORDER BY position DESC LIMIT 1",
                           {topic, key});
    if (!row) {
        return tl::unexpected(row.error());
    }
    std::optional<Fact> found;
    if ((*row)->next()) {
        found = factOf(**row);
    }
    (*row)->finish();
    return found;
}

Result<void> Journal::exportRun(const QString &rollout, QIODevice &out) const {
    const auto line = headerBytes(rollout);
    if (!line) {
        return tl::unexpected(line.error());
    }
    record::RunWriter writer(out, *line);
    const auto read = readEntries(rollout, 1, [&](const record::SealedEntry &entry) {
        writer.write(entry);
        return true;
    });
    const auto written = writer.finish();
    return read ? written : read;
}

} // namespace aviary::journal
