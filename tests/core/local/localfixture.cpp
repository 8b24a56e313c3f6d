// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/local/localfixture.h"

#include "tests/support/processes.h"

#include <QJsonArray>

namespace aviary::tests {

using namespace clusters;

LocalFixture::LocalFixture(int nodes, int sites, const routing::RouterSettings &router)
    : DriverFixture(
          [this, router] { return std::make_unique<LocalDriver>(place_.path(), router); }) {
    QFile file(path(QStringLiteral("cluster.json")));
    if (file.open(QIODevice::WriteOnly)) {
        file.write(QJsonDocument(toJson(someLocalNodes(nodes, sites))).toJson());
    }
}

LocalFixture::~LocalFixture() {
    close();
    endProcessesIn(place_.path());
}

QJsonObject LocalFixture::definition(const QStringList &options) {
    const QJsonObject ready{{QStringLiteral("kind"), QStringLiteral("http")},
                            {QStringLiteral("path"), QStringLiteral("/ready")},
                            {QStringLiteral("interval_ms"), 100}};
    return {{QStringLiteral("command"), program("aviary-sample")},
            {QStringLiteral("args"), QJsonArray::fromStringList(options)},
            {QStringLiteral("checks"), QJsonArray{ready}},
            {QStringLiteral("restart"),
             QJsonObject{{QStringLiteral("attempts"), 2}, {QStringLiteral("delay_ms"), 100}}}};
}

RunOrder LocalFixture::runOrder(const QString &node, const QString &revision, quint32 order,
                                const QStringList &options) {
    return DriverFixture::runOrder(node, revision, order, definition(options));
}

pid_t LocalFixture::pidOf(const QString &node, const QString &revision) const {
    const auto identity =
        readProcessRecord(path(u"nodes/" + node + u"/instances/shop/" + revision + u"/pid"));
    return identity && isAlive(*identity) ? identity->pid : 0;
}

} // namespace aviary::tests
