// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernel/strategy/lint.h"
#include "core/kernel/strategy/load.h"

#include <algorithm>

namespace aviary::kernel {

namespace {

// Plan::judges [begin, end).
struct JudgeRange {
    std::uint32_t begin = 0, end = 0;
};

// One stage of a canary: up to `nodes` active targets on the new revision, and its traffic.
struct Stage {
    std::string field;
    std::uint32_t nodes = 0;
    Weight weight = 0;
    std::optional<Millis> hold_ms;
};

bool compares(const Judge &judge) {
    return !std::holds_alternative<HealthShare>(judge);
}

Tolerance sorted(Tolerance judge) {
    std::vector<std::pair<std::string, double>> own;
    judge.tolerances.resize(judge.metrics.size(), judge.tolerance);
    for (std::size_t i = 0; i < judge.metrics.size(); ++i) {
        own.emplace_back(judge.metrics[i], judge.tolerances[i]);
    }
    std::sort(own.begin(), own.end());
    for (std::size_t i = 0; i < own.size(); ++i) {
        judge.metrics[i] = own[i].first;
        judge.tolerances[i] = own[i].second;
    }
    return judge;
}

std::string loadText(std::uint64_t thousandths) {
    std::string text = std::to_string(thousandths / 1'000);
    const std::uint64_t tenths = thousandths % 1'000 / 100;
    return tenths == 0 ? text : text + "." + std::to_string(tenths);
}

// Writes the steps of one plan from first to last, and keeps count of who would serve by then.
class StepWriter {
public:
    StepWriter(const PlanRequest &request, Plan &plan, Problems &problems)
        : request_(request), plan_(plan), problems_(problems) {
        countNodes();
    }

    void operator()(const Rolling &rolling);
    void operator()(const RollingTraffic &rolling);
    void operator()(const Canary &canary);
    void operator()(const CanarySingle &canary);
    void operator()(const CanaryTraffic &canary);
    void operator()(const BlueGreen &blue_green);
    void operator()(const FeatureFlag &flag);
    void finish();

private:
    void countNodes();
    void chooseJudges(std::vector<Judge> standard);
    void chooseLastJudges();
    JudgeRange addJudges(const std::vector<Judge> &judges);
    void update(TargetIndex end, std::uint32_t wave_size, Millis delay_ms, bool retire_old);
    void shift(Weight weight, const std::string &field);
    void check(JudgeRange judges, Millis bake_ms);
    void hold(const std::optional<Millis> &time_ms);
    void runStages(const std::vector<Stage> &stages, Millis bake_ms);
    void remark(Remark::Kind kind, std::string subject, std::string text) {
        plan_.remarks.push_back({kind, std::move(subject), std::move(text)});
    }
    bool splits() const; // a stage can give a part of the traffic to the new revision
    std::vector<Judge> standardJudges() const;
    LoadScope &scopeOf(const Target &target);

    const PlanRequest &request_;
    Plan &plan_;
    Problems &problems_;
    JudgeRange stage_judges_;        // where new and old serve side by side
    JudgeRange last_judges_;         // where all traffic is on the new one
    std::vector<LoadScope> scopes_;  // one, or one for each site
    TargetIndex updated_ = 0;        // of the pending targets
    bool left_out_ = false;          // a shift or a switch, for want of a router
    std::uint32_t stable_nodes_ = 0; // active targets with an instance to shift from
};

LoadScope &StepWriter::scopeOf(const Target &target) {
    return scopes_[plan_.scope == RouterScope::Site ? target.site : 0];
}

void StepWriter::countNodes() {
    scopes_.resize(plan_.scope == RouterScope::Site ? plan_.sites.size() : 1);
    for (TargetIndex i = 0; i < plan_.active; ++i) {
        const Target &target = plan_.targets[i];
        LoadScope &scope = scopeOf(target);
        ++scope.nodes;
        if (target.standing == Standing::Done) {
            ++scope.fresh;
        }
        if (target.previous != no_revision && target.previous != plan_.to) {
            ++scope.stable;
            ++stable_nodes_;
        }
    }
}

bool StepWriter::splits() const {
    if (plan_.router == RouterKind::Flag) {
        return true;
    }
    return plan_.router == RouterKind::Weights && plan_.from != no_revision && stable_nodes_ > 0;
}

std::vector<Judge> StepWriter::standardJudges() const {
    std::vector<Judge> judges = {HealthShare{plan_.successThreshold()}};
    if (splits()) {
        judges.push_back(NotWorse{});
    }
    return judges;
}

JudgeRange StepWriter::addJudges(const std::vector<Judge> &judges) {
    const auto begin = static_cast<std::uint32_t>(plan_.judges.size());
    for (const Judge &judge : judges) {
        const auto *tolerance = std::get_if<Tolerance>(&judge);
        plan_.judges.push_back(tolerance ? Judge{sorted(*tolerance)} : judge);
    }
    return {begin, static_cast<std::uint32_t>(plan_.judges.size())};
}

void StepWriter::chooseJudges(std::vector<Judge> standard) {
    stage_judges_ = addJudges(request_.judges.value_or(std::move(standard)));
}

// Judges that compare have nothing to compare with once all traffic is on the new revision: they
// would see no baseline and make each plan wait for a person at its end.
void StepWriter::chooseLastJudges() {
    const auto begin = plan_.judges.begin() + stage_judges_.begin;
    const auto end = plan_.judges.begin() + stage_judges_.end;
    last_judges_ = stage_judges_;
    if (std::none_of(begin, end, compares)) {
        return;
    }
    std::vector<Judge> last;
    std::copy_if(begin, end, std::back_inserter(last),
                 [](const Judge &judge) { return !compares(judge); });
    if (last.empty()) {
        last.push_back(HealthShare{plan_.successThreshold()});
    }
    last_judges_ = addJudges(last);
    remark(Remark::Kind::Other, "judges",
           "the last check is by health share: at 100 % no old revision is left to compare with");
}

// Orders the pending targets up to `end`; a stage that adds none has no update.
void StepWriter::update(TargetIndex end, std::uint32_t wave_size, Millis delay_ms,
                        bool retire_old) {
    if (end <= updated_) {
        return;
    }
    const std::uint32_t parallel = std::min(request_.policy.max_parallel, wave_size);
    plan_.steps.push_back(
        UpdateStep{updated_, end, wave_size, std::max(parallel, 1U), delay_ms, retire_old});
    for (; updated_ < end; ++updated_) {
        LoadScope &scope = scopeOf(plan_.targets[updated_]);
        ++scope.fresh;
    }
}

void StepWriter::shift(Weight weight, const std::string &field) {
    if (plan_.router == RouterKind::None || plan_.weightFollowsNodes()) {
        left_out_ = left_out_ || plan_.router == RouterKind::None;
        return;
    }
    plan_.steps.push_back(ShiftStep{weight});
    // A flag moves people, not load between nodes; and nobody is overloaded by all of nothing.
    if (plan_.router == RouterKind::Flag || !splits()) {
        return;
    }
    const std::uint32_t load = std::max(plan_.policy.max_load_percent, 100U);
    const WeightRange range = weightRange(load, scopes_);
    if (range.contains(weight)) {
        return;
    }
    const bool fresh_overloaded = weight > range.high;
    std::string allowed = "from " + weightText(range.low) + " to " + weightText(range.high) +
                          " with these nodes, or more nodes, or a higher max_load";
    if (range.empty()) {
        allowed = "more nodes, or a higher max_load: no weight fits these nodes";
    }
    problems_.add(field,
                  weightText(weight) + " gives the healthy nodes of the " +
                      (fresh_overloaded ? "new" : "old") + " revision more than " +
                      loadText(std::uint64_t{load} * 10) + " times their usual share (max_load)",
                  allowed);
}

void StepWriter::check(JudgeRange judges, Millis bake_ms) {
    if (judges.begin == judges.end && bake_ms == 0) {
        return;
    }
    plan_.steps.push_back(CheckStep{judges.begin, judges.end, bake_ms, request_.check_limit_ms});
}

void StepWriter::hold(const std::optional<Millis> &time_ms) {
    if (!time_ms || *time_ms > 0) {
        plan_.steps.push_back(HoldStep{time_ms});
    }
}

void StepWriter::runStages(const std::vector<Stage> &stages, Millis bake_ms) {
    chooseJudges(standardJudges());
    chooseLastJudges();
    if (plan_.router != RouterKind::None && !splits()) {
        remark(
            Remark::Kind::Other, "traffic",
            "nothing else runs that traffic could be shifted from: one shift to 100 % at the end");
    }
    const std::uint32_t done = plan_.active - plan_.pending;
    for (std::size_t i = 0; i < stages.size(); ++i) {
        const Stage &stage = stages[i];
        const bool is_last = i + 1 == stages.size();
        const TargetIndex end = std::min(stage.nodes - std::min(stage.nodes, done), plan_.pending);
        if (end <= updated_) {
            remark(Remark::Kind::StageAddsNothing, stage.field,
                   "the stage of " + weightText(stage.weight) + " updates no further node");
        } else {
            update(end, end - updated_, 0, false);
        }
        if (splits() || is_last) {
            shift(stage.weight, stage.field);
        }
        check(is_last ? last_judges_ : stage_judges_, bake_ms);
        if (!is_last) {
            hold(stage.hold_ms);
        }
    }
    if (plan_.mode == UpdateMode::Beside && stable_nodes_ > 0) {
        plan_.steps.push_back(RetireStep{0});
    }
}

void StepWriter::operator()(const Rolling &rolling) {
    const bool beside = plan_.mode == UpdateMode::Beside;
    update(plan_.pending, std::max(request_.policy.max_parallel, 1U), rolling.delay_ms, beside);
    if (plan_.pending == 0) {
        shift(full_weight, "to");
    }
    if (request_.judges) {
        chooseJudges({});
        chooseLastJudges();
        check(last_judges_, 0);
    }
}

void StepWriter::operator()(const RollingTraffic &rolling) {
    chooseJudges({});
    const std::uint32_t count = std::min<std::uint32_t>(rolling.batch_count, stages_max);
    for (std::uint32_t i = 1; i <= count; ++i) {
        const auto weight = static_cast<Weight>(std::uint64_t{full_weight} * i / count);
        shift(weight, "strategy.batch_count");
        if (i < count) {
            check(stage_judges_, 0);
            hold(rolling.pause_ms);
        }
    }
}

void StepWriter::operator()(const Canary &canary) {
    std::vector<Stage> stages;
    for (std::size_t i = 0; i < canary.stages.size() && i < stages_max; ++i) {
        const Weight weight = std::clamp(canary.stages[i], 0, full_weight);
        const auto share = std::uint64_t{plan_.active} * static_cast<std::uint32_t>(weight);
        const auto nodes = static_cast<std::uint32_t>(share / full_weight);
        stages.push_back({"strategy.stages[" + std::to_string(i) + "]", std::max(nodes, 1U), weight,
                          i < canary.holds.size() ? canary.holds[i] : canary.hold_ms});
    }
    runStages(stages, canary.bake_ms);
}

void StepWriter::operator()(const CanarySingle &canary) {
    Stage first{"strategy.canary_percent", 1, std::clamp(canary.percent, 0, full_weight),
                canary.hold_ms};
    if (canary.nodes > 0) {
        first.field = "strategy.canary_nodes";
        first.nodes = std::min(canary.nodes, plan_.active);
        const auto share = std::uint64_t{first.nodes} * full_weight / std::max(plan_.active, 1U);
        first.weight = std::max(static_cast<Weight>(share), 1);
    } else {
        const auto weight = static_cast<std::uint32_t>(first.weight);
        const auto nodes = std::uint64_t{plan_.active} * weight / full_weight;
        first.nodes = std::max(static_cast<std::uint32_t>(nodes), 1U);
    }
    std::vector<Stage> stages = {first};
    if (first.weight < full_weight) {
        stages.push_back({"strategy", plan_.active, full_weight, std::nullopt});
    }
    runStages(stages, canary.bake_ms);
}

void StepWriter::operator()(const CanaryTraffic &canary) {
    chooseJudges({NotWorse{}});
    std::int64_t weight = canary.initial;
    const std::uint32_t steps = std::min<std::uint32_t>(canary.max_steps, stages_max);
    for (std::uint32_t i = 0; i < steps && weight < full_weight; ++i) {
        shift(static_cast<Weight>(weight), "strategy.initial");
        check(stage_judges_, canary.bake_ms);
        hold(canary.hold_ms);
        weight += canary.step;
    }
    shift(full_weight, "strategy.max_steps");
}

void StepWriter::operator()(const BlueGreen &blue_green) {
    std::vector<Judge> judges =
        request_.judges.value_or(std::vector<Judge>{HealthShare{plan_.successThreshold()}});
    const auto blind = std::remove_if(judges.begin(), judges.end(), [](const Judge &judge) {
        return std::holds_alternative<NotWorse>(judge);
    });
    if (blind != judges.end()) {
        judges.erase(blind, judges.end());
        remark(Remark::Kind::Other, "judges",
               "not-worse is left out: before the switch no request reaches the new revision");
    }
    update(plan_.pending, std::max(plan_.pending, 1U), 0, false);
    if (blue_green.warm_up_ms > 0) {
        hold(blue_green.warm_up_ms);
    }
    check(addJudges(judges), 0);
    if (blue_green.preview) {
        hold(std::nullopt);
    }
    if (plan_.router != RouterKind::None) {
        plan_.steps.push_back(SwitchStep{});
    } else {
        left_out_ = true;
    }
    if (stable_nodes_ > 0) {
        plan_.steps.push_back(RetireStep{blue_green.retire_delay_ms});
    }
}

void StepWriter::operator()(const FeatureFlag &flag) {
    const bool beside = plan_.mode == UpdateMode::Beside;
    update(plan_.pending, std::max(request_.policy.max_parallel, 1U), 0, beside);
    if (plan_.router == RouterKind::None) {
        left_out_ = true;
        return;
    }
    chooseJudges({NotWorse{}});
    shift(flag.initial_rollout, "strategy.initial_rollout");
    if (flag.initial_rollout > 0 && flag.initial_rollout < full_weight) {
        check(stage_judges_, flag.bake_ms);
    }
    if (flag.initial_rollout < full_weight) {
        hold(flag.hold_ms);
    }
    for (std::size_t i = 0; i < flag.ramp.size() && i < stages_max; ++i) {
        const bool is_last = i + 1 == flag.ramp.size();
        shift(flag.ramp[i], "strategy.ramp[" + std::to_string(i) + "]");
        if (flag.ramp[i] < full_weight) {
            check(stage_judges_, flag.bake_ms);
        }
        if (!is_last) {
            hold(flag.hold_ms);
        }
    }
}

void StepWriter::finish() {
    if (left_out_) {
        remark(Remark::Kind::NoRouter, "router",
               "traffic cannot be split: shift steps are left out");
    } else if (plan_.weightFollowsNodes()) {
        remark(Remark::Kind::Other, "mode",
               "the traffic of the new revision follows its share of ready nodes");
    }
    if (plan_.steps.empty()) {
        const JudgeRange judges = addJudges({HealthShare{plan_.successThreshold()}});
        check(judges, 0);
    }
}

} // namespace

void writeSteps(const PlanRequest &request, Plan &plan, Problems &problems) {
    StepWriter writer(request, plan, problems);
    std::visit(writer, request.strategy);
    writer.finish();
}

} // namespace aviary::kernel
