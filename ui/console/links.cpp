// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/links.h"

#include "core/api/processsession.h"

#include <QCoreApplication>

namespace aviary {

using namespace Qt::Literals;

namespace {

api::Introduction introduction(const QString &as) {
    return {u"aviary-console"_qs, QCoreApplication::applicationVersion(), as};
}

void add(Desks &desks, const DeskKey &place, const QString &as,
         std::unique_ptr<api::LineSession> session) {
    api::LineSession &link = *session;
    auto desk = std::make_unique<Desk>(place.desk, place.id);
    desk->setOwnName(as);
    desks.add(std::move(desk), std::move(session));
    link.open();
}

} // namespace

void addLocalDesk(Desks &desks, const api::Places &places, const QString &as,
                  api::SocketSession::Starting starting) {
    add(desks, {local_desk, QCoreApplication::translate("aviary::Desks", "this computer")}, as,
        std::make_unique<api::SocketSession>(places, introduction(as), starting));
}

Result<void> addHostDesk(Desks &desks, const QString &ssh, const QString &host, const QString &as) {
    return api::sshCommand(ssh, host).map([&](const QStringList &command) {
        add(desks, {deskOfHost(host), host}, as,
            std::make_unique<api::ProcessSession>(command, introduction(as)));
    });
}

} // namespace aviary
