// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plans/exchange/course.h"

#include <algorithm>

namespace aviary::plans {

using namespace kernel;

namespace {

bool compares(const Judge &judge) {
    return !std::holds_alternative<HealthShare>(judge);
}

struct CourseWriter {
    const PlanRequest &request;
    Course &course;

    void stage(Weight nodes, Weight traffic, Millis bake_ms, std::optional<Millis> hold_ms) const {
        const bool named = request.judges && std::ranges::any_of(*request.judges, compares);
        const bool standard = !request.judges && request.router != RouterKind::None;
        course.stages.push_back({nodes, traffic, named || standard, bake_ms, hold_ms});
    }
    void operator()(const Rolling &rolling) const { course.delay_ms = rolling.delay_ms; }
    void operator()(const RollingTraffic &rolling) const {
        course.traffic_only = true;
        const std::uint32_t count = std::clamp<std::uint32_t>(rolling.batch_count, 1, stages_max);
        for (std::uint32_t i = 1; i <= count; ++i) {
            const auto weight = static_cast<Weight>(std::uint64_t{full_weight} * i / count);
            stage(full_weight, weight, 0, rolling.pause_ms);
        }
    }
    void operator()(const Canary &canary) const {
        for (std::size_t i = 0; i < canary.stages.size() && i < stages_max; ++i) {
            const auto hold = i < canary.holds.size() ? canary.holds[i] : canary.hold_ms;
            stage(canary.stages[i], canary.stages[i], canary.bake_ms, hold);
        }
    }
    void operator()(const CanarySingle &canary) const {
        const auto nodes = std::max(course.nodes, 1U);
        const auto share = static_cast<Weight>(std::min<std::uint64_t>(
            std::uint64_t{canary.nodes} * full_weight / nodes, full_weight));
        const Weight first = canary.nodes > 0 ? share : canary.percent;
        stage(first, first, canary.bake_ms, canary.hold_ms);
        stage(full_weight, full_weight, canary.bake_ms, 0);
    }
    void operator()(const CanaryTraffic &canary) const {
        course.traffic_only = true;
        std::int64_t weight = canary.initial;
        for (std::uint32_t i = 0; i < canary.max_steps && i < stages_max && weight < full_weight;
             ++i, weight += canary.step) {
            stage(full_weight, static_cast<Weight>(weight), canary.bake_ms, canary.hold_ms);
        }
        stage(full_weight, full_weight, 0, 0);
    }
    void operator()(const BlueGreen &blue_green) const { course.slots = blue_green; }
    void operator()(const FeatureFlag &flag) const {
        if (flag.initial_rollout > 0) {
            stage(full_weight, flag.initial_rollout, flag.bake_ms, flag.hold_ms);
        }
        for (std::size_t i = 0; i < flag.ramp.size() && i < stages_max; ++i) {
            stage(full_weight, flag.ramp[i], flag.bake_ms, flag.hold_ms);
        }
    }
};

Course courseOf(const PlanRequest &request, std::uint32_t nodes) {
    Course course;
    course.kind = kindOf(request.strategy);
    course.service = request.service;
    course.policy = request.policy;
    course.beside = request.mode.value_or(request.router == RouterKind::None
                                              ? UpdateMode::InPlace
                                              : UpdateMode::Beside) == UpdateMode::Beside;
    course.judges = request.judges ? request.judges->size() : 0;
    course.nodes = request.targets ? static_cast<std::uint32_t>(request.targets->size()) : nodes;
    const Ppm standard = course.kind == StrategyKind::Canary ? 950'000 : ppm_one;
    course.success_threshold = request.policy.success_threshold.value_or(standard);
    std::visit(CourseWriter{request, course}, request.strategy);
    return course;
}

// The steps of a compiled plan, folded into stages: what shifts or updates begins one when the
// stage before it was checked or held.
class StepFolder {
public:
    StepFolder(const Plan &plan, Course &course) : plan_(plan), course_(course) {}

    void operator()(const UpdateStep &update) {
        nodes_ = share(update.end + (plan_.active - plan_.pending));
        course_.delay_ms = std::max(course_.delay_ms, update.delay_ms);
        const bool follows = plan_.weightFollowsNodes() || plan_.router == RouterKind::None;
        open().traffic = follows ? nodes_ : open().traffic;
    }
    void operator()(const ShiftStep &shift) { open().traffic = shift.weight; }
    void operator()(const CheckStep &check) {
        Stage &stage = current();
        stage.bake_ms = check.bake_ms;
        for (std::uint32_t i = check.judges_begin; i < check.judges_end; ++i) {
            stage.compares = stage.compares || compares(plan_.judges[i]);
        }
        closed_ = true;
    }
    void operator()(const HoldStep &hold) {
        if (switched_ || plan_.strategy == StrategyKind::BlueGreen) {
            course_.slots.preview = course_.slots.preview || !hold.time_ms;
            course_.slots.warm_up_ms += hold.time_ms.value_or(0);
        }
        current().hold_ms = hold.time_ms;
        closed_ = true;
    }
    void operator()(const SwitchStep &) { switched_ = true; }
    void operator()(const RetireStep &retire) { course_.slots.retire_delay_ms = retire.delay_ms; }

private:
    Weight share(TargetIndex nodes) const {
        return static_cast<Weight>(std::uint64_t{nodes} * full_weight / std::max(plan_.active, 1U));
    }
    Stage &current() {
        if (course_.stages.empty()) {
            course_.stages.emplace_back();
        }
        return course_.stages.back();
    }
    Stage &open() {
        if (course_.stages.empty() || closed_) {
            const Weight traffic = course_.stages.empty() ? 0 : course_.stages.back().traffic;
            course_.stages.push_back({nodes_, traffic, false, 0, 0});
            closed_ = false;
        }
        course_.stages.back().nodes = nodes_;
        return course_.stages.back();
    }

    const Plan &plan_;
    Course &course_;
    Weight nodes_ = full_weight; // a plan without updates has them all
    bool closed_ = false;
    bool switched_ = false;
};

Course courseOf(const Plan &plan) {
    Course course;
    course.kind = plan.strategy;
    course.service = plan.service;
    course.policy = plan.policy;
    course.success_threshold = plan.successThreshold();
    course.beside = plan.mode == UpdateMode::Beside;
    course.judges = plan.judges.size();
    course.nodes = plan.active;
    course.traffic_only = plan.pending == 0;
    course.slots.retire_delay_ms = 0;
    StepFolder folder(plan, course);
    for (const Step &step : plan.steps) {
        std::visit(folder, step);
    }
    if (course.kind == StrategyKind::Rolling && !course.traffic_only) {
        course.stages.clear(); // its waves are no stages
    }
    return course;
}

} // namespace

Course courseOf(const PlanFile &file, std::uint32_t nodes) {
    const auto *request = std::get_if<PlanRequest>(&file.content);
    return request ? courseOf(*request, nodes) : courseOf(std::get<Plan>(file.content));
}

std::optional<ExportFormat> exportFormatOf(const QString &word) {
    return word == u"argo"     ? std::optional(ExportFormat::Argo)
           : word == u"nomad"  ? std::optional(ExportFormat::Nomad)
           : word == u"aviary" ? std::optional(ExportFormat::Aviary)
                               : std::nullopt;
}

Result<Export> exportPlan(const PlanFile &file, ExportFormat format, std::uint32_t nodes) {
    switch (format) {
    case ExportFormat::Argo:
        return exportArgo(courseOf(file, nodes));
    case ExportFormat::Nomad:
        return exportNomad(courseOf(file, nodes));
    case ExportFormat::Aviary:
        break;
    }
    auto text = writePlan(file);
    if (!text) {
        return tl::unexpected(text.error());
    }
    return Export{std::move(*text), {}};
}

} // namespace aviary::plans
