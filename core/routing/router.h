// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/analysis/judge.h"
#include "core/kernel/strategy/plan.h"
#include "core/support/error.h"

#include <QObject>
#include <QString>

#include <functional>
#include <map>
#include <vector>

// What splits the traffic of services between their revisions.
namespace aviary::routing {

// One instance behind a service. There is at most one of a revision on a node.
struct Server {
    QString service, revision, node;
    QString host;
    quint16 port = 0;
    bool operator==(const Server &) const = default;
};

// `weight` of the requests go to `fresh`, the rest to `stable` (empty: to nobody, and is answered
// with 503). A fresh revision without a ready server gets nothing: its share goes to the stable
// one. The other way round only when the last stable server was drained by us, as an update in
// place does, never because it died: a failure must not raise exposure.
struct Split {
    QString service, fresh, stable;
    kernel::Weight weight = 0;
    kernel::Millis latency_limit_ms = 500; // a slower answer counts as slow
    bool operator==(const Split &) const = default;
};

enum class ServerState : quint8 { Ready, Draining, Off, Down };
struct ServerView {
    Server server;
    ServerState state = ServerState::Off;
    quint32 open_requests = 0;
    bool operator==(const ServerView &) const = default;
};

// How one service is really routed, read from the router just now.
struct RouteView {
    QString service;
    quint16 port = 0; // where clients connect
    Split split;
    std::vector<ServerView> servers;
    std::map<QString, kernel::Sample> samples; // by revision; errors are answers of 500 and above,
                                               // also those given because no server answered
};

template <class T>
using Reply = std::function<void(const Result<T> &)>;

// Every call returns at once; its reply comes once, from the event loop, after what was asked was
// read back. Changes of one service are made one after the other, in the order asked for.
class Router : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    virtual kernel::RouterKind kind() const = 0;
    virtual QString text() const = 0; // "HAProxy 2.6.12"; "no HAProxy: traffic cannot be split"

    // Finds again what an earlier run left; nothing else is called before the reply.
    virtual void open(Reply<void> reply) = 0;
    // Services that have a route.
    virtual QStringList services() const = 0;
    // Takes requests as soon as it is there. Adding the same again changes nothing; the first
    // revision of a service that has no split yet gets everything.
    virtual void add(const Server &server, Reply<void> reply) = 0;
    // No new requests; the reply comes when none is open, or TimedOut after `limit_ms`.
    virtual void drain(const Server &server, int limit_ms, Reply<void> reply) = 0;
    // Removing what is not there is done already.
    virtual void remove(const Server &server, Reply<void> reply) = 0;
    virtual void setSplit(const Split &split, Reply<void> reply) = 0;
    virtual void observe(const QString &service, Reply<RouteView> reply) = 0;

    // Tries now, point by point, what a person has to see to; nothing for a router that needs no
    // one. Each point is what is well, or what is not, where, and what would mend it.
    using Checked = std::function<void(const std::vector<Result<QString>> &)>;
    virtual void check(const Checked &answer) { answer({}); }
};

} // namespace aviary::routing
