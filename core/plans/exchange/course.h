// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plans/exchange/export.h"

namespace aviary::plans {

// How a plan spreads, request or compiled alike. Only the exports use it.
struct Stage {
    kernel::Weight nodes = 0;   // share of the nodes on the new revision, cumulative
    kernel::Weight traffic = 0; // the new revision's
    bool compares = false;      // a check compares new and old
    kernel::Millis bake_ms = 0;
    std::optional<kernel::Millis> hold_ms = 0; // none: until promoted
};

struct Course {
    kernel::StrategyKind kind = kernel::StrategyKind::Rolling;
    bool traffic_only = false;
    std::string service;
    std::vector<Stage> stages; // canary and flag; the last is all of it
    kernel::Millis delay_ms = 0;
    kernel::BlueGreen slots; // blue-green
    kernel::Policy policy;
    kernel::Ppm success_threshold = 0;
    bool beside = true;
    std::size_t judges = 0;  // that were asked for
    std::uint32_t nodes = 0; // 0: not known
};

Course courseOf(const PlanFile &file, std::uint32_t nodes);

Export exportArgo(const Course &course);
Result<Export> exportNomad(const Course &course);

} // namespace aviary::plans
