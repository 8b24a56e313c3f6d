// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clusters/hosting/hostedinstance.h"

#include <map>

namespace aviary::clusters {

// One node that runs instances. It keeps, on the daemon's host:
//   DIRECTORY/flags.json                       what a person said of it
//   DIRECTORY/instances/SERVICE/REVISION/      one instance: instance.json, and what its kind keeps
// While it is offline it carries nothing out, says nothing, and gets no requests.
class HostedNode : public QObject {
    Q_OBJECT
public:
    HostedNode(kernel::Node facts, QString directory, routing::Router &router,
               QObject *parent = nullptr);

    Result<void> open(); // finds the instances again
    void run(const RunOrder &order);
    void stop(const StopOrder &order);
    Result<void> setFlags(kernel::NodeFlags flags);

    bool isOffline() const { return offline_; }
    // With the revision that serves most requests, as `traffic` says, where two are ready.
    virtual kernel::Node view(const std::map<QString, Traffic> &traffic) const;
    std::vector<Instance> instances() const;

Q_SIGNALS:
    void answered(const aviary::clusters::NodeAnswer &answer);
    void changed();

protected:
    using Key = std::pair<QString, QString>; // service, revision

    virtual std::unique_ptr<HostedInstance> make(InstanceRecord record, QString directory) = 0;
    // Why this cannot run here, and what would be right; empty when it can.
    virtual QString objectionTo(const ServiceDefinition &definition) const = 0;
    virtual quint16 choosePort(const ServiceDefinition &definition) const = 0; // 0: there is none
    virtual qint64 silentForMs() const = 0; // since it was last heard; while it is offline

    void setOffline(bool offline);
    HostedInstance *newest(const QString &service) const; // null: there is none
    HostedInstance *find(const Key &key) const;
    std::vector<HostedInstance *> all() const;
    // Takes over what runs there without a record of ours.
    void take(InstanceRecord record);
    const kernel::Node &facts() const { return facts_; }
    void setCapacity(const kernel::Capacity &capacity) { facts_.capacity = capacity; }
    const QString &directory() const { return directory_; }

private:
    struct Held {
        std::unique_ptr<HostedInstance> instance;
        bool said_ready = false;
        std::vector<Ticket> stops; // answered when it is gone
    };

    void resume(const QString &directory);
    Held &hold(InstanceRecord record);
    void create(const RunOrder &order, ServiceDefinition definition);
    void noteChange(const Key &key);
    void noteGone(const Key &key);
    // True when there is no other revision of the service; else they are being stopped.
    bool retireOthers(const Key &key);
    void say(const Ticket &ticket, NodeAnswer::Kind kind, kernel::Cause cause = kernel::Cause::None,
             const QString &text = {});
    void allowRoutes();
    bool takesRequests() const;
    QString directoryOf(const Key &key) const;

    kernel::Node facts_;
    QString directory_;
    routing::Router &router_;
    std::map<Key, Held> held_;
    std::vector<RunOrder> parked_; // they wait for an instance to be gone
    quint64 serial_ = 0;
    bool offline_ = false;
};

} // namespace aviary::clusters
