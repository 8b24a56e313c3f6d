// SPDX-License-Identifier: GPL-3.0-or-later
// What the journal holds is brought back, in the order in which one needs the other.
#include "core/orchestrator/facts.h"
#include "core/orchestrator/liveprovider.h"

namespace aviary::orchestrator {

Result<void> LiveProvider::restore() {
    auto restored = restoreClusters().and_then([this] { return restoreLedger(); }).and_then([this] {
        return restoreOwnRollouts();
    });
    if (!restored) {
        return restored;
    }
    const auto rollouts = journal_.rollouts();
    if (!rollouts) {
        return tl::unexpected(rollouts.error());
    }
    for (const journal::RolloutSummary &rollout : *rollouts) {
        if (auto resumed = orchestrator_.resume(rollout.id); !resumed) {
            return resumed;
        }
    }
    const auto asked = restoreRequests()
                           .and_then([this] { return restoreStarts(); })
                           .and_then([this] { return restoreHolds(); })
                           .and_then([this] { return restoreAlerts(); });
    if (!asked) {
        return asked;
    }
    clusters_.startAll();
    return gitops_.restore();
}

Result<void> LiveProvider::restoreClusters() {
    const auto facts = journal_.facts(topic_cluster);
    if (!facts) {
        return tl::unexpected(facts.error());
    }
    std::map<QString, QJsonObject> newest;
    for (const journal::Fact &fact : *facts) {
        newest[fact.key] = bodyOf(fact);
    }
    for (const auto &[id, body] : newest) {
        if (body[u"removed"].toBool()) {
            continue;
        }
        if (auto restored = clusters_.restore(body); !restored) {
            return restored;
        }
    }
    return {};
}

Result<void> LiveProvider::restoreLedger() {
    const auto facts = journal_.facts(topic_deployment);
    if (!facts) {
        return tl::unexpected(facts.error());
    }
    for (const journal::Fact &fact : *facts) {
        const auto folded =
            deploymentEventFrom(bodyOf(fact)).and_then([this](const DeploymentEvent &event) {
                return deployments_.restore(event);
            });
        if (!folded) {
            return folded;
        }
    }
    return {};
}

Result<void> LiveProvider::restoreRequests() {
    const auto facts = journal_.facts(topic_request);
    if (!facts) {
        return tl::unexpected(facts.error());
    }
    for (const journal::Fact &fact : *facts) {
        if (const auto kept = requestFrom(bodyOf(fact))) {
            requests_.restore(*kept);
        }
    }
    const auto following = journal_.facts(topic_following);
    if (!following) {
        return tl::unexpected(following.error());
    }
    for (const journal::Fact &fact : *following) {
        if (auto restored = deployments_.restoreFollowing(fact); !restored) {
            return restored;
        }
    }
    const auto deploys = journal_.facts(topic_deploy);
    if (!deploys) {
        return tl::unexpected(deploys.error());
    }
    for (const journal::Fact &fact : *deploys) {
        deployed_[fact.key] = bodyOf(fact);
    }
    for (const LiveRollout *rollout : orchestrator_.rollouts()) {
        requests_.lookAt(*rollout, clock_.wallMs());
    }
    return {};
}

Result<void> LiveProvider::restoreAlerts() {
    for (const QString &topic : {topic_alert_delivery, topic_alert}) {
        const auto facts = journal_.facts(topic);
        if (!facts) {
            return tl::unexpected(facts.error());
        }
        for (const journal::Fact &fact : *facts) {
            if (auto restored = alerts_.restore(fact); !restored) {
                return restored;
            }
        }
    }
    alerts_.resume();
    return {};
}

} // namespace aviary::orchestrator
