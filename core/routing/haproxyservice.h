// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/routing/haproxychanges.h"
#include "core/routing/haproxysocket.h"
#include "core/support/process/backoff.h"
#include "core/support/process/logfile.h"
#include "core/support/process/process.h"

#include <QDeadlineTimer>
#include <QElapsedTimer>

#include <deque>

namespace aviary::routing {

// The HAProxy of one service: a process of its own, which outlives us, is adopted again, and is
// started again with the same servers and split when it crashes. Its truth is what HAProxy shows;
// every change begins and ends with a look at it.
class HaproxyService : public QObject {
    Q_OBJECT
public:
    HaproxyService(QString program, QString directory, QString service, quint16 wanted_port,
                   QObject *parent = nullptr);

    // Adopts or starts it; changes that were asked for before wait.
    Result<void> open();
    const QString &service() const { return service_; }
    quint16 port() const { return port_; }

    void add(const Server &server, Reply<void> reply);
    void drain(const Server &server, int limit_ms, Reply<void> reply);
    void remove(const Server &server, Reply<void> reply);
    void setSplit(const Split &split, Reply<void> reply);
    void observe(Reply<RouteView> reply);

private:
    // It may change the view to what will be, for those that are made together with it.
    using Decide = std::function<Result<QByteArrayList>(HaproxyView &)>;
    using Holds = std::function<bool(const HaproxyView &)>;
    struct Change {
        Decide decide;
        Holds holds;
        Reply<void> reply;
        QString together; // those of the same word may be made in one go; empty: alone
        int attempts = 0;
    };

    Result<void> start();
    Result<void> writeFiles();
    Result<void> writeMaps(); // what a process that is started again reads
    void greet();             // asks until HAProxy listens, then restores what it should know
    void restart();
    void look(Reply<HaproxyView> reply);
    void change(Change change);
    void next();
    void decide(HaproxyView view);
    void send(const QByteArrayList &commands);
    void confirm(const QByteArray &said, const Result<HaproxyView> &view);
    void finish(const Result<void> &result); // the first
    void awaitIdle(const Server &server, QDeadlineTimer until, const Reply<void> &reply);
    void tryAgain(const Error &error);

    QString program_, directory_, service_;
    quint16 port_;
    Process process_;
    HaproxySocket socket_;
    LogKeeper logs_;
    Backoff backoff_;
    QElapsedTimer since_; // of the present process
    bool up_ = false;
    HaproxyView last_;
    std::deque<Change> changes_; // the first ones are under way when busy_
    std::size_t under_way_ = 0;
    bool busy_ = false;
};

} // namespace aviary::routing
