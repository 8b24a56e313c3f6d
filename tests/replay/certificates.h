// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSslConfiguration>
#include <QTemporaryDir>

namespace aviary::tests {

// Certificates of one authority, made for one test by the openssl program, in a directory that goes
// with the object: "ca", "server" (of 127.0.0.1 and "server.global.nomad"), "expired" (the same, of
// yesterday), "client", and "other" (an authority that signed none of them).
class Certificates {
public:
    Certificates();

    QString whyNot() const { return why_not_; } // empty: they are there
    QString certificate(const QString &name) const { return path(name, QStringLiteral("pem")); }
    QString key(const QString &name) const { return path(name, QStringLiteral("key")); }
    // Of a server that shows the named certificate; `asks`: and wants one of the client.
    QSslConfiguration server(const QString &name, bool asks = false) const;

private:
    QString path(const QString &name, const QString &end) const;
    bool openssl(const QStringList &arguments);
    bool makeAuthority(const QString &name);
    bool sign(const QString &name, const QString &names, int days);

    QTemporaryDir place_;
    QString why_not_;
};

} // namespace aviary::tests
