// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/changefeed.h"
#include "core/api/provider.h"

#include <QTimer>

#include <map>

namespace aviary::api {

// A Session with a Provider of the same process: for files, and for tests. The provider outlives
// it. Answers and changes come from the event loop, as over a socket.
class InProcessSession : public Session {
    Q_OBJECT
public:
    InProcessSession(Provider &provider, Caller caller, QObject *parent = nullptr);
    ~InProcessSession() override;

    Link link() const override { return Link::Open; }
    void call(const QString &verb, const QJsonObject &parameters, Answer answer) override;
    void subscribe(const QString &topic) override;
    void unsubscribe(const QString &topic) override;

private:
    void deliver(const QString &topic, const QJsonObject &change);
    void feed();

    Provider &provider_;
    Caller caller_;
    std::map<QString, ChangeFeed> feeds_;
    QTimer feed_timer_;
};

} // namespace aviary::api
