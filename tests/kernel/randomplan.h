// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/kernel/chance.h"
#include "tests/kernel/fleets.h"

#include <optional>

// Any plan that compile accepts, from small fleets with all kinds of nodes.
namespace aviary::kernel::testing {

inline Fleet randomFleet(Chance &chance) {
    const std::uint32_t nodes = chance.from(1, chance.percent(20) ? 40 : 12);
    const std::uint32_t sites = chance.from(1, 4);
    const bool first = chance.percent(10); // nothing runs yet
    Fleet fleet;
    for (std::uint32_t i = 0; i < nodes; ++i) {
        const std::string site(1, static_cast<char>('a' + chance.below(sites)));
        std::string revision = first || chance.percent(5) ? "" : "v1";
        revision = chance.percent(6) ? "v2" : revision;
        Node made = node("n" + std::to_string(i), site, revision);
        made.status = chance.percent(4) ? NodeStatus::Offline : NodeStatus::Online;
        made.flags.draining = chance.percent(3);
        made.flags.maintenance = chance.percent(2);
        made.flags.excluded = chance.percent(2);
        fleet.nodes.push_back(made);
    }
    return fleet;
}

inline std::optional<Millis> randomHold(Chance &chance) {
    return chance.percent(50) ? std::nullopt : std::optional<Millis>(chance.from(0, 90'000));
}

inline Strategy randomStrategy(Chance &chance) {
    const Millis bake = chance.from(0, 60'000);
    switch (chance.below(8)) {
    case 0:
        return RollingTraffic{chance.from(1, 5), chance.from(0, 5'000)};
    case 1:
    case 2: {
        Canary canary;
        if (chance.percent(50)) {
            canary.stages = {static_cast<Weight>(chance.from(100, 3'000)),
                             static_cast<Weight>(chance.from(3'100, 9'000)), full_weight};
        }
        canary.bake_ms = bake;
        canary.hold_ms = randomHold(chance);
        return canary;
    }
    case 3: {
        CanarySingle canary;
        canary.percent = static_cast<Weight>(chance.from(100, 9'000));
        canary.bake_ms = bake;
        canary.hold_ms = randomHold(chance);
        return canary;
    }
    case 4: {
        CanaryTraffic canary;
        canary.bake_ms = bake;
        canary.hold_ms = randomHold(chance);
        return canary;
    }
    case 5:
        return BlueGreen{chance.percent(50), chance.from(0, 10'000), chance.from(0, 40'000)};
    case 6: {
        FeatureFlag flag;
        flag.ramp = {1'000, 5'000, 10'000};
        flag.bake_ms = bake;
        flag.hold_ms = randomHold(chance);
        return flag;
    }
    default:
        return Rolling{chance.from(0, 6'000)};
    }
}

inline Policy randomPolicy(Chance &chance) {
    Policy policy;
    policy.min_healthy_ms = chance.percent(20) ? 0 : chance.from(1, 15'000);
    policy.healthy_deadline_ms = chance.from(30'000, 300'000);
    policy.progress_deadline_ms = chance.percent(15) ? 0 : chance.from(300'000, 900'000);
    policy.retries = chance.below(3);
    policy.max_parallel = chance.from(1, 5);
    if (chance.percent(50)) {
        const bool percent = chance.percent(50);
        policy.max_unavailable =
            NodeLimit{percent ? chance.from(1, 60) : chance.from(1, 4), percent};
    }
    policy.max_load_percent = chance.percent(50) ? 200 : chance.from(150, 2'000);
    policy.on_failure = static_cast<OnFailure>(chance.below(3));
    policy.auto_promote = chance.percent(30);
    return policy;
}

inline PlanRequest randomRequest(Chance &chance) {
    constexpr RouterKind routers[] = {RouterKind::Weights, RouterKind::Weights, RouterKind::None};
    const RouterKind router = routers[chance.below(3)];
    PlanRequest made = request(randomStrategy(chance), router);
    if (std::holds_alternative<FeatureFlag>(made.strategy)) {
        made.router = RouterKind::Flag;
    }
    made.policy = randomPolicy(chance);
    made.scope = chance.percent(50) ? RouterScope::Cluster : RouterScope::Site;
    made.check_limit_ms = chance.percent(60) ? chance.from(1, 120'000) : 0;
    if (chance.percent(40)) {
        made.mode = chance.percent(70) ? UpdateMode::InPlace : UpdateMode::Beside;
    }
    return made;
}

// Until one compiles.
inline Plan randomPlan(Chance &chance) {
    for (;;) {
        Fleet fleet = randomFleet(chance);
        PlanRequest request = randomRequest(chance);
        bool first = true;
        std::vector<std::string> all;
        for (const Node &node : fleet.nodes) {
            first = first && !node.revisions.contains("web");
            all.push_back(node.id);
        }
        if (first) {
            request.from.clear();
        }
        request.targets = all;
        Compiled compiled = compile(request, fleet);
        if (auto *plan = std::get_if<Plan>(&compiled)) {
            return std::move(*plan);
        }
    }
}

} // namespace aviary::kernel::testing
