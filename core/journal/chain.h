// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/record/hash.h"

#include <QString>

namespace aviary::journal {

// As they stand in the table.
enum class RecordKind : std::uint8_t { Opening = 1, Entry = 2, Fact = 3 };

// What the chain covers of one record.
struct ChainedRecord {
    std::uint64_t position = 0;
    RecordKind kind = RecordKind::Fact;
    QString rollout; // its ULID
    std::uint64_t sequence = 0;
    QString topic, name;
    qint64 wall_ms = 0;
    QByteArray body;
};

record::Hash recordHash(const record::Hash &previous, const ChainedRecord &record);

} // namespace aviary::journal
