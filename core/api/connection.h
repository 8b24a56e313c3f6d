// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/changefeed.h"
#include "core/api/provider.h"
#include "core/api/rpc.h"

#include <QLocalSocket>
#include <QTimer>

#include <map>

namespace aviary::api {

// How much one client may ask for and leave unread.
struct ConnectionLimits {
    int calls_max = 64;                         // not answered yet
    int topics_max = 64;                        // subscribed
    qint64 unread_feed_bytes_max = 256 * 1024;  // above, changes wait and become fewer
    qint64 unread_bytes_max = 32 * 1024 * 1024; // above, the client is dropped
    int stall_ms_max = 60'000;                  // unread without any progress: dropped
    int feed_interval_ms = 34;                  // at most 30 messages a second of each topic
};

// The daemon's end of one client. Never waits for it.
class Connection : public QObject {
    Q_OBJECT
public:
    // Takes the socket over.
    Connection(QLocalSocket *socket, Provider &provider, Caller caller,
               const ConnectionLimits &limits, QObject *parent);

    const Caller &caller() const { return caller_; }
    void deliver(const QString &topic, const QJsonObject &change);
    void drop(const QString &reason);

Q_SIGNALS:
    void ended(const QString &reason); // once; the connection does nothing more

private:
    void readSome();
    void take(const rpc::Message &message);
    void call(const rpc::Call &call);
    void answer(const QJsonValue &id, const Result<QJsonObject> &result);
    Result<QJsonObject> subscribe(const QString &topic);
    void feed();
    void write(const QByteArray &line);
    void end(const QString &reason);

    QLocalSocket *socket_;
    Provider &provider_;
    Caller caller_;
    ConnectionLimits limits_;
    rpc::Lines lines_;
    std::map<QString, ChangeFeed> feeds_;
    QTimer feed_timer_;
    QTimer stall_timer_;
    int calls_ = 0;
    bool ended_ = false;
};

} // namespace aviary::api
