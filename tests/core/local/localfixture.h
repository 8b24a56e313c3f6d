// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clusters/local/localdriver.h"
#include "tests/support/programs.h"

#include <QTemporaryDir>

#include <map>
#include <memory>

namespace aviary::tests {

// A local cluster in a directory of its own, the driver that has it now, and all that it said.
// Everything that runs there is stopped at the end.
class LocalFixture {
public:
    explicit LocalFixture(int nodes = 3, int sites = 3, QString haproxy = {});
    ~LocalFixture();

    // A driver as of a daemon that starts; the one before is gone without a word, as after kill -9.
    bool reopen();
    clusters::LocalDriver &driver() { return *driver_; }
    QString path(const QString &name) const { return place_.path() + u'/' + name; }

    // The sample service with options, as a definition with a check of /ready.
    static QJsonObject definition(const QStringList &options = {});
    static clusters::RunOrder runOrder(const QString &node, const QString &revision, quint32 order,
                                       const QStringList &options = {});
    static clusters::StopOrder stopOrder(const QString &node, const QString &revision,
                                         quint32 order);

    // Sends the order and waits for the answer that it wants; false when it does not come.
    bool run(const clusters::RunOrder &order);
    bool stop(const clusters::StopOrder &order);
    bool split(const QString &fresh, const QString &stable, int weight, const QString &flag = {});
    clusters::Observation observe();
    bool awaitAnswer(quint32 order, clusters::NodeAnswer::Kind kind, int wait_ms = 10'000);
    QStringList answers(quint32 order) const; // "ready", "not ready", "failed: text", "retired"
    pid_t pidOf(const QString &node, const QString &revision) const;
    // "n1 v1 ready", sorted; "n1 v1 down" when it is not ready
    QStringList instances();

private:
    QTemporaryDir place_;
    QString haproxy_;
    std::unique_ptr<clusters::LocalDriver> driver_;
    std::map<quint32, std::vector<clusters::NodeAnswer>> answers_;
};

} // namespace aviary::tests
