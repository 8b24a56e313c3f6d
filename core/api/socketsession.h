// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/linesession.h"
#include "core/api/places.h"

#include <QFileSystemWatcher>
#include <QLocalSocket>

namespace aviary::api {

// Finds aviaryd beside this program, else in $PATH, and starts it in a session of its own, so that
// it outlives the client. Of two that are started at once, one ends by itself.
Result<void> startDaemon(const Places &places);

// A Session with the daemon of this machine.
class SocketSession : public LineSession {
    Q_OBJECT
public:
    enum class Starting { OnDemand, Never };
    static constexpr int start_ms_max = 10'000;

    SocketSession(Places places, Introduction introduction, Starting starting,
                  QObject *parent = nullptr);
    ~SocketSession() override;

protected:
    void connectDevice() override;
    void dropDevice() override;

private:
    void tryConnect();
    void failed(QLocalSocket::LocalSocketError error);
    void start();
    void giveUp();

    Places places_;
    Starting starting_;
    QLocalSocket *socket_ = nullptr;
    QFileSystemWatcher watcher_; // tells when the daemon that was started makes its socket
    QTimer start_timer_;
};

} // namespace aviary::api
