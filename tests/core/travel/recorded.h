// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/travel/recordedrun.h"
#include "tests/core/record/world.h"

namespace aviary::tests {

inline constexpr qint64 world_begin_wall_ms = 1'700'000'000'000; // FickleWorld's

// A live run of a fickle world over `nodes` nodes of the cluster edge-eu.
inline record::Run recordedRun(std::uint32_t nodes, std::uint64_t seed, int entries,
                               const QString &rollout = QStringLiteral("R1")) {
    record::RunHeader header;
    header.rollout = rollout;
    header.cluster = QStringLiteral("edge-eu");
    header.who = QStringLiteral("ops");
    header.begun_wall_ms = world_begin_wall_ms;
    header.plan = judgedPlan(nodes);
    header.context[u"deployment"] = QString(rollout + u"-d");
    header.context[u"version"] = 42;
    FickleWorld world(header.plan, seed);
    record::Run run = record::beginRun(header);
    for (int i = 0; i < entries; ++i) {
        if (!record::addEntry(run, world.next())) {
            qFatal("the world made an entry that cannot be written");
        }
    }
    return run;
}

} // namespace aviary::tests
