// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/health/check.h"

#include <algorithm>

namespace aviary::health {

QString nameOf(Health health) {
    switch (health) {
    case Health::NoCheck:
        return QStringLiteral("no check");
    case Health::Unknown:
        return QStringLiteral("unknown");
    case Health::Silent:
        return QStringLiteral("silent");
    case Health::Unhealthy:
        return QStringLiteral("unhealthy");
    case Health::Degraded:
        return QStringLiteral("degraded");
    case Health::Healthy:
        break;
    }
    return QStringLiteral("healthy");
}

Health aggregate(const std::vector<CheckResult> &results) {
    if (results.empty()) {
        return Health::NoCheck;
    }
    for (const Health bad : {Health::Unhealthy, Health::Silent, Health::Unknown}) {
        for (const CheckResult &result : results) {
            const Health health = std::max(result.health, Health::Unknown);
            if (result.critical && health == bad) {
                return bad;
            }
        }
    }
    const bool all = std::all_of(results.begin(), results.end(), [](const CheckResult &result) {
        return result.health == Health::Healthy;
    });
    return all ? Health::Healthy : Health::Degraded;
}

QString reasonOf(const std::vector<CheckResult> &results) {
    QStringList reasons;
    for (const CheckResult &result : results) {
        if (result.health != Health::Healthy) {
            reasons += result.name + u": " + result.text;
        }
    }
    return reasons.join(u"; ").left(1'000);
}

} // namespace aviary::health
