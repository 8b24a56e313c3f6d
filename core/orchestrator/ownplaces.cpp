// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/orchestrator/ownplaces.h"

#include "core/api/presentation.h"

#include <map>

namespace aviary::orchestrator {
namespace {

using clusters::Instance;
using kernel::Phase;

Phase phaseOf(const Instance &fresh) {
    return fresh.ready ? Phase::Healthy : fresh.running ? Phase::Updating : Phase::Failed;
}

struct Place {
    const Instance *fresh = nullptr;
    const Instance *old = nullptr;
};

std::map<QString, Place> placesOf(const KnownRollout &known,
                                  const std::vector<Instance> &instances) {
    std::map<QString, Place> places;
    for (const Instance &one : instances) {
        if (one.service != known.now.service) {
            continue;
        }
        Place &place = places[one.node];
        (one.revision == known.now.to ? place.fresh : place.old) = &one;
    }
    return places;
}

} // namespace

void placeOwn(api::RolloutDetail &detail, const KnownRollout &known,
              const std::vector<Instance> &instances, const kernel::Fleet &fleet) {
    const std::map<QString, Place> places = placesOf(known, instances);
    detail.targets.clear();
    detail.phases.assign(kernel::phase_count, 0);
    for (const kernel::Node &node : fleet.nodes) {
        const auto at = places.find(api::text(node.id));
        if (at == places.end()) {
            continue;
        }
        const Place &place = at->second;
        api::TargetRow row;
        row.node = at->first;
        row.site = api::text(node.site);
        row.previous = place.old ? place.old->revision : QString();
        row.phase = place.fresh ? phaseOf(*place.fresh) : Phase::Untouched;
        row.status = node.status;
        row.text = place.fresh && !place.fresh->ready ? place.fresh->text : QString();
        ++detail.phases[static_cast<std::size_t>(row.phase)];
        if (detail.targets.size() < api::page_nodes_max) {
            detail.targets.push_back(std::move(row));
        }
    }
    detail.targets_total = static_cast<quint32>(detail.targets.size());
}

} // namespace aviary::orchestrator
