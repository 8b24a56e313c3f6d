// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/support/error.h"

#include <QString>

namespace aviary::journal {

enum class Access {
    Own,  // the one process that writes
    Read, // beside the owner, or without one
};

// The directory that the daemon owns: journal, lock and what else the daemon keeps. It is refused
// when somebody else could have put something there: a symbolic link, another owner, or writable by
// group or others. Checked through a descriptor that stays open, so that it cannot be swapped.
class StateDirectory {
public:
    // Access::Own creates it (0700) when it is missing, and takes the lock.
    // Conflict: another process owns it. Storage: it cannot be made, read or trusted.
    static Result<StateDirectory> open(const QString &path, Access access);

    StateDirectory(StateDirectory &&other) noexcept;
    StateDirectory &operator=(StateDirectory &&other) noexcept;
    StateDirectory(const StateDirectory &) = delete;
    StateDirectory &operator=(const StateDirectory &) = delete;
    ~StateDirectory();

    const QString &path() const { return path_; }
    Access access() const { return access_; }
    QString filePath(const QString &name) const { return path_ + u'/' + name; }

    // A file in it is absent or can be trusted: a plain file of ours with one name, private to us.
    // `create`: made, empty and 0600, when it is absent.
    Result<void> prepareFile(const QString &name, bool create) const;
    // The path still leads to the directory that was opened.
    Result<void> stillThere() const;

private:
    StateDirectory(const QString &path, Access access, int descriptor)
        : path_(path), access_(access), descriptor_(descriptor) {}
    Result<void> checkTrust() const;
    Result<void> takeLock();

    QString path_;
    Access access_ = Access::Read;
    int descriptor_ = -1;
    int lock_ = -1; // holds the lock as long as it is open
};

} // namespace aviary::journal
