// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clusters/driver.h"
#include "core/deployments/servicedefinition.h"

namespace aviary::clusters {

// What an instance is and should be: instance.json in its directory, on disk before anything is
// done about it.
struct InstanceRecord {
    Ticket ticket; // of the last order that asked for it
    QString node, service, revision;
    ServiceDefinition definition;
    quint16 port = 0;
    bool wanted = true;       // false: it is being stopped
    bool was_ready = false;   // since `ticket`: then a crash is restarted by policy
    bool stop_others = false; // once it is ready, every other revision on the node goes
    QString failure;          // why it is down for good; empty: it is not
    kernel::Cause cause = kernel::Cause::None;
    quint64 serial = 0; // rises with each instance on the node: the newest one is the highest
    bool operator==(const InstanceRecord &) const = default;
};

Result<InstanceRecord> readInstanceRecord(const QString &path);
// What the service finds in its environment, as NAME=value: that of its definition, and PORT (on
// which it listens), NODE, REVISION and SERVICE.
QStringList environmentOf(const InstanceRecord &record, quint16 port);
// Durable: on disk, with its directory, when it returns.
Result<void> writeInstanceRecord(const QString &path, const InstanceRecord &record);

} // namespace aviary::clusters
