// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/journal/chain.h"

#include "core/record/bytes.h"

namespace aviary::journal {

record::Hash recordHash(const record::Hash &previous, const ChainedRecord &record) {
    record::Writer frame;
    frame.whole(record.position);
    frame.byte(static_cast<std::uint8_t>(record.kind));
    frame.text(record.rollout.toUtf8());
    frame.whole(record.sequence);
    frame.text(record.topic.toUtf8());
    frame.text(record.name.toUtf8());
    frame.integer(record.wall_ms);
    return record::sha256(
        {"aviary record 1\n", record::bytesOf(previous), frame.take(), record.body});
}

} // namespace aviary::journal
