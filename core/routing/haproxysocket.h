// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/routing/router.h"

#include <QByteArrayList>
#include <QLocalSocket>
#include <QTimer>

#include <deque>
#include <memory>

namespace aviary::routing {

// The runtime socket of one HAProxy: it is asked one thing after the other, in order, each over a
// connection of its own, which HAProxy closes after the answer.
class HaproxySocket : public QObject {
    Q_OBJECT
public:
    // The socket is `directory`/sock, however long that path is.
    explicit HaproxySocket(const QString &directory, QObject *parent = nullptr);
    ~HaproxySocket() override;

    // Carries out the commands in order, all of them, and replies with everything that HAProxy says
    // to them; Unreachable when nobody listens, TimedOut after three seconds of silence.
    void ask(const QByteArrayList &commands, Reply<QByteArray> reply);

private:
    struct Asked {
        QByteArray line;
        Reply<QByteArray> reply;
    };
    void next();
    void finish(const Result<QByteArray> &result);
    void giveUp(ErrorCode code, const QString &what);

    int directory_ = -1; // a short way to the socket: its path may be over 107 bytes
    std::deque<Asked> asked_;
    std::unique_ptr<QLocalSocket> socket_;
    QByteArray received_;
    QTimer timeout_;
};

} // namespace aviary::routing
