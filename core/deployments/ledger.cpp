// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/deployments/ledger.h"

#include <algorithm>

namespace aviary {
namespace {

QString wordOf(kernel::Status status) {
    const std::string_view name = kernel::nameOf(status);
    return QString::fromLatin1(name.data(), static_cast<qsizetype>(name.size()));
}

void addLine(DeploymentRecord &record, RecordLine line) {
    if (record.lines.size() == Ledger::lines_max) {
        record.lines.erase(record.lines.begin() + 1); // how it began stays
        ++record.lines_left_out;
    }
    record.changed_wall_ms = line.wall_ms;
    record.lines.push_back(std::move(line));
}

} // namespace

Result<void> Ledger::fold(const DeploymentEvent &event) {
    return std::visit([this](const auto &concrete) { return apply(concrete); }, event);
}

Result<void> Ledger::apply(const DeploymentOpened &event) {
    if (event.id.isEmpty() || event.key.trimmed().isEmpty() || event.revision.isEmpty()) {
        return fail(ErrorCode::Invalid, u"a record needs an id, a key and a revision"_qs);
    }
    if (places_.contains(event.id)) {
        return fail(ErrorCode::Conflict, QStringLiteral("%1 exists already").arg(event.id));
    }
    const quint32 next = nextVersion(event.key);
    if (event.version != next) {
        return fail(ErrorCode::Conflict,
                    QStringLiteral("version %1 of %2 is not the next one")
                        .arg(QString::number(event.version), event.key),
                    {}, QStringLiteral("the next one is %1; ask again").arg(next));
    }
    const auto *first = findRevision(event.key, event.revision);
    if (first != nullptr && first->opened.fingerprint != event.fingerprint) {
        return fail(ErrorCode::Conflict,
                    QStringLiteral("revision %1 of %2 exists with other content")
                        .arg(event.revision, event.key),
                    {}, u"give the new content another revision"_qs);
    }
    auto [at, fresh] = services_.try_emplace(event.key);
    if (fresh) {
        keys_.append(event.key);
    }
    auto &records = at->second.records;
    places_.emplace(event.id, Place{event.key, records.size()});
    DeploymentRecord record;
    record.opened = event;
    record.tags = event.tags;
    addLine(record, {event.wall_ms, u"opened"_qs, event.why, event.who});
    records.push_back(std::move(record));
    return {};
}

Result<void> Ledger::apply(const DeploymentMoved &event) {
    auto found = recordOf(event.id);
    if (!found) {
        return tl::unexpected(found.error());
    }
    DeploymentRecord &record = **found;
    if (record.ended()) {
        return fail(ErrorCode::Refused,
                    QStringLiteral("%1 ended: %2").arg(event.id, wordOf(record.status)), {},
                    u"deploy or roll back: that writes a new record"_qs);
    }
    record.status = event.status;
    addLine(record, {event.wall_ms, wordOf(event.status), event.text, event.who});
    if (kernel::isEnd(event.status)) {
        record.outcome = event.text;
        record.ended_by = event.who;
        record.ended_wall_ms = event.wall_ms;
        record.stable =
            event.status == kernel::Status::Completed && record.opened.purpose != Purpose::Rerun;
    }
    return {};
}

Result<void> Ledger::apply(const DeploymentNoted &event) {
    auto found = recordOf(event.id);
    if (!found) {
        return tl::unexpected(found.error());
    }
    addLine(**found, {event.wall_ms, event.what, event.text, event.who});
    return {};
}

Result<void> Ledger::apply(const DeploymentHealthSeen &event) {
    auto found = recordOf(event.id);
    if (!found) {
        return tl::unexpected(found.error());
    }
    (*found)->health = event;
    return {};
}

Result<void> Ledger::apply(const VersionTagged &event) {
    auto found = recordOf(event.key, event.version);
    if (!found) {
        return tl::unexpected(found.error());
    }
    if (event.tag.trimmed().isEmpty()) {
        return fail(ErrorCode::Invalid, u"a tag must not be blank"_qs);
    }
    for (auto &record : services_[event.key].records) {
        if (record.tags.removeAll(event.tag) > 0) {
            addLine(record, {event.wall_ms, u"untagged"_qs, event.tag, event.who});
        }
    }
    if (event.set) {
        (*found)->tags.append(event.tag);
        addLine(**found, {event.wall_ms, u"tagged"_qs, event.tag, event.who});
    }
    return {};
}

Result<void> Ledger::apply(const RevisionMarked &event) {
    const auto *first = findRevision(event.key, event.revision);
    if (first == nullptr) {
        return fail(ErrorCode::NotFound,
                    QStringLiteral("%1 has no revision %2").arg(event.key, event.revision));
    }
    Service &service = services_[event.key];
    if (event.bad) {
        service.bad[event.revision] = {event.who, event.why, event.wall_ms};
    } else {
        service.bad.erase(event.revision);
    }
    auto found = recordOf(first->opened.id);
    addLine(**found, {event.wall_ms, event.bad ? u"marked_bad"_qs : u"no_longer_bad"_qs, event.why,
                      event.who});
    return {};
}

Result<void> Ledger::apply(const RecordsCompacted &event) {
    const auto at = services_.find(event.key);
    if (at == services_.end()) {
        return fail(ErrorCode::NotFound, QStringLiteral("there is no %1").arg(event.key));
    }
    for (auto &record : at->second.records) {
        if (record.opened.version <= event.version && record.ended()) {
            record.lines_left_out += static_cast<quint32>(record.lines.size());
            record.lines.clear();
            record.lines.shrink_to_fit();
            if (mayLetGo(at->second, record, event.manifests)) {
                record.opened.manifest.clear();
                record.compacted = true;
            }
        }
    }
    return {};
}

Result<DeploymentRecord *> Ledger::recordOf(const QString &id) {
    const auto place = places_.find(id);
    if (place == places_.end()) {
        return fail(ErrorCode::NotFound, QStringLiteral("deployment %1 was not found").arg(id));
    }
    return &services_[place->second.key].records[place->second.at];
}

Result<DeploymentRecord *> Ledger::recordOf(const QString &key, quint32 version) {
    const auto *record = findVersion(key, version);
    if (record == nullptr) {
        return fail(ErrorCode::NotFound,
                    QStringLiteral("deployment %1 version %2 was not found").arg(key).arg(version));
    }
    return recordOf(record->opened.id);
}

} // namespace aviary
