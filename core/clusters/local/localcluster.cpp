// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/local/localcluster.h"

#include "core/support/fieldreader.h"

#include <QCborValue>
#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QSet>

#include <algorithm>

namespace aviary::clusters {
namespace {

constexpr qsizetype nodes_max = 4'096;
constexpr qsizetype bytes_max = 4 * 1024 * 1024;
constexpr qsizetype list_max = 256;
constexpr qsizetype text_max = 200;
constexpr qint64 mib_max = 1LL << 30;

// Node ids become names of directories and of servers.
bool isPlainId(const QString &id) {
    static const QRegularExpression pattern(
        QStringLiteral("\\A[A-Za-z0-9][A-Za-z0-9_.-]{0,62}\\z"));
    return pattern.match(id).hasMatch();
}

kernel::Capacity readCapacity(const QCborMap &map, const QStringList &path, Flaws &flaws) {
    FieldReader reader(map, path, flaws);
    kernel::Capacity capacity;
    capacity.services =
        static_cast<std::uint32_t>(reader.integer(QStringLiteral("services"), 0, 0, 100'000));
    capacity.memory_mib = reader.integer(QStringLiteral("memory_mib"), 0, 0, mib_max);
    capacity.disk_mib = reader.integer(QStringLiteral("disk_mib"), 0, 0, mib_max);
    reader.finish();
    return capacity;
}

void readLabels(FieldReader &reader, kernel::Node &node) {
    for (const auto &[key, value] : reader.object(QStringLiteral("labels"), list_max)) {
        if (!value.isString() || value.toString().size() > text_max) {
            reader.flaw(QStringLiteral("labels"), key.toString().left(64) + u" must be a string",
                        QStringLiteral("at most 200 characters"));
        }
        node.labels[key.toString().toStdString()] = value.toString().toStdString();
    }
}

kernel::Node readNode(const QCborMap &map, const QStringList &path, Flaws &flaws) {
    FieldReader reader(map, path, flaws);
    kernel::Node node;
    const QString id = reader.text(QStringLiteral("id"), {}, text_max);
    if (!isPlainId(id)) {
        reader.flaw(QStringLiteral("id"), QStringLiteral("must be a plain name"),
                    QStringLiteral("1 to 63 letters, digits, _ . or -, not beginning with a mark"));
    }
    node.id = id.toStdString();
    node.name = reader.text(QStringLiteral("name"), id, text_max).toStdString();
    node.site =
        reader.text(QStringLiteral("site"), QStringLiteral("local"), text_max).toStdString();
    node.address = "127.0.0.1";
    readLabels(reader, node);
    node.labels["site"] = node.site;
    for (const QString &word : reader.texts(QStringLiteral("capabilities"), list_max, text_max)) {
        node.capabilities.push_back(word.toStdString());
    }
    std::sort(node.capabilities.begin(), node.capabilities.end());
    node.capacity = readCapacity(reader.object(QStringLiteral("capacity"), list_max),
                                 path + QStringList{QStringLiteral("capacity")}, flaws);
    reader.finish();
    return node;
}

void readNodes(FieldReader &reader, LocalCluster &cluster, Flaws &flaws) {
    const QCborArray list = reader.list(QStringLiteral("nodes"), nodes_max);
    QSet<std::string> ids;
    for (qsizetype i = 0; i < list.size(); ++i) {
        const QStringList path = {QStringLiteral("nodes"), QString::number(i)};
        cluster.nodes.push_back(readNode(list.at(i).toMap(), path, flaws));
        const std::string &id = cluster.nodes.back().id;
        if (ids.contains(id)) {
            flaws.push_back({path, QString::fromStdString(id) + u" is there twice",
                             QStringLiteral("an id of its own for each node")});
        }
        ids.insert(id);
    }
    if (list.isEmpty()) {
        reader.flaw(QStringLiteral("nodes"), QStringLiteral("must list a node"),
                    QStringLiteral("1 to 4096 nodes"));
    }
}

void readPorts(FieldReader &reader, LocalCluster &cluster) {
    for (const auto &[key, value] : reader.object(QStringLiteral("ports"), list_max)) {
        if (!value.isInteger() || value.toInteger() < 1 || value.toInteger() > 65'535) {
            reader.flaw(QStringLiteral("ports"), key.toString().left(64) + u" must be a port",
                        QStringLiteral("1 to 65535"));
        }
        cluster.ports[key.toString()] = static_cast<quint16>(value.toInteger());
    }
}

QJsonObject toJson(const kernel::Node &node) {
    QJsonObject labels;
    for (const auto &[key, value] : node.labels) {
        if (key != "site") {
            labels[QString::fromStdString(key)] = QString::fromStdString(value);
        }
    }
    QJsonArray capabilities;
    for (const std::string &word : node.capabilities) {
        capabilities += QString::fromStdString(word);
    }
    return {{QStringLiteral("id"), QString::fromStdString(node.id)},
            {QStringLiteral("name"), QString::fromStdString(node.name)},
            {QStringLiteral("site"), QString::fromStdString(node.site)},
            {QStringLiteral("labels"), labels},
            {QStringLiteral("capabilities"), capabilities},
            {QStringLiteral("capacity"),
             QJsonObject{{QStringLiteral("services"), qint64{node.capacity.services}},
                         {QStringLiteral("memory_mib"), qint64{node.capacity.memory_mib}},
                         {QStringLiteral("disk_mib"), qint64{node.capacity.disk_mib}}}}};
}

} // namespace

ClusterReading readCluster(const QByteArray &text) {
    ClusterReading reading;
    const QJsonDocument document =
        text.size() > bytes_max ? QJsonDocument() : QJsonDocument::fromJson(text);
    if (!document.isObject()) {
        reading.flaws.push_back({{},
                                 QStringLiteral("this is not a JSON object of at most 4 MiB"),
                                 QStringLiteral("{\"nodes\": [...]}")});
        return reading;
    }
    FieldReader reader(QCborMap::fromJsonObject(document.object()), {}, reading.flaws);
    LocalCluster cluster;
    readNodes(reader, cluster, reading.flaws);
    readPorts(reader, cluster);
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
        nodes += toJson(node);
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
        node.address = "127.0.0.1";
        cluster.nodes.push_back(node);
    }
    return cluster;
}

} // namespace aviary::clusters
