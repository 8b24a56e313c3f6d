// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/places.h"
#include "tests/replay/replayserver.h"
#include "tests/support/programs.h"

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

namespace aviary::tests {

inline const QString canary_id = QStringLiteral("e3e46729-a191-8226-2431-f069f44957ba");
inline const QByteArray canary_path = "/v1/deployment/" + canary_id.toLatin1();
inline const QByteArray promote_path = "/v1/deployment/promote/" + canary_id.toLatin1();
inline const QByteArray pause_path = "/v1/deployment/pause/" + canary_id.toLatin1();
inline const QString secret = QStringLiteral("11111111-2222-3333-4444-555555555555");

struct Ran {
    int code = -1;
    QString out, err;
    QJsonObject json() const { return QJsonDocument::fromJson(out.toUtf8()).object(); }
};

// A real aviaryd and the command line, with a Nomad that is played from recordings of a real one.
struct Played {
    static constexpr int wait_ms = 60'000;

    QTemporaryDir directory_;
    api::Places places_;
    std::unique_ptr<QProcess> daemon_;
    ReplayServer nomad_;

    // Four nodes, nothing that is rolled out; and a daemon.
    bool begin() {
        places_ = api::placesOf(directory_.path(), QProcessEnvironment()).value_or(api::Places{});
        nomad_.put(196);
        nomad_.put("/v1/allocations", "[]", 20);
        nomad_.put("/v1/agent/self", recorded(1), 0);
        nomad_.put("/v1/namespaces", recorded(4), 1);
        return startDaemon();
    }
    // The event loop runs meanwhile: it plays Nomad.
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
    void show(const QList<int> &deployments, quint64 index) {
        QList<QByteArray> rows;
        for (const int number : deployments) {
            rows << recorded(number);
        }
        nomad_.put("/v1/deployments", "[" + rows.join(',') + "]", index);
    }
    QString statusOf(const QString &rollout) {
        for (const QJsonValue &row : json({QStringLiteral("list")})[u"rollouts"].toArray()) {
            if (row[u"id"].toString().startsWith(rollout)) {
                return row[u"status"].toString();
            }
        }
        return {};
    }
    bool awaitStatus(const QString &status, const QString &rollout = canary_id) {
        return QTest::qWaitFor([&] { return statusOf(rollout) == status; }, wait_ms);
    }
    QString outcome(const QStringList &arguments, int code) {
        return json(arguments, code)[u"request"][u"outcome"].toString();
    }
    bool addCluster() {
        aviary({QStringLiteral("cluster"), QStringLiteral("add"), QStringLiteral("edge"),
                QStringLiteral("--kind"), QStringLiteral("nomad"), QStringLiteral("--set"),
                QStringLiteral("address=") + nomad_.address()},
               0);
        return QTest::qWaitFor(
            [&] {
                const auto row =
                    json({QStringLiteral("cluster"), QStringLiteral("list")})[u"clusters"][0];
                return row[u"contact"] == QStringLiteral("live") && row[u"nodes"] == 4;
            },
            wait_ms);
    }
    // The nodes as they are listed, changed at that index: edge-1 drains or not.
    QByteArray nodes(bool draining, int index) const {
        QJsonArray nodes = QJsonDocument::fromJson(recorded(196)).array();
        for (QJsonValueRef one : nodes) {
            QJsonObject node = one.toObject();
            node[u"Drain"] = draining && node[u"Name"].toString() == u"edge-1";
            node[u"ModifyIndex"] = index;
            one = node;
        }
        return QJsonDocument(nodes).toJson();
    }
};

} // namespace aviary::tests
