// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

namespace aviary::routing {

// Revisions that one service may have behind it at the same time, or be remembered of.
inline constexpr int haproxy_slots = 8;
// Gives each request its place: n * step mod 10,000 visits every place once in 10,000 requests and
// spreads any run of them evenly (10,000 / golden ratio, made coprime to 10,000), so that a split
// is exact to a few requests where random numbers would be off by 1 % in 4,000.
inline constexpr int haproxy_step = 6'181;

// The whole configuration of one service's HAProxy (2.6 or later), for a working directory that
// holds split.map and slots.map. It is never reloaded: servers, the split and the names of the
// slots are changed over the socket "sock".
QByteArray haproxyConfig(quint16 port);

} // namespace aviary::routing
