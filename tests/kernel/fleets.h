// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/strategy/compile.h"

#include <QString>
#include <QStringList>

// Small fleets for the kernel's tests.
namespace aviary::kernel::testing {

inline Node node(std::string id, std::string site = "a", std::string revision = "v1") {
    Node made;
    made.id = std::move(id);
    made.name = made.id;
    made.site = std::move(site);
    made.heartbeat_age = 1'000;
    if (!revision.empty()) {
        made.revisions["web"] = std::move(revision);
    }
    return made;
}

// n0, n1, ... spread over the sites a, b, c in turn, all online and on v1.
inline Fleet fleet(std::size_t nodes, std::size_t sites = 1) {
    Fleet made;
    for (std::size_t i = 0; i < nodes; ++i) {
        const std::string site(1, static_cast<char>('a' + i % sites));
        made.nodes.push_back(node("n" + std::to_string(i), site));
    }
    return made;
}

inline PlanRequest request(Strategy strategy, RouterKind router = RouterKind::Weights) {
    PlanRequest made;
    made.service = "web";
    made.from = "v1";
    made.to = "v2";
    made.strategy = std::move(strategy);
    made.router = router;
    return made;
}

inline QStringList stepTexts(const Plan &plan) {
    QStringList texts;
    for (const Step &step : plan.steps) {
        texts << QString::fromStdString(toText(step));
    }
    return texts;
}

} // namespace aviary::kernel::testing
