// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/routing/haproxychanges.h"
#include "core/routing/haproxysocket.h"

#include <QDeadlineTimer>

#include <deque>

namespace aviary::routing {

// The route of one service through an HAProxy. Its truth is what HAProxy shows; every change begins
// and ends with a look at it, and changes are made one after the other.
class HaproxyRoute : public QObject {
    Q_OBJECT
public:
    // Begins; changes that were asked for before wait.
    virtual Result<void> open() = 0;
    const QString &service() const { return service_; }
    quint16 port() const { return port_; }

    void add(const Server &server, Reply<void> reply);
    void drain(const Server &server, int limit_ms, Reply<void> reply);
    void remove(const Server &server, Reply<void> reply);
    void setSplit(const Split &split, Reply<void> reply);
    void observe(Reply<RouteView> reply);

protected:
    // `directory`: of this service alone, for what a later run must know.
    HaproxyRoute(QString directory, QString service, quint16 port, QString socket, QString remedy,
                 QObject *parent);

    // What to ask for a view, and the view in what HAProxy says to that.
    virtual QByteArrayList questions() const = 0;
    virtual Result<HaproxyView> read(const QByteArray &said) = 0;
    // last_ is of after a change.
    virtual Result<void> keep() = 0;
    // For an HAProxy that may lose our servers: whether this one should serve, was drained, or is
    // to go; said before HAProxy is told.
    enum class Wish : quint8 { Serves, Drained, Goes };
    virtual void wish(const Server &, Wish) {}
    // What will be, before HAProxy is told; and that it was given up.
    virtual void intend(const HaproxyView &) {}
    virtual void giveUpIntent() {}
    // What must be told beside each change, so that all is as it should be; empty when it is.
    virtual QByteArrayList commandsToMend(const HaproxyView &) const { return {}; }

    void look(Reply<HaproxyView> reply);
    void tell(const QByteArrayList &commands); // and whether it came true is seen later
    bool isIdle() const { return !busy_ && changes_.empty(); }
    void goOn();      // with the changes that wait
    void interrupt(); // what is under way is done again after goOn()
    // Servers that HAProxy lost come before everything else.
    void putBack(const std::vector<SlotServer> &servers);
    void mend(); // a change of nothing, with the commands to mend

    const QString directory_, service_;
    quint16 port_;
    HaproxyView last_;

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

    void change(Change change);
    void next();
    void decide(HaproxyView view);
    void send(const QByteArrayList &commands);
    void confirm(const QByteArray &said, const Result<HaproxyView> &view);
    void finish(const Result<void> &result); // the first
    void awaitIdle(const Server &server, QDeadlineTimer until, const Reply<void> &reply);
    void tryAgain(const Error &error);

    HaproxySocket socket_;
    std::deque<Change> changes_; // the first ones are under way when busy_
    std::size_t under_way_ = 0;
    bool up_ = false;
    bool busy_ = false;
};

} // namespace aviary::routing
