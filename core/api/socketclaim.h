// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/support/error.h"

#include <QString>

namespace aviary::api {

// A local socket that this process, and no other, listens on. Two daemons that start at once are
// settled here: a lock file beside the socket is held for as long as the claim lives, so a socket
// that is found under the lock was left behind and is removed; anything else in its place (a link,
// a file, somebody else's socket) is refused. Ends with the socket removed.
class SocketClaim {
public:
    // Only the own user may connect (0600), or the members of `group` too (0660).
    static Result<SocketClaim> take(const QString &path, const QString &group = {});

    SocketClaim(SocketClaim &&other) noexcept;
    SocketClaim &operator=(SocketClaim &&) = delete;
    ~SocketClaim();

    int listener() const { return listener_; } // a listening descriptor; its user closes it

private:
    SocketClaim(QString path, int lock) : path_(std::move(path)), lock_(lock) {}

    Result<void> clear();
    Result<void> listen(const QString &group);

    QString path_;
    int lock_ = -1;
    int listener_ = -1;
    bool bound_ = false;
};

} // namespace aviary::api
