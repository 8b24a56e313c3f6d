// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/nomad/tokenstore.h"

#include <QDir>
#include <QFile>
#include <qt6keychain/keychain.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace aviary::clusters::nomad {
namespace {

constexpr qsizetype token_max = 4'096;

QString serviceName() {
    return QStringLiteral("aviary");
}

Error storage(const QString &path) {
    return {ErrorCode::Storage, QString::fromLocal8Bit(strerror(errno)), path,
            QObject::tr("mend the file, or remove it and give the token again")};
}

} // namespace

TokenStore::TokenStore(QString directory, const QUrl &address, QObject *parent)
    : QObject(parent)
    , directory_(std::move(directory))
    , place_(QStringLiteral("%1-%2-%3")
                 .arg(address.scheme(), address.host())
                 .arg(address.port(address.scheme() == u"https" ? 443 : 80))) {}

QString TokenStore::path() const {
    return directory_ + u"/token-" + place_;
}

QString TokenStore::entry() const {
    return u"cluster " + QDir(directory_).absolutePath() + u' ' + place_;
}

Result<QString> TokenStore::checked(const QString &text) {
    const QString token = text.trimmed();
    const bool plain = std::ranges::all_of(
        token, [](QChar one) { return one.unicode() > 0x20 && one.unicode() < 0x7f; });
    if (token.isEmpty() || token.size() > token_max || !plain) {
        return fail(ErrorCode::Invalid, QObject::tr("this is not a token"), QStringLiteral("token"),
                    QObject::tr("give the secret id, one line of letters, digits and dashes"));
    }
    return token;
}

void TokenStore::read(Read answer) {
    auto *job = new QKeychain::ReadPasswordJob(serviceName(), this);
    job->setKey(entry());
    job->setInsecureFallback(false);
    connect(job, &QKeychain::Job::finished, this, [this, job, answer] {
        if (job->error() == QKeychain::NoError && !job->textData().isEmpty()) {
            answer(Kept{job->textData(), Place::Keyring});
            return;
        }
        const auto file = readFile();
        if (file && file->place == Place::Nowhere && job->error() == QKeychain::AccessDenied) {
            answer(fail(ErrorCode::Refused,
                        QObject::tr("the keyring gives no token: %1").arg(job->errorString()), {},
                        QObject::tr("unlock it")));
            return;
        }
        answer(file);
    });
    job->start();
}

void TokenStore::keep(const QString &token, Done answer) {
    QKeychain::Job *job = nullptr;
    if (token.isEmpty()) {
        job = new QKeychain::DeletePasswordJob(serviceName(), this);
    } else {
        auto *write = new QKeychain::WritePasswordJob(serviceName(), this);
        write->setTextData(token);
        job = write;
    }
    job->setKey(entry());
    job->setInsecureFallback(false);
    connect(job, &QKeychain::Job::finished, this, [this, job, token, answer] {
        const bool stays = token.isEmpty() && (job->error() == QKeychain::CouldNotDeleteEntry ||
                                               job->error() == QKeychain::AccessDeniedByUser ||
                                               job->error() == QKeychain::AccessDenied);
        if (stays) {
            answer(fail(ErrorCode::Refused,
                        QObject::tr("the keyring keeps the token: %1").arg(job->errorString()), {},
                        QObject::tr("unlock it")));
            return;
        }
        const bool in_keyring = job->error() == QKeychain::NoError && !token.isEmpty();
        // What an older file says must not come back.
        const Result<void> file = in_keyring || token.isEmpty() ? removeFile() : writeFile(token);
        const Place place = token.isEmpty() ? Place::Nowhere
                            : in_keyring    ? Place::Keyring
                                            : Place::File;
        answer(file.map([place] { return place; }));
    });
    job->start();
}

Result<TokenStore::Kept> TokenStore::readFile() const {
    const int file =
        ::open(QFile::encodeName(path()).constData(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (file < 0) {
        return errno == ENOENT ? Result<Kept>(Kept{}) : tl::unexpected(storage(path()));
    }
    struct stat seen {};
    QByteArray text(token_max + 1, '\0');
    const bool good = ::fstat(file, &seen) == 0;
    const auto length = good && S_ISREG(seen.st_mode) ? ::read(file, text.data(), token_max) : 0;
    ::close(file);
    if (!good || !S_ISREG(seen.st_mode) || (seen.st_mode & 077) != 0 ||
        seen.st_uid != ::geteuid()) {
        return fail(ErrorCode::Refused, QObject::tr("others may read the token, it is not used"),
                    path(), QObject::tr("replace the token, and chmod 600 the file"));
    }
    text.truncate(std::max<qsizetype>(0, static_cast<qsizetype>(length)));
    return checked(QString::fromLatin1(text)).map([](const QString &token) {
        return Kept{token, Place::File};
    });
}

Result<void> TokenStore::writeFile(const QString &token) const {
    const QByteArray to = QFile::encodeName(path()), made = to + ".new";
    ::unlink(made.constData());
    const int file =
        ::open(made.constData(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0) {
        return tl::unexpected(storage(path()));
    }
    const QByteArray text = token.toLatin1() + "\n";
    const bool good =
        ::write(file, text.constData(), static_cast<std::size_t>(text.size())) == text.size() &&
        ::fsync(file) == 0;
    ::close(file);
    if (!good || ::rename(made.constData(), to.constData()) != 0) {
        const Error why = storage(path());
        ::unlink(made.constData());
        return tl::unexpected(why);
    }
    return {};
}

Result<void> TokenStore::removeFile() const {
    if (::unlink(QFile::encodeName(path()).constData()) != 0 && errno != ENOENT) {
        return tl::unexpected(storage(path()));
    }
    return {};
}

} // namespace aviary::clusters::nomad
