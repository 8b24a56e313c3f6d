// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/replay/certificates.h"

#include <QFile>
#include <QProcess>
#include <QSslCertificate>
#include <QSslKey>
#include <QSslSocket>

namespace aviary::tests {
namespace {

constexpr int openssl_ms = 20'000;

} // namespace

Certificates::Certificates() {
    const QString names = QStringLiteral("IP:127.0.0.1,DNS:server.global.nomad");
    const bool made =
        makeAuthority(QStringLiteral("ca")) && makeAuthority(QStringLiteral("other")) &&
        sign(QStringLiteral("server"), names, 2) && sign(QStringLiteral("expired"), names, -1) &&
        sign(QStringLiteral("client"), QStringLiteral("DNS:operator"), 2);
    if (!made && why_not_.isEmpty()) {
        why_not_ = QStringLiteral("openssl made no certificates");
    }
}

QString Certificates::path(const QString &name, const QString &end) const {
    return place_.filePath(name + u'.' + end);
}

bool Certificates::openssl(const QStringList &arguments) {
    QProcess program;
    program.start(QStringLiteral("openssl"), arguments);
    const bool good = program.waitForFinished(openssl_ms) &&
                      program.exitStatus() == QProcess::NormalExit && program.exitCode() == 0;
    if (!good && why_not_.isEmpty()) {
        why_not_ = QStringLiteral("openssl: ") +
                   QString::fromUtf8(program.readAllStandardError()).trimmed().right(300);
    }
    return good;
}

bool Certificates::makeAuthority(const QString &name) {
    return openssl({QStringLiteral("req"), QStringLiteral("-x509"), QStringLiteral("-newkey"),
                    QStringLiteral("ec"), QStringLiteral("-pkeyopt"),
                    QStringLiteral("ec_paramgen_curve:P-256"), QStringLiteral("-nodes"),
                    QStringLiteral("-days"), QStringLiteral("2"), QStringLiteral("-subj"),
                    u"/CN=" + name, QStringLiteral("-keyout"), key(name), QStringLiteral("-out"),
                    certificate(name)});
}

bool Certificates::sign(const QString &name, const QString &names, int days) {
    QFile extensions(path(name, QStringLiteral("ext")));
    if (!extensions.open(QIODevice::WriteOnly)) {
        return false;
    }
    extensions.write("subjectAltName=" + names.toLatin1() + "\n");
    extensions.close();
    const QString request = path(name, QStringLiteral("csr"));
    return openssl({QStringLiteral("req"), QStringLiteral("-newkey"), QStringLiteral("ec"),
                    QStringLiteral("-pkeyopt"), QStringLiteral("ec_paramgen_curve:P-256"),
                    QStringLiteral("-nodes"), QStringLiteral("-subj"), u"/CN=" + name,
                    QStringLiteral("-keyout"), key(name), QStringLiteral("-out"), request}) &&
           openssl({QStringLiteral("x509"), QStringLiteral("-req"), QStringLiteral("-in"), request,
                    QStringLiteral("-CA"), certificate(QStringLiteral("ca")),
                    QStringLiteral("-CAkey"), key(QStringLiteral("ca")),
                    QStringLiteral("-CAcreateserial"), QStringLiteral("-days"),
                    QString::number(days), QStringLiteral("-extfile"), extensions.fileName(),
                    QStringLiteral("-out"), certificate(name)});
}

QSslConfiguration Certificates::server(const QString &name, bool asks) const {
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setLocalCertificateChain(QSslCertificate::fromPath(certificate(name)));
    QFile file(key(name));
    if (file.open(QIODevice::ReadOnly)) {
        configuration.setPrivateKey(QSslKey(&file, QSsl::Ec));
    }
    configuration.setPeerVerifyMode(asks ? QSslSocket::VerifyPeer : QSslSocket::VerifyNone);
    if (asks) {
        configuration.setCaCertificates(
            QSslCertificate::fromPath(certificate(QStringLiteral("ca"))));
    }
    return configuration;
}

} // namespace aviary::tests
