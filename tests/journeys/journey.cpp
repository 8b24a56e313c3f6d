// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/journeys/journey.h"

namespace aviary::tests {

std::unique_ptr<Load> Journey::steady() const {
    return std::make_unique<Load>(
        ground->port(), QStringList{QStringLiteral("--rate"), QStringLiteral("200"),
                                    QStringLiteral("--connections"), QStringLiteral("16")});
}

double Journey::shareOf(const QString &revision, int requests) const {
    const QJsonObject tally =
        Load(ground->port(), {QStringLiteral("--rate"), QStringLiteral("0"),
                              QStringLiteral("--requests"), QString::number(requests)})
            .wait();
    const bool whole = tally[u"lost"].toInt(-1) == 0 && tally[u"answered"].toInt() == requests;
    return whole ? countOf(tally, "by_revision", revision) * 100.0 / requests : -1;
}

QStringList Journey::nodes() {
    QStringList names;
    for (int i = 1; i <= Ground::nodes; ++i) {
        names << QStringLiteral("n%1").arg(i);
    }
    return names;
}

QStringList Journey::everywhere(const QString &revision) {
    QStringList all = nodes();
    for (QString &one : all) {
        one += u' ' + revision;
    }
    all.sort();
    return all;
}

QByteArray Journey::flawOf(const QJsonObject &tally) {
    const QByteArray text = QJsonDocument(tally).toJson(QJsonDocument::Compact);
    qInfo("%s", text.constData());
    const bool good =
        tally[u"answered"].toInt() > 100 && tally[u"lost"].toInt(-1) == 0 &&
        countOf(tally, "by_status", QStringLiteral("200")) == tally[u"answered"].toInt();
    return good ? QByteArray() : text;
}

} // namespace aviary::tests
