// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/local/localcluster.h"

#include "core/clusters/hosting/clusterfields.h"

#include <QCborValue>
#include <QJsonArray>

namespace aviary::clusters {
namespace {

constexpr const char *here = "127.0.0.1";

kernel::Node readNode(const QCborMap &map, const QStringList &path, Flaws &flaws) {
    FieldReader reader(map, path, flaws);
    kernel::Node node = readNodeFields(reader, path, QStringLiteral("local"), flaws);
    node.address = here;
    reader.finish();
    return node;
}

void readNodes(FieldReader &reader, LocalCluster &cluster, Flaws &flaws) {
    const QCborArray list = reader.list(QStringLiteral("nodes"), nodes_max);
    for (qsizetype i = 0; i < list.size(); ++i) {
        const QStringList path = {QStringLiteral("nodes"), QString::number(i)};
        cluster.nodes.push_back(readNode(list.at(i).toMap(), path, flaws));
    }
    checkNodes(reader, cluster.nodes, flaws);
}

} // namespace

ClusterReading readCluster(const QByteArray &text) {
    ClusterReading reading;
    const std::optional<QJsonObject> object = readClusterText(text, reading.flaws);
    if (!object) {
        return reading;
    }
    FieldReader reader(QCborMap::fromJsonObject(*object), {}, reading.flaws);
    LocalCluster cluster;
    readNodes(reader, cluster, reading.flaws);
    cluster.ports = readPorts(reader);
    cluster.flags = reader.text(QStringLiteral("flags"), {}, 4'096);
    reader.finish();
    if (reading.flaws.empty()) {
        reading.cluster = std::move(cluster);
    }
    return reading;
}

QJsonObject toJson(const LocalCluster &cluster) {
    QJsonArray nodes;
    for (const kernel::Node &node : cluster.nodes) {
        nodes += nodeFields(node);
    }
    QJsonObject ports;
    for (const auto &[service, port] : cluster.ports) {
        ports[service] = port;
    }
    QJsonObject object{{QStringLiteral("nodes"), nodes}, {QStringLiteral("ports"), ports}};
    if (!cluster.flags.isEmpty()) {
        object[QStringLiteral("flags")] = cluster.flags;
    }
    return object;
}

LocalCluster someLocalNodes(int count, int sites) {
    LocalCluster cluster;
    for (int i = 0; i < count; ++i) {
        kernel::Node node;
        node.id = "n" + std::to_string(i + 1);
        node.name = node.id;
        const auto site = static_cast<std::int64_t>(i) * sites / count;
        node.site = std::string("site-") + static_cast<char>('a' + site % 26);
        node.labels["site"] = node.site;
        node.address = here;
        cluster.nodes.push_back(node);
    }
    return cluster;
}

} // namespace aviary::clusters
