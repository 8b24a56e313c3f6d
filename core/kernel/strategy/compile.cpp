// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernel/strategy/compile.h"

#include "core/kernel/strategy/lint.h"

namespace aviary::kernel {

namespace {

RouterKind routerOf(const PlanRequest &request) {
    if (request.router == RouterKind::None ||
        std::holds_alternative<FeatureFlag>(request.strategy)) {
        return request.router == RouterKind::None ? RouterKind::None : RouterKind::Flag;
    }
    // A rolling update goes node by node; a flag has no part in it.
    const bool goes_by_node = std::holds_alternative<Rolling>(request.strategy);
    return goes_by_node && request.router == RouterKind::Flag ? RouterKind::None : request.router;
}

// Beside needs somebody who sends the requests to the one instance or the other; a flag does not.
UpdateMode modeOf(const PlanRequest &request, RouterKind router) {
    if (std::holds_alternative<BlueGreen>(request.strategy) || shiftsOnly(request.strategy)) {
        return UpdateMode::Beside;
    }
    return request.mode.value_or(router == RouterKind::Weights ? UpdateMode::Beside
                                                               : UpdateMode::InPlace);
}

std::string flagOf(const PlanRequest &request, RouterKind router) {
    if (router != RouterKind::Flag) {
        return {};
    }
    const auto *flag = std::get_if<FeatureFlag>(&request.strategy);
    const bool named = flag && !flag->flag_name.empty();
    return named ? flag->flag_name : "ff_" + request.service + "_" + request.to;
}

} // namespace

Compiled compile(const PlanRequest &request, const Fleet &fleet) {
    Problems problems;
    Plan plan;
    plan.service = request.service;
    plan.strategy = kindOf(request.strategy);
    plan.router = routerOf(request);
    plan.mode = modeOf(request, plan.router);
    plan.scope = request.scope;
    plan.flag = flagOf(request, plan.router);
    plan.latency_limit_ms = request.latency_limit_ms;
    plan.policy = request.policy;
    lintRequest(request, problems);
    chooseTargets(request, fleet, plan, problems);
    if (plan.active > 0) {
        writeSteps(request, plan, problems);
    }
    if (!problems.empty()) {
        return problems.list();
    }
    return plan;
}

} // namespace aviary::kernel
