// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/routing/ownhaproxyrouter.h"

#include "core/routing/haproxyservice.h"

namespace aviary::routing {

OwnHaproxyRouter::OwnHaproxyRouter(QString program, QString version, QString directory,
                                   std::map<QString, quint16> ports, QObject *parent)
    : HaproxyRouter(std::move(directory), std::move(ports), parent)
    , program_(std::move(program))
    , version_(std::move(version)) {}

std::unique_ptr<HaproxyRoute> OwnHaproxyRouter::make(const QString &directory,
                                                     const QString &service) {
    return std::make_unique<HaproxyService>(program_, directory, service, portOf(service));
}

} // namespace aviary::routing
