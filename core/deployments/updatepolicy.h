// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/strategy/compile.h"
#include "core/support/flaw.h"

#include <QCborMap>

namespace aviary {

// `policies.update` of a manifest, every field with a value. The defaults are those of the format,
// and of kernel::Policy.
struct UpdatePolicy {
    QString strategy = QStringLiteral("rolling");    // rolling, canary, blue-green
    QString health_check = QStringLiteral("checks"); // checks, agent_states
    qint64 max_parallel = 1;                         // 0 acts as 1
    qint64 canary = 0;                               // agents; 0 with strategy canary acts as 1
    qint64 min_healthy_ms = 10'000;
    qint64 healthy_deadline_ms = 300'000;
    qint64 progress_deadline_ms = 600'000;
    bool auto_promote = false;
    bool auto_revert = false;
    QCborMap others; // members that this format does not know, kept as they are

    bool operator==(const UpdatePolicy &) const = default;
};

// Total: a value that is not understood falls to its default, whatever it is. `given` is what a
// person said beside the manifest; it wins member by member, also with null. Integers beyond 64
// bits become the largest.
UpdatePolicy normalisedPolicy(const QCborValue &update, const QCborMap &given = {});
QCborMap toMap(const UpdatePolicy &policy); // with `others`

// The manifest's own policy: exactly the words and numbers of the format.
Flaws flawsOfUpdate(const QCborValue &update, const QStringList &path);
// What a person gives on the command line, in a form or over the API: everything that
// normalisation would understand, and nothing that it would silently replace; no unknown member.
Flaws flawsOfGivenPolicy(const QCborMap &given);

// How many of `agents` go first: `canary`, at most all; 1 with strategy canary; else 0.
qint64 canaryCount(const UpdatePolicy &policy, qint64 agents);

// What the kernel is asked with. A canary of n agents becomes a single canary stage that takes
// exactly n of `agents` targets (where they are at most 10,000); blue-green with a canary holds
// before the switch.
kernel::Policy kernelPolicy(const UpdatePolicy &policy);
kernel::Strategy kernelStrategy(const UpdatePolicy &policy, qint64 agents);

} // namespace aviary
