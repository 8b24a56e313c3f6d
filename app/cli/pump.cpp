// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/pump.h"

#include "core/api/places.h"

#include <QFile>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <thread>

namespace aviary::cli {

using namespace Qt::Literals;

namespace {

bool writeAll(int to, const char *bytes, std::size_t size) {
    while (size > 0) {
        const ssize_t count = write(to, bytes, size);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return false;
        }
        bytes += count;
        size -= std::size_t(count);
    }
    return true;
}

void copy(int from, int to) {
    std::array<char, 65536> buffer{};
    while (true) {
        const ssize_t count = read(from, buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0 || !writeAll(to, buffer.data(), std::size_t(count))) {
            return;
        }
    }
}

} // namespace

Result<void> pump(const QString &socket_path) {
    const QByteArray name = QFile::encodeName(socket_path);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (name.size() > api::socket_path_max) {
        return fail(ErrorCode::Invalid, u"the path is too long for a socket"_qs, socket_path);
    }
    std::memcpy(address.sun_path, name.constData(), std::size_t(name.size()));
    const int link = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (link < 0 ||
        connect(link, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0) {
        return fail(ErrorCode::Unreachable, QString::fromLocal8Bit(strerror(errno)), socket_path);
    }
    std::signal(SIGPIPE, SIG_IGN); // a far end that went away is an end like another
    std::thread sending([link] {
        copy(STDIN_FILENO, link);
        shutdown(link, SHUT_WR);
    });
    copy(link, STDOUT_FILENO);
    // The daemon has ended the link. The other thread may wait for input for ever: leave it behind.
    sending.detach();
    return {};
}

} // namespace aviary::cli
