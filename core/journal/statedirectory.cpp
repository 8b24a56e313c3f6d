// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/journal/statedirectory.h"

#include <QDir>
#include <QFile>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace aviary::journal {
namespace {

constexpr const char *lock_name = "lock";

tl::unexpected<Error> storage(const QString &what, const QString &where,
                              const QString &remedy = {}) {
    return fail(ErrorCode::Storage, what, where, remedy);
}

QString systemText(int error) {
    return QString::fromLocal8Bit(std::strerror(error));
}

// EINTR is no failure.
template <class Call>
int again(const Call &call) {
    int result = -1;
    do {
        result = call();
    } while (result < 0 && errno == EINTR);
    return result;
}

Result<void> makeDirectory(const QString &path) {
    if (!QDir().mkpath(QFileInfo(path).absolutePath())) {
        return storage(QStringLiteral("the directory above cannot be made"), path);
    }
    if (::mkdir(QFile::encodeName(path).constData(), 0700) != 0 && errno != EEXIST) {
        return storage(systemText(errno), path);
    }
    return {};
}

} // namespace

Result<StateDirectory> StateDirectory::open(const QString &path, Access access) {
    const QString absolute = QDir::cleanPath(QDir(path).absolutePath());
    if (access == Access::Own) {
        if (const auto made = makeDirectory(absolute); !made) {
            return tl::unexpected(made.error());
        }
    }
    const int descriptor = again([&] {
        return ::open(QFile::encodeName(absolute).constData(),
                      O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    });
    if (descriptor < 0) {
        const int error = errno;
        if (error == ENOTDIR || error == ELOOP) {
            return storage(QStringLiteral("is no directory, or a symbolic link to one"), absolute,
                           QStringLiteral("give the directory itself"));
        }
        return fail(error == ENOENT ? ErrorCode::NotFound : ErrorCode::Storage, systemText(error),
                    absolute);
    }
    StateDirectory directory(absolute, access, descriptor);
    auto good = directory.checkTrust();
    if (good && access == Access::Own) {
        good = directory.takeLock();
    }
    if (!good) {
        return tl::unexpected(good.error());
    }
    return directory;
}

StateDirectory::StateDirectory(StateDirectory &&other) noexcept
    : path_(std::move(other.path_))
    , access_(other.access_)
    , descriptor_(std::exchange(other.descriptor_, -1))
    , lock_(std::exchange(other.lock_, -1)) {}

StateDirectory &StateDirectory::operator=(StateDirectory &&other) noexcept {
    std::swap(path_, other.path_);
    std::swap(access_, other.access_);
    std::swap(descriptor_, other.descriptor_);
    std::swap(lock_, other.lock_);
    return *this;
}

StateDirectory::~StateDirectory() {
    if (lock_ >= 0) {
        ::close(lock_);
    }
    if (descriptor_ >= 0) {
        ::close(descriptor_);
    }
}

Result<void> StateDirectory::checkTrust() const {
    struct stat found {};
    if (::fstat(descriptor_, &found) != 0) {
        return storage(systemText(errno), path_);
    }
    if (found.st_uid != ::geteuid()) {
        return storage(QStringLiteral("belongs to another user"), path_,
                       QStringLiteral("give a directory of your own"));
    }
    if ((found.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
        return storage(QStringLiteral("others may write to it"), path_,
                       QStringLiteral("chmod go-w '%1'").arg(path_));
    }
    return {};
}

Result<void> StateDirectory::takeLock() {
    if (const auto good = prepareFile(QString::fromLatin1(lock_name), true); !good) {
        return good;
    }
    lock_ =
        again([&] { return ::openat(descriptor_, lock_name, O_RDWR | O_NOFOLLOW | O_CLOEXEC); });
    if (lock_ < 0) {
        return storage(systemText(errno), filePath(QString::fromLatin1(lock_name)));
    }
    if (again([&] { return ::flock(lock_, LOCK_EX | LOCK_NB); }) != 0) {
        char owner[32] = {};
        const ssize_t size = ::pread(lock_, owner, sizeof owner - 1, 0);
        return fail(ErrorCode::Conflict,
                    QStringLiteral("process %1 owns it")
                        .arg(QString::fromLatin1(owner, size > 0 ? size : 0).trimmed()),
                    path_, QStringLiteral("stop that daemon, or open the directory for reading"));
    }
    const QByteArray own = QByteArray::number(::getpid()) + '\n';
    if (::ftruncate(lock_, 0) != 0 || ::pwrite(lock_, own.constData(), size_t(own.size()), 0) < 0) {
        // The text is for people; the lock holds without it, also on a full disk.
        errno = 0;
    }
    return {};
}

Result<void> StateDirectory::prepareFile(const QString &name, bool create) const {
    const QByteArray file = QFile::encodeName(name);
    if (create) {
        const int made = again([&] {
            return ::openat(descriptor_, file.constData(),
                            O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        });
        if (made >= 0) {
            ::close(made);
        } else if (errno != EEXIST) {
            return storage(systemText(errno), filePath(name));
        }
    }
    struct stat found {};
    if (::fstatat(descriptor_, file.constData(), &found, AT_SYMLINK_NOFOLLOW) != 0) {
        return errno == ENOENT ? Result<void>{} : storage(systemText(errno), filePath(name));
    }
    if (!S_ISREG(found.st_mode) || found.st_nlink != 1) {
        return storage(QStringLiteral("is no plain file with one name"), filePath(name),
                       QStringLiteral("move it away"));
    }
    if (found.st_uid != ::geteuid()) {
        return storage(QStringLiteral("belongs to another user"), filePath(name));
    }
    if ((found.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
        return storage(QStringLiteral("others may write to it"), filePath(name),
                       QStringLiteral("chmod 600 '%1'").arg(filePath(name)));
    }
    return {};
}

Result<void> StateDirectory::stillThere() const {
    struct stat held {};
    struct stat found {};
    if (::fstat(descriptor_, &held) != 0 ||
        ::lstat(QFile::encodeName(path_).constData(), &found) != 0 || held.st_dev != found.st_dev ||
        held.st_ino != found.st_ino) {
        return storage(QStringLiteral("was replaced while it was opened"), path_);
    }
    return {};
}

} // namespace aviary::journal
