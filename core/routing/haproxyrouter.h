// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/routing/haproxyroute.h"
#include "core/routing/routersettings.h"

#include <memory>

namespace aviary::routing {

// Splits with HAProxy, each service by a route of its own. What a route must know of an earlier run
// stands in `directory`/SERVICE.
class HaproxyRouter : public Router {
    Q_OBJECT
public:
    kernel::RouterKind kind() const override { return kernel::RouterKind::Weights; }
    void open(Reply<void> reply) override;
    QStringList services() const override;
    void add(const Server &server, Reply<void> reply) override;
    void drain(const Server &server, int limit_ms, Reply<void> reply) override;
    void remove(const Server &server, Reply<void> reply) override;
    void setSplit(const Split &split, Reply<void> reply) override;
    void observe(const QString &service, Reply<RouteView> reply) override;

protected:
    HaproxyRouter(QString directory, std::map<QString, quint16> ports, QObject *parent);
    // The route of a service, not opened yet.
    virtual std::unique_ptr<HaproxyRoute> make(const QString &directory,
                                               const QString &service) = 0;
    quint16 portOf(const QString &service) const; // 0: none was given
    void later(const Reply<void> &reply, const Result<void> &result);

private:
    Result<HaproxyRoute *> serviceFor(const QString &name, bool wanted);
    // HAProxy is told addresses. What is asked of a server whose name is being looked up waits for
    // it, so that it is done in its order.
    void lookUp(Server server, Reply<void> reply);
    bool waits(const Server &server, std::function<void()> work);

    QString directory_;
    std::map<QString, quint16> ports_;
    std::map<QString, std::unique_ptr<HaproxyRoute>> services_;
    std::map<QString, std::vector<std::function<void()>>> lookups_; // by name: what waits for it
};

// The version in what `haproxy -v` prints, "2.6.12"; empty when it is not there.
QString haproxyVersion(const QByteArray &text);

// An OperatorsRouter when his HAProxy is named; an OwnHaproxyRouter when HAProxy 2.6 or later is
// found (PATH, /usr/sbin, /usr/local/sbin) or given; else a NoRouter that says why.
std::unique_ptr<Router> makeRouter(const QString &directory, std::map<QString, quint16> ports = {},
                                   const RouterSettings &settings = {});

} // namespace aviary::routing
