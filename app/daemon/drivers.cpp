// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/daemon/drivers.h"

#include "core/api/places.h"
#include "core/api/words.h"
#include "core/clusters/local/localdriver.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QSaveFile>

#include <array>

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

Result<void> writeCluster(const QString &directory, const QJsonObject &settings) {
    const QString path = directory + u"/cluster.json"_qs;
    const Result<QByteArray> text = clusterText(settings, QFile::exists(path));
    if (!text || text->isEmpty()) {
        return text ? Result<void>() : tl::unexpected<Error>(text.error());
    }
    if (const auto reading = clusters::readCluster(*text); !reading.cluster) {
        return tl::unexpected<Error>(toError(reading.flaws, u"settings.cluster"_qs));
    }
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(*text) != text->size() || !file.commit()) {
        return fail(ErrorCode::Storage, file.errorString(), path);
    }
    return {};
}

Result<std::unique_ptr<Driver>> local(const QString &base, const QString &id,
                                      const QJsonObject &settings) {
    const std::array<QString, 5> known{u"nodes"_qs, u"sites"_qs, u"cluster"_qs, u"directory"_qs,
                                       u"haproxy"_qs};
    for (const QString &name : settings.keys()) {
        if (std::ranges::find(known, name) == known.end()) {
            return fail(ErrorCode::Invalid, u"a local cluster has no setting \"%1\""_qs.arg(name),
                        u"settings"_qs,
                        u"nodes, sites, cluster, directory and haproxy are known"_qs);
        }
    }
    const QString given = settings.value(u"directory"_qs).toString();
    if (!given.isEmpty() && !QDir::isAbsolutePath(given)) {
        return fail(ErrorCode::Invalid, u"the path is not absolute"_qs, u"settings.directory"_qs);
    }
    const QString directory = given.isEmpty() ? QString(base % u'/' % id) : QDir::cleanPath(given);
    if (const Result<void> made = api::makePrivateDirectory(directory); !made) {
        return tl::unexpected<Error>(made.error());
    }
    if (const Result<void> written = writeCluster(directory, settings); !written) {
        return tl::unexpected<Error>(written.error());
    }
    return std::make_unique<clusters::LocalDriver>(directory,
                                                   settings.value(u"haproxy"_qs).toString());
}

} // namespace

orchestrator::DriverFactory driversIn(const QString &directory) {
    return [directory](api::ClusterKind kind, const QString &id,
                       const QJsonObject &settings) -> Result<std::unique_ptr<Driver>> {
        if (kind == api::ClusterKind::Local) {
            return local(directory, id, settings);
        }
        return fail(ErrorCode::Refused,
                    u"this aviaryd has no driver for %1 clusters"_qs.arg(api::wordOf(kind)),
                    u"kind"_qs, u"use local"_qs);
    };
}

} // namespace aviary::daemon
