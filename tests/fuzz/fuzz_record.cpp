// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/run.h"
#include "core/record/statecodec.h"
#include "tests/core/record/plans.h"

#include <QBuffer>
#include <QJsonDocument>

#include <cstdlib>

// The first byte says which reader gets the rest. Beyond not crashing: what was read as an entry
// writes the same bytes, and a run that was read either replays or is refused in words.
namespace {

using namespace aviary;
using namespace aviary::record;

void need(bool good) {
    if (!good) {
        std::abort();
    }
}

void readEntryBytes(const QByteArray &bytes) {
    const auto entry = decodeEntry(bytes);
    if (!entry) {
        return;
    }
    const auto sealed = seal(*entry, {});
    need(sealed && sealed->bytes == bytes);
    const auto back = entryFromJson(toJson(*entry, *sealed), {});
    need(back && back->bytes == bytes);
}

void readRunText(QByteArray text) {
    QBuffer buffer(&text);
    buffer.open(QIODevice::ReadOnly);
    const auto run = readRun(buffer, QStringLiteral("fuzz"));
    if (run) {
        const auto check = checkRun(*run, Decisions::Compared);
        need(check || !check.error().what.isEmpty());
    }
}

// Entries of a small plan, without the hashes that no mutation could guess.
void replayEntries(const QByteArray &bytes) {
    static const kernel::Plan plan = tests::canaryPlan(12);
    kernel::State state = kernel::begin(plan);
    const auto done = apply(plan, state, bytes);
    if (done || done.error().code == ErrorCode::Conflict) {
        const QByteArray snapshot = encodeState(state);
        need(decodeState(snapshot, plan, kernel::stateHash(state)).has_value());
        kernel::Commands commands;
        kernel::settle(plan, state, commands);
    }
}

void readPlan(const QByteArray &text) {
    const auto plan = planFromJson(QJsonDocument::fromJson(text).object(), {});
    if (plan) {
        need(*planFromJson(toJson(*plan), {}) == *plan);
        kernel::State state = kernel::begin(*plan);
        kernel::Commands commands;
        kernel::step(*plan, state, kernel::Requested{kernel::Start{}}, 0, commands);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const QByteArray rest(reinterpret_cast<const char *>(bytes + 1),
                          static_cast<qsizetype>(size - 1));
    switch (bytes[0] % 4) {
    case 0:
        readEntryBytes(rest);
        break;
    case 1:
        readRunText(rest);
        break;
    case 2:
        replayEntries(rest);
        break;
    default:
        readPlan(rest);
        break;
    }
    return 0;
}
