// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/daemon/drivers.h"

#include "core/api/places.h"
#include "core/api/words.h"
#include "core/clusters/docker/dockerdriver.h"
#include "core/clusters/hosting/clusterfields.h"
#include "core/clusters/local/localdriver.h"
#include "core/clusters/nomad/nomaddriver.h"
#include "core/support/wholefile.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>

namespace aviary::daemon {

using namespace Qt::Literals;
using clusters::Driver;

namespace {

constexpr int nodes_max = 4'096;

Result<int> numberIn(const QJsonObject &settings, const QString &name, int fallback) {
    const QJsonValue value = settings.value(name);
    if (value.isUndefined()) {
        return fallback;
    }
    if (!value.isDouble() || value.toInt(0) < 1 || value.toInt() > nodes_max) {
        return fail(ErrorCode::Invalid, u"this is not a number of nodes"_qs, u"settings."_qs + name,
                    u"give 1 to %1"_qs.arg(nodes_max));
    }
    return value.toInt();
}

// What cluster.json is to hold; empty: nothing was said, and what is there stays.
Result<QByteArray> clusterText(const QJsonObject &settings, bool exists) {
    if (settings.contains(u"cluster"_qs)) {
        return QJsonDocument(settings.value(u"cluster"_qs).toObject()).toJson();
    }
    if (exists && !settings.contains(u"nodes"_qs)) {
        return QByteArray();
    }
    const Result<int> nodes = numberIn(settings, u"nodes"_qs, 3);
    const Result<int> sites = numberIn(settings, u"sites"_qs, 1);
    if (!nodes || !sites) {
        return tl::unexpected<Error>(nodes ? sites.error() : nodes.error());
    }
    return QJsonDocument(toJson(clusters::someLocalNodes(*nodes, *sites))).toJson();
}

Result<void> onlyKnown(const QJsonObject &settings, const QStringList &known, const QString &kind) {
    for (const QString &name : settings.keys()) {
        if (!known.contains(name)) {
            return fail(ErrorCode::Invalid,
                        u"a %1 cluster has no setting \"%2\""_qs.arg(kind, name), u"settings"_qs,
                        known.join(u", "_qs) + u" are known"_qs);
        }
    }
    return {};
}

// The directory of the cluster's work: made, or checked.
Result<QString> placeOf(const QString &base, const QString &id, const QJsonObject &settings) {
    const QString given = settings.value(u"directory"_qs).toString();
    if (!given.isEmpty() && !QDir::isAbsolutePath(given)) {
        return fail(ErrorCode::Invalid, u"the path is not absolute"_qs, u"settings.directory"_qs);
    }
    const QString directory = given.isEmpty() ? QString(base % u'/' % id) : QDir::cleanPath(given);
    return api::makePrivateDirectory(directory).map([&] { return directory; });
}

Result<void> writeCluster(const QString &directory, const QJsonObject &settings) {
    const QString path = directory + u"/cluster.json"_qs;
    const Result<QByteArray> text = clusterText(settings, QFile::exists(path));
    if (!text || text->isEmpty()) {
        return text ? Result<void>() : tl::unexpected<Error>(text.error());
    }
    if (const auto reading = clusters::readCluster(*text); !reading.cluster) {
        return tl::unexpected<Error>(toError(reading.flaws, u"settings.cluster"_qs));
    }
    return writeWhole(path, *text);
}

Result<routing::RouterSettings> routerIn(const QJsonObject &settings) {
    Flaws flaws;
    routing::RouterSettings router = clusters::readRouter(settings, flaws);
    if (!flaws.empty()) {
        return tl::unexpected<Error>(toError(flaws, u"settings"_qs));
    }
    return router;
}

Result<std::unique_ptr<Driver>> local(const QString &base, const QString &id,
                                      const QJsonObject &settings) {
    const QStringList known{u"nodes"_qs,     u"sites"_qs,   u"cluster"_qs,
                            u"directory"_qs, u"haproxy"_qs, u"router"_qs};
    return onlyKnown(settings, known, u"local"_qs)
        .and_then([&] { return placeOf(base, id, settings); })
        .and_then([&](const QString &directory) {
            return writeCluster(directory, settings)
                .and_then([&] { return routerIn(settings); })
                .map([&](const routing::RouterSettings &router) {
                    return std::unique_ptr<Driver>(
                        std::make_unique<clusters::LocalDriver>(directory, router));
                });
        });
}

// Nodes from a list, or from contexts of the Docker CLI.
Result<void> writeDockerCluster(const QString &directory, const QJsonObject &settings) {
    const QString path = directory + u"/cluster.json"_qs;
    const QStringList contexts = settings.value(u"contexts"_qs).toVariant().toStringList();
    QJsonObject cluster = settings.value(u"cluster"_qs).toObject();
    if (!contexts.isEmpty()) {
        cluster = clusters::clusterOfContexts(contexts);
    } else if (cluster.isEmpty() && QFile::exists(path)) {
        return {}; // nothing was said, and what is there stays
    }
    const QByteArray text = QJsonDocument(cluster).toJson();
    if (const auto reading = clusters::readDockerCluster(text); !reading.cluster) {
        return tl::unexpected<Error>(toError(reading.flaws, u"settings.cluster"_qs));
    }
    return writeWhole(path, text);
}

Result<std::unique_ptr<Driver>> docker(const QString &base, const QString &id,
                                       const QJsonObject &settings) {
    const QStringList known{u"contexts"_qs, u"cluster"_qs, u"directory"_qs, u"haproxy"_qs,
                            u"router"_qs};
    return onlyKnown(settings, known, u"docker"_qs)
        .and_then([&] { return placeOf(base, id, settings); })
        .and_then([&](const QString &directory) {
            return writeDockerCluster(directory, settings)
                .and_then([&] { return routerIn(settings); })
                .map([&](const routing::RouterSettings &router) {
                    return std::unique_ptr<Driver>(
                        std::make_unique<clusters::DockerDriver>(id, directory, router));
                });
        });
}

// How it is reached is found out once, when it is added: another environment of a later daemon does
// not lead elsewhere. Another address is another cluster, of which nothing is known.
Result<clusters::nomad::Settings> nomadSettings(const QString &path, const QJsonObject &given) {
    QFile file(path);
    QJsonObject all;
    auto environment = QProcessEnvironment::systemEnvironment();
    if (file.open(QIODevice::ReadOnly)) {
        all = QJsonDocument::fromJson(file.readAll()).object();
        environment = QProcessEnvironment();
    }
    const QString address = given.value(u"address"_qs).toString();
    if (!address.isEmpty() && QUrl(address) != QUrl(all.value(u"address"_qs).toString())) {
        all = {};
        environment = QProcessEnvironment::systemEnvironment();
    }
    for (auto member = given.begin(); member != given.end(); ++member) {
        all[member.key()] = member.value();
    }
    all.remove(u"directory"_qs);
    const auto reading = clusters::nomad::readSettings(all, environment);
    if (!reading.settings) {
        return tl::unexpected<Error>(toError(reading.flaws, u"settings"_qs));
    }
    return writeWhole(path, QJsonDocument(toJson(*reading.settings)).toJson()).map([&] {
        return *reading.settings;
    });
}

Result<std::unique_ptr<Driver>> nomad(const QString &base, const QString &id,
                                      const QJsonObject &settings) {
    return placeOf(base, id, settings).and_then([&](const QString &directory) {
        return nomadSettings(directory + u"/cluster.json"_qs, settings)
            .and_then([&](const clusters::nomad::Settings &read) {
                return clusters::NomadDriver::make(read, directory,
                                                   QProcessEnvironment::systemEnvironment());
            })
            .map([](std::unique_ptr<clusters::NomadDriver> made) {
                return std::unique_ptr<Driver>(std::move(made));
            });
    });
}

} // namespace

orchestrator::DriverFactory driversIn(const QString &directory) {
    return [directory](api::ClusterKind kind, const QString &id,
                       const QJsonObject &settings) -> Result<std::unique_ptr<Driver>> {
        if (kind == api::ClusterKind::Local) {
            return local(directory, id, settings);
        }
        if (kind == api::ClusterKind::Docker) {
            return docker(directory, id, settings);
        }
        if (kind == api::ClusterKind::Nomad) {
            return nomad(directory, id, settings);
        }
        return fail(ErrorCode::Refused,
                    u"this aviaryd has no driver for %1 clusters"_qs.arg(api::wordOf(kind)),
                    u"kind"_qs, u"use local, docker or nomad"_qs);
    };
}

} // namespace aviary::daemon
