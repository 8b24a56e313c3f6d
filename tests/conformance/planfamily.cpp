// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/deployments/topology.h"
#include "tests/conformance/family.h"

// Which agents a change touches, and in which batches.
namespace aviary::conformance {
namespace {

QCborArray listOf(const QStringList &texts) {
    return QCborArray::fromStringList(texts);
}

std::vector<Placement> placementsOf(const QCborMap &input) {
    std::vector<Placement> placements;
    for (const auto &member : input.value(u"scheduler_plan"_qs)[u"placements"_qs].toArray()) {
        placements.push_back(
            {member[u"agent_id"_qs].toString(), member[u"source_agent_id"_qs].toString()});
    }
    return placements;
}

QCborValue answer(const QCborMap &input) {
    const Manifest source{{}, input.value(u"source"_qs).toMap()};
    const Manifest target{{}, input.value(u"target"_qs).toMap()};
    const UpdatePolicy policy =
        normalisedPolicy(updateOf(target), input.value(u"overrides"_qs).toMap());
    const QStringList changed = changedAgents(source, target);
    const QStringList running = runningAgents(changed, placementsOf(input));
    const AgentBatches batches = batchesOf(running, policy);
    QCborArray rest;
    QStringList remaining;
    for (const QStringList &batch : batches.rest) {
        rest.append(listOf(batch));
        remaining += batch;
    }
    return QCborMap{{u"same_topology"_qs, topologyOf(source) == topologyOf(target)},
                    {u"changed_source_agent_ids"_qs, listOf(changed)},
                    {u"runtime_agent_ids"_qs, listOf(running)},
                    {u"canary_count"_qs, canaryCount(policy, running.size())},
                    {u"whole_job_canary"_qs, canaryCount(policy, 1) > 0},
                    {u"first_batch"_qs, listOf(batches.first)},
                    {u"remaining"_qs, listOf(remaining)},
                    {u"remaining_batches"_qs, rest}};
}

} // namespace

Family planFamily() {
    return {u"plan"_qs, answer, {}, {}};
}

} // namespace aviary::conformance
