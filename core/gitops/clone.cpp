// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gitops/clone.h"

#include "core/gitops/committree.h"
#include "core/support/words.h"

#include <QDir>
#include <QDirIterator>
#include <QJsonDocument>
#include <QObject>
#include <QSaveFile>

namespace aviary::gitops {

namespace {

const QString mark_name = u"aviary-clone.json"_qs;
const QString mark_format = u"aviary-clone/1"_qs;

// What git said last about why, in one line.
QString reasonOf(const GitAnswer &answer) {
    QStringList lines = QString::fromUtf8(answer.err).split(u'\n', Qt::SkipEmptyParts);
    static const QStringList advice{u"Please make sure you have the correct access rights"_qs,
                                    u"and the repository exists."_qs,
                                    u"fatal: Could not read from remote repository."_qs};
    lines.removeIf([](const QString &line) { return advice.contains(line.trimmed()); });
    return lines.isEmpty() ? QObject::tr("git ended with %1").arg(answer.code)
                           : boundedText(lines.last().trimmed());
}

Error errorOf(const GitAnswer &answer, const Repository &repository) {
    if (answer.err.contains("couldn't find remote ref")) {
        return {ErrorCode::NotFound,
                QObject::tr("the repository has no branch %1").arg(repository.branch), u"branch"_qs,
                QObject::tr("push it, or give another --branch")};
    }
    if (answer.err.contains("signal 25") || answer.err.contains("File too large")) {
        return {ErrorCode::Refused,
                QObject::tr("the repository is larger than the limit of %1 MiB")
                    .arg(repository.size_mib_max),
                u"size_mib_max"_qs, QObject::tr("give a higher --size-max, or a smaller one")};
    }
    return {ErrorCode::Unreachable, reasonOf(answer), u"url"_qs,
            QObject::tr("see whether git fetch works for the daemon's user")};
}

Error storageError(const QString &what, const QString &where) {
    return {ErrorCode::Storage, what, where, {}};
}

} // namespace

bool Clone::exists() const {
    const QFileInfo found(folder_);
    return found.exists() || found.isSymLink();
}

QString Clone::markedUrl() const {
    QFile mark(folder_ + u'/' + mark_name);
    if (QFileInfo(mark).isSymLink() || !mark.open(QIODevice::ReadOnly)) {
        return {};
    }
    const QJsonObject object = QJsonDocument::fromJson(mark.read(64 * 1024)).object();
    return object[u"format"].toString() == mark_format ? object[u"url"].toString() : QString();
}

Result<void> Clone::checkOwn() const {
    const QFileInfo found(folder_);
    if (found.isDir() && !found.isSymLink() && !markedUrl().isEmpty()) {
        return {};
    }
    return fail(ErrorCode::Refused, QObject::tr("%1 was not made by Aviary").arg(folder_), folder_,
                QObject::tr("move it away, or give the repository another name"));
}

Result<void> Clone::writeMark() const {
    QSaveFile mark(folder_ + u'/' + mark_name);
    const QJsonObject said{
        {u"format"_qs, mark_format}, {u"name"_qs, repository_.name}, {u"url"_qs, repository_.url}};
    if (!mark.open(QIODevice::WriteOnly) || mark.write(QJsonDocument(said).toJson()) < 0 ||
        !mark.commit()) {
        return tl::unexpected(storageError(mark.errorString(), mark.fileName()));
    }
    return {};
}

Result<void> Clone::prepare(const std::atomic<bool> &stopped) const {
    if (!exists()) {
        if (!QDir().mkpath(folder_)) {
            return tl::unexpected(storageError(QObject::tr("the folder cannot be made"), folder_));
        }
        QFile::setPermissions(folder_, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        if (auto marked = writeMark(); !marked) {
            return marked;
        }
    }
    if (auto own = checkOwn(); !own) {
        return own;
    }
    const bool same = markedUrl() == repository_.url;
    if (same && canRead(gitFolder())) {
        return {};
    }
    QDir(gitFolder()).removeRecursively();
    if (auto marked = writeMark(); !marked) {
        return marked;
    }
    return runGit({{u"init"_qs, u"--quiet"_qs, u"--bare"_qs, u"--template="_qs,
                    u"--object-format=sha1"_qs, gitFolder()}},
                  stopped)
        .and_then([this](const GitAnswer &answer) -> Result<void> {
            if (answer.code != 0) {
                return tl::unexpected(storageError(reasonOf(answer), gitFolder()));
            }
            return {};
        });
}

// A fetch that was cut off leaves a piece that git itself only forgets after days.
void Clone::dropLeftovers() const {
    QDirIterator pieces(gitFolder() + u"/objects", {u"tmp_*"_qs}, QDir::Files,
                        QDirIterator::Subdirectories);
    while (pieces.hasNext()) {
        QFile::remove(pieces.next());
    }
}

Result<void> Clone::fetch(const std::atomic<bool> &stopped) const {
    const QString refspec =
        u"+refs/heads/" + repository_.branch + u':' + QString::fromLatin1(fetched_ref);
    const GitRun run{{u"--git-dir="_qs + gitFolder(), u"-c"_qs, u"gc.autoDetach=false"_qs, u"-c"_qs,
                      u"transfer.fsckObjects=true"_qs, u"-c"_qs, u"core.hooksPath=/dev/null"_qs,
                      u"fetch"_qs, u"--quiet"_qs, u"--no-tags"_qs, u"--no-write-fetch-head"_qs,
                      u"--no-recurse-submodules"_qs, u"--"_qs, repository_.url, refspec},
                     repository_.timeout_ms,
                     repository_.size_mib_max * 1024 * 1024};
    const auto answer = runGit(run, stopped);
    dropLeftovers();
    if (!answer) {
        return tl::unexpected(answer.error());
    }
    if (answer->code != 0) {
        return tl::unexpected(errorOf(*answer, repository_));
    }
    return {};
}

Result<void> Clone::remove() const {
    if (!exists()) {
        return {};
    }
    if (auto own = checkOwn(); !own) {
        return own;
    }
    if (!QDir(gitFolder()).removeRecursively() || !QFile::remove(folder_ + u'/' + mark_name)) {
        return tl::unexpected(storageError(QObject::tr("it cannot be deleted"), folder_));
    }
    QDir().rmdir(folder_); // what somebody else put beside it keeps it there
    return {};
}

} // namespace aviary::gitops
