// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clusters/local/localdriver.h"
#include "tests/hosting/driverfixture.h"
#include "tests/support/programs.h"

#include <QTemporaryDir>

namespace aviary::tests {

// A local cluster in a directory of its own. Everything that runs there is stopped at the end.
class LocalFixture : public DriverFixture {
public:
    explicit LocalFixture(int nodes = 3, int sites = 3, const routing::RouterSettings &router = {});
    ~LocalFixture();

    clusters::LocalDriver &local() { return static_cast<clusters::LocalDriver &>(driver()); }
    QString path(const QString &name) const { return place_.path() + u'/' + name; }

    // The sample service with options, as a definition with a check of /ready.
    static QJsonObject definition(const QStringList &options = {});
    static clusters::RunOrder runOrder(const QString &node, const QString &revision, quint32 order,
                                       const QStringList &options = {});
    pid_t pidOf(const QString &node, const QString &revision) const;

private:
    QTemporaryDir place_;
};

} // namespace aviary::tests
