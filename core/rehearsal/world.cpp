// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rehearsal/world.h"

#include "core/kernel/rollout/step.h"

#include <algorithm>
#include <map>

namespace aviary::rehearsal {
namespace {

using kernel::TargetIndex;

constexpr double day_ms = 86'400'000.0;

Process processOf(const Trouble &trouble, std::size_t subjects) {
    const double per_day = trouble.per_day * static_cast<double>(subjects);
    return {per_day > 0.0 ? day_ms / per_day : 0.0, Lognormal(trouble.length)};
}

// One of two chances befalls it.
Ppm either(Ppm one, Ppm other) {
    const std::uint64_t both = std::uint64_t{one} * other / kernel::ppm_one;
    return static_cast<Ppm>(std::uint64_t{one} + other - both);
}

Fates fatesOf(const Start &start, Ppm failed) {
    constexpr std::uint64_t all = limitOf(kernel::ppm_one);
    Fates fates;
    fates.refused = limitOf(start.refused);
    fates.failed = std::min(all, fates.refused + limitOf(failed));
    fates.silent = std::min(all, fates.failed + limitOf(start.silent));
    fates.slow = std::min(all, fates.silent + limitOf(start.slow));
    return fates;
}

Suspicion suspicionOf(const Setup &setup, const Hypothesis &hypothesis) {
    const Start &start = setup.scenario.start;
    const Ppm failed = either(start.failed, hypothesis.starts_fail_more);
    Suspicion suspicion{
        fatesOf(start, failed), fatesOf(start, either(failed, hypothesis.label_fails)), {}};
    if (hypothesis.label_fails == 0) {
        return suspicion;
    }
    std::map<std::string_view, const kernel::Node *> nodes;
    for (const kernel::Node &node : setup.fleet.nodes) {
        nodes.emplace(node.id, &node);
    }
    for (const kernel::Target &target : setup.plan->targets) {
        const auto node = nodes.find(target.node);
        bool has = false;
        if (node != nodes.end()) {
            const auto &labels = node->second->labels;
            const auto label = labels.find(hypothesis.label);
            has = label != labels.end()
                      ? label->second == hypothesis.label_value
                      : hypothesis.label == "site" && node->second->site == hypothesis.label_value;
        }
        suspicion.labelled.push_back(has);
    }
    return suspicion;
}

bool serves(const kernel::Cell &cell) {
    const bool heard = cell.status != kernel::NodeStatus::Offline && !cell.drained;
    return heard && (cell.ready || cell.old_runs);
}

template <class Place>
void sortBy(std::vector<Place> &places, const std::vector<std::uint64_t> &identity) {
    std::sort(places.begin(), places.end(), [&](Place left, Place right) {
        return std::pair(identity[left], left) < std::pair(identity[right], right);
    });
}

} // namespace

// FNV-1a (Fowler, Noll, Vo), stirred.
std::uint64_t identityOf(std::string_view name) {
    std::uint64_t hash = 0xcbf2'9ce4'8422'2325ULL;
    for (const char letter : name) {
        hash = (hash ^ static_cast<unsigned char>(letter)) * 0x0000'0100'0000'01b3ULL;
    }
    return stirred(hash);
}

World::World(Setup given)
    : setup(std::move(given))
    , initial(setup.now ? setup.now->state : kernel::begin(*setup.plan))
    , begun(initial.now)
    , crowd(setup.scenario, setup.plan->latency_limit_ms)
    , start(setup.scenario.start.latency)
    , stop(setup.scenario.start.stop)
    , back(setup.scenario.start.back)
    , router(setup.scenario.router.delay)
    , answer(setup.scenario.person.answer)
    , flapping(limitOf(setup.scenario.flapping.nodes))
    , back_failed(limitOf(setup.scenario.start.back_failed))
    , router_refused(limitOf(setup.scenario.router.refused))
    , away(limitOf(setup.scenario.person.away)) {
    site_targets.resize(initial.sites.size());
    site_serving.resize(initial.sites.size());
    for (TargetIndex i = 0; i < plan().targets.size(); ++i) {
        const kernel::Target &target = plan().targets[i];
        identity.push_back(identityOf(target.node));
        site_serving[target.site] += serves(initial.cells[i]);
        if (i < plan().active) {
            subjects.push_back(i);
            site_targets[target.site].push_back(i);
        }
    }
    for (std::uint32_t i = 0; i < initial.sites.size(); ++i) {
        site_identity.push_back(
            identityOf(i < plan().sites.size() ? plan().sites[i].name : std::to_string(i)));
        if (!site_targets[i].empty()) {
            site_subjects.push_back(i);
        }
    }
    sortBy(subjects, identity);
    sortBy(site_subjects, site_identity);
    for (std::vector<TargetIndex> &targets : site_targets) {
        sortBy(targets, identity);
    }
    for (const Hypothesis &hypothesis : scenario().hypotheses) {
        suspicions.push_back(suspicionOf(setup, hypothesis));
    }
    outages = processOf(scenario().sites.outages, site_subjects.size());
    node_outages = processOf(scenario().sites.node_outages, subjects.size());
    drains = processOf(scenario().sites.drains, subjects.size());
}

} // namespace aviary::rehearsal
