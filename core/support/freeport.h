// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSet>

namespace aviary {

// A TCP port of 127.0.0.1 that nobody listens on now and that is not in `taken`; 0: none was found.
// It lies below the range that the system takes for outgoing connections (32,768 and up), so that
// a service which is started again finds its port free.
quint16 freePort(const QSet<quint16> &taken = {});

} // namespace aviary
