// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/places.h"
#include "core/api/server.h"
#include "core/journal/journal.h"
#include "core/orchestrator/clock.h"
#include "core/orchestrator/liveprovider.h"

#include <memory>

namespace aviary::daemon {

// aviaryd: owns one state directory, its journal and its clusters, and serves them on a socket.
// Ends without stopping what runs on the clusters: services and routers outlive it.
class Daemon : public QObject {
    Q_OBJECT
public:
    Daemon(api::Places places, QString group);
    ~Daemon() override;

    // Conflict: another process owns the directory.
    Result<void> open();
    void close(const QString &reason);

Q_SIGNALS:
    void stopAsked(const QString &reason);

private:
    api::Places places_;
    QString group_;
    orchestrator::SystemClock clock_;
    std::unique_ptr<journal::Journal> journal_;
    std::unique_ptr<orchestrator::LiveProvider> provider_;
    std::unique_ptr<api::Server> server_;
};

} // namespace aviary::daemon
