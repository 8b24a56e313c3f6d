// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/deployments/servicedefinition.h"

#include <QString>
#include <QStringList>

#include <variant>
#include <vector>

// What is asked of an instance or a node to know whether it is healthy, and what came of it.
namespace aviary::health {

// NoCheck: nothing was asked. Unknown: it could not be asked, or not yet. Silent: asked, and no
// answer came in time. None of the three is ever healthy.
enum class Health : quint8 { NoCheck, Unknown, Silent, Unhealthy, Degraded, Healthy };
QString nameOf(Health health); // "no check", "unknown", ...

// Statuses first..last, both included.
struct StatusRange {
    int first = 200, last = 299;
    bool operator==(const StatusRange &) const = default;
};

// GET http://host:port/path. Redirects are not followed: a 302 is an answer with status 302.
struct HttpCheck {
    QString host;     // empty: the instance's
    quint16 port = 0; // 0: the instance's
    QString path = QStringLiteral("/");
    std::vector<StatusRange> statuses = {{200, 200}};
    QString body_contains; // in the first 64 KiB; empty: any body
    bool operator==(const HttpCheck &) const = default;
};
// A connection is accepted, over IPv4 or IPv6.
struct TcpCheck {
    QString host;
    quint16 port = 0;
    bool operator==(const TcpCheck &) const = default;
};
// Runs without a shell, with PORT, NODE and REVISION of the instance in its environment. Killed,
// with everything it started, when it is late. 64 KiB of its output are looked at.
struct CommandCheck {
    QStringList command;
    int exit_code = 0;
    QString output_contains;
    bool operator==(const CommandCheck &) const = default;
};
// Shares of this machine in use, in percent: >= warning is degraded, >= critical is unhealthy.
struct MemoryCheck {
    double warning = 80, critical = 95;
    bool operator==(const MemoryCheck &) const = default;
};
struct DiskCheck {
    QString path = QStringLiteral("/");
    double warning = 80, critical = 95;
    bool operator==(const DiskCheck &) const = default;
};
using Question = std::variant<HttpCheck, TcpCheck, CommandCheck, MemoryCheck, DiskCheck>;

struct Check {
    QString name;
    Question question;
    int timeout_ms = 5'000; // 10'000 for a command; at most 600'000
    int interval_ms = 1'000;
    bool critical = true;
    bool operator==(const Check &) const = default;
};

// What stands behind "the instance's" in a check.
struct Endpoint {
    QString host = QStringLiteral("127.0.0.1");
    quint16 port = 0;
    QString node, revision;
    QString directory; // where a command runs; empty: the root directory
};

struct CheckResult {
    QString name;
    Health health = Health::Unknown;
    bool critical = true;
    QString text; // "503 instead of 200", plain and bounded
    qint64 took_ms = 0;
    bool operator==(const CheckResult &) const = default;
};

// The first that is true: without results no check; unhealthy, silent or unknown when a critical
// check is; degraded when any is not healthy; healthy.
Health aggregate(const std::vector<CheckResult> &results);
// The results that are not healthy, in one line.
QString reasonOf(const std::vector<CheckResult> &results);

// The checks of a service definition.
std::vector<Check> checksOf(const ServiceDefinition &definition);

} // namespace aviary::health
