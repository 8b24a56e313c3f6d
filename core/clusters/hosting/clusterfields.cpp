// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/hosting/clusterfields.h"

#include <QCborValue>
#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QSet>

#include <algorithm>

namespace aviary::clusters {
namespace {

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

bool isSocket(const QString &text) {
    static const QRegularExpression address(QStringLiteral("\\A\\S+:[0-9]{1,5}\\z"));
    return text.startsWith(u'/') || address.match(text).hasMatch();
}

// Words of HAProxy's own configuration and command line.
bool isHaproxyName(const QString &text) {
    static const QRegularExpression pattern(QStringLiteral("\\A[A-Za-z0-9_.:-]{1,63}\\z"));
    return pattern.match(text).hasMatch();
}

routing::RunningHaproxy readRunning(const QCborMap &map, Flaws &flaws) {
    FieldReader reader(map, {QStringLiteral("router")}, flaws);
    routing::RunningHaproxy running;
    running.socket = reader.text(QStringLiteral("socket"), {}, 1'000);
    if (!isSocket(running.socket)) {
        reader.flaw(QStringLiteral("socket"),
                    QStringLiteral("must be the runtime socket of an HAProxy"),
                    QStringLiteral("an absolute path, or HOST:PORT"));
    }
    for (const auto &[service, backend] : reader.object(QStringLiteral("backends"), list_max)) {
        if (!isHaproxyName(backend.toString())) {
            reader.flaw(QStringLiteral("backends"),
                        service.toString().left(64) + u" must be the name of a backend",
                        QStringLiteral("1 to 63 letters, digits, _ . : or -"));
        }
        running.backends[service.toString()] = backend.toString();
    }
    running.prefix = reader.text(QStringLiteral("prefix"), running.prefix, text_max);
    if (!isHaproxyName(running.prefix) || running.prefix.contains(u'.')) {
        reader.flaw(QStringLiteral("prefix"), QStringLiteral("must be a plain word"),
                    QStringLiteral("1 to 63 letters, digits, _ : or -"));
    }
    reader.finish();
    return running;
}

} // namespace

std::optional<QJsonObject> readClusterText(const QByteArray &text, Flaws &flaws) {
    const QJsonDocument document =
        text.size() > cluster_bytes_max ? QJsonDocument() : QJsonDocument::fromJson(text);
    if (document.isObject()) {
        return document.object();
    }
    flaws.push_back({{},
                     QStringLiteral("this is not a JSON object of at most 4 MiB"),
                     QStringLiteral("{\"nodes\": [...]}")});
    return std::nullopt;
}

kernel::Node readNodeFields(FieldReader &reader, const QStringList &path, const QString &site,
                            Flaws &flaws) {
    kernel::Node node;
    const QString id = reader.text(QStringLiteral("id"), {}, text_max);
    if (!isPlainId(id)) {
        reader.flaw(QStringLiteral("id"), QStringLiteral("must be a plain name"),
                    QStringLiteral("1 to 63 letters, digits, _ . or -, not beginning with a mark"));
    }
    node.id = id.toStdString();
    node.name = reader.text(QStringLiteral("name"), id, text_max).toStdString();
    node.site = reader.text(QStringLiteral("site"), site, text_max).toStdString();
    readLabels(reader, node);
    node.labels["site"] = node.site;
    for (const QString &word : reader.texts(QStringLiteral("capabilities"), list_max, text_max)) {
        node.capabilities.push_back(word.toStdString());
    }
    std::sort(node.capabilities.begin(), node.capabilities.end());
    node.capacity = readCapacity(reader.object(QStringLiteral("capacity"), list_max),
                                 path + QStringList{QStringLiteral("capacity")}, flaws);
    return node;
}

std::map<QString, quint16> readPorts(FieldReader &reader) {
    std::map<QString, quint16> ports;
    for (const auto &[key, value] : reader.object(QStringLiteral("ports"), list_max)) {
        if (!value.isInteger() || value.toInteger() < 1 || value.toInteger() > 65'535) {
            reader.flaw(QStringLiteral("ports"), key.toString().left(64) + u" must be a port",
                        QStringLiteral("1 to 65535"));
        }
        ports[key.toString()] = static_cast<quint16>(value.toInteger());
    }
    return ports;
}

routing::RouterSettings readRouter(const QJsonObject &settings, Flaws &flaws) {
    FieldReader reader(QCborMap::fromJsonObject(settings), {}, flaws);
    routing::RouterSettings router;
    router.program = reader.text(QStringLiteral("haproxy"), {}, 1'000);
    if (reader.has(QStringLiteral("router"))) {
        router.running = readRunning(reader.object(QStringLiteral("router"), list_max), flaws);
        if (!router.program.isEmpty()) {
            reader.flaw(QStringLiteral("haproxy"),
                        QStringLiteral("must not be there beside router"),
                        QStringLiteral("one of both: our own HAProxy, or one that runs"));
        }
    }
    return router;
}

QJsonObject nodeFields(const kernel::Node &node) {
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

void checkNodes(FieldReader &reader, const std::vector<kernel::Node> &nodes, Flaws &flaws) {
    QSet<std::string> ids;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        if (ids.contains(nodes[i].id)) {
            flaws.push_back({{QStringLiteral("nodes"), QString::number(i)},
                             QString::fromStdString(nodes[i].id) + u" is there twice",
                             QStringLiteral("an id of its own for each node")});
        }
        ids.insert(nodes[i].id);
    }
    if (nodes.empty()) {
        reader.flaw(QStringLiteral("nodes"), QStringLiteral("must list a node"),
                    QStringLiteral("1 to 4096 nodes"));
    }
}

} // namespace aviary::clusters
