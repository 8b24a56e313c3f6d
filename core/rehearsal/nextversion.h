// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/strategy/compile.h"
#include "core/rehearsal/scenario.h"
#include "core/support/error.h"

#include <QJsonObject>
#include <QStringList>

#include <memory>

// The next version of a service that a cluster rolls out itself, as a plan of ours: a model of what
// the cluster will do, with the steps of its own description.
namespace aviary::rehearsal {

// What the cluster planned of it (service.effect).
struct PlannedVersion {
    QString service;
    QString version;       // that runs; empty: none
    QJsonObject document;  // in the cluster's own words
    QJsonObject starts_ms; // by part: [ms, ...], as far as the cluster remembers
};
PlannedVersion plannedVersionOf(const QJsonObject &answer);

struct NextVersion {
    QString name; // "web 5"
    std::shared_ptr<const kernel::Plan> plan;
    kernel::Fleet nodes;         // that run the service now; all, where none does
    kernel::Fleet fleet;         // of the plan: as it has one instance a node, a node an instance
    std::uint32_t instances = 0; // 0: one on each of the nodes
    Scenario scenario;
    QStringList presumed; // what the model takes for granted, and what it leaves out
    QString starts;       // what the cluster remembers of them; empty: it was not asked
};

// `fleet`: all nodes of the cluster. `part`: which of several parts; empty: the only one. `learns`:
// the scenario's starts give way to those that the cluster remembers. An Error says what in the
// description cannot be read.
Result<NextVersion> nextVersionOf(const PlannedVersion &planned, const kernel::Fleet &fleet,
                                  Scenario scenario, const QString &part, bool learns);

// What a cluster and its history would add to a request, a rehearsal presumes, and says so.
void presume(kernel::PlanRequest &request, bool router_given, const kernel::Fleet &fleet,
             const QString &name, QStringList &presumed);

} // namespace aviary::rehearsal
