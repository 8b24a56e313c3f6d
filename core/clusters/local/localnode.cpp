// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/local/localnode.h"

#include "core/support/freeport.h"

#include <QDateTime>
#include <QFile>
#include <QFileInfo>

namespace aviary::clusters {

LocalNode::LocalNode(kernel::Node facts, const QString &directory, Surroundings &surroundings,
                     QObject *parent)
    : HostedNode(std::move(facts), directory, *surroundings.router, parent)
    , surroundings_(surroundings) {
    look();
}

std::unique_ptr<HostedInstance> LocalNode::make(InstanceRecord record, QString directory) {
    return std::make_unique<LocalInstance>(std::move(record), std::move(directory), surroundings_);
}

QString LocalNode::objectionTo(const ServiceDefinition &definition) const {
    return definition.command.isEmpty() ? QStringLiteral("there is no command to run") : QString();
}

quint16 LocalNode::choosePort(const ServiceDefinition & /*definition*/) const {
    return freePort(surroundings_.ports);
}

void LocalNode::look() {
    setOffline(QFile::exists(marker()));
}

qint64 LocalNode::silentForMs() const {
    return QFileInfo(marker()).lastModified().msecsTo(QDateTime::currentDateTimeUtc());
}

QString LocalNode::logPath(const QString &service) const {
    const auto *instance = static_cast<const LocalInstance *>(newest(service)); // all are, here
    return instance == nullptr ? QString() : instance->logPath();
}

} // namespace aviary::clusters
