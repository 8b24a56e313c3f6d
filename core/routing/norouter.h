// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/routing/router.h"

namespace aviary::routing {

// Nothing splits the traffic: servers are reached by their own address. Adding and removing them
// is done at once, a split is refused.
class NoRouter : public Router {
    Q_OBJECT
public:
    explicit NoRouter(QString why, QObject *parent = nullptr);

    kernel::RouterKind kind() const override { return kernel::RouterKind::None; }
    QString text() const override;
    void open(Reply<void> reply) override;
    QStringList services() const override { return {}; }
    void add(const Server &server, Reply<void> reply) override;
    void drain(const Server &server, int limit_ms, Reply<void> reply) override;
    void remove(const Server &server, Reply<void> reply) override;
    void setSplit(const Split &split, Reply<void> reply) override;
    void observe(const QString &service, Reply<RouteView> reply) override;

private:
    void done(const Reply<void> &reply);
    Error refusal() const;

    QString why_; // "no HAProxy"
};

} // namespace aviary::routing
