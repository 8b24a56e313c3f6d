// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/nomad/values.h"

#include <algorithm>

namespace aviary::clusters::nomad {

bool Deployment::isOver() const {
    return status == DeploymentStatus::Successful || status == DeploymentStatus::Failed ||
           status == DeploymentStatus::Cancelled;
}

bool Deployment::needsPromotion() const {
    return status == DeploymentStatus::Running &&
           std::ranges::any_of(groups, [](const GroupProgress &group) {
               return group.canaries_wanted > 0 && !group.promoted;
           });
}

} // namespace aviary::clusters::nomad
