// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/routing/backendview.h"
#include "core/routing/haproxyrouter.h"

#include <QTimer>

namespace aviary::routing {

// An HAProxy that an operator runs: reached by its runtime socket, never reloaded or stopped. Each
// service has a backend of his.
class OperatorsRouter : public HaproxyRouter {
    Q_OBJECT
public:
    // `ports`: where clients reach services, as far as known.
    OperatorsRouter(RunningHaproxy running, QString directory,
                    std::map<QString, quint16> ports = {}, QObject *parent = nullptr);

    // "HAProxy 2.6.12 at /run/haproxy/admin.sock", and what happened to it.
    QString text() const override;
    // Refused when it cannot be used as it is.
    void open(Reply<void> reply) override;
    void check(const Checked &answer) override;

protected:
    std::unique_ptr<HaproxyRoute> make(const QString &directory, const QString &service) override;

private:
    void look(const Reply<void> &reply);
    QByteArray backendOf(const QString &service) const;
    QStringList backends() const;
    void tryBackends(QStringList left, std::vector<Result<QString>> tried, const Checked &answer);

    RunningHaproxy running_;
    HaproxySocket socket_;
    QTimer again_; // looks while there is no route
    QString version_, trouble_, news_;
};

} // namespace aviary::routing
