// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/support/freeport.h"

#include <QRandomGenerator>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace aviary {
namespace {

constexpr int first = 20'000;
constexpr int last = 32'767;

bool isFree(quint16 port) {
    const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    ::setsockopt(probe, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const auto *generic = reinterpret_cast<const sockaddr *>(&address);
    const bool free = ::bind(probe, generic, sizeof address) == 0 && ::listen(probe, 1) == 0;
    ::close(probe);
    return free;
}

} // namespace

quint16 freePort(const QSet<quint16> &taken) {
    // From a random place on, so that two daemons seldom want the same one.
    const int begin = QRandomGenerator::global()->bounded(last - first);
    for (int i = 0; i <= last - first; ++i) {
        const auto port = static_cast<quint16>(first + (begin + i) % (last - first + 1));
        if (!taken.contains(port) && isFree(port)) {
            return port;
        }
    }
    return 0;
}

} // namespace aviary
