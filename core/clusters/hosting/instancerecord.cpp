// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/hosting/instancerecord.h"

#include "core/support/wholefile.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>

#include <fcntl.h>
#include <unistd.h>

namespace aviary::clusters {
namespace {

constexpr qint64 bytes_max = 4 * 1024 * 1024;

// A rename is durable only with its directory.
bool syncDirectory(const QString &path) {
    const int directory = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_DIRECTORY);
    const bool good = directory >= 0 && ::fsync(directory) == 0;
    if (directory >= 0) {
        ::close(directory);
    }
    return good;
}

} // namespace

Result<InstanceRecord> readInstanceRecord(const QString &path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly) || file.size() > bytes_max) {
        return fail(ErrorCode::Storage, QStringLiteral("the record cannot be read"), path);
    }
    const QJsonObject object = QJsonDocument::fromJson(file.readAll()).object();
    const QJsonObject ticket = object[u"ticket"].toObject();
    DefinitionReading reading = readDefinition(object[u"definition"].toObject());
    InstanceRecord record;
    record.node = object[u"node"].toString();
    record.service = object[u"service"].toString();
    record.revision = object[u"revision"].toString();
    if (!reading.definition || record.service.isEmpty() || record.revision.isEmpty()) {
        return fail(ErrorCode::Storage, QStringLiteral("this is not the record of an instance"),
                    path, QStringLiteral("remove it, and stop what still runs there"));
    }
    record.ticket = {ticket[u"rollout"].toString(),
                     static_cast<kernel::Order>(ticket[u"order"].toInteger()),
                     static_cast<kernel::TargetIndex>(ticket[u"target"].toInteger())};
    record.definition = std::move(*reading.definition);
    record.port = static_cast<quint16>(object[u"port"].toInt());
    record.wanted = object[u"wanted"].toBool(true);
    record.was_ready = object[u"was_ready"].toBool();
    record.stop_others = object[u"stop_others"].toBool();
    record.failure = object[u"failure"].toString();
    record.cause = static_cast<kernel::Cause>(object[u"cause"].toInt());
    record.serial = static_cast<quint64>(object[u"serial"].toInteger());
    return record;
}

QStringList environmentOf(const InstanceRecord &record, quint16 port) {
    QStringList environment;
    const QMap<QString, QString> &env = record.definition.env;
    for (auto variable = env.begin(); variable != env.end(); ++variable) {
        environment += variable.key() + u'=' + variable.value();
    }
    return environment + QStringList{u"PORT=" + QString::number(port), u"NODE=" + record.node,
                                     u"REVISION=" + record.revision, u"SERVICE=" + record.service};
}

Result<void> writeInstanceRecord(const QString &path, const InstanceRecord &record) {
    const QJsonObject object{
        {QStringLiteral("node"), record.node},
        {QStringLiteral("service"), record.service},
        {QStringLiteral("revision"), record.revision},
        {QStringLiteral("ticket"),
         QJsonObject{{QStringLiteral("rollout"), record.ticket.rollout},
                     {QStringLiteral("order"), qint64{record.ticket.order}},
                     {QStringLiteral("target"), qint64{record.ticket.target}}}},
        {QStringLiteral("definition"), toJson(record.definition)},
        {QStringLiteral("port"), record.port},
        {QStringLiteral("wanted"), record.wanted},
        {QStringLiteral("was_ready"), record.was_ready},
        {QStringLiteral("stop_others"), record.stop_others},
        {QStringLiteral("failure"), record.failure},
        {QStringLiteral("cause"), static_cast<int>(record.cause)},
        {QStringLiteral("serial"), static_cast<qint64>(record.serial)}};
    const auto written = writeWhole(path, QJsonDocument(object).toJson());
    if (written && !syncDirectory(QFileInfo(path).path())) {
        return fail(ErrorCode::Storage, QStringLiteral("the directory cannot be synced"), path);
    }
    return written;
}

} // namespace aviary::clusters
