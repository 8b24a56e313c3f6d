// SPDX-License-Identifier: GPL-3.0-or-later
// The way that a change of content takes to what runs.
#include "core/orchestrator/deploymentdesk.h"
#include "core/support/words.h"

namespace aviary::orchestrator {

using namespace kernel;

namespace {

QString textOf(const UpdateRoute &route) {
    const QString agents = boundedText(route.agents.join(u", "_qs));
    return route.path == UpdatePath::WholeJob
               ? DeploymentDesk::tr("its shape changed: all of it goes beside the old")
               : DeploymentDesk::tr("started anew: %1").arg(agents);
}

} // namespace

// How the change of content reaches what runs; none where nothing ran before.
std::optional<UpdateRoute> DeploymentDesk::routeOf(const Draft &draft,
                                                   const UpdatePolicy &policy) const {
    const DeploymentRecord *stable = ledger_.stable(draft.key);
    const DeploymentRecord *brought =
        stable ? ledger_.findRevision(draft.key, stable->opened.revision) : nullptr;
    const auto manifest = brought ? readManifest(brought->opened.manifest)
                                  : Result<Manifest>(tl::unexpected(Error{}));
    if (!manifest) {
        return std::nullopt;
    }
    Bundle source;
    source.manifest = *manifest;
    source.fingerprint = stable->opened.fingerprint;
    Bundle target;
    target.manifest = draft.manifest;
    target.fingerprint = draft.fingerprint;
    return chooseRoute(source, target, true, policy);
}

// A plan's own strategy is a person's word; the strategy of a manifest gives way to what the change
// needs: another shape goes beside the old and is switched to, batch jobs run again.
void DeploymentDesk::takeRoute(Draft &draft, const UpdatePolicy &policy, bool plan_given,
                               qint64 nodes) const {
    draft.route = routeOf(draft, policy);
    if (draft.route && draft.route->path == UpdatePath::Rerun) {
        draft.purpose = Purpose::Rerun;
    }
    if (plan_given) {
        return;
    }
    draft.request.policy = kernelPolicy(policy);
    draft.request.strategy = kernelStrategy(policy, nodes);
    if (draft.route && draft.route->path == UpdatePath::WholeJob) {
        draft.request.strategy = BlueGreen{.preview = canaryCount(policy, nodes) > 0};
    }
}

// A line of the record, where the way is worth one.
std::optional<DeploymentNoted> DeploymentDesk::noteOfRoute(const Draft &draft,
                                                           const DeploymentOpened &event) const {
    if (!draft.route || draft.route->agents.isEmpty()) {
        return std::nullopt;
    }
    return DeploymentNoted{event.id, nameOf(draft.route->path), textOf(*draft.route), event.who,
                           event.wall_ms};
}

} // namespace aviary::orchestrator
