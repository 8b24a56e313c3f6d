// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/rpc.h"
#include "core/api/session.h"

#include <QDeadlineTimer>
#include <QIODevice>
#include <QPointer>
#include <QTimer>

#include <map>
#include <set>

namespace aviary::api {

// Who is calling; said to the daemon when the link opens, each time.
struct Introduction {
    QString client;  // "aviary", "aviary-console"
    QString version; // of the client
    QString as;      // display name that the person gave; may be empty
};

// A Session over any device that carries lines. Keeps the link up: an attempt that failed is
// followed by another after 0.1 s, then twice as long each time, up to 5 s; topics are subscribed
// again, and their wholes come again.
//
// A call that is asked while there is no link waits for the next attempt and is answered
// Unreachable when that fails. One that was sent is answered TimedOut when the link breaks, or
// after `call_ms_max` without an answer.
class LineSession : public Session {
    Q_OBJECT
public:
    static constexpr int call_ms_max = 60'000;
    static constexpr int waiting_calls_max = 1'000;

    explicit LineSession(Introduction introduction, QObject *parent = nullptr);

    void open(); // and stay open
    void close();
    Link link() const override { return link_; }
    void call(const QString &verb, const QJsonObject &parameters, Answer answer) override;
    void subscribe(const QString &topic) override;
    void unsubscribe(const QString &topic) override;
    // Why there is no link; empty texts while there is one.
    const Error &lastError() const { return last_error_; }
    // Until the next attempt; -1: none is due.
    int nextTryMs() const { return retry_timer_.isActive() ? retry_timer_.remainingTime() : -1; }
    // Where an attempt is due, makes it now.
    void tryNow();

Q_SIGNALS:
    // What the daemon said of itself when the link opened: a DaemonState.
    void introduced(const QJsonObject &daemon);

protected:
    // Begins one attempt, which ends in deviceOpened() or deviceLost(), also when it takes long.
    virtual void connectDevice() = 0;
    // Ends the attempt or the link without a word.
    virtual void dropDevice() = 0;
    void deviceOpened(QIODevice *device);
    void deviceLost(const Error &why);

private:
    struct Pending {
        QString verb;
        Answer answer;
        QDeadlineTimer deadline;
    };
    struct Waiting {
        QString verb;
        QJsonObject parameters;
        Answer answer;
    };

    void attempt();
    void setLink(Link link);
    void send(const QString &verb, const QJsonObject &parameters, Answer answer);
    void readSome();
    void take(const rpc::Message &message);
    void welcomed(const Result<QJsonObject> &daemon);
    void failAll(const Error &why);
    void watchDeadlines();
    void expire();

    Introduction introduction_;
    Link link_ = Link::Closed;
    bool wanted_ = false;
    QPointer<QIODevice> device_;
    rpc::Lines lines_;
    qint64 next_id_ = 1;
    std::map<qint64, Pending> pending_;
    std::vector<Waiting> waiting_;
    std::set<QString> topics_;
    QTimer retry_timer_;
    QTimer deadline_timer_;
    int backoff_ms_ = 0;
    Error last_error_;
};

} // namespace aviary::api
