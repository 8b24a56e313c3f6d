// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/replay/recordings.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <algorithm>

namespace aviary::tests {
namespace {

QByteArray contentOf(const QString &name) {
    QFile file(QStringLiteral(AVIARY_SOURCE_DIR "/tests/replay/recordings/") + name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QList<Recording> readAll() {
    QList<Recording> all;
    const QByteArray index = contentOf(QStringLiteral("index.json"));
    for (const QJsonValue &value : QJsonDocument::fromJson(index).array()) {
        const QJsonObject one = value.toObject();
        const QString file = one[u"response_file"].toString();
        Recording read{file.left(3).toInt(),
                       one[u"method"].toString().toLatin1(),
                       one[u"path"].toString().toLatin1(),
                       one[u"status"].toInt(),
                       {},
                       contentOf(file)};
        const QJsonObject headers = one[u"headers"].toObject();
        for (auto header = headers.begin(); header != headers.end(); ++header) {
            read.headers.append({header.key().toLatin1(), header->toString().toLatin1()});
        }
        all.append(read);
    }
    return all;
}

} // namespace

const QList<Recording> &recordings() {
    static const QList<Recording> all = readAll();
    return all;
}

QByteArray recorded(int number) {
    const auto &all = recordings();
    const auto found = std::ranges::find(all, number, &Recording::number);
    if (found == all.end()) {
        QTest::qFail(qPrintable(QStringLiteral("there is no recording %1").arg(number)), __FILE__,
                     __LINE__);
        return {};
    }
    return found->body;
}

} // namespace aviary::tests
