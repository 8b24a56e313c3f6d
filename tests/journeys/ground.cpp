// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/journeys/ground.h"

#include "core/clusters/local/localcluster.h"
#include "core/support/freeport.h"
#include "core/support/process/identity.h"
#include "tests/support/programs.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QJsonArray>

#include <signal.h>

namespace aviary::tests {

LocalGround::LocalGround() : port_(freePort()) {}

LocalGround::~LocalGround() {
    QDirIterator files(directory_.path(), {QStringLiteral("pid")}, QDir::Files,
                       QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const auto identity = readProcessRecord(files.next());
        if (identity && isAlive(*identity)) {
            ::kill(-identity->pid, SIGKILL);
        }
    }
}

QJsonObject LocalGround::settings() const {
    clusters::LocalCluster cluster = clusters::someLocalNodes(nodes, sites);
    cluster.ports[shop] = port_;
    return {{QStringLiteral("cluster"), toJson(cluster)},
            {QStringLiteral("directory"), directory_.path()}};
}

QJsonObject LocalGround::definition(const QStringList &options) const {
    const QJsonObject ready{{QStringLiteral("kind"), QStringLiteral("http")},
                            {QStringLiteral("path"), QStringLiteral("/ready")},
                            {QStringLiteral("interval_ms"), 200}};
    return {{QStringLiteral("command"), program("aviary-sample")},
            {QStringLiteral("args"), QJsonArray::fromStringList(options)},
            {QStringLiteral("checks"), QJsonArray{ready}},
            {QStringLiteral("restart"),
             QJsonObject{{QStringLiteral("attempts"), 2}, {QStringLiteral("delay_ms"), 100}}}};
}

QString LocalGround::instance(const QString &node, const QString &revision) const {
    return directory_.filePath(u"nodes/" + node + u"/instances/shop/" + revision);
}

bool LocalGround::killService(const QString &node, const QString &revision) {
    const auto identity = readProcessRecord(instance(node, revision) + u"/pid");
    return identity && isAlive(*identity) && ::kill(identity->pid, SIGKILL) == 0;
}

void LocalGround::setOffline(const QString &node, bool offline) {
    QFile mark(directory_.filePath(u"nodes/" + node + u"/offline"));
    if (!offline) {
        mark.remove();
    } else if (!mark.open(QIODevice::WriteOnly)) {
        qFatal("%s", qPrintable(mark.errorString()));
    }
}

QStringList LocalGround::running() const {
    QStringList found;
    for (int i = 1; i <= nodes; ++i) {
        const QString node = QStringLiteral("n%1").arg(i);
        const QDir revisions(instance(node, QString()));
        for (const QString &revision : revisions.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
            const auto identity = readProcessRecord(instance(node, revision) + u"/pid");
            if (identity && isAlive(*identity)) {
                found << node + u' ' + revision;
            }
        }
    }
    found.sort();
    return found;
}

// The service says so once, in its log, each time that it starts.
int LocalGround::starts(const QString &node, const QString &revision) const {
    QFile log(instance(node, revision) + u"/log");
    return log.open(QIODevice::ReadOnly)
               ? static_cast<int>(log.readAll().count("listening on 127.0.0.1:"))
               : 0;
}

std::unique_ptr<Ground> someGround() {
    return std::make_unique<LocalGround>();
}

} // namespace aviary::tests
