// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/record/codec.h"
#include "core/record/hash.h"

#include <span>
#include <vector>

namespace aviary::record {

inline constexpr qsizetype entry_bytes_max = 256 * 1024 * 1024;
inline constexpr qsizetype text_bytes_max = 4'096; // of a reason or a note, UTF-8
inline constexpr qsizetype who_bytes_max = 256;
inline constexpr qsizetype notes_max = 1'000'000;      // of one entry
inline constexpr qsizetype log_items_max = 50'000'000; // events and commands of one entry

// A text that goes with the events of an entry: what the driver said of a target, or, with
// every_target, of the rollout.
struct Note {
    kernel::TargetIndex target = kernel::every_target;
    QString text;
    bool operator==(const Note &) const = default;
};

// What happened and what was decided, in order. Whether a shell decides after each event, or notes
// all of a batch and then settles once, shows in `ends`, and a replay does as it did.
struct Log {
    std::vector<kernel::Event> events;
    kernel::Commands commands;
    std::vector<std::uint32_t> ends; // commands[ends[i-1], ends[i]) followed from events[i]

    // After `event` was noted and `commands` got what followed from it, if anything did.
    void close(const kernel::Event &event);
    std::span<const kernel::Command> after(std::size_t event) const;
    bool operator==(const Log &) const = default;
};

// One drained batch of one rollout: what the journal writes at once.
struct Entry {
    std::uint64_t sequence = 0; // inside the rollout, from 1, without gaps
    kernel::Millis at = 0;      // rollout time of all its events
    qint64 wall_ms = 0;         // since 1970, for display
    QString who;                // the person whose request is in it; else empty
    QString reason;             // that the person gave
    std::vector<Note> notes;
    Log log;
    std::uint64_t state_hash = 0; // kernel::stateHash after it
    bool operator==(const Entry &) const = default;
};

// The canonical bytes of an entry, and its place in the run's chain.
struct SealedEntry {
    QByteArray bytes;
    Hash previous{};
    Hash hash{};
    bool operator==(const SealedEntry &) const = default;
};

// Longer texts are cut to their limits. Refused without an event, or over entry_bytes_max.
Result<SealedEntry> seal(const Entry &entry, const Hash &previous);

// Reads an entry's bytes one event and command at a time, without keeping them.
class EntryReader {
public:
    // The bytes must outlive the reader.
    explicit EntryReader(QByteArrayView bytes);

    // All but the log.
    const Entry &head() const { return head_; }
    // None: the end, or the bytes are wrong: see result().
    Kind next(kernel::Event &event, kernel::Command &command);
    Result<void> result() const;

private:
    void readHead();
    QString text(qsizetype bytes_max);

    Reader in_;
    Entry head_;
    bool begun_ = false;
};

Result<Entry> decodeEntry(QByteArrayView bytes);

// One line of a run file, with its hashes. The reader answers the sealed entry, whose hash is
// computed anew and must be the line's.
QJsonObject toJson(const Entry &entry, const SealedEntry &sealed);
Result<SealedEntry> entryFromJson(const QJsonObject &json, const QString &where);

} // namespace aviary::record
