// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clusters/docker/wire.h"
#include "core/kernel/fleet/node.h"
#include "core/support/flaw.h"

#include <QJsonObject>

#include <map>
#include <optional>
#include <vector>

namespace aviary::clusters {

// One edge node: an engine, and how its services are reached.
struct DockerPlace {
    kernel::Node node; // its address is where clients and checks reach published ports
    EngineAddress engine;
    // Ports of the node that instances are given, both included.
    quint16 port_first = 20'000, port_last = 29'999;
    bool host_network = false; // the container shares the node's network: no port is published
    bool operator==(const DockerPlace &) const = default;
};

// A cluster of Docker or Podman nodes, as cluster.json in its directory lists them:
//
//   {"nodes": [{"id": "store-1", "site": "eu-west",       and name, labels, capabilities, capacity
//               "host": "ssh://ops@store-1",              or "context": "store-1"
//               "certificates": "/etc/aviary/store-1",    tcp over TLS: ca.pem, cert.pem, key.pem
//               "address": "10.0.0.7",                    by default the host of "host"
//               "ports": [20000, 29999], "network": "bridge"}],   or "host"
//    "ports": {"shop": 8080},      where services listen; others get a free port
//    "flags": "/etc/shop/flags.json",
//    "images": "/srv/images",      a missing image shop:42 is loaded from shop_42.tar there
//    "pull": true,                 or pulled, with the engine's own credentials
//    "images_kept": 3,             of each service, on each node
//    "offline_after_ms": 10000,    a node that is silent for longer is offline
//    "docker": "docker"}           the Docker CLI, for contexts, TLS and ssh
struct DockerCluster {
    std::vector<DockerPlace> places;
    std::map<QString, quint16> ports;
    QString flags;
    QString images;
    bool pull = true;
    int images_kept = 3;
    int offline_after_ms = 10'000;
    QString docker = QStringLiteral("docker");
    bool operator==(const DockerCluster &) const = default;
};

struct DockerReading {
    std::optional<DockerCluster> cluster; // none: there are flaws
    Flaws flaws;
};
// Strict and total: all flaws are collected. At most 4,096 nodes and 4 MiB.
DockerReading readDockerCluster(const QByteArray &text);
// A cluster of the contexts of the Docker CLI, a node each.
QJsonObject clusterOfContexts(const QStringList &contexts);

} // namespace aviary::clusters
