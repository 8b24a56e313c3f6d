// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/support/process/identity.h"

#include <QFile>
#include <QStringList>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cstring>

namespace aviary {
namespace {

constexpr qint64 record_bytes_max = 256;

QByteArray contentOf(const QString &path, qint64 bytes_max) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.read(bytes_max) : QByteArray();
}

// Behind the name in parentheses, which may itself hold spaces and parentheses.
const char *behindName(const char *stat, std::size_t size) noexcept {
    for (const char *at = stat + size; at != stat; --at) {
        if (at[-1] == ')') {
            return at;
        }
    }
    return nullptr;
}

// A child between fork and exec holds the lock: see launch.cpp.
void awaitBirth(const QString &record) {
    const int lock =
        ::open(QFile::encodeName(record + u".lock").constData(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (lock >= 0) {
        ::flock(lock, LOCK_EX);
        ::close(lock);
    }
}

} // namespace

quint64 startTicks(const char *stat, std::size_t size) noexcept {
    const char *end = stat + size;
    const char *at = behindName(stat, size);
    constexpr int spaces_before = 20; // the state is field 3, the start time field 22
    for (int spaces = 0; at != nullptr && at != end; ++at) {
        if (*at != ' ') {
            continue;
        }
        if (++spaces == spaces_before) {
            quint64 ticks = 0;
            for (++at; at != end && *at >= '0' && *at <= '9'; ++at) {
                ticks = ticks * 10 + static_cast<quint64>(*at - '0');
            }
            return ticks;
        }
    }
    return 0;
}

QString bootId() {
    static const QString id = QString::fromLatin1(
        contentOf(QStringLiteral("/proc/sys/kernel/random/boot_id"), record_bytes_max).trimmed());
    return id;
}

std::optional<ProcessIdentity> identityOf(pid_t pid) {
    const QByteArray stat = contentOf(QStringLiteral("/proc/%1/stat").arg(pid), 4'096);
    const auto size = static_cast<std::size_t>(stat.size());
    const quint64 ticks = startTicks(stat.constData(), size);
    const char *state = behindName(stat.constData(), size);
    if (pid <= 0 || ticks == 0 || std::strncmp(state, " Z", 2) == 0) {
        return std::nullopt;
    }
    return ProcessIdentity{pid, ticks, bootId()};
}

bool isAlive(const ProcessIdentity &identity) {
    return identityOf(identity.pid) == identity;
}

std::optional<ProcessIdentity> readProcessRecord(const QString &path) {
    awaitBirth(path);
    const QStringList words =
        QString::fromLatin1(contentOf(path, record_bytes_max)).simplified().split(u' ');
    if (words.size() != 3) {
        return std::nullopt;
    }
    bool pid_good = false;
    bool ticks_good = false;
    const ProcessIdentity identity{words[0].toInt(&pid_good), words[1].toULongLong(&ticks_good),
                                   words[2]};
    return pid_good && ticks_good && identity.pid > 1 ? std::optional(identity) : std::nullopt;
}

} // namespace aviary
