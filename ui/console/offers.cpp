// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/offers.h"

#include "core/plans/yaml.h"
#include "ui/models/signs.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QUrl>

#include <algorithm>

namespace aviary {

using namespace Qt::Literals;

namespace {

constexpr qint64 bytes_max = 1024 * 1024;
constexpr std::size_t found_max = 50;

QByteArray contentOf(const QString &path) {
    QFile file(path);
    return file.size() <= bytes_max && file.open(QIODevice::ReadOnly) ? file.readAll()
                                                                      : QByteArray();
}

// A cluster's id holds letters, digits, dots, dashes and underscores.
QString idFrom(const QString &name) {
    static const QRegularExpression other(u"[^A-Za-z0-9_.-]+"_qs);
    QString id = name;
    id.replace(other, u"-"_qs);
    while (id.startsWith(u'-') || id.startsWith(u'.') || id.startsWith(u'_')) {
        id.remove(0, 1);
    }
    return id.left(63);
}

void add(std::vector<FoundCluster> &found, api::ClusterKind kind, const QString &name,
         const QJsonObject &settings, const QString &seen_in) {
    const QString id = idFrom(name);
    if (!id.isEmpty() && found.size() < found_max) {
        ClusterWish wish;
        wish.id = id;
        wish.name = name.left(100);
        wish.kind = kind;
        wish.settings = settings;
        found.push_back({wish, seen_in});
    }
}

void addKubernetes(std::vector<FoundCluster> &found, const QString &path) {
    const auto root = plans::readYaml(contentOf(path), path);
    const plans::YamlNode *contexts = root ? root->find(u"contexts"_qs) : nullptr;
    if (!contexts) {
        return;
    }
    for (const plans::YamlNode &context : contexts->items) {
        if (const plans::YamlNode *name = context.find(u"name"_qs)) {
            add(found, api::ClusterKind::Kubernetes, name->text, {{u"context"_qs, name->text}},
                u"kubeconfig"_qs);
        }
    }
}

void addDocker(std::vector<FoundCluster> &found, const QString &home) {
    const QDir metas(home + u"/.docker/contexts/meta"_qs);
    for (const QString &each : metas.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        const QJsonObject meta =
            QJsonDocument::fromJson(contentOf(metas.filePath(each + u"/meta.json"_qs))).object();
        const QString name = meta[u"Name"].toString();
        add(found, api::ClusterKind::Docker, name, {{u"contexts"_qs, QJsonArray{name}}},
            u"Docker contexts"_qs);
    }
}

} // namespace

std::vector<FoundCluster> foundClusters(const QProcessEnvironment &environment,
                                        const QString &home) {
    std::vector<FoundCluster> found;
    const QString given = environment.value(u"KUBECONFIG"_qs);
    for (const QString &path :
         (given.isEmpty() ? home + u"/.kube/config"_qs : given).split(u':', Qt::SkipEmptyParts)) {
        addKubernetes(found, path);
    }
    if (const QString address = environment.value(u"NOMAD_ADDR"_qs); !address.isEmpty()) {
        add(found, api::ClusterKind::Nomad, QUrl(address).host(), {{u"address"_qs, address}},
            u"NOMAD_ADDR"_qs);
    }
    addDocker(found, home);
    return found;
}

QString refusalOf(const FoundCluster &found) {
    const bool driven =
        std::ranges::find(connectable_kinds, found.wish.kind) != connectable_kinds.end();
    return driven ? QString()
                  : QCoreApplication::translate("aviary::FoundCluster",
                                                "this build has no driver for %1 clusters")
                        .arg(nameOf(found.wish.kind));
}

} // namespace aviary
