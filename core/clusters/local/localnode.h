// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clusters/hosting/hostednode.h"
#include "core/clusters/local/localinstance.h"

namespace aviary::clusters {

// A node of this machine: a directory. While the file DIRECTORY/offline is there, it is cut off.
class LocalNode : public HostedNode {
    Q_OBJECT
public:
    LocalNode(kernel::Node facts, const QString &directory, Surroundings &surroundings,
              QObject *parent = nullptr);

    void look();                                   // for the file "offline"
    QString logPath(const QString &service) const; // of the newest instance; empty: there is none

protected:
    std::unique_ptr<HostedInstance> make(InstanceRecord record, QString directory) override;
    QString objectionTo(const ServiceDefinition &definition) const override;
    quint16 choosePort(const ServiceDefinition &definition) const override;
    qint64 silentForMs() const override;

private:
    QString marker() const { return directory() + u"/offline"; }

    Surroundings &surroundings_;
};

} // namespace aviary::clusters
