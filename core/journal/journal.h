// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/journal/database.h"
#include "core/record/run.h"

#include <QHash>

#include <functional>
#include <vector>

// The daemon's durable log of everything: rollouts, their entries, and facts (ledger events,
// settings, acknowledgements, answers of requests). One chain over all of it. Not thread-safe; all
// calls block until they are done.
namespace aviary::journal {

// The next batch of one rollout. The journal gives entry.sequence.
struct Addition {
    QString rollout;
    record::Entry entry;
    kernel::Status status = kernel::Status::Draft; // after it
};

// A fact of a kind (`topic`), about something (`key`). The newest of a key counts; all are kept.
struct Fact {
    QString topic;
    QString key;
    QByteArray json;
    qint64 wall_ms = 0;
    std::uint64_t position = 0; // in the journal; given when it is written
    bool operator==(const Fact &) const = default;
};

// A state to start from: `state` as record::encodeState makes it, `extra` what the shell adds.
struct Snapshot {
    QString rollout;
    std::uint64_t sequence = 0;
    QByteArray state, extra;
    bool operator==(const Snapshot &) const = default;
};

// Written at once, or not at all.
struct Batch {
    std::vector<record::RunHeader> openings;
    std::vector<Addition> entries;
    std::vector<Fact> facts;
    std::vector<Snapshot> snapshots;
    bool empty() const {
        return openings.empty() && entries.empty() && facts.empty() && snapshots.empty();
    }
};

struct RolloutSummary {
    QString id, cluster, service;
    kernel::Status status = kernel::Status::Draft;
    std::uint64_t entries = 0;
    qint64 begun_wall_ms = 0;
    qint64 ended_wall_ms = 0; // 0: it goes on
    bool operator==(const RolloutSummary &) const = default;
};

// What verify found. When it is not whole: the first record that is wrong, and how.
struct Soundness {
    std::uint64_t records = 0;
    record::Anchor head;
    bool whole = true;
    std::uint64_t bad_position = 0;
    QString what;
};

class Journal {
public:
    // See StateDirectory::open for refusals; a journal of a newer version is refused as well.
    static Result<std::unique_ptr<Journal>> open(const QString &directory, Access access);

    const StateDirectory &directory() const { return directory_; }

    // ---- Writing

    // One transaction. When it answers without an error, the batch is on the disk. ErrorCode::
    // Storage: it is not, and from then on the journal only reads until recover() succeeds. Any
    // other error: the batch itself was refused, and nothing else changed.
    Result<void> append(const Batch &batch);

    // None: the journal takes batches. Else why it only reads.
    const std::optional<Error> &standstill() const { return standstill_; }

    // Tries to write again, after standstill. When it succeeds, the refused batch did not happen
    // and never will; a crash before that may still have let it through.
    Result<void> recover();

    // True when so much was added since the last snapshot that another one is worth its cost.
    bool wantsSnapshot(const QString &rollout) const;

    // ---- Reading

    record::Anchor head() const { return head_; }
    Result<std::vector<RolloutSummary>> rollouts() const; // the oldest first
    Result<record::RunHeader> header(const QString &rollout) const;
    // Entries of a rollout from `first`, in order, until `take` answers false. `take` must not ask
    // the journal for anything.
    using TakeEntry = std::function<bool(const record::SealedEntry &)>;
    Result<void> readEntries(const QString &rollout, std::uint64_t first,
                             const TakeEntry &take) const;
    Result<std::optional<Snapshot>> snapshot(const QString &rollout) const;
    // Facts of a topic after a position, the oldest first.
    Result<std::vector<Fact>> facts(const QString &topic, std::uint64_t after = 0) const;
    Result<std::optional<Fact>> newest(const QString &topic, const QString &key) const;

    // One rollout as a run file.
    Result<void> exportRun(const QString &rollout, QIODevice &out) const;

    // Reads the whole chain. `anchor`: a head that was kept elsewhere; it must lie on the chain.
    Result<Soundness> verify(const std::optional<record::Anchor> &anchor = std::nullopt) const;

private:
    struct Course { // of one rollout
        qint64 id = 0;
        std::uint64_t sequence = 0;
        record::Hash head{};
        std::uint64_t bytes = 0; // since its last snapshot
    };
    // What a batch changes in memory, once it is on the disk.
    struct Pending {
        record::Anchor head;
        QHash<QString, Course> courses;
    };

    explicit Journal(StateDirectory directory);
    Result<void> connect();
    Result<void> write(const Batch &batch, Pending &pending);
    Result<void> writeOpening(const record::RunHeader &header, Pending &pending);
    Result<void> writeEntry(const Addition &addition, Pending &pending);
    Result<void> writeFact(const Fact &fact, Pending &pending);
    Result<void> writeSnapshot(const Snapshot &snapshot, Pending &pending);
    struct Record;
    Result<void> writeRecord(const Record &record, Pending &pending);
    Result<void> probe();
    Result<QSqlQuery *> query(const char *sql, const QVariantList &values = {}) const;
    Result<record::Anchor> storedHead() const;
    Result<QByteArray> headerBytes(const QString &rollout) const;
    Result<Course> courseOf(const QString &rollout) const;
    Result<Course> courseIn(const QString &rollout, const Pending &pending) const;

    StateDirectory directory_;
    std::unique_ptr<Database> database_; // always there
    std::optional<Error> standstill_;
    record::Anchor head_;
    QHash<QString, Course> courses_; // of the rollouts that were written to
};

} // namespace aviary::journal
