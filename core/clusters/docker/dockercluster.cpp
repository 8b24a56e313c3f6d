// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/docker/dockercluster.h"

#include "core/clusters/hosting/clusterfields.h"

#include <QCborValue>
#include <QJsonArray>
#include <QUrl>

namespace aviary::clusters {
namespace {

constexpr qsizetype text_max = 1'000;

// Where published ports are reached when nobody says otherwise.
QString addressOf(const EngineAddress &engine) {
    const QUrl url(engine.host);
    const QString host = url.scheme() == QStringLiteral("unix") ? QString() : url.host();
    return host.isEmpty() ? QStringLiteral("127.0.0.1") : host;
}

void readRange(FieldReader &reader, DockerPlace &place) {
    if (!reader.has(QStringLiteral("ports"))) {
        return;
    }
    const QCborArray range = reader.list(QStringLiteral("ports"), 2);
    const qint64 first = range.at(0).toInteger(0), last = range.at(1).toInteger(0);
    if (range.size() != 2 || first < 1 || last > 65'535 || first > last) {
        reader.flaw(QStringLiteral("ports"),
                    QStringLiteral("must be two ports, the first and last"),
                    QStringLiteral("[20000, 29999]"));
        return;
    }
    place.port_first = static_cast<quint16>(first);
    place.port_last = static_cast<quint16>(last);
}

DockerPlace readPlace(const QCborMap &map, const QStringList &path, Flaws &flaws) {
    FieldReader reader(map, path, flaws);
    DockerPlace place;
    place.node = readNodeFields(reader, path, QStringLiteral("edge"), flaws);
    place.engine.host = reader.text(QStringLiteral("host"), {}, text_max);
    place.engine.context = reader.text(QStringLiteral("context"), {}, text_max);
    place.engine.certificates = reader.text(QStringLiteral("certificates"), {}, text_max);
    if (const QString objection = objectionTo(place.engine); !objection.isEmpty()) {
        reader.flaw(QStringLiteral("host"), QStringLiteral("must say how the engine is reached"),
                    objection);
    }
    place.node.address =
        reader.text(QStringLiteral("address"), addressOf(place.engine), text_max).toStdString();
    readRange(reader, place);
    const QString network =
        reader.text(QStringLiteral("network"), QStringLiteral("bridge"), text_max);
    place.host_network = network == QStringLiteral("host");
    if (!place.host_network && network != QStringLiteral("bridge")) {
        reader.flaw(QStringLiteral("network"), QStringLiteral("must be a network that is known"),
                    QStringLiteral("bridge or host"));
    }
    reader.finish();
    return place;
}

void readPlaces(FieldReader &reader, DockerCluster &cluster, Flaws &flaws) {
    const QCborArray list = reader.list(QStringLiteral("nodes"), nodes_max);
    std::vector<kernel::Node> nodes;
    for (qsizetype i = 0; i < list.size(); ++i) {
        const QStringList path = {QStringLiteral("nodes"), QString::number(i)};
        cluster.places.push_back(readPlace(list.at(i).toMap(), path, flaws));
        nodes.push_back(cluster.places.back().node);
    }
    checkNodes(reader, nodes, flaws);
}

} // namespace

DockerReading readDockerCluster(const QByteArray &text) {
    DockerReading reading;
    const std::optional<QJsonObject> object = readClusterText(text, reading.flaws);
    if (!object) {
        return reading;
    }
    FieldReader reader(QCborMap::fromJsonObject(*object), {}, reading.flaws);
    DockerCluster cluster;
    readPlaces(reader, cluster, reading.flaws);
    cluster.ports = readPorts(reader);
    cluster.flags = reader.text(QStringLiteral("flags"), {}, text_max);
    cluster.images = reader.text(QStringLiteral("images"), {}, text_max);
    cluster.pull = reader.boolean(QStringLiteral("pull"), cluster.pull);
    cluster.images_kept = static_cast<int>(
        reader.integer(QStringLiteral("images_kept"), cluster.images_kept, 2, 100));
    cluster.offline_after_ms = static_cast<int>(reader.integer(
        QStringLiteral("offline_after_ms"), cluster.offline_after_ms, 1'000, 3'600'000));
    cluster.docker = reader.text(QStringLiteral("docker"), cluster.docker, text_max);
    reader.finish();
    if (reading.flaws.empty()) {
        reading.cluster = std::move(cluster);
    }
    return reading;
}

QJsonObject clusterOfContexts(const QStringList &contexts) {
    QJsonArray nodes;
    for (const QString &context : contexts) {
        nodes += QJsonObject{{QStringLiteral("id"), context}, {QStringLiteral("context"), context}};
    }
    return {{QStringLiteral("nodes"), nodes}};
}

} // namespace aviary::clusters
