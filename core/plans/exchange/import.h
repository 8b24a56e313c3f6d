// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plans/exchange/foreign.h"
#include "core/plans/planfile.h"

// Plans of other tools, read as requests of ours: an Argo Rollouts manifest, a Kubernetes
// Deployment, a Nomad job as JSON. Reading one acts on nothing and asks no cluster.
//
// A share of pods becomes the same share of nodes: one instance of a plan is one node. What has no
// counterpart is listed with its reason and never dropped silently; templates of pods and tasks are
// not carried over, because a plan says how a revision spreads and not what it runs.
namespace aviary::plans {

enum class ForeignKind : std::uint8_t { ArgoRollout, Deployment, NomadJob };
QString nameOf(ForeignKind kind); // "an Argo Rollouts manifest"

struct ImportChoice {
    QString name; // which object of several, or which group of a job
    QString from; // the stable revision, which no manifest names
    QString to;   // in place of the tag of the image
};

struct Import {
    ForeignKind kind = ForeignKind::Deployment;
    PlanFile plan;               // a request that compile() accepts
    std::uint32_t instances = 0; // that it wants; 0: one on each node. A plan has one a node
    std::vector<Unmapped> unmapped;
};

struct ImportReading {
    std::optional<Import> import; // none when there are flaws
    Flaws flaws;
};

ImportReading importPlan(const QByteArray &text, const ImportChoice &choice = {});

} // namespace aviary::plans
