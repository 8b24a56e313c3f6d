// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/nomad/members.h"

#include "core/support/words.h"

#include <QUrl>

namespace aviary::clusters::nomad {
namespace {

constexpr int text_max = 500;
constexpr int told_max = 80;

QJsonValue member(const QJsonObject &from, const char *name) {
    return from[QLatin1StringView(name)];
}

} // namespace

QString bounded(const QString &text) {
    return boundedText(text, text_max);
}

QString text(const QJsonObject &from, const char *name) {
    return bounded(member(from, name).toString());
}

QStringList texts(const QJsonObject &from, const char *name) {
    QStringList all;
    for (const QJsonValue &one : member(from, name).toArray()) {
        all << bounded(one.toString());
    }
    return all;
}

qint64 number(const QJsonObject &from, const char *name) {
    return member(from, name).toInteger();
}

Index index(const QJsonObject &from, const char *name) {
    return static_cast<Index>(std::max<qint64>(0, number(from, name)));
}

bool flag(const QJsonObject &from, const char *name) {
    return member(from, name).toBool();
}

QJsonObject object(const QJsonObject &from, const char *name) {
    return member(from, name).toObject();
}

QByteArray bytesOf(const QJsonObject &body) {
    return QJsonDocument(body).toJson(QJsonDocument::Compact);
}

QString jobPath(const QString &job, const char *what) {
    return QStringLiteral("/v1/job/%1%2")
        .arg(QString::fromLatin1(QUrl::toPercentEncoding(job)), QLatin1StringView(what));
}

Error notNomads(const QByteArray &body) {
    const QString begins = boundedText(QString::fromUtf8(body.left(400)), told_max);
    return {ErrorCode::Unreachable,
            QObject::tr("this is not what Nomad answers: \"%1\"").arg(begins),
            {},
            QObject::tr("give the address of Nomad's HTTP API, by default port 4646")};
}

Result<QJsonArray> arrayIn(const QByteArray &body) {
    const QJsonDocument document = QJsonDocument::fromJson(body);
    if (document.isArray()) {
        return document.array();
    }
    return body.trimmed() == "null" ? Result<QJsonArray>(QJsonArray())
                                    : tl::unexpected(notNomads(body));
}

Result<QJsonObject> objectIn(const QByteArray &body, const char *name) {
    const QJsonObject read = QJsonDocument::fromJson(body).object();
    return read.contains(QLatin1StringView(name)) ? Result<QJsonObject>(read)
                                                  : tl::unexpected(notNomads(body));
}

} // namespace aviary::clusters::nomad
