// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/clusterlimits.h"

#include <QCoreApplication>

namespace aviary::api {

namespace {
struct Limits {
    Q_DECLARE_TR_FUNCTIONS(ClusterLimits)
};
bool runsRolloutsItself(ClusterKind kind) {
    return kind == ClusterKind::Nomad || kind == ClusterKind::Kubernetes;
}

} // namespace

QString exclusionRefusal(ClusterKind kind) {
    return runsRolloutsItself(kind)
               ? Limits::tr("this cluster runs rollouts itself and knows no exclusion; "
                            "drain the node, or set it to maintenance")
               : QString();
}

QString ownStartRefusal(ClusterKind kind) {
    return runsRolloutsItself(kind)
               ? QString()
               : Limits::tr("this cluster runs no rollouts itself; make a new rollout");
}

} // namespace aviary::api
