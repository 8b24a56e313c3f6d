// SPDX-License-Identifier: GPL-3.0-or-later
// Rollouts of a revision that was stable: back to it, and up to it.
#include "core/deployments/waybackrequest.h"
#include "core/orchestrator/deploymentdesk.h"

#include <algorithm>

namespace aviary::orchestrator {

using namespace kernel;

namespace {

std::vector<std::string> allUtf8(const auto &texts) {
    std::vector<std::string> all;
    std::ranges::transform(texts, std::back_inserter(all),
                           [](const QString &text) { return text.toStdString(); });
    return all;
}

} // namespace

// The checks and limits of the rollout that brought a revision hold for what follows it.
void DeploymentDesk::goOnAs(const DeploymentRecord *brought, PlanRequest &request) const {
    const LiveRollout *rollout = brought ? orchestrator_.find(brought->opened.rollout) : nullptr;
    if (rollout) {
        request.policy = rollout->plan().policy;
        request.mode = rollout->plan().mode;
    }
}

Result<Deployed> DeploymentDesk::goBack(const QString &key, const WayBackChoice &choice,
                                        const ClusterDesk &desk, const Asker &asker) {
    if (const LiveRollout *active = orchestrator_.activeOf(desk.id(), key)) {
        return fail(ErrorCode::Conflict,
                    tr("%1 has an active rollout: %2")
                        .arg(key, api::headlineOf(active->plan(), active->state())),
                    QStringLiteral("key"), tr("roll that one back, without a version"));
    }
    const auto back = ledger_.wayBack(key, choice);
    if (!back) {
        return tl::unexpected(back.error());
    }
    Draft draft;
    draft.key = key;
    draft.purpose = Purpose::WayBack;
    draft.new_content = false;
    draft.fingerprint = back->record->opened.fingerprint;
    // What is on the nodes now says how they are treated, and which ones are meant.
    const DeploymentRecord *brought = ledger_.findRevision(key, ledger_.running(key));
    PlanRequest forward = plainRequest(key, QString(), ledger_.running(key), desk);
    goOnAs(brought, forward);
    forward.policy.max_parallel =
        std::max<std::uint32_t>(1, static_cast<std::uint32_t>(desk.fleet().nodes.size() / 4));
    if (brought && !brought->opened.targets.isEmpty()) {
        forward.targets = allUtf8(brought->opened.targets);
    }
    if (brought && brought->opened.strategy == u"blue-green") {
        forward.strategy = BlueGreen{};
        forward.mode.reset();
    }
    draft.request = wayBackRequest(forward, back->record->opened.revision.toStdString());
    DeployOrder order;
    order.cluster = desk.id();
    order.key = key;
    return open(draft, order, desk, asker);
}

Result<Deployed> DeploymentDesk::catchUp(const QString &key, const std::vector<QString> &nodes,
                                         const ClusterDesk &desk, const Asker &asker) {
    const DeploymentRecord *stable = ledger_.stable(key);
    if (!stable) {
        return fail(ErrorCode::NotFound, tr("%1 has no stable revision to catch up with").arg(key));
    }
    if (orchestrator_.activeOf(desk.id(), key)) {
        return fail(ErrorCode::Conflict, tr("%1 has an active rollout").arg(key), {},
                    tr("nodes catch up when it has ended"));
    }
    Draft draft;
    draft.key = key;
    draft.purpose = Purpose::WayBack;
    draft.new_content = false;
    draft.fingerprint = stable->opened.fingerprint;
    draft.request = plainRequest(key, QString(), stable->opened.revision, desk);
    goOnAs(ledger_.findRevision(key, stable->opened.revision), draft.request);
    draft.request.strategy = Rolling{.delay_ms = 0};
    draft.request.targets = allUtf8(nodes);
    DeployOrder order;
    order.cluster = desk.id();
    order.key = key;
    return open(draft, order, desk, asker);
}

std::vector<DeploymentDesk::Behind> DeploymentDesk::behind(const ClusterDesk &desk) const {
    std::vector<Behind> all;
    for (const QString &key : ledger_.keys()) {
        const DeploymentRecord *stable = ledger_.stable(key);
        if (!stable || stable->opened.cluster != desk.id() || !rolls(stable->opened.job_type) ||
            orchestrator_.activeOf(desk.id(), key)) {
            continue;
        }
        // A catch-up is a record too, of a few nodes; the first record names all of them.
        const DeploymentRecord *brought = ledger_.findRevision(key, stable->opened.revision);
        PlanRequest request;
        goOnAs(brought, request);
        Behind late{key, stable->opened.revision, {}, request.policy.catch_up};
        for (const Node &node : desk.fleet().nodes) {
            const auto runs = node.revisions.find(key.toStdString());
            const bool current =
                runs != node.revisions.end() && api::text(runs->second) == late.revision;
            const bool wanted = brought->opened.targets.isEmpty() ||
                                brought->opened.targets.contains(api::text(node.id));
            if (!current && wanted && reachOf(node, key.toStdString(), {}) == Reach::Touchable) {
                late.nodes.push_back(api::text(node.id));
            }
        }
        if (!late.nodes.empty()) {
            all.push_back(std::move(late));
        }
    }
    return all;
}

} // namespace aviary::orchestrator
