// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/deployments/deploymentevent.h"
#include "core/deployments/wayback.h"

#include <map>
#include <optional>
#include <vector>

namespace aviary {

// One line of what happened to a deployment.
struct RecordLine {
    qint64 wall_ms = 0;
    QString what; // a status's name, or the word of DeploymentNoted
    QString text;
    QString who;
    bool operator==(const RecordLine &) const = default;
};

// The history record of one rollout under its key. What `opened` says never changes; the rest is
// only added to, until the record has ended.
struct DeploymentRecord {
    DeploymentOpened opened;
    kernel::Status status = kernel::Status::Pending;
    bool stable = false; // it completed, and was no rerun: what it brought may be gone back to
    QString outcome;     // the sentence of its end
    QString ended_by;    // who brought it there; empty: nobody did
    QStringList tags;
    DeploymentHealthSeen health;
    std::vector<RecordLine> lines; // oldest first
    quint32 lines_left_out = 0;    // let go of, by limit or by compaction
    qint64 changed_wall_ms = 0, ended_wall_ms = 0;
    bool compacted = false; // its manifest was let go of

    bool ended() const { return kernel::isEnd(status); }
    bool operator==(const DeploymentRecord &) const = default;
};

struct BadMark {
    QString who, why;
    qint64 wall_ms = 0;
    bool operator==(const BadMark &) const = default;
};

struct LedgerSummary {
    quint32 total = 0;
    std::map<kernel::Status, quint32> by_status;
    QStringList
        active_services; // keys of which a revision runs, in the order of their first record
    bool operator==(const LedgerSummary &) const = default;
};

// A way back that may be taken, and what a person must know before.
struct WayBack {
    const DeploymentRecord *record = nullptr;
    QStringList warnings;
};

// All deployments of all keys of one cluster: the same key elsewhere is another service, with its
// own ledger. A pure value: built by fold, asked by everyone.
class Ledger {
public:
    static constexpr std::size_t lines_max = 1'000; // of one record

    // Refuses, and changes nothing: a version that is not the next one, a second record with the
    // same id, anything about a record or version that there is not, a move of an ended record.
    Result<void> fold(const DeploymentEvent &event);

    const DeploymentRecord *find(const QString &id) const;
    // An id, or a key: then its newest record. Null when it is neither.
    const DeploymentRecord *findIdOrKey(const QString &id_or_key) const;
    const DeploymentRecord *findVersion(const QString &key, quint32 version) const;
    // The record that brought `revision` first: the one with its manifest.
    const DeploymentRecord *findRevision(const QString &key, const QString &revision) const;

    QStringList keys() const; // in the order of their first record
    // Oldest first. The pointer is good until the next fold.
    const std::vector<DeploymentRecord> &history(const QString &key) const;
    std::vector<const DeploymentRecord *> all() const; // newest first, over all keys

    quint32 nextVersion(const QString &key) const;
    // The record whose rollout has not ended; null when none is under way.
    const DeploymentRecord *active(const QString &key) const;
    // What the key ran before its active rollout, or runs when none is active: the revision of the
    // newest record that completed. Null when none did. Batch reruns replace nothing.
    const DeploymentRecord *stable(const QString &key) const;
    // The revision that is on its nodes, also half: the active or failed one, else the stable one.
    QString running(const QString &key) const;

    // True when a deployment of `fingerprint` would change nothing: it is what runs, whole, and
    // nothing is under way. Batch and sysbatch always run again.
    bool changesNothing(const QString &key, const QString &fingerprint, JobType type) const;

    // `choice.version` may also be a revision's name.
    Result<WayBack> wayBack(const QString &key, const WayBackChoice &choice = {}) const;

    const BadMark *badMark(const QString &key, const QString &revision) const; // null: not bad

    LedgerSummary summary() const;

    // The event that compacts what is older than the newest `keep` records of a key; none when
    // there is nothing to let go of. Manifests that a way back may need stay: of what runs, of
    // tagged versions and of the newest `keep` stable ones.
    std::optional<RecordsCompacted> compaction(const QString &key, std::size_t keep,
                                               qint64 wall_ms) const;

    bool operator==(const Ledger &) const = default;

private:
    struct Service {
        std::vector<DeploymentRecord> records;
        std::map<QString, BadMark> bad; // by revision
        bool operator==(const Service &) const = default;
    };
    struct Place {
        QString key;
        std::size_t at = 0;
        bool operator==(const Place &) const = default;
    };

    Result<void> apply(const DeploymentOpened &event);
    Result<void> apply(const DeploymentMoved &event);
    Result<void> apply(const DeploymentNoted &event);
    Result<void> apply(const DeploymentHealthSeen &event);
    Result<void> apply(const VersionTagged &event);
    Result<void> apply(const RevisionMarked &event);
    Result<void> apply(const RecordsCompacted &event);

    const Service *service(const QString &key) const;
    Result<DeploymentRecord *> recordOf(const QString &id);
    Result<DeploymentRecord *> recordOf(const QString &key, quint32 version);
    std::vector<VersionStanding> standings(const Service &service) const;
    bool mayLetGo(const Service &service, const DeploymentRecord &record, std::size_t keep) const;

    std::map<QString, Service> services_;
    std::map<QString, Place> places_; // by id
    QStringList keys_;
};

} // namespace aviary
