// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/values.h"

#include <QJsonObject>
#include <QObject>

#include <functional>

// One conversation with a daemon (local socket, or ssh to another host), or with a file. The
// console and the CLI know nothing else of the core's running parts.
//
// call() sends one JSON-RPC 2.0 request; the answer arrives once, from the event loop. A call whose
// connection broke after it was sent answers ErrorCode::TimedOut: its outcome is unknown and will
// be told by changed() once the daemon is back, under the same request id.
namespace aviary::api {

using Answer = std::function<void(const Result<QJsonObject> &)>;

// Verbs and their parameters and answers are listed in core/api/verbs.h.
class Session : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    enum class Link { Closed, Connecting, Open };
    Q_ENUM(Link)
    virtual Link link() const = 0;

    virtual void call(const QString &verb, const QJsonObject &parameters, Answer answer) = 0;

    // Topics: "clusters", "rollouts", "rollout:ID", "fleet:CLUSTER", "waiting", "requests",
    // "deployments", "alerts", "gitops", "daemon". The whole value comes first, then what changed,
    // at most 30 a second.
    virtual void subscribe(const QString &topic) = 0;
    virtual void unsubscribe(const QString &topic) = 0;

Q_SIGNALS:
    void linkChanged(aviary::api::Session::Link link);
    // {"topic": T, "whole": bool, "rows": [...], "gone": [ids]}
    void changed(const QString &topic, const QJsonObject &change);
};

} // namespace aviary::api
