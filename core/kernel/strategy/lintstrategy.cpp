// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernel/strategy/lint.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace aviary::kernel {

namespace {

constexpr std::size_t judges_max = 16;
constexpr std::size_t metrics_max = 256;
constexpr std::size_t flag_name_bytes_max = 253;
constexpr Ppm alpha_max = 500'000;

std::string indexed(std::string_view field, std::size_t index) {
    return std::string(field) + "[" + std::to_string(index) + "]";
}

void lintHold(const std::optional<Millis> &hold_ms, Problems &problems) {
    if (hold_ms) {
        lintDuration("strategy.hold", *hold_ms, problems);
    }
}

void lintHolds(const Canary &canary, Problems &problems) {
    if (canary.holds.empty()) {
        return;
    }
    if (canary.holds.size() + 1 != canary.stages.size()) {
        problems.add("strategy.holds", "has " + countText(canary.holds.size()) + " times",
                     "one for each stage but the last, or none");
    }
    for (std::size_t i = 0; i < canary.holds.size() && i < stages_max; ++i) {
        if (canary.holds[i]) {
            lintDuration(indexed("strategy.holds", i), *canary.holds[i], problems);
        }
    }
}

// Weights that must rise from stage to stage.
void lintRising(std::string_view field, const std::vector<Weight> &weights, Problems &problems) {
    lintCount(field, weights.size(), 0, stages_max, problems);
    for (std::size_t i = 0; i < weights.size() && i < stages_max; ++i) {
        lintWeight(indexed(field, i), weights[i], 1, problems);
        if (i > 0 && weights[i] <= weights[i - 1]) {
            problems.add(indexed(field, i),
                         weightText(weights[i]) + " does not rise above " +
                             weightText(weights[i - 1]) + " before it",
                         "percentages that rise from stage to stage");
        }
    }
}

struct StrategyLint {
    Problems &problems;

    void operator()(const Rolling &rolling) const {
        lintDuration("strategy.delay", rolling.delay_ms, problems);
    }
    void operator()(const RollingTraffic &rolling) const {
        lintCount("strategy.batch_count", rolling.batch_count, 1, stages_max, problems);
        lintDuration("strategy.pause", rolling.pause_ms, problems);
    }
    void operator()(const Canary &canary) const {
        lintRising("strategy.stages", canary.stages, problems);
        if (canary.stages.empty()) {
            problems.add("strategy.stages", "is empty", "1 to 1,000 stages, the last 100 %");
        } else if (canary.stages.back() != full_weight) {
            problems.add(indexed("strategy.stages", canary.stages.size() - 1),
                         "the last stage is " + weightText(canary.stages.back()),
                         "100 % at the end, or a part of the fleet keeps the old revision");
        }
        lintDuration("strategy.bake", canary.bake_ms, problems);
        lintHold(canary.hold_ms, problems);
        lintHolds(canary, problems);
    }
    void operator()(const CanarySingle &canary) const {
        if (canary.nodes == 0) {
            lintWeight("strategy.canary_percent", canary.percent, 1, problems);
        }
        lintCount("strategy.canary_nodes", canary.nodes, 0, targets_max, problems);
        lintDuration("strategy.bake", canary.bake_ms, problems);
        lintHold(canary.hold_ms, problems);
    }
    void operator()(const CanaryTraffic &canary) const {
        lintWeight("strategy.initial", canary.initial, 1, problems);
        lintWeight("strategy.step", canary.step, 1, problems);
        lintCount("strategy.max_steps", canary.max_steps, 1, stages_max, problems);
        lintDuration("strategy.bake", canary.bake_ms, problems);
        lintHold(canary.hold_ms, problems);
    }
    void operator()(const BlueGreen &blue_green) const {
        lintDuration("strategy.warm_up", blue_green.warm_up_ms, problems);
        lintDuration("strategy.retire_delay", blue_green.retire_delay_ms, problems);
    }
    void operator()(const FeatureFlag &flag) const {
        const bool printable =
            std::all_of(flag.flag_name.begin(), flag.flag_name.end(), [](char letter) {
                const auto byte = static_cast<unsigned char>(letter);
                return byte > 0x20 && byte != 0x7f;
            });
        if (!printable || flag.flag_name.size() > flag_name_bytes_max) {
            problems.add("strategy.flag_name", "is no name for a flag",
                         "at most 253 bytes without blanks and control characters");
        }
        lintWeight("strategy.initial_rollout", flag.initial_rollout, 0, problems);
        lintRising("strategy.ramp", flag.ramp, problems);
        if (!flag.ramp.empty() && flag.ramp.front() <= flag.initial_rollout) {
            problems.add("strategy.ramp[0]",
                         weightText(flag.ramp.front()) + " does not rise above initial_rollout",
                         "more than " + weightText(flag.initial_rollout));
        }
        lintDuration("strategy.bake", flag.bake_ms, problems);
        lintHold(flag.hold_ms, problems);
    }
};

bool isShare(double value) {
    return std::isfinite(value) && value >= 0.0 && value <= 1.0;
}

struct JudgeLint {
    std::string field;
    bool counted; // a router counts requests for each revision
    Problems &problems;

    void operator()(const HealthShare &judge) const {
        if (judge.threshold > ppm_one) {
            problems.add(field + ".threshold", "is over 100 %", "0 to 100 %");
        }
    }
    void operator()(const Tolerance &judge) const {
        lintCount(field + ".metrics", judge.metrics.size(), 1, metrics_max, problems);
        const std::set<std::string> distinct(judge.metrics.begin(), judge.metrics.end());
        if (distinct.size() != judge.metrics.size() || distinct.count("") != 0) {
            problems.add(field + ".metrics", "a metric is named twice or has no name",
                         "each metric once");
        }
        if (!judge.tolerances.empty() && judge.tolerances.size() != judge.metrics.size()) {
            problems.add(field + ".tolerances", "has another length than metrics",
                         "one for each metric, or none");
        }
        std::vector<double> all = judge.tolerances;
        all.push_back(judge.tolerance);
        if (!std::all_of(all.begin(), all.end(),
                         [](double one) { return std::isfinite(one) && one >= 0.0; })) {
            problems.add(field + ".tolerance", "is negative or no number", "0 or more");
        }
        if (!isShare(judge.promote_rate) || !isShare(judge.rollback_rate) ||
            judge.rollback_rate > judge.promote_rate) {
            problems.add(field + ".promote_rate", "and rollback_rate do not fit together",
                         "0 <= rollback_rate <= promote_rate <= 1");
        }
    }
    void operator()(const NotWorse &judge) const {
        if (!counted) {
            problems.add(field, "without a router nobody counts requests for each revision",
                         "health_share or tolerance");
        }
        if (judge.margin > ppm_one) {
            problems.add(field + ".margin", "is over 100 points", "0 to 100 points");
        }
        if (judge.alpha == 0 || judge.alpha > alpha_max) {
            problems.add(field + ".alpha", "is no chance of a false alarm", "0.0001 to 50 %");
        }
        if (judge.sample_min == 0) {
            problems.add(field + ".sample_min", "is 0", "1 request or more");
        }
    }
};

} // namespace

void lintStrategy(const Strategy &strategy, Problems &problems) {
    std::visit(StrategyLint{problems}, strategy);
}

void lintJudges(const PlanRequest &request, Problems &problems) {
    if (!request.judges) {
        return;
    }
    lintCount("judges", request.judges->size(), 0, judges_max, problems);
    for (std::size_t i = 0; i < request.judges->size() && i < judges_max; ++i) {
        const JudgeLint lint{indexed("judges", i), request.router != RouterKind::None, problems};
        std::visit(lint, (*request.judges)[i]);
    }
}

} // namespace aviary::kernel
