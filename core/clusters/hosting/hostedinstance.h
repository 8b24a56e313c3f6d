// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clusters/hosting/instancerecord.h"
#include "core/health/watch.h"
#include "core/routing/router.h"
#include "core/support/process/backoff.h"

#include <functional>
#include <optional>

namespace aviary::clusters {

// One instance of a service on a node: its record, which is written before anything is done, its
// checks, and its place behind the router. It is ready when its checks pass (critical ones; without
// checks when it accepts connections on its port, or has run for two seconds) and the router takes
// it. How it is launched and ended is said by each kind of cluster.
class HostedInstance : public QObject {
    Q_OBJECT
public:
    // `directory` is its own: instance.json, and what the kind keeps beside it.
    HostedInstance(InstanceRecord record, QString directory, routing::Router &router,
                   QObject *parent = nullptr);
    ~HostedInstance() override;

    const InstanceRecord &record() const { return record_; }
    bool isReady() const { return ready_; }
    bool isFailed() const { return !record_.failure.isEmpty(); } // down for good
    bool isRetiring() const { return !record_.wanted; }
    bool isTroubled() const; // it was ready, and is not by itself
    QString text() const;    // why it is not ready; empty when it is
    Instance view() const;

    virtual bool isRunning() const = 0;
    virtual std::int64_t memoryMib() const = 0;

    Result<void> begin();      // a new one: its record, then its launch
    virtual void resume() = 0; // one of an earlier daemon: adopted, or what its record says
    // Another order asks for the same instance. One that is down for good, or was never ready, is
    // launched again.
    Result<void> renew(const Ticket &ticket, bool stop_others);
    void retire(); // drained, removed from the router, ended; then gone()
    // False: its node is cut off or drained, and no requests are sent to it.
    void setRouted(bool routed);

Q_SIGNALS:
    void changed();
    void gone(); // nothing is left of it

protected:
    // Begins to run what the record says. Followed by noteStarted(), noteEnded() or failForGood().
    virtual void launch() = 0;
    // Ends what runs, politely first. Followed by noteEnded(); at once when nothing runs.
    virtual void terminate() = 0;
    // Removes what the kind keeps of it, then calls `done`.
    virtual void erase(std::function<void()> done) = 0;
    // True: whatever runs it starts it again after a crash; it is only counted here.
    virtual bool restartsByItself() const { return false; }
    virtual std::vector<health::Check> checks() const;

    const QString &directory() const { return directory_; }
    // Where its requests and checks go.
    health::Endpoint endpoint() const { return endpoint_; }
    void setEndpoint(const QString &host, quint16 port);
    void changePort(quint16 port); // and records it

    void noteStarted();
    void noteEnded(const QString &why);
    void failForGood(kernel::Cause cause, const QString &why);
    // Resumes one whose record says that it is being stopped.
    void resumeRetiring();
    // What the kind itself knows of its health, beside the checks.
    void setObjection(const QString &objection); // empty: none
    void setTrouble(const QString &trouble);

private:
    void save();
    void weigh(); // what it and its checks say, into what the router should do
    void route();
    void settle();
    void vanish();
    routing::Server server() const;

    InstanceRecord record_;
    QString directory_;
    routing::Router &router_;
    health::Endpoint endpoint_;
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
    bool anew_ = false; // it is ended only to be launched again
    QString trouble_;
    QString objection_;
};

} // namespace aviary::clusters
