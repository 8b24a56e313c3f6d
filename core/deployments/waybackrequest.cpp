// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/deployments/waybackrequest.h"

namespace aviary {
namespace {

using namespace kernel;

struct StrategyBack {
    Strategy operator()(const RollingTraffic &) const { return RollingTraffic{1, 0}; }
    Strategy operator()(const CanaryTraffic &) const { return RollingTraffic{1, 0}; }
    Strategy operator()(const BlueGreen &forward) const {
        return BlueGreen{false, 0, forward.retire_delay_ms};
    }
    Strategy operator()(const auto &) const { return Rolling{0}; }
};

} // namespace

PlanRequest wayBackRequest(const PlanRequest &forward, const std::string &back) {
    PlanRequest request = forward;
    request.from = forward.to;
    request.to = back;
    request.strategy = std::visit(StrategyBack{}, forward.strategy);
    request.judges = std::vector<Judge>{};
    request.policy.auto_promote = true;
    request.policy.auto_revert = false;
    request.policy.success_threshold.reset();        // all of them count
    request.policy.on_failure = OnFailure::Continue; // as many as can be are brought back
    return request;
}

} // namespace aviary
