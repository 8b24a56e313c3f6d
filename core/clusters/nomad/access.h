// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clusters/nomad/connection.h"
#include "core/clusters/selfrunning.h"

namespace aviary::clusters::nomad {

// What the token may do, as far as Nomad told. Where that is not all, nothing is forbidden here:
// the cluster itself refuses then.
struct Access {
    bool is_known = false; // all policies were read
    bool does_all = false; // access control is off, or the token manages
    QString token;         // its name
    std::vector<Policy> policies;
    bool operator==(const Access &) const = default;
};

// Of the rules that name the namespace those with exactly its name count, else those of the pattern
// that leaves the least open.
QStringList capabilitiesIn(const Access &access, const QString &space);

// Why the token may not ask that; empty: it may, or it is not known.
QString mayNot(const Access &access, OwnRequest::Verb verb, const QString &space);

// Answered once, also where nothing is found out.
void readAccess(Connection &connection, const std::function<void(const Access &)> &answer);

} // namespace aviary::clusters::nomad
