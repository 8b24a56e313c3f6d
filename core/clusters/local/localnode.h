// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clusters/local/localinstance.h"

#include <map>

namespace aviary::clusters {

// One node: a directory with the instances that run there.
//   DIRECTORY/flags.json                       what a person said of it
//   DIRECTORY/offline                          while this file is there, the node is cut off: it
//                                              carries nothing out, says nothing, gets no requests
//   DIRECTORY/instances/SERVICE/REVISION/      one instance: instance.json, pid, log
class LocalNode : public QObject {
    Q_OBJECT
public:
    LocalNode(kernel::Node facts, QString directory, Surroundings &surroundings,
              QObject *parent = nullptr);

    Result<void> open(); // adopts what runs
    void run(const RunOrder &order);
    void stop(const StopOrder &order);
    Result<void> setFlags(kernel::NodeFlags flags);
    void look(); // for the file "offline"

    bool isOffline() const { return offline_; }
    // With the revision that serves most requests, as `traffic` says, where two are ready.
    kernel::Node view(const std::map<QString, Traffic> &traffic) const;
    std::vector<Instance> instances() const;
    QString logPath(const QString &service) const; // of the newest instance; empty: there is none

Q_SIGNALS:
    void answered(const aviary::clusters::NodeAnswer &answer);
    void changed();

private:
    struct Held {
        std::unique_ptr<LocalInstance> instance;
        bool said_ready = false;
        std::vector<Ticket> stops; // answered when it is gone
    };
    using Key = std::pair<QString, QString>; // service, revision

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
    QString directoryOf(const Key &key) const;

    kernel::Node facts_;
    QString directory_;
    Surroundings &surroundings_;
    std::map<Key, Held> held_;
    std::vector<RunOrder> parked_; // they wait for an instance to be gone
    quint64 serial_ = 0;
    bool offline_ = false;
};

} // namespace aviary::clusters
