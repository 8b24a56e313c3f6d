// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/journal/chain.h"
#include "core/journal/journal.h"

namespace aviary::journal {
namespace {

using record::Hash;

// Chain and runs, checked record after record.
class ChainCheck {
public:
    explicit ChainCheck(const std::optional<record::Anchor> &anchor) : anchor_(anchor) {}

    // False: this one is wrong, and why.
    bool take(const ChainedRecord &record, const QByteArray &link, const QByteArray &hash) {
        if (record.position != head_.records + 1) {
            return wrong(head_.records + 1, QStringLiteral("a record is missing"));
        }
        head_ = {record.position, recordHash(head_.head, record)};
        if (record::bytesOf(head_.head) != hash) {
            return wrong(record.position, QStringLiteral("it was changed, or one before it was"));
        }
        if (anchor_ && anchor_->records == record.position && anchor_->head != head_.head) {
            return wrong(record.position, QStringLiteral("the anchor knows another history"));
        }
        return record.kind == RecordKind::Opening ? takeOpening(record)
               : record.kind == RecordKind::Entry ? takeEntry(record, link)
                                                  : true;
    }

    bool takeEnd(const record::Anchor &stored) {
        if (stored != head_) {
            return wrong(head_.records + 1, QStringLiteral("records are missing at the end"));
        }
        if (anchor_ && anchor_->records > head_.records) {
            return wrong(head_.records + 1,
                         QStringLiteral("the anchor knows of later records that are gone"));
        }
        return true;
    }

    bool takeSummary(const QString &rollout, std::uint64_t entries, const QByteArray &head) {
        const auto run = runs_.constFind(rollout);
        if (run == runs_.cend() || run->entries != entries || record::bytesOf(run->head) != head) {
            return wrong(head_.records, QStringLiteral("the list of rollouts says otherwise of %1")
                                            .arg(record::shown(rollout)));
        }
        return true;
    }

    Soundness soundness() const {
        Soundness found;
        found.records = head_.records;
        found.head = head_;
        found.whole = what_.isEmpty();
        found.bad_position = bad_position_;
        found.what = what_;
        return found;
    }

private:
    struct RunHead {
        std::uint64_t entries = 0;
        Hash head{};
    };

    bool takeOpening(const ChainedRecord &record) {
        if (const auto header = record::headerFromLine(record.body, {}); !header) {
            return wrong(record.position, toText(header.error()));
        }
        runs_.insert(record.rollout, {0, record::genesisOf(record.body)});
        return true;
    }
    bool takeEntry(const ChainedRecord &record, const QByteArray &link) {
        const auto run = runs_.find(record.rollout);
        if (run == runs_.end()) {
            return wrong(record.position, QStringLiteral("an entry of no rollout"));
        }
        const auto entry = record::decodeEntry(record.body);
        if (!entry) {
            return wrong(record.position, toText(entry.error()));
        }
        run->head = record::entryHash(run->head, record.body);
        ++run->entries;
        if (entry->sequence != run->entries || record.sequence != run->entries ||
            record::bytesOf(run->head) != link) {
            return wrong(record.position, QStringLiteral("an entry is out of its order"));
        }
        return true;
    }
    bool wrong(std::uint64_t position, const QString &what) {
        bad_position_ = position;
        what_ = what;
        return false;
    }

    std::optional<record::Anchor> anchor_;
    record::Anchor head_;
    QHash<QString, RunHead> runs_;
    std::uint64_t bad_position_ = 0;
    QString what_;
};

ChainedRecord chainedOf(const QSqlQuery &row) {
    ChainedRecord record;
    record.position = row.value(0).toULongLong();
    record.kind = static_cast<RecordKind>(row.value(1).toInt());
    record.rollout = row.value(2).toString();
    record.sequence = row.value(3).toULongLong();
    record.topic = row.value(4).toString();
    record.name = row.value(5).toString();
    record.wall_ms = row.value(6).toLongLong();
    record.body = row.value(7).toByteArray();
    return record;
}

} // namespace

Result<Soundness> Journal::verify(const std::optional<record::Anchor> &anchor) const {
    ChainCheck check(anchor);
    const auto rows = query("SELECT r.position, r.kind, o.ulid, r.sequence, r.topic, r.name,"
                            " r.wall_ms, r.body, r.link, r.hash"
                            " FROM records r LEFT JOIN rollouts o ON o.id = r.rollout"
                            " ORDER BY r.position");
    if (!rows) {
        return tl::unexpected(rows.error());
    }
    bool good = true;
    const auto read = database_->forEach(**rows, [&](const QSqlQuery &row) {
        good = check.take(chainedOf(row), row.value(8).toByteArray(), row.value(9).toByteArray());
        return good;
    });
    if (!read) {
        return tl::unexpected(read.error());
    }
    if (!good) {
        return check.soundness();
    }
    const auto stored = storedHead();
    if (!stored) {
        return tl::unexpected(stored.error());
    }
    if (!check.takeEnd(*stored)) {
        return check.soundness();
    }
    const auto summaries = query("SELECT ulid, sequence, head FROM rollouts ORDER BY id");
    if (!summaries) {
        return tl::unexpected(summaries.error());
    }
    const auto listed = database_->forEach(**summaries, [&](const QSqlQuery &row) {
        return check.takeSummary(row.value(0).toString(), row.value(1).toULongLong(),
                                 row.value(2).toByteArray());
    });
    return listed ? Result<Soundness>(check.soundness()) : tl::unexpected(listed.error());
}

} // namespace aviary::journal
