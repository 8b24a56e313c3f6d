// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/session.h"

// The other end of a Session: what answers the verbs of verbs.h. The orchestrator provides one for
// live clusters, a reader of files one for documents. Served over a socket or used in process.
namespace aviary::api {

// Who asks, as the operating system says (peer credentials of the socket, the SSH user).
struct Caller {
    QString user;       // "ops"
    QString as;         // optional display name that the person gave
    quint64 client = 0; // the connection
    bool operator==(const Caller &) const = default;
};

class Provider : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    // Answers exactly once, now or later, on the provider's thread. Never blocks.
    virtual void handle(const Caller &caller, const QString &verb, const QJsonObject &parameters,
                        Answer answer) = 0;

    // The whole value of a topic as it is now: {"topic", "whole": true, "rows": [...]}.
    virtual Result<QJsonObject> whole(const QString &topic) = 0;

    // People come and go.
    virtual void arrived(const Caller &caller) = 0;
    virtual void left(const Caller &caller) = 0;

Q_SIGNALS:
    // A topic's rows changed; may be emitted as often as it likes, the server coalesces for each
    // client by "id" and sends at most 30 a second. {"topic", "whole": false, "rows": [...],
    // "gone"}
    void changed(const QString &topic, const QJsonObject &change);
};

} // namespace aviary::api
