// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/places.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace aviary::api {

using namespace Qt::Literals;

namespace {

QString stateOf(const QString &option, const QProcessEnvironment &environment) {
    for (const QString &given : {option, environment.value(u"AVIARY_STATE_DIR"_qs)}) {
        if (!given.isEmpty()) {
            return QDir::cleanPath(QDir::current().absoluteFilePath(given));
        }
    }
    const QString base = environment.value(u"XDG_STATE_HOME"_qs);
    if (QDir::isAbsolutePath(base)) { // the XDG rule: a relative one does not count
        return QDir::cleanPath(base) + u"/aviary"_qs;
    }
    const QString home = environment.value(u"HOME"_qs, QDir::homePath());
    return QDir::cleanPath(home) + u"/.local/state/aviary"_qs;
}

bool fits(const QString &path) {
    return QFile::encodeName(path).size() <= socket_path_max;
}

} // namespace

Result<Places> placesOf(const QString &state_option, const QProcessEnvironment &environment) {
    const QString state = stateOf(state_option, environment);
    Places places{state, state + u"/aviaryd.socket"_qs, state + u"/aviaryd.log"_qs};
    const QString runtime_base = environment.value(u"XDG_RUNTIME_DIR"_qs);
    const QString runtime = QDir::isAbsolutePath(runtime_base)
                                ? QString(QDir::cleanPath(runtime_base) % u"/aviary"_qs)
                                : u"/tmp/aviary-%1"_qs.arg(geteuid());
    QProcessEnvironment plain = environment;
    plain.remove(u"AVIARY_STATE_DIR"_qs);
    if (state == stateOf({}, plain) && QDir::isAbsolutePath(runtime_base) &&
        fits(runtime + u"/aviaryd.socket"_qs)) {
        places.socket = runtime + u"/aviaryd.socket"_qs;
    }
    if (!fits(places.socket)) {
        const QByteArray digest =
            QCryptographicHash::hash(QFile::encodeName(state), QCryptographicHash::Sha256).toHex();
        places.socket = runtime % u'/' % QString::fromLatin1(digest.left(16)) % u".socket"_qs;
    }
    if (!fits(places.socket)) {
        return fail(ErrorCode::Invalid, u"the path of the daemon's socket is too long"_qs,
                    places.socket, u"give a shorter --state-dir or XDG_RUNTIME_DIR"_qs);
    }
    return places;
}

Result<void> makePrivateDirectory(const QString &path) {
    const QByteArray name = QFile::encodeName(path);
    struct stat found {};
    if (lstat(name.constData(), &found) != 0) {
        const QString parent = path.section(u'/', 0, -2);
        if (!parent.isEmpty() && !QDir().mkpath(parent)) {
            return fail(ErrorCode::Storage, u"the directory cannot be made"_qs, parent);
        }
        if (mkdir(name.constData(), 0700) != 0 && errno != EEXIST) {
            return fail(ErrorCode::Storage, QString::fromLocal8Bit(strerror(errno)), path);
        }
        if (lstat(name.constData(), &found) != 0) {
            return fail(ErrorCode::Storage, QString::fromLocal8Bit(strerror(errno)), path);
        }
    }
    if (!S_ISDIR(found.st_mode)) { // lstat: a symbolic link is not a directory either
        return fail(ErrorCode::Refused, u"this is not a directory of its own"_qs, path,
                    u"remove the link or file, or choose another --state-dir"_qs);
    }
    if (found.st_uid != geteuid()) {
        return fail(ErrorCode::Refused, u"the directory belongs to another user"_qs, path,
                    u"choose another --state-dir"_qs);
    }
    if ((found.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
        return fail(ErrorCode::Refused, u"the directory can be written by others"_qs, path,
                    u"run: chmod go-w "_qs + path);
    }
    return {};
}

} // namespace aviary::api
