// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/support/error.h"

#include <QStringList>

#include <sys/types.h>

namespace aviary {

// What to run. The process gets its own session, so that it outlives us; nothing of our
// environment, files or signals reaches it but what stands here.
struct Launch {
    QStringList command;     // the program (a path, or a name to be found in PATH), its arguments
    QStringList environment; // "NAME=value"
    QString directory;       // it must exist
    QString log;             // standard output and error are appended to it
    QString record;          // it writes "pid start_ticks boot" here, durably, before it runs
};

// A child that was forked. It is only known to run once `failure` was closed without a word.
struct Forked {
    pid_t pid = 0;
    int failure = -1; // read end of a pipe: an int errno when the program cannot be run; ours
    int pidfd = -1;   // readable once it ended; ours
};

// PATH, HOME, USER, LANG and TZ as they are here: what a service may inherit.
QStringList inheritedEnvironment();

Result<Forked> forkProcess(const Launch &launch);

} // namespace aviary
