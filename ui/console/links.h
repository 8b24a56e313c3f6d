// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/socketsession.h"
#include "ui/console/desks.h"

namespace aviary {

// Adds the daemon of this computer.
void addLocalDesk(Desks &desks, const api::Places &places, const QString &as,
                  api::SocketSession::Starting starting = api::SocketSession::Starting::OnDemand);

// Adds the daemon of another host, by the operator's own OpenSSH; `ssh` is its command line, empty
// for the usual one. A host that ssh could take for an option is refused.
Result<void> addHostDesk(Desks &desks, const QString &ssh, const QString &host, const QString &as);

} // namespace aviary
