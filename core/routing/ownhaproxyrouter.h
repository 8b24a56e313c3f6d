// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/routing/haproxyrouter.h"

namespace aviary::routing {

// HAProxy of our own: one process for each service, so that a service comes and goes without
// touching another, on a port of 127.0.0.1 that stays the same for ever.
class OwnHaproxyRouter : public HaproxyRouter {
    Q_OBJECT
public:
    // `ports`: where services listen; others get a free port, which is remembered.
    OwnHaproxyRouter(QString program, QString version, QString directory,
                     std::map<QString, quint16> ports = {}, QObject *parent = nullptr);

    QString text() const override { return u"HAProxy " + version_; }

protected:
    std::unique_ptr<HaproxyRoute> make(const QString &directory, const QString &service) override;

private:
    QString program_, version_;
};

} // namespace aviary::routing
