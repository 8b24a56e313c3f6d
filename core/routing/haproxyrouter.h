// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/routing/haproxyservice.h"

namespace aviary::routing {

// Splits with HAProxy: one process for each service, so that a service comes and goes without
// touching another, on a port of 127.0.0.1 that stays the same for ever.
class HaproxyRouter : public Router {
    Q_OBJECT
public:
    // `ports`: where services listen; others get a free port, which is remembered.
    HaproxyRouter(QString program, QString version, QString directory,
                  std::map<QString, quint16> ports = {}, QObject *parent = nullptr);

    kernel::RouterKind kind() const override { return kernel::RouterKind::Weights; }
    QString text() const override { return u"HAProxy " + version_; }
    void open(Reply<void> reply) override;
    QStringList services() const override;
    void add(const Server &server, Reply<void> reply) override;
    void drain(const Server &server, int limit_ms, Reply<void> reply) override;
    void remove(const Server &server, Reply<void> reply) override;
    void setSplit(const Split &split, Reply<void> reply) override;
    void observe(const QString &service, Reply<RouteView> reply) override;

private:
    Result<HaproxyService *> serviceFor(const QString &name, bool make);
    // HAProxy is told addresses. What is asked of a server whose name is being looked up waits for
    // it, so that it is done in its order.
    void lookUp(Server server, Reply<void> reply);
    bool waits(const Server &server, std::function<void()> work);
    void later(const Reply<void> &reply, const Result<void> &result);

    QString program_, version_, directory_;
    std::map<QString, quint16> ports_;
    std::map<QString, std::unique_ptr<HaproxyService>> services_;
    std::map<QString, std::vector<std::function<void()>>> lookups_; // by name: what waits for it
};

// The version in what `haproxy -v` prints, "2.6.12"; empty when it is not there.
QString haproxyVersion(const QByteArray &text);

// A HaproxyRouter when HAProxy 2.6 or later is found (PATH, /usr/sbin, /usr/local/sbin) or given,
// else a NoRouter that says why.
std::unique_ptr<Router> makeRouter(const QString &directory, std::map<QString, quint16> ports = {},
                                   const QString &program = {});

} // namespace aviary::routing
