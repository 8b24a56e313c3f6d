// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/fleet/fleet.h"
#include "core/support/flaw.h"

#include <QJsonObject>
#include <QMap>

#include <optional>

// What a revision runs on nodes that Aviary's own drivers reach (local, docker). It is Aviary's
// extension of a manifest: the object "aviary", at the top, in one node of flow.nodes, or in one
// member of the list services. Other systems ignore it.
//
//   "aviary": {
//     "command": "/opt/shop/serve",          or "image": "shop@sha256:...", or both
//     "args": ["--verbose"],
//     "env": {"MODE": "store"},              PORT, NODE, REVISION and SERVICE are the driver's
//     "port": 8080,                          of the container; on this machine the driver chooses
//     "checks": [{"kind": "http", "path": "/health", "status": 200}],
//     "memory_mib": 128, "disk_mib": 0,      what one instance needs
//     "capabilities": ["gpu"],               what a node must have
//     "restart": {"attempts": 5, "window_ms": 60000, "delay_ms": 1000},
//     "stop_grace_ms": 10000
//   }
//
// Reading is strict: an unknown member, a wrong type and a number out of range are flaws.
namespace aviary {

struct Manifest;

struct CheckDefinition {
    enum class Kind : quint8 { Http, Tcp, Command, Memory, Disk };
    Kind kind = Kind::Http;
    QString name;               // by default the kind
    QString path = u"/"_qs;     // http
    int status = 200;           // http: the answer's status
    QString contains;           // http: in the answer's body; command: in its output
    quint16 port = 0;           // http, tcp: 0 is the service's own
    QString command;            // command: exit code 0 is healthy
    QStringList args;           // command
    int warning_percent = 80;   // memory, disk: degraded from here
    int critical_percent = 95;  // memory, disk: unhealthy from here
    bool critical = true;       // false: unhealthy makes the service degraded only
    qint64 interval_ms = 1'000; // between the end of one look and the next
    qint64 timeout_ms = 5'000;  // an answer later than this is unhealthy; command 10,000
    bool operator==(const CheckDefinition &) const = default;
};

// What happens to a process that ends by itself, beneath any rollout.
struct RestartPolicy {
    int attempts = 5; // inside the window; 0: never
    qint64 window_ms = 60'000;
    qint64 delay_ms = 1'000; // doubled with each attempt in the window, up to the window
    bool operator==(const RestartPolicy &) const = default;
};

struct ServiceDefinition {
    QString command; // run without a shell
    QStringList args;
    QMap<QString, QString> env;
    QString image;
    quint16 port = 0; // 0: listens on no port, or on PORT
    std::vector<CheckDefinition> checks;
    kernel::Needs needs;
    RestartPolicy restart;
    qint64 stop_grace_ms = 10'000; // between the polite and the final signal
    bool operator==(const ServiceDefinition &) const = default;
};

struct DefinitionReading {
    std::optional<ServiceDefinition> definition; // none: the manifest has no "aviary", or flaws
    Flaws flaws;
};

DefinitionReading readDefinition(const Manifest &manifest);
// The same shape by itself, as drivers keep it in RevisionSpec::definition.
DefinitionReading readDefinition(const QJsonObject &object);
QJsonObject toJson(const ServiceDefinition &definition);

QString nameOf(CheckDefinition::Kind kind); // "http"

} // namespace aviary
