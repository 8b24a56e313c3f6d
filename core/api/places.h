// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/support/error.h"

#include <QProcessEnvironment>

namespace aviary::api {

// Where a daemon lives on this machine.
struct Places {
    QString state;  // directory: journal, logs, work of local clusters; 0700
    QString socket; // of the daemon, in a directory of ours
    QString log;    // what a daemon that a client started writes
    bool operator==(const Places &) const = default;
};

// `state_option` if given, else $AVIARY_STATE_DIR, else $XDG_STATE_HOME/aviary, else
// ~/.local/state/aviary. The socket of the default directory stands in $XDG_RUNTIME_DIR/aviary,
// that of any other in the directory itself, or, where that path is too long for a socket, under a
// short name in $XDG_RUNTIME_DIR/aviary or /tmp/aviary-UID.
Result<Places> placesOf(const QString &state_option, const QProcessEnvironment &environment);

// Makes the directory (0700, with its parents) or checks the one that is there: refused when it is
// a symbolic link, belongs to somebody else, or can be written by others.
Result<void> makePrivateDirectory(const QString &path);

// The longest path that a local socket can have.
inline constexpr int socket_path_max = 107;

} // namespace aviary::api
