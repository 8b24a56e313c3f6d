// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/places.h"
#include "tests/support/programs.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

namespace aviary::tests {

struct Ran {
    int code = -1;
    QString out, err;
    QJsonObject json() const { return QJsonDocument::fromJson(out.toUtf8()).object(); }
};

// A real aviaryd of its own, and the command line; the cluster "edge" is a Nomad.
struct NomadDesk {
    static constexpr int wait_ms = 60'000;

    QTemporaryDir directory_;
    api::Places places_ =
        api::placesOf(directory_.path(), QProcessEnvironment()).value_or(api::Places{});
    std::unique_ptr<QProcess> daemon_;

    // The event loop runs meanwhile: it may play Nomad.
    Ran aviary(const QStringList &arguments, int code, const QByteArray &input = {}) {
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("AVIARY_STATE_DIR"), places_.state);
        environment.insert(QStringLiteral("LC_ALL"), QStringLiteral("C.UTF-8"));
        process.setProcessEnvironment(environment);
        process.start(program("aviary"), arguments);
        process.write(input);
        process.closeWriteChannel();
        const bool ended = QTest::qWaitFor(
            [&process] { return process.state() == QProcess::NotRunning; }, wait_ms);
        Ran ran{ended ? process.exitCode() : -1, QString::fromUtf8(process.readAllStandardOutput()),
                QString::fromUtf8(process.readAllStandardError())};
        if (ran.code != code) {
            qWarning("aviary %s: exit %d\n%s%s", qPrintable(arguments.join(u' ')), ran.code,
                     qPrintable(ran.out), qPrintable(ran.err));
            QTest::qFail("another exit code", __FILE__, __LINE__);
            process.kill();
        }
        return ran;
    }
    QJsonObject json(QStringList arguments, int code = 0) {
        return aviary(arguments << QStringLiteral("--json"), code).json();
    }
    bool startDaemon() {
        daemon_ = std::make_unique<QProcess>();
        daemon_->setStandardErrorFile(directory_.filePath(QStringLiteral("daemon.log")),
                                      QIODevice::Append);
        daemon_->start(program("aviaryd"),
                       {QStringLiteral("--foreground"), QStringLiteral("--state-dir"),
                        places_.state, QStringLiteral("--socket"), places_.socket});
        return daemon_->waitForStarted() &&
               QTest::qWaitFor([this] { return QFile::exists(places_.socket); }, wait_ms);
    }
    void stopDaemon() {
        daemon_->terminate();
        daemon_->waitForFinished(10'000);
        daemon_.reset();
    }
    QString statusOf(const QString &rollout) {
        for (const QJsonValue &row : json({QStringLiteral("list")})[u"rollouts"].toArray()) {
            if (row[u"id"].toString().startsWith(rollout)) {
                return row[u"status"].toString();
            }
        }
        return {};
    }
    bool awaitStatus(const QString &status, const QString &rollout) {
        return QTest::qWaitFor([&] { return statusOf(rollout) == status; }, wait_ms);
    }
    QString outcome(const QStringList &arguments, int code) {
        return json(arguments, code)[u"request"][u"outcome"].toString();
    }
    // Until its nodes are there.
    bool addCluster(const QString &address, int nodes) {
        aviary({QStringLiteral("cluster"), QStringLiteral("add"), QStringLiteral("edge"),
                QStringLiteral("--kind"), QStringLiteral("nomad"), QStringLiteral("--set"),
                QStringLiteral("address=") + address},
               0);
        return QTest::qWaitFor(
            [&] {
                const auto row =
                    json({QStringLiteral("cluster"), QStringLiteral("list")})[u"clusters"][0];
                return row[u"contact"] == QStringLiteral("live") && row[u"nodes"] == nodes;
            },
            wait_ms);
    }
};

} // namespace aviary::tests
