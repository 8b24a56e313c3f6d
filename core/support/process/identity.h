// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <sys/types.h>

#include <optional>

namespace aviary {

// Which process it is. A pid alone is given again to others; with the start time, and the boot in
// which both count, it is one process for ever.
struct ProcessIdentity {
    pid_t pid = 0;
    quint64 start_ticks = 0; // clock ticks since boot, field 22 of /proc/PID/stat
    QString boot;            // /proc/sys/kernel/random/boot_id
    bool operator==(const ProcessIdentity &) const = default;
};

// Start time in the text of /proc/PID/stat; 0 when it is not one. Safe between fork and exec.
quint64 startTicks(const char *stat, std::size_t size) noexcept;

QString bootId();
// The process that has this pid now; none when there is none or it is a zombie.
std::optional<ProcessIdentity> identityOf(pid_t pid);
bool isAlive(const ProcessIdentity &identity);

// The record that a launched process wrote of itself; none when there is none or it is not whole.
// Waits (some milliseconds) for a child that was forked and has not written its record yet.
std::optional<ProcessIdentity> readProcessRecord(const QString &path);

} // namespace aviary
