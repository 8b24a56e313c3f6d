// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/entry.h"
#include "core/record/fieldsjson.h"

namespace aviary::record {
namespace {

QJsonArray logToJson(const Log &log) {
    QJsonArray items;
    for (std::size_t i = 0; i < log.events.size(); ++i) {
        items.append(toJson(log.events[i]));
        for (const kernel::Command &command : log.after(i)) {
            items.append(toJson(command));
        }
    }
    return items;
}

void readLogItem(JsonReader &in, Log &log) {
    if (in.has(latin(kind_of<kernel::Command>))) {
        if (log.events.empty()) {
            in.refuse(latin(kind_of<kernel::Command>), QStringLiteral("comes before any event"));
            return;
        }
        read(in, log.commands.emplace_back());
        ++log.ends.back();
    } else {
        kernel::Event event;
        read(in, event);
        log.close(event);
    }
}

void readNote(JsonReader &in, std::vector<Note> &notes) {
    Note &note = notes.emplace_back();
    getField(in, "target", note.target);
    in.member(QLatin1StringView("text"), note.text);
}

Hash readHash(JsonReader &in, QLatin1StringView key) {
    QString hex;
    in.member(key, hex);
    const auto hash = hashFromHex(hex);
    if (!hash) {
        in.refuse(key, QStringLiteral("is no hash of 64 hexadecimal digits"));
    }
    return hash.value_or(Hash{});
}

} // namespace

QJsonObject toJson(const Entry &entry, const SealedEntry &sealed) {
    QJsonObject out{{QStringLiteral("at"), json(entry.at)},
                    {QStringLiteral("hash"), hexOf(sealed.hash)},
                    {QStringLiteral("log"), logToJson(entry.log)},
                    {QStringLiteral("previous"), hexOf(sealed.previous)},
                    {QStringLiteral("sequence"), json(entry.sequence)},
                    {QStringLiteral("state"), json(entry.state_hash)},
                    {QStringLiteral("wall_ms"), json(std::int64_t{entry.wall_ms})}};
    if (!entry.who.isEmpty()) {
        out.insert(QStringLiteral("who"), entry.who);
    }
    if (!entry.reason.isEmpty()) {
        out.insert(QStringLiteral("reason"), entry.reason);
    }
    QJsonArray notes;
    for (const Note &note : entry.notes) {
        QJsonObject item{{QStringLiteral("text"), note.text}};
        putMember(item, "target", note.target);
        notes.append(item);
    }
    if (!notes.isEmpty()) {
        out.insert(QStringLiteral("notes"), notes);
    }
    return out;
}

Result<SealedEntry> entryFromJson(const QJsonObject &json, const QString &where) {
    JsonReader in(json, where);
    Entry entry;
    std::int64_t wall_ms = 0;
    in.member(QLatin1StringView("sequence"), entry.sequence);
    in.member(QLatin1StringView("at"), entry.at);
    in.member(QLatin1StringView("wall_ms"), wall_ms);
    in.member(QLatin1StringView("state"), entry.state_hash);
    in.member(QLatin1StringView("who"), entry.who, QString());
    in.member(QLatin1StringView("reason"), entry.reason, QString());
    in.list(QLatin1StringView("notes"), notes_max,
            [&](JsonReader &note) { readNote(note, entry.notes); });
    in.list(QLatin1StringView("log"), log_items_max,
            [&](JsonReader &item) { readLogItem(item, entry.log); });
    const Hash previous = readHash(in, QLatin1StringView("previous"));
    const Hash hash = readHash(in, QLatin1StringView("hash"));
    const auto read = in.end(true);
    if (!read) {
        return tl::unexpected(read.error());
    }
    entry.wall_ms = wall_ms;
    auto sealed = seal(entry, previous);
    if (!sealed) {
        return fail(ErrorCode::Invalid, sealed.error().what, where);
    }
    if (sealed->hash != hash) {
        return fail(ErrorCode::Invalid,
                    QStringLiteral("entry %1 was changed: its hash is another").arg(entry.sequence),
                    where);
    }
    return sealed;
}

} // namespace aviary::record
