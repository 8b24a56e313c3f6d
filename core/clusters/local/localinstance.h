// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clusters/local/instancerecord.h"
#include "core/health/watch.h"
#include "core/routing/router.h"
#include "core/support/process/backoff.h"
#include "core/support/process/logfile.h"
#include "core/support/process/process.h"

#include <QElapsedTimer>

#include <optional>

namespace aviary::clusters {

// What all instances of a cluster share.
struct Surroundings {
    routing::Router *router = nullptr;
    LogKeeper *logs = nullptr;
    QSet<quint16> ports; // given to instances
};

// One instance of a service on a node of this machine: its process, its checks, its place behind
// the router, and its record, which is written before anything is done. It is ready when its
// checks pass (critical ones; without checks when it accepts connections on PORT, or has run for
// two seconds) and the router takes it.
class LocalInstance : public QObject {
    Q_OBJECT
public:
    LocalInstance(InstanceRecord record, QString directory, Surroundings &surroundings,
                  QObject *parent = nullptr);
    ~LocalInstance() override;

    const InstanceRecord &record() const { return record_; }
    bool isReady() const { return ready_; }
    bool isRunning() const { return process_.isRunning(); }
    bool isFailed() const { return !record_.failure.isEmpty(); } // down for good
    bool isRetiring() const { return !record_.wanted; }
    bool isTroubled() const; // it was ready, and is not by itself
    QString text() const;    // why it is not ready; empty when it is
    QString logPath() const { return directory_ + u"/log"; }
    std::int64_t memoryMib() const;
    Instance view() const;

    Result<void> begin(); // a new one: its record, then its process
    void resume();        // one of an earlier daemon: adopted, or what its record says
    // Another order asks for the same instance. One that is down for good, or was never ready, is
    // started again.
    Result<void> renew(const Ticket &ticket, bool stop_others);
    void retire(); // drained, removed from the router, stopped; then gone()
    // False: its node is cut off or drained, and no requests are sent to it.
    void setRouted(bool routed);

Q_SIGNALS:
    void changed();
    void gone(); // nothing is left of it

private:
    void save();
    void start();
    void noteStarted();
    void noteEnded(const ProcessEnd &end);
    void failForGood(kernel::Cause cause, const QString &why);
    void weigh(); // what process and checks say, into what the router should do
    void route();
    void settle();
    void stopProcess();
    void vanish();
    routing::Server server() const;

    InstanceRecord record_;
    QString directory_;
    Surroundings &surroundings_;
    Process process_;
    Backoff backoff_;
    QTimer again_, survival_;
    std::unique_ptr<health::Watch> watch_;
    bool unchecked_ = false; // no checks are defined
    bool survived_ = false;  // of an unchecked one: it runs for a while
    bool serves_ = false;
    bool allowed_ = true;        // by its node
    std::optional<bool> routed_; // none: unknown, since we were not there
    bool routing_ = false;       // the router has not answered yet
    bool ready_ = false;
    bool anew_ = false; // it is stopped only to be started again
    QString trouble_;
};

} // namespace aviary::clusters
