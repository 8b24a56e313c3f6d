// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/journal/journal.h"
#include "tests/core/record/plans.h"

// Batches for the tests of the journal: small, and each different from the next.
namespace aviary::tests {

inline QString rolloutId(int number) {
    return QStringLiteral("01HF%1").arg(number, 22, 10, QLatin1Char('0'));
}

inline record::RunHeader header(int number) {
    record::RunHeader header;
    header.rollout = rolloutId(number);
    header.cluster = QStringLiteral("edge-eu");
    header.plan = canaryPlan(5);
    header.who = QStringLiteral("ops");
    header.begun_wall_ms = 1'700'000'000'000 + number;
    header.version = QStringLiteral("0.1.0");
    return header;
}

inline journal::Addition addition(int number, std::uint32_t order) {
    using namespace kernel;
    journal::Addition addition;
    addition.rollout = rolloutId(number);
    addition.status = Status::InProgress;
    addition.entry.at = order;
    addition.entry.wall_ms = 1'700'000'000'000 + order;
    addition.entry.state_hash = order;
    addition.entry.log.commands = {UpdateNode{order, order % 5}};
    addition.entry.log.close(NodeReady{order % 5, order});
    return addition;
}

inline journal::Fact fact(int number) {
    return {QStringLiteral("request"), QStringLiteral("R%1").arg(number),
            "{\"n\":" + QByteArray::number(number) + '}', 1'700'000'000'000 + number};
}

// Batch n, from 0: the first opens the rollout; each adds two entries and a fact.
inline journal::Batch batch(int n) {
    journal::Batch batch;
    if (n == 0) {
        batch.openings = {header(1)};
    }
    const auto order = static_cast<std::uint32_t>(2 * n + 1);
    batch.entries = {addition(1, order), addition(1, order + 1)};
    batch.facts = {fact(n)};
    return batch;
}

} // namespace aviary::tests
