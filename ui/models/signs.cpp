// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/signs.h"

#include <QCoreApplication>

#include <algorithm>

namespace aviary {
namespace {

QString spoken(const char *text) {
    return QCoreApplication::translate("aviary::models", text);
}

} // namespace

Sign signOf(kernel::Status status) {
    switch (status) {
    case kernel::Status::Draft:
        return Sign::Draft;
    case kernel::Status::Approved:
        return Sign::Approved;
    case kernel::Status::Pending:
        return Sign::Pending;
    case kernel::Status::InProgress:
        return Sign::InProgress;
    case kernel::Status::Waiting:
        return Sign::Waiting;
    case kernel::Status::Paused:
        return Sign::Paused;
    case kernel::Status::RollingBack:
        return Sign::RollingBack;
    case kernel::Status::Completed:
        return Sign::Completed;
    case kernel::Status::RolledBack:
        return Sign::RolledBack;
    case kernel::Status::Failed:
        return Sign::Failed;
    case kernel::Status::Superseded:
        return Sign::Superseded;
    }
    return Sign::None;
}

Sign signOf(const api::ClusterRow &cluster) {
    if (cluster.kind == api::ClusterKind::File) {
        return Sign::ClusterFile;
    }
    switch (cluster.contact) {
    case api::Contact::Connecting:
        return Sign::ClusterConnecting;
    case api::Contact::Live:
        return Sign::ClusterLive;
    case api::Contact::Stale:
        return Sign::ClusterStale;
    case api::Contact::Lost:
        return Sign::ClusterLost;
    }
    return Sign::ClusterLost;
}

Sign signOf(api::Outcome outcome) {
    switch (outcome) {
    case api::Outcome::Asked:
        return Sign::Asked;
    case api::Outcome::Applied:
        return Sign::Applied;
    case api::Outcome::Refused:
        return Sign::Refused;
    case api::Outcome::Unknown:
        return Sign::OutcomeUnknown;
    }
    return Sign::OutcomeUnknown;
}

Sign signOf(const api::NodeRow &node) {
    if (node.status == kernel::NodeStatus::Offline) {
        return Sign::NodeOffline;
    }
    if (node.heard_wall_ms == 0) {
        return Sign::NodeUnknown;
    }
    if (node.flags.excluded) {
        return Sign::NodeExcluded;
    }
    if (node.flags.maintenance) {
        return Sign::NodeMaintenance;
    }
    if (node.flags.draining) {
        return Sign::NodeDraining;
    }
    const bool ready = std::ranges::all_of(node.services, &api::ServiceOnNode::ready);
    if (node.status == kernel::NodeStatus::Degraded || node.flapping || !ready) {
        return Sign::NodeDegraded;
    }
    return node.behind > 0 ? Sign::NodeBehind : Sign::NodeHealthy;
}

Sign signOf(const api::TargetRow &target) {
    if (target.status == kernel::NodeStatus::Offline) {
        return Sign::NodeOffline;
    }
    switch (target.phase) {
    case kernel::Phase::Failed:
        return Sign::NodeFailed;
    case kernel::Phase::Updating:
    case kernel::Phase::Proving:
        return Sign::NodeUpdating;
    case kernel::Phase::Behind:
        return Sign::NodeBehind;
    case kernel::Phase::Restoring:
        return Sign::RollingBack;
    case kernel::Phase::Skipped:
        return Sign::NodeExcluded;
    case kernel::Phase::Untouched:
    case kernel::Phase::Healthy:
    case kernel::Phase::Restored:
        break;
    }
    return target.status == kernel::NodeStatus::Degraded ? Sign::NodeDegraded : Sign::NodeHealthy;
}

QString nameOf(api::ClusterKind kind) {
    switch (kind) {
    case api::ClusterKind::Local:
        return spoken(QT_TRANSLATE_NOOP("aviary::models", "local"));
    case api::ClusterKind::Docker:
        return spoken(QT_TRANSLATE_NOOP("aviary::models", "Docker"));
    case api::ClusterKind::Nomad:
        return spoken(QT_TRANSLATE_NOOP("aviary::models", "Nomad"));
    case api::ClusterKind::Kubernetes:
        return spoken(QT_TRANSLATE_NOOP("aviary::models", "Kubernetes"));
    case api::ClusterKind::File:
        return spoken(QT_TRANSLATE_NOOP("aviary::models", "file"));
    }
    return {};
}

QString nameOf(api::ClusterClass klass) {
    switch (klass) {
    case api::ClusterClass::Development:
        return spoken(QT_TRANSLATE_NOOP("aviary::models", "development"));
    case api::ClusterClass::Staging:
        return spoken(QT_TRANSLATE_NOOP("aviary::models", "staging"));
    case api::ClusterClass::Production:
        return spoken(QT_TRANSLATE_NOOP("aviary::models", "production"));
    }
    return {};
}

} // namespace aviary
