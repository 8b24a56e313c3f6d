// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/nomad/asrollouts.h"

#include "core/clusters/nomad/asfleet.h"

#include <QObject>

#include <algorithm>
#include <map>
#include <tuple>

namespace aviary::clusters::nomad {
namespace {

using kernel::Status;
constexpr qint64 ms_ns = 1'000'000;

OwnPart asPart(const Picture &picture, const GroupProgress &group) {
    OwnPart part;
    part.name = group.name;
    part.canaries = group.canaries_wanted;
    part.canaries_healthy = healthyCanaries(picture, group);
    part.wanted = group.wanted;
    part.placed = group.placed;
    part.healthy = group.healthy;
    part.unhealthy = group.unhealthy;
    part.promoted = group.promoted;
    part.promotes_itself = group.auto_promote;
    part.reverts_itself = group.auto_revert;
    return part;
}

// A person's word counts once every part that wants it may have it.
bool waitsForPerson(const OwnRollout &rollout) {
    return std::ranges::any_of(rollout.parts, &OwnPart::waits) &&
           std::ranges::all_of(rollout.parts, [](const OwnPart &part) {
               return !part.waits() || part.mayBePromoted();
           });
}

Status statusOf(const Deployment &deployment, const OwnRollout &rollout) {
    switch (deployment.status) {
    case DeploymentStatus::Running:
        return waitsForPerson(rollout) ? Status::Waiting : Status::InProgress;
    case DeploymentStatus::Paused:
        return Status::Paused;
    case DeploymentStatus::Successful:
        return Status::Completed;
    case DeploymentStatus::Failed:
        return Status::Failed;
    case DeploymentStatus::Cancelled:
        return Status::Superseded;
    case DeploymentStatus::Other:
        break;
    }
    return Status::InProgress;
}

// The version that was rolled out well before this one.
QString versionBefore(const Picture &picture, const Deployment &deployment) {
    const Deployment *before = nullptr;
    for (const auto &[id, other] : picture.deployments()) {
        const bool is_older = other.space == deployment.space && other.job == deployment.job &&
                              other.job_version < deployment.job_version &&
                              other.status == DeploymentStatus::Successful;
        if (is_older && (!before || other.job_version > before->job_version)) {
            before = &other;
        }
    }
    return before ? QString::number(before->job_version) : QString();
}

using Version = std::tuple<QString, QString, quint64>; // namespace, job, version

Version versionOf(const auto &row) {
    return {row.space, row.job, row.job_version};
}

// Before 1.10 a deployment has no time; that of its first allocation is near.
std::map<Version, qint64> firstsNs(const Picture &picture) {
    std::map<Version, qint64> firsts;
    const auto &deployments = picture.deployments();
    if (std::ranges::any_of(deployments, [](const auto &one) { return !one.second.created_ns; })) {
        for (const auto &[id, one] : picture.allocations()) {
            const auto [at, is_new] = firsts.try_emplace(versionOf(one), one.created_ns);
            at->second = std::min(at->second, one.created_ns);
        }
    }
    return firsts;
}

// The rollout that failed, and that this one takes back by Nomad's own doing: the version after it
// is made together with its failure, so that it is nobody else's. Only the words tell whether there
// was one to go back to.
const Deployment *takenBackBy(const Picture &picture, const Deployment &deployment) {
    for (const auto &[id, other] : picture.deployments()) {
        const bool is_before = other.space == deployment.space && other.job == deployment.job &&
                               other.job_version + 1 == deployment.job_version &&
                               other.modified < deployment.created;
        if (is_before && other.status == DeploymentStatus::Failed &&
            std::ranges::any_of(other.groups, &GroupProgress::auto_revert) &&
            other.text.contains(u"rolling back to job version")) {
            return &other;
        }
    }
    return nullptr;
}

} // namespace

qint64 healthyCanaries(const Picture &picture, const GroupProgress &group) {
    return std::ranges::count_if(group.canaries, [&](const QString &id) {
        const auto at = picture.allocations().find(id);
        return at != picture.allocations().end() && at->second.healthy == true;
    });
}

std::vector<OwnRollout> asRollouts(const Picture &picture, bool with_space) {
    std::vector<const Deployment *> deployments;
    for (const auto &[id, deployment] : picture.deployments()) {
        deployments.push_back(&deployment);
    }
    std::ranges::sort(deployments, {},
                      [](const Deployment *one) { return std::pair(one->created, one->id); });
    const std::map<Version, qint64> firsts_ns = firstsNs(picture);
    std::vector<OwnRollout> rollouts;
    for (const Deployment *deployment : deployments) {
        OwnRollout rollout;
        rollout.id = deployment->id;
        rollout.service = serviceOf(deployment->space, deployment->job, with_space);
        rollout.from = versionBefore(picture, *deployment);
        rollout.to = QString::number(deployment->job_version);
        for (const GroupProgress &group : deployment->groups) {
            rollout.parts.push_back(asPart(picture, group));
        }
        rollout.status = statusOf(*deployment, rollout);
        rollout.text = deployment->text;
        if (const Deployment *failed = takenBackBy(picture, *deployment)) {
            rollout.text += QObject::tr("; begun by the cluster itself, to take back version %1, "
                                        "which failed (rollout %2)")
                                .arg(failed->job_version)
                                .arg(failed->id.left(8));
        }
        const auto first = firsts_ns.find(versionOf(*deployment));
        const qint64 first_ns = first == firsts_ns.end() ? 0 : first->second;
        rollout.began_wall_ms = deployment->created_ns.value_or(first_ns) / ms_ns;
        rollouts.push_back(std::move(rollout));
    }
    return rollouts;
}

} // namespace aviary::clusters::nomad
