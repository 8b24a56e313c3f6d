// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/routing/haproxyview.h"

namespace aviary::routing {

// What to tell HAProxy, given how it stands, so that a change comes true; nothing when it is true
// already. Pure: the caller sends them, reads a new view and asks the functions below.
Result<QByteArrayList> commandsToAdd(const HaproxyView &view, const Server &server);
QByteArrayList commandsToDrain(const HaproxyView &view, const Server &server);
QByteArrayList commandsToRemove(const HaproxyView &view, const Server &server);
Result<QByteArrayList> commandsToSplit(const HaproxyView &view, const Split &split);

// The view as it will be then. Into one of our own HAProxy a new server comes when it shows it.
HaproxyView afterAdd(HaproxyView view, const Server &server);
HaproxyView afterDrain(HaproxyView view, const Server &server);
HaproxyView afterSplit(HaproxyView view, const Split &split);

// Whether it came true.
bool isAdded(const HaproxyView &view, const Server &server);
bool isDrained(const HaproxyView &view, const Server &server); // takes no new requests
quint32 openRequests(const HaproxyView &view, const Server &server);
bool isRemoved(const HaproxyView &view, const Server &server);
bool isSplit(const HaproxyView &view, const Split &split);

// The view in words of the router.
RouteView routeView(const HaproxyView &view, const QString &service, quint16 port);

} // namespace aviary::routing
