// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/conformance/family.h"

namespace aviary::conformance {

std::vector<Family> families() {
    return {policyFamily(),
            planFamily(),
            rollbackFamily(),
            servicesFamily(),
            idsFamily(),
            canaryAnalyzerFamily(),
            rollbackManagerFamily(),
            targetRollingFamily(),
            targetBlueGreenFamily(),
            targetCanaryFamily(),
            edgeRollingFamily(),
            edgeBlueGreenFamily(),
            edgeCanaryFamily(),
            serviceRollingFamily(),
            serviceCanaryFamily(),
            serviceBlueGreenFamily(),
            serviceFeatureFlagFamily(),
            serviceManagerFamily(),
            orchestratorFamily(),
            scenarioFamily(),
            edgeClusterFamily()};
}

} // namespace aviary::conformance
