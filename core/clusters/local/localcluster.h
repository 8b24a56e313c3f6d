// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/fleet/node.h"
#include "core/support/flaw.h"

#include <QJsonObject>
#include <QString>

#include <map>
#include <optional>
#include <vector>

namespace aviary::clusters {

// The nodes of a local cluster, as cluster.json in its directory lists them:
//
//   {"nodes": [{"id": "hall-1", "name": "Hall 1", "site": "hall", "labels": {"line": "a"},
//               "capabilities": ["gpu"], "capacity": {"services": 4, "memory_mib": 0, "disk_mib":
//               0}}],
//    "ports": {"shop": 8080},         where services listen; others get a free port
//    "flags": "/etc/shop/flags.json"} the flagd file of feature flags; by default beside
//    cluster.json
struct LocalCluster {
    std::vector<kernel::Node> nodes; // id, name, site, labels, capabilities, capacity
    std::map<QString, quint16> ports;
    QString flags;
    bool operator==(const LocalCluster &) const = default;
};

struct ClusterReading {
    std::optional<LocalCluster> cluster; // none: there are flaws
    Flaws flaws;
};
// Strict and total: all flaws are collected. At most 4,096 nodes and 4 MiB.
ClusterReading readCluster(const QByteArray &text);
QJsonObject toJson(const LocalCluster &cluster);

// `count` nodes n1, n2, ... spread evenly over `sites` sites site-a, site-b, ...
LocalCluster someLocalNodes(int count, int sites);

} // namespace aviary::clusters
