// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/gitvalues.h"
#include "core/gitops/look.h"
#include "core/orchestrator/deploymentdesk.h"

namespace aviary::orchestrator {

// How one service stands to what a commit wants of it.
struct GitStanding {
    api::GitServiceRow row;
    bool acts = false;       // a draft is due, or a rollout
    bool supersedes = false; // an older draft from the same repository gives way
};

// What is known when a standing is judged. Nothing is changed by judging.
struct GitScene {
    const gitops::Repository &repository;
    const gitops::Commit &commit;
    const DeploymentDesk &deployments;
    const Orchestrator &orchestrator;
    const ClusterDesk &desk;
    const std::vector<DeploymentDesk::Behind> &behind; // of the desk
    bool again = false; // also content that was brought before and does not run now
};

// A change in git is acted on once: content that was rolled back, failed or was replaced by hand is
// told, and not brought again by itself.
GitStanding standingOf(const gitops::Desired &wanted, const GitScene &scene);

// Services that this repository brought once and does not name any more.
std::vector<api::GitServiceRow> goneFrom(const std::vector<gitops::Desired> &desired,
                                         const gitops::Repository &repository,
                                         const Ledger &ledger);

// Whether what changed may start without a person.
bool startsByItself(const gitops::Repository &repository, const api::ClusterRow &cluster);

} // namespace aviary::orchestrator
