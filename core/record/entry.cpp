// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/entry.h"

namespace aviary::record {
namespace {

constexpr std::uint8_t entry_format = 1;
constexpr QChar byte_order_mark(0xfeff);

// As UTF-8, without the marks that a reader would drop, cut between characters.
QByteArray clipped(QStringView text, qsizetype bytes_max) {
    while (text.startsWith(byte_order_mark)) {
        text = text.mid(1);
    }
    QByteArray bytes = text.toUtf8();
    if (bytes.size() > bytes_max) {
        qsizetype size = bytes_max;
        while (size > 0 && (static_cast<std::uint8_t>(bytes[size]) & 0xc0) == 0x80) {
            --size;
        }
        bytes.truncate(size);
    }
    return bytes;
}

void putLog(const Log &log, Writer &out) {
    for (std::size_t i = 0; i < log.events.size(); ++i) {
        encode(log.events[i], out);
        for (const kernel::Command &command : log.after(i)) {
            encode(command, out);
        }
    }
}

} // namespace

void Log::close(const kernel::Event &event) {
    events.push_back(event);
    ends.push_back(static_cast<std::uint32_t>(commands.size()));
}

std::span<const kernel::Command> Log::after(std::size_t event) const {
    const std::size_t begin = event == 0 ? 0 : ends[event - 1];
    return std::span(commands).subspan(begin, ends[event] - begin);
}

Result<SealedEntry> seal(const Entry &entry, const Hash &previous) {
    const Log &log = entry.log;
    if (log.events.empty() || log.ends.size() != log.events.size() ||
        log.ends.back() != log.commands.size()) {
        return fail(ErrorCode::Internal, QStringLiteral("an entry begins with an event"));
    }
    if (entry.notes.size() > static_cast<std::size_t>(notes_max)) {
        return fail(ErrorCode::Internal, QStringLiteral("over %1 notes").arg(notes_max));
    }
    Writer out;
    out.byte(entry_format);
    out.whole(entry.sequence);
    out.integer(entry.at);
    out.integer(entry.wall_ms);
    out.whole(entry.state_hash);
    out.text(clipped(entry.who, who_bytes_max));
    out.text(clipped(entry.reason, text_bytes_max));
    out.whole(entry.notes.size());
    for (const Note &note : entry.notes) {
        out.whole(note.target);
        out.text(clipped(note.text, text_bytes_max));
    }
    putLog(log, out);
    if (out.size() > entry_bytes_max) {
        return fail(ErrorCode::Internal,
                    QStringLiteral("an entry of over %1 bytes").arg(entry_bytes_max));
    }
    SealedEntry sealed{out.take(), previous, {}};
    sealed.hash = entryHash(previous, sealed.bytes);
    return sealed;
}

EntryReader::EntryReader(QByteArrayView bytes) : in_(bytes) {
    if (bytes.size() > entry_bytes_max) {
        in_.refuse("the entry is too long");
    }
    readHead();
}

void EntryReader::readHead() {
    constexpr std::uint64_t whole_max = ~std::uint64_t{0};
    if (in_.byte() != entry_format) {
        in_.refuse("no entry that this version can read");
    }
    head_.sequence = in_.whole(whole_max);
    head_.at = in_.integer(INT64_MIN, INT64_MAX);
    head_.wall_ms = in_.integer(INT64_MIN, INT64_MAX);
    head_.state_hash = in_.whole(whole_max);
    head_.who = text(who_bytes_max);
    head_.reason = text(text_bytes_max);
    // A note takes two bytes at least: a count beyond that is false, and must not reserve memory.
    const std::uint64_t notes = in_.whole(static_cast<std::uint64_t>(notes_max));
    if (notes > static_cast<std::uint64_t>(in_.left()) / 2) {
        in_.refuse("the bytes end too early");
    }
    for (std::uint64_t i = 0; i < notes && in_.ok(); ++i) {
        const auto target = static_cast<kernel::TargetIndex>(in_.whole(kernel::every_target));
        head_.notes.push_back({target, text(text_bytes_max)});
    }
}

QString EntryReader::text(qsizetype bytes_max) {
    const QByteArrayView utf8 = in_.text(bytes_max);
    if (utf8.startsWith("\xef\xbb\xbf")) {
        in_.refuse("a text begins with a byte order mark");
        return {};
    }
    return QString::fromUtf8(utf8);
}

Kind EntryReader::next(kernel::Event &event, kernel::Command &command) {
    if (begun_ && in_.atEnd()) {
        return Kind::None;
    }
    const Kind kind = decode(in_, event, command);
    if (!begun_ && kind == Kind::Command) {
        in_.refuse("an entry begins with an event");
        return Kind::None;
    }
    begun_ = true;
    return kind;
}

Result<void> EntryReader::result() const {
    if (in_.ok()) {
        return {};
    }
    return fail(ErrorCode::Invalid, QString::fromLatin1(in_.problem()),
                QStringLiteral("byte %1").arg(in_.position()));
}

Result<Entry> decodeEntry(QByteArrayView bytes) {
    EntryReader in(bytes);
    Entry entry = in.head();
    kernel::Event event;
    kernel::Command command;
    for (Kind kind = in.next(event, command); kind != Kind::None; kind = in.next(event, command)) {
        if (kind == Kind::Event) {
            entry.log.close(event);
        } else {
            entry.log.commands.push_back(command);
            ++entry.log.ends.back();
        }
    }
    if (const auto good = in.result(); !good) {
        return tl::unexpected(good.error());
    }
    return entry;
}

} // namespace aviary::record
