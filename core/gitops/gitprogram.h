// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/support/error.h"

#include <QStringList>

#include <atomic>

namespace aviary::gitops {

// One run of the operator's own git. It is git that talks to other hosts: so credentials come from
// its helpers, its configuration and the ssh agent, and none is ever asked for or seen here.
struct GitRun {
    QStringList arguments;
    qint64 timeout_ms = 30'000;
    qint64 file_bytes_max = 0; // of any file that it writes; 0: no limit
};
struct GitAnswer {
    int code = -1;
    QByteArray out, err; // the first megabyte of each
};

// Blocks: for a thread of its own. Nothing can prompt: it has no terminal and no askpass.
// TimedOut: it took too long, or `stopped` became true; it and what it started were ended.
// NotFound: there is no git. Whatever git itself says is an answer.
Result<GitAnswer> runGit(const GitRun &run, const std::atomic<bool> &stopped);

} // namespace aviary::gitops
