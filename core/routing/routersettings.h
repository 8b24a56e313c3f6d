// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <map>
#include <optional>

namespace aviary::routing {

// An HAProxy that an operator runs, and where the servers of services go there.
struct RunningHaproxy {
    QString socket;                      // its runtime socket: an absolute path, or HOST:PORT
    std::map<QString, QString> backends; // by service; others: the backend of the service's name
    QString prefix = QStringLiteral("aviary"); // of the names of our servers: letters, digits, - _
    bool operator==(const RunningHaproxy &) const = default;
};

// Which router a cluster has.
struct RouterSettings {
    QString program = {};                       // of HAProxy; empty: looked for
    std::optional<RunningHaproxy> running = {}; // instead of our own
    bool operator==(const RouterSettings &) const = default;
};

} // namespace aviary::routing
