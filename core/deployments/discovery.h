// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSet>
#include <QStringList>

#include <optional>
#include <vector>

namespace aviary {

// One instance of a service that can be found by name. The deployment's members are those of the
// record that placed it.
struct ServiceInstance {
    QString id;
    QString name;
    QString node;
    QString job;
    QString agent;
    QString address; // host:port
    QString status;  // passing, warning, critical
    QStringList tags;
    QString deployment_id;
    QString deployment_key;
    QString deployment_version; // as text
    QString role;               // primary, canary, candidate; empty is primary
    bool operator==(const ServiceInstance &) const = default;
};

// "<job>:<agent, or job>:<name>"
QString instanceId(const QString &job, const QString &agent, const QString &name);
// Until the first check answered: warning when there are checks, else passing.
QString firstStatus(bool has_checks);

// All of them must hold; an empty member asks for nothing.
struct ServiceFilter {
    QString name, node, job, agent, status;
    QStringList tags;                 // each must be there
    QString role;                     // asking for a role shows it
    bool include_candidates = false;  // shows every role
    std::optional<bool> passing_only; // by default as the call says
};

// Primary instances, and others only when asked for.
bool isPrimary(const ServiceInstance &instance);
// In the order given. `list` shows every status, `resolve` passing ones, unless the filter says.
std::vector<ServiceInstance> listServices(const std::vector<ServiceInstance> &instances,
                                          const ServiceFilter &filter);
std::vector<ServiceInstance> resolveService(const std::vector<ServiceInstance> &instances,
                                            const QString &name, const ServiceFilter &filter);

// Makes every instance of that version primary, and answers their ids.
QStringList promoteVersion(std::vector<ServiceInstance> &instances, const QString &key,
                           const QString &version);

} // namespace aviary
