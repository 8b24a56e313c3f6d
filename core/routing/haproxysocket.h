// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/routing/router.h"

#include <QByteArrayList>
#include <QTimer>

#include <deque>

class QIODevice;

namespace aviary::routing {

// The runtime socket of one HAProxy: it is asked one thing after the other, in order, each over a
// connection of its own, which HAProxy closes after the answer.
class HaproxySocket : public QObject {
    Q_OBJECT
public:
    // `address`: the path of a socket, however long, or HOST:PORT. `remedy`: what to do when nobody
    // answers there.
    HaproxySocket(QString address, QString remedy, QObject *parent = nullptr);
    ~HaproxySocket() override;

    // Carries out the commands in order, all of them, and replies with everything that HAProxy says
    // to them; Unreachable when nobody listens, TimedOut after three seconds of silence.
    void ask(const QByteArrayList &commands, Reply<QByteArray> reply);

private:
    struct Asked {
        QByteArrayList lines; // HAProxy takes each over a connection of its own
        Reply<QByteArray> reply;
        QByteArray received;
    };
    void next();
    void connectLocal(const QByteArray &line);
    void connectTcp(const QByteArray &line);
    void receive();
    void ended();
    void notReached(const QString &why);
    void finish(const Result<QByteArray> &result);
    void drop(); // the connection, which may be inside its signal
    void giveUp(ErrorCode code, const QString &what);

    QString address_, remedy_;
    std::deque<Asked> asked_;
    QIODevice *socket_ = nullptr;
    int directory_ = -1; // of the socket, while it is being connected to
    QTimer timeout_;
};

// Whether this is the path of a socket, not HOST:PORT.
bool isSocketPath(const QString &address);

} // namespace aviary::routing
