// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/servicestart.h"

#include "core/support/wholefile.h"
#include "core/support/words.h"

#include <QObject>

namespace aviary::api {

namespace {

Result<QJsonObject> variablesOf(const QStringList &given) {
    QJsonObject variables;
    for (const QString &one : given) {
        const qsizetype at = one.indexOf(u'=');
        if (at < 1) {
            return fail(
                ErrorCode::Invalid, QObject::tr("\"%1\" is not NAME=VALUE").arg(boundedText(one)),
                QStringLiteral("variables"), QObject::tr("put a value with spaces into quotes"));
        }
        variables.insert(one.left(at), one.mid(at + 1));
    }
    return variables;
}

} // namespace

Result<QJsonObject> parametersOf(const ServiceStart &start) {
    QJsonObject parameters{{QStringLiteral("verb"), QStringLiteral("start")}};
    const auto add = [&parameters](const QString &name, const QString &value) {
        if (!value.isEmpty()) {
            parameters.insert(name, value);
        }
    };
    add(QStringLiteral("service"), start.service);
    add(QStringLiteral("image"), start.image);
    add(QStringLiteral("part"), start.part);
    add(QStringLiteral("task"), start.task);
    if (start.count) {
        parameters.insert(QStringLiteral("count"), *start.count);
    }
    if (!start.file.isEmpty()) {
        const auto text = readWhole(start.file, ServiceStart::file_bytes_max);
        if (!text) {
            return tl::unexpected(text.error());
        }
        parameters.insert(QStringLiteral("text"), QString::fromUtf8(*text));
    }
    return variablesOf(start.variables).map([&parameters](const QJsonObject &variables) {
        if (!variables.isEmpty()) {
            parameters.insert(QStringLiteral("variables"), variables);
        }
        return parameters;
    });
}

} // namespace aviary::api
