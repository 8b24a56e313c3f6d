// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSocketNotifier>

#include <memory>

namespace aviary::daemon {

// Turns SIGTERM, SIGINT and SIGHUP into an event of the loop. One at a time. Nothing is blocked or
// ignored: either would be inherited by the services that the daemon starts, which then could not
// be ended.
class Signals : public QObject {
    Q_OBJECT
public:
    Signals();
    ~Signals() override;

Q_SIGNALS:
    void received(const QString &name);

private:
    void readOne();

    std::unique_ptr<QSocketNotifier> notifier_;
};

} // namespace aviary::daemon
