// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/support/freeport.h"

#include <QFile>
#include <QLocalSocket>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

namespace aviary::tests {

// An HAProxy as an operator runs it: frontends of his, a backend "web" for the service with a
// server of his that serves when no other does, and backends "other" and "raw" (of mode tcp) that
// are none of ours.
class OperatorsHaproxy {
public:
    struct Settings {
        QByteArray level = "admin";
        QByteArray web = "  mode http\n  balance roundrobin\n"; // of its backend
        QByteArray his = "backup";                              // options of his server in it
        quint16 his_port = 1;
    };
    OperatorsHaproxy() : OperatorsHaproxy(Settings{}) {}
    explicit OperatorsHaproxy(const Settings &settings)
        : port_(freePort()), other_port_(freePort()), tcp_port_(freePort()) {
        QFile file(place_.filePath(QStringLiteral("haproxy.cfg")));
        if (file.open(QIODevice::WriteOnly)) {
            file.write(text(settings));
        }
        file.close();
        start();
    }
    ~OperatorsHaproxy() { stop(); }

    void start() {
        process_.setProcessChannelMode(QProcess::MergedChannels);
        process_.start(QStringLiteral("/usr/sbin/haproxy"),
                       {QStringLiteral("-db"), QStringLiteral("-f"),
                        place_.filePath(QStringLiteral("haproxy.cfg"))});
        process_.waitForStarted();
        if (!QTest::qWaitFor([this] { return ask("show info").contains("Version: "); })) {
            qWarning("HAProxy does not listen: %s", process_.readAll().constData());
        }
    }
    void stop() {
        process_.kill();
        process_.waitForFinished();
    }
    void restart() {
        stop();
        start();
    }
    static bool isInstalled() { return QFile::exists(QStringLiteral("/usr/sbin/haproxy")); }

    QString socket() const { return place_.filePath(QStringLiteral("admin.sock")); }
    QString tcpSocket() const { return QStringLiteral("127.0.0.1:%1").arg(tcp_port_); }
    quint16 port() const { return port_; }            // of the service
    quint16 otherPort() const { return other_port_; } // of his own backend
    qint64 pid() const { return process_.processId(); }

    // What HAProxy says to a command of the operator.
    QByteArray ask(const QByteArray &command) const {
        QLocalSocket asking;
        asking.connectToServer(socket());
        if (!asking.waitForConnected(1'000)) {
            return {};
        }
        asking.write(command + '\n');
        QByteArray said;
        while (asking.waitForReadyRead(1'000)) { // until it closes
            said += asking.readAll();
        }
        return said + asking.readAll();
    }
    // Names of the servers in a backend, sorted.
    QByteArrayList servers(const QByteArray &backend) const {
        QByteArrayList names;
        for (const QByteArray &line : ask("show servers state " + backend).split('\n')) {
            const QByteArrayList words = line.split(' ');
            if (words.size() >= 19 && words[1] == backend) {
                names << words[3];
            }
        }
        std::sort(names.begin(), names.end());
        return names;
    }

private:
    QByteArray text(const Settings &settings) const {
        const QByteArray here = "127.0.0.1:";
        const QByteArray his = "  server his " + here + QByteArray::number(settings.his_port);
        return "global\n  stats socket unix@" + socket().toLatin1() + " mode 600 level " +
               settings.level + "\n  stats socket ipv4@" + tcpSocket().toLatin1() +
               " level admin\n  nbthread 1\n  hard-stop-after 5s\n"
               "defaults\n  mode http\n  option http-server-close\n  timeout connect 3s\n"
               "  timeout client 60s\n  timeout server 60s\n"
               "frontend service\n  bind " +
               here + QByteArray::number(port_) + "\n  default_backend web\nfrontend his\n  bind " +
               here + QByteArray::number(other_port_) + "\n  default_backend other\nbackend web\n" +
               settings.web + his + ' ' + settings.his + "\nbackend other\n" + his +
               "\nbackend raw\n  mode tcp\n  balance roundrobin\n";
    }

    QTemporaryDir place_;
    QProcess process_;
    quint16 port_, other_port_, tcp_port_;
};

} // namespace aviary::tests
