// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/socketclaim.h"

#include "core/api/places.h"

#include <QFile>

#include <fcntl.h>
#include <grp.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace aviary::api {

using namespace Qt::Literals;

namespace {

tl::unexpected<Error> systemError(const QString &what, const QString &path) {
    return fail(ErrorCode::Storage, what % u": "_qs % QString::fromLocal8Bit(strerror(errno)),
                path);
}

} // namespace

SocketClaim::SocketClaim(SocketClaim &&other) noexcept
    : path_(std::move(other.path_))
    , lock_(std::exchange(other.lock_, -1))
    , listener_(std::exchange(other.listener_, -1))
    , bound_(std::exchange(other.bound_, false)) {}

SocketClaim::~SocketClaim() {
    if (bound_) {
        unlink(QFile::encodeName(path_).constData());
    }
    if (lock_ >= 0) {
        close(lock_); // the lock file stays: removing it would let two processes lock two files
    }
}

Result<SocketClaim> SocketClaim::take(const QString &path, const QString &group) {
    if (QFile::encodeName(path).size() > socket_path_max) {
        return fail(ErrorCode::Invalid, u"the path is too long for a socket"_qs, path,
                    u"at most %1 bytes"_qs.arg(socket_path_max));
    }
    const QString lock_path = path + u".lock"_qs;
    const int lock = open(QFile::encodeName(lock_path).constData(),
                          O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (lock < 0) {
        return systemError(u"the lock file cannot be opened"_qs, lock_path);
    }
    SocketClaim claim(path, lock);
    if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
        return fail(ErrorCode::Conflict, u"another aviaryd serves this socket"_qs, path,
                    u"use it, or stop it with: aviary daemon stop"_qs);
    }
    if (const Result<void> cleared = claim.clear(); !cleared) {
        return tl::unexpected<Error>(cleared.error());
    }
    if (const Result<void> listening = claim.listen(group); !listening) {
        return tl::unexpected<Error>(listening.error());
    }
    return claim;
}

Result<void> SocketClaim::clear() {
    const QByteArray name = QFile::encodeName(path_);
    struct stat found {};
    if (lstat(name.constData(), &found) != 0) {
        return {};
    }
    if (!S_ISSOCK(found.st_mode) || found.st_uid != geteuid()) {
        return fail(ErrorCode::Refused, u"something else stands where the socket should be"_qs,
                    path_, u"look at it and remove it"_qs);
    }
    if (unlink(name.constData()) != 0) {
        return systemError(u"the socket that was left behind cannot be removed"_qs, path_);
    }
    return {};
}

Result<void> SocketClaim::listen(const QString &group) {
    const QByteArray name = QFile::encodeName(path_);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.constData(), std::size_t(name.size()));
    listener_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (listener_ < 0 ||
        bind(listener_, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0) {
        return systemError(u"the socket cannot be made"_qs, path_);
    }
    bound_ = true;
    mode_t mode = 0600;
    if (!group.isEmpty()) {
        const struct group *found = getgrnam(group.toLocal8Bit().constData());
        if (found == nullptr) {
            return fail(ErrorCode::Invalid, u"there is no group \"%1\""_qs.arg(group));
        }
        if (chown(name.constData(), uid_t(-1), found->gr_gid) != 0) {
            return systemError(u"the socket cannot be given to the group"_qs, path_);
        }
        mode = 0660;
    }
    // Nobody can connect before this: without listen() the kernel refuses.
    if (chmod(name.constData(), mode) != 0 || ::listen(listener_, 64) != 0) {
        return systemError(u"the socket cannot be opened for clients"_qs, path_);
    }
    return {};
}

} // namespace aviary::api
