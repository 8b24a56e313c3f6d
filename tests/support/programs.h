// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QEventLoop>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTimer>

#include <memory>

// The sample service and the load generator as processes of a test; they end with it.
namespace aviary::tests {

inline QString program(const char *name) {
    return QStringLiteral(AVIARY_BINARY_DIR "/bin/") + QString::fromLatin1(name);
}

class Sample {
public:
    Sample(const QString &revision, const QString &node, const QStringList &options = {}) {
        process_.start(program("aviary-sample"),
                       QStringList{QStringLiteral("--port"), QStringLiteral("0"),
                                   QStringLiteral("--revision"), revision, QStringLiteral("--node"),
                                   node} +
                           options);
        process_.waitForReadyRead(5'000);
        const QByteArray line = process_.readLine(); // "listening on 127.0.0.1:PORT, v1 on n1"
        port_ = line.mid(line.indexOf(':') + 1).split(',').first().toUShort();
    }
    ~Sample() { stop(); }
    quint16 port() const { return port_; }
    qint64 pid() const { return process_.processId(); }
    void kill() {
        process_.kill();
        process_.waitForFinished();
    }
    int stop() {
        process_.terminate();
        process_.waitForFinished(5'000);
        return process_.exitCode();
    }

private:
    QProcess process_;
    quint16 port_ = 0;
};

// Requests to 127.0.0.1:port; the tally is there after wait().
class Load {
public:
    Load(quint16 port, const QStringList &options) {
        process_.start(program("aviary-load"),
                       QStringList{QStringLiteral("--port"), QString::number(port)} + options);
        process_.waitForStarted();
    }
    ~Load() {
        process_.kill();
        process_.waitForFinished();
    }
    // Stops it, and waits with a running event loop; empty when it printed nothing.
    QJsonObject stop() {
        process_.terminate();
        return wait();
    }
    QJsonObject wait() {
        QEventLoop loop;
        QObject::connect(&process_, &QProcess::finished, &loop, &QEventLoop::quit);
        QTimer::singleShot(60'000, &loop, &QEventLoop::quit);
        if (process_.state() != QProcess::NotRunning) {
            loop.exec();
        }
        return process_.state() == QProcess::NotRunning
                   ? QJsonDocument::fromJson(process_.readAllStandardOutput()).object()
                   : QJsonObject();
    }

private:
    QProcess process_;
};

inline int countOf(const QJsonObject &tally, const char *by, const QString &key) {
    return tally[QLatin1String(by)].toObject()[key].toInt();
}

} // namespace aviary::tests
