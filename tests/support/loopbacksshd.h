// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/support/freeport.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTcpSocket>
#include <QTest>

#include <unistd.h>

namespace aviary::tests {

// A real sshd on loopback: own port, own configuration, keys that are thrown away. Known to ssh as
// the host "here" through config().
class LoopbackSshd {
public:
    // Files go into `directory`; sessions get `environment` ("NAME=value").
    LoopbackSshd(QString directory, QStringList environment)
        : directory_(std::move(directory)), environment_(std::move(environment)) {}
    ~LoopbackSshd() {
        stop();
        if (made_) {
            QDir().rmdir(QStringLiteral("/run/sshd"));
        }
    }

    QString config() const { return file(QStringLiteral("ssh_config")); }
    // False: said() tells why; unusable() when it is because of this machine.
    bool start() {
        if (!QFile::exists(QStringLiteral("/usr/sbin/sshd"))) {
            said_ = QStringLiteral("there is no sshd on this machine");
            unusable_ = true;
            return false;
        }
        // As root sshd insists on its directory for privilege separation.
        made_ = made_ || (geteuid() == 0 && QDir().mkdir(QStringLiteral("/run/sshd")));
        if (port_ == 0 && !configure()) {
            said_ = QStringLiteral("ssh-keygen makes no keys here");
            return false;
        }
        sshd_.start(QStringLiteral("/usr/sbin/sshd"),
                    {QStringLiteral("-D"), QStringLiteral("-e"), QStringLiteral("-f"),
                     file(QStringLiteral("sshd_config"))});
        const bool ended = !QTest::qWaitFor([this] {
            QTcpSocket probe;
            probe.connectToHost(QHostAddress::LocalHost, port_);
            return probe.waitForConnected(100) || sshd_.state() == QProcess::NotRunning;
        });
        if (!ended && sshd_.state() == QProcess::Running) {
            return true;
        }
        said_ = QString::fromUtf8(sshd_.readAllStandardError());
        unusable_ = said_.contains(u"privilege separation");
        return false;
    }
    const QString &said() const { return said_; }
    bool unusable() const { return unusable_; }
    void stop() {
        sshd_.terminate();
        sshd_.waitForFinished();
    }

private:
    QString file(const QString &name) const { return directory_ + u'/' + name; }

    bool configure() {
        const QString host_key = file(QStringLiteral("host")), key = file(QStringLiteral("key"));
        for (const QString &name : {host_key, key}) {
            if (QProcess::execute(QStringLiteral("ssh-keygen"),
                                  {QStringLiteral("-q"), QStringLiteral("-t"),
                                   QStringLiteral("ed25519"), QStringLiteral("-N"), QString(),
                                   QStringLiteral("-f"), name}) != 0) {
                return false;
            }
        }
        port_ = freePort();
        QFile::copy(key + u".pub", file(QStringLiteral("authorized")));
        write(QStringLiteral("sshd_config"),
              QStringLiteral("Port %1\nListenAddress 127.0.0.1\nHostKey %2\nPidFile none\n"
                             "UsePAM no\nStrictModes no\nPermitRootLogin yes\n"
                             "PasswordAuthentication no\nAuthorizedKeysFile %3\nSetEnv %4\n")
                  .arg(QString::number(port_), host_key, file(QStringLiteral("authorized")),
                       environment_.join(u' ')));
        write(QStringLiteral("ssh_config"),
              QStringLiteral("Host here\n HostName 127.0.0.1\n Port %1\n IdentityFile %2\n "
                             "IdentitiesOnly yes\n BatchMode yes\n StrictHostKeyChecking no\n "
                             "UserKnownHostsFile /dev/null\n LogLevel ERROR\n")
                  .arg(QString::number(port_), key));
        return true;
    }
    void write(const QString &name, const QString &text) const {
        QFile made(file(name));
        if (!made.open(QIODevice::WriteOnly) || made.write(text.toUtf8()) < 0) {
            qFatal("%s", qPrintable(made.errorString()));
        }
        made.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    }

    QString directory_;
    QStringList environment_;
    QProcess sshd_;
    quint16 port_ = 0;
    bool made_ = false;
    QString said_;
    bool unusable_ = false;
};

} // namespace aviary::tests
