// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/deployments/ledger.h"

#include <algorithm>

namespace aviary {
namespace {

// A record that was never started, was undone or gave way says nothing of what is on the nodes.
bool leftItsMark(const DeploymentRecord &record) {
    using kernel::Status;
    switch (record.status) {
    case Status::Draft:
    case Status::Approved:
    case Status::Pending:
    case Status::RolledBack:
    case Status::Superseded:
        return false;
    default:
        return record.opened.purpose != Purpose::Rerun;
    }
}

const DeploymentRecord *newest(const std::vector<DeploymentRecord> &records, auto fits) {
    const auto found = std::find_if(records.rbegin(), records.rend(), fits);
    return found == records.rend() ? nullptr : &*found;
}

} // namespace

const Ledger::Service *Ledger::service(const QString &key) const {
    const auto at = services_.find(key);
    return at == services_.end() ? nullptr : &at->second;
}

const std::vector<DeploymentRecord> &Ledger::history(const QString &key) const {
    static const std::vector<DeploymentRecord> none;
    const auto *found = service(key);
    return found == nullptr ? none : found->records;
}

const DeploymentRecord *Ledger::find(const QString &id) const {
    const auto place = places_.find(id);
    return place == places_.end() ? nullptr : &history(place->second.key)[place->second.at];
}

const DeploymentRecord *Ledger::findIdOrKey(const QString &id_or_key) const {
    if (const auto *record = find(id_or_key)) {
        return record;
    }
    const auto &records = history(id_or_key);
    return records.empty() ? nullptr : &records.back();
}

const DeploymentRecord *Ledger::findVersion(const QString &key, quint32 version) const {
    const auto &records = history(key); // versions are 1, 2, 3 in order
    return version >= 1 && version <= records.size() ? &records[version - 1] : nullptr;
}

const DeploymentRecord *Ledger::findRevision(const QString &key, const QString &revision) const {
    const auto &records = history(key);
    const auto at = std::ranges::find(
        records, revision, [](const DeploymentRecord &record) { return record.opened.revision; });
    return at == records.end() ? nullptr : &*at;
}

QStringList Ledger::keys() const {
    return keys_;
}

std::vector<const DeploymentRecord *> Ledger::all() const {
    std::vector<const DeploymentRecord *> records;
    for (const auto &[key, service] : services_) {
        for (const auto &record : service.records) {
            records.push_back(&record);
        }
    }
    std::ranges::stable_sort(records, std::greater<>(),
                             [](const DeploymentRecord *record) { return record->opened.wall_ms; });
    return records;
}

quint32 Ledger::nextVersion(const QString &key) const {
    return static_cast<quint32>(history(key).size()) + 1;
}

const DeploymentRecord *Ledger::active(const QString &key) const {
    return newest(history(key), [](const DeploymentRecord &record) {
        return !record.ended() && record.status != kernel::Status::Draft &&
               record.status != kernel::Status::Approved;
    });
}

const DeploymentRecord *Ledger::stable(const QString &key) const {
    return newest(history(key), [](const DeploymentRecord &record) { return record.stable; });
}

QString Ledger::running(const QString &key) const {
    const auto *record = newest(history(key), leftItsMark);
    return record == nullptr ? QString() : record->opened.revision;
}

bool Ledger::changesNothing(const QString &key, const QString &fingerprint, JobType type) const {
    const auto *record = newest(history(key), leftItsMark);
    return rolls(type) && record != nullptr && record->stable && active(key) == nullptr &&
           !fingerprint.isEmpty() && record->opened.fingerprint == fingerprint;
}

std::vector<VersionStanding> Ledger::standings(const Service &service) const {
    std::vector<VersionStanding> standings;
    for (const auto &record : service.records) {
        const QString &revision = record.opened.revision;
        standings.push_back({record.opened.version, revision, record.stable,
                             service.bad.contains(revision), record.tags});
    }
    return standings;
}

Result<WayBack> Ledger::wayBack(const QString &key, const WayBackChoice &choice) const {
    const auto *found = service(key);
    if (found == nullptr) {
        return fail(ErrorCode::NotFound, QStringLiteral("deployment %1 was not found").arg(key));
    }
    const auto versions = standings(*found);
    // A rerun replaced nothing, so nothing is left out.
    const bool rerun = found->records.back().opened.purpose == Purpose::Rerun;
    const QString left_out = rerun ? QString() : running(key);
    auto at = chooseWayBack(versions, left_out, choice);
    if (!at && !choice.version.isEmpty()) {
        const auto *named = findRevision(key, choice.version);
        const QString number = named ? QString::number(named->opened.version) : QString();
        at = named ? chooseWayBack(versions, left_out, {number, choice.tag}) : at;
    }
    if (!at) {
        return fail(ErrorCode::Refused, noWayBackText(key), {},
                    u"name a version: `aviary history` lists them"_qs);
    }
    const auto *record = &found->records[*at];
    const auto *first = findRevision(key, record->opened.revision);
    if (first->compacted) {
        return fail(ErrorCode::Refused,
                    QStringLiteral("the manifest of version %1 was let go of by the retention")
                        .arg(record->opened.version),
                    {}, u"deploy it anew from its bundle"_qs);
    }
    WayBack way{record, {}};
    if (!versions[*at].stable) {
        way.warnings.append(
            QStringLiteral("version %1 never completed").arg(versions[*at].version));
    }
    if (const auto *bad = badMark(key, record->opened.revision)) {
        way.warnings.append(QStringLiteral("%1 is marked bad by %2: %3")
                                .arg(record->opened.revision, bad->who, bad->why));
    }
    return way;
}

const BadMark *Ledger::badMark(const QString &key, const QString &revision) const {
    const auto *found = service(key);
    if (found == nullptr) {
        return nullptr;
    }
    const auto at = found->bad.find(revision);
    return at == found->bad.end() ? nullptr : &at->second;
}

LedgerSummary Ledger::summary() const {
    LedgerSummary summary;
    for (const QString &key : keys_) {
        for (const auto &record : history(key)) {
            ++summary.total;
            ++summary.by_status[record.status];
        }
        if (!running(key).isEmpty()) {
            summary.active_services.append(key);
        }
    }
    return summary;
}

bool Ledger::mayLetGo(const Service &service, const DeploymentRecord &record,
                      std::size_t keep) const {
    const QString &revision = record.opened.revision;
    const QString key = record.opened.key;
    const auto *now = stable(key);
    std::size_t newer = 0; // stable records after this one, of which a way back takes the newest
    for (const auto &other : service.records) {
        if (other.opened.revision == revision && (!other.tags.isEmpty() || !other.ended())) {
            return false;
        }
        newer += other.stable && other.opened.version > record.opened.version ? 1 : 0;
    }
    const bool runs = running(key) == revision || (now && now->opened.revision == revision);
    return !runs && (!record.stable || newer >= keep);
}

std::optional<RecordsCompacted> Ledger::compaction(const QString &key, std::size_t keep,
                                                   qint64 wall_ms) const {
    const auto &records = history(key);
    if (records.size() <= keep) {
        return std::nullopt;
    }
    const auto version = static_cast<quint32>(records.size() - keep);
    const auto full = [&](const DeploymentRecord &record) {
        return record.opened.version <= version && record.ended() && !record.lines.empty();
    };
    if (std::ranges::none_of(records, full)) {
        return std::nullopt;
    }
    return RecordsCompacted{key, version, static_cast<quint32>(keep), wall_ms};
}

} // namespace aviary
