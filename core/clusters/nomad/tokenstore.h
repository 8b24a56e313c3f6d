// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/support/error.h"

#include <QObject>
#include <QUrl>

#include <functional>

namespace aviary::clusters::nomad {

// The token of one cluster: in the desktop's keyring, or, where no keyring answers, in the file
// DIRECTORY/token-SCHEME-HOST-PORT that nobody else may read. Never anywhere else. It is for one
// address: another one under the same directory does not find it.
class TokenStore : public QObject {
    Q_OBJECT
public:
    enum class Place : quint8 { Nowhere, Keyring, File };
    struct Kept {
        QString token;
        Place place = Place::Nowhere;
    };
    using Read = std::function<void(const Result<Kept> &)>;
    using Done = std::function<void(const Result<Place> &)>;

    // `directory`: of the cluster; with the address it names the entry in the keyring, too.
    TokenStore(QString directory, const QUrl &address, QObject *parent = nullptr);

    // Answered once, unless the store goes first. A file that others may read is refused.
    void read(Read answer);
    // An empty token: it is forgotten in both places.
    void keep(const QString &token, Done answer);

    // A token of one line, without what surrounds it; Invalid when it cannot be one.
    static Result<QString> checked(const QString &text);

private:
    Result<Kept> readFile() const;
    Result<void> writeFile(const QString &token) const;
    Result<void> removeFile() const;
    QString path() const;
    QString entry() const;

    QString directory_;
    QString place_; // SCHEME-HOST-PORT
};

} // namespace aviary::clusters::nomad
