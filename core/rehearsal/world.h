// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/rehearsal/crowd.h"
#include "core/rehearsal/rehearsal.h"

namespace aviary::rehearsal {

// What becomes of a start, by 32 bits of luck: each limit includes the ones before it.
struct Fates {
    std::uint64_t refused = 0, failed = 0, silent = 0, slow = 0;
};

// A Trouble of all its subjects together: one Poisson process that then picks whom it befalls.
struct Process {
    double gap_mean_ms = 0.0; // 0: never
    Lognormal length;
};

// One hypothesis, made ready.
struct Suspicion {
    Fates fates;                        // of most nodes
    Fates labelled_fates;               // of those with its label
    std::vector<std::uint8_t> labelled; // as Plan::targets; empty: none
};

// What is the same for all futures of a rehearsal; const once it is made.
struct World {
    explicit World(Setup given);

    const kernel::Plan &plan() const { return *setup.plan; }
    const Scenario &scenario() const { return setup.scenario; }
    std::size_t hypothesisOf(std::uint32_t future) const {
        return future % setup.scenario.hypotheses.size();
    }
    std::uint64_t luckOf(std::uint32_t future) const {
        return future / setup.scenario.hypotheses.size();
    }

    Setup setup;
    kernel::State initial;
    Millis begun = 0; // rollout time of instant 0

    // By target. Identities come from names, so that a node has the same luck in every plan.
    std::vector<std::uint64_t> identity;
    std::vector<kernel::TargetIndex> subjects; // active targets in the order of their identities
    // By site.
    std::vector<std::uint64_t> site_identity;
    std::vector<std::uint32_t> site_subjects; // sites with active targets, by identity
    std::vector<std::vector<kernel::TargetIndex>> site_targets; // active ones
    std::vector<std::uint32_t> site_serving;                    // targets that serve at instant 0

    std::vector<Suspicion> suspicions; // as Scenario::hypotheses
    CrowdModel crowd;
    Lognormal start, stop, back, router, answer;
    Process outages, node_outages, drains;
    std::uint64_t flapping = 0, back_failed = 0, router_refused = 0, away = 0;
};

// A well mixed number for a name.
std::uint64_t identityOf(std::string_view name);

} // namespace aviary::rehearsal
