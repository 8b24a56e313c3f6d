// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clusters/hosting/hostedinstance.h"
#include "core/support/process/logfile.h"
#include "core/support/process/process.h"

#include <QSet>

namespace aviary::clusters {

// What all instances of a local cluster share.
struct Surroundings {
    routing::Router *router = nullptr;
    LogKeeper *logs = nullptr;
    QSet<quint16> ports; // given to instances
};

// An instance that is a process of this machine, with its log beside its record. It outlives us and
// is adopted again.
class LocalInstance : public HostedInstance {
    Q_OBJECT
public:
    LocalInstance(InstanceRecord record, QString directory, Surroundings &surroundings,
                  QObject *parent = nullptr);
    ~LocalInstance() override;

    bool isRunning() const override { return process_.isRunning(); }
    std::int64_t memoryMib() const override;
    void resume() override;
    QString logPath() const { return directory() + u"/log"; }

protected:
    void launch() override;
    void terminate() override;
    void erase(std::function<void()> done) override { done(); }

private:
    void noteProcessEnded(const ProcessEnd &end);

    Surroundings &surroundings_;
    Process process_;
};

} // namespace aviary::clusters
