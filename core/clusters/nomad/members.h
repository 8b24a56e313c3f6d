// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clusters/nomad/values.h"
#include "core/support/error.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

// Members of Nomad's JSON. Absent, null or of another type: the default.
namespace aviary::clusters::nomad {

QString bounded(const QString &text); // plain, one line, at most 500 characters
QString text(const QJsonObject &from, const char *member);
QStringList texts(const QJsonObject &from, const char *member);
qint64 number(const QJsonObject &from, const char *member);
Index index(const QJsonObject &from, const char *member); // negative counts as 0
bool flag(const QJsonObject &from, const char *member);
QJsonObject object(const QJsonObject &from, const char *member);

QByteArray bytesOf(const QJsonObject &body);
QString jobPath(const QString &job, const char *what); // "/v1/job/ID" and `what`, encoded

// The body is not what Nomad gives: says what it begins with.
Error notNomads(const QByteArray &body);
// null counts as an empty list: Go writes it for one.
Result<QJsonArray> arrayIn(const QByteArray &body);
// An object that has the member.
Result<QJsonObject> objectIn(const QByteArray &body, const char *member);

} // namespace aviary::clusters::nomad
