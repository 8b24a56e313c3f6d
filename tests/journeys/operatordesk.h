// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/socketsession.h"
#include "core/api/values.h"
#include "tests/journeys/ground.h"

#include <QProcess>

#include <functional>

namespace aviary::tests {

// An operator at work: a real aviaryd in a state directory of its own, a session with it, and the
// command line, over the ground that is given. Everything waits with a deadline.
class OperatorDesk {
public:
    struct Ran {
        int code = -1;
        QString out, err;
        QJsonObject json() const;
    };
    // Of a plan file; empty members are left out, and min_healthy is short.
    struct Wish {
        QString strategy;    // the YAML of "strategy"
        QString policy = {}; // members of the YAML map, without braces
        QString judges = {}; // the YAML of "judges"
        QString more = {};   // whole lines: "mode: in_place"
        QStringList options = {};
    };
    static constexpr int wait_ms_max = 60'000;

    explicit OperatorDesk(Ground &ground);
    ~OperatorDesk();

    // A daemon with the ground as its one cluster, unlocked.
    bool open();
    // As open(), then v1 everywhere.
    bool openWithV1();
    bool startDaemon();
    void killDaemon(); // -9, at once
    const api::Places &places() const { return places_; }
    qint64 daemonPid() const { return daemon_->processId(); }

    // One verb; what the daemon answered.
    Result<QJsonObject> ask(const QString &verb, QJsonObject parameters = {});
    bool unlock();
    // The new rollout; empty when it was refused, and lastError() says why.
    QString deploy(const Wish &wish);
    bool request(const QString &rollout, const QString &verb, QJsonObject more = {});
    const QString &lastError() const { return last_error_; }

    api::RolloutRow row(const QString &rollout) const; // as last told
    std::vector<api::RolloutRow> rows() const;
    api::RolloutDetail detail(const QString &rollout);
    bool awaitStatus(const QString &rollout, kernel::Status status, int wait_ms = wait_ms_max);
    bool awaitRow(const QString &rollout, const std::function<bool(const api::RolloutRow &)> &ok,
                  int wait_ms = wait_ms_max);
    // All that can help to see why a journey did not go on.
    QByteArray story(const QString &rollout);

    Ran aviary(const QStringList &arguments);
    QString planFile(const Wish &wish); // path of a new one
    QByteArray planText(const Wish &wish) const;

private:
    Ground &ground_;
    QTemporaryDir directory_;
    api::Places places_;
    std::unique_ptr<QProcess> daemon_;
    std::unique_ptr<api::SocketSession> session_;
    std::map<QString, api::RolloutRow> rows_;
    QString last_error_;
    int files_ = 0;
};

} // namespace aviary::tests
