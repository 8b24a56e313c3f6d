// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/planjson.h"

#include "core/kernel/strategy/compile.h"
#include "core/record/fieldsjson.h"

#include <algorithm>
#include <set>

namespace aviary::record {
namespace {

using kernel::Plan;

constexpr std::size_t steps_max = 100'000;
constexpr std::size_t text_max = 4'096;

// Keeps the first thing that is wrong.
class PlanCheck {
public:
    explicit PlanCheck(const Plan &plan) : plan_(plan) {}

    Result<void> run(const QString &where) {
        revisions();
        targets();
        for (std::size_t i = 0; i < plan_.steps.size(); ++i) {
            at_ = QStringLiteral("steps[%1]").arg(i);
            std::visit([this](const auto &step) { check(step); }, plan_.steps[i]);
        }
        for (std::size_t i = 0; i < plan_.judges.size(); ++i) {
            at_ = QStringLiteral("judges[%1]").arg(i);
            std::visit([this](const auto &judge) { check(judge); }, plan_.judges[i]);
        }
        policy();
        if (fault_.isEmpty()) {
            return {};
        }
        return fail(ErrorCode::Invalid, fault_,
                    where.isEmpty() ? place_ : QString(where + u": " + place_));
    }

private:
    void need(bool good, const QString &what) {
        if (!good && fault_.isEmpty()) {
            fault_ = what;
            place_ = at_;
        }
    }
    void duration(kernel::Millis value, const char *name) {
        need(value >= 0 && value <= kernel::duration_ms_max, QStringLiteral("%1 is outside 0 to %2")
                                                                 .arg(QLatin1StringView(name))
                                                                 .arg(kernel::duration_ms_max));
    }
    void share(kernel::Ppm value, const char *name) {
        need(value <= kernel::ppm_one,
             QStringLiteral("%1 is over %2").arg(QLatin1StringView(name)).arg(kernel::ppm_one));
    }

    void revisions() {
        at_ = QStringLiteral("revisions");
        const auto &all = plan_.revisions;
        need(!all.empty() && all.front().empty(), QStringLiteral("the first revision is not \"\""));
        need(all.size() <= 0xffff, QStringLiteral("over 65,535 revisions"));
        need(std::set<std::string>(all.begin(), all.end()).size() == all.size(),
             QStringLiteral("a revision is there twice"));
        need(plan_.from < all.size() && plan_.to < all.size() && plan_.to != kernel::no_revision,
             QStringLiteral("\"from\" or \"to\" is no revision of the plan"));
        at_ = QStringLiteral("service");
        need(!plan_.service.empty() && plan_.service.size() <= text_max,
             QStringLiteral("the service has no name, or too long a one"));
    }
    void targets() {
        at_ = QStringLiteral("targets");
        need(plan_.targets.size() <= kernel::targets_max &&
                 plan_.sites.size() <= kernel::targets_max,
             QStringLiteral("over %1 targets or sites").arg(kernel::targets_max));
        need(plan_.pending <= plan_.active && plan_.active <= plan_.targets.size(),
             QStringLiteral("\"pending\" and \"active\" do not divide the targets"));
        for (std::size_t i = 0; i < plan_.targets.size() && fault_.isEmpty(); ++i) {
            const kernel::Target &target = plan_.targets[i];
            if (target.site >= plan_.sites.size() || target.previous >= plan_.revisions.size() ||
                target.node.empty() || target.node.size() > text_max) {
                at_ = QStringLiteral("targets[%1]").arg(i);
                need(target.site < plan_.sites.size(), QStringLiteral("no such site"));
                need(target.previous < plan_.revisions.size(), QStringLiteral("no such revision"));
                need(false, QStringLiteral("the node has no name, or too long a one"));
            }
        }
        at_ = QStringLiteral("steps");
        need(plan_.steps.size() <= steps_max && plan_.judges.size() <= steps_max,
             QStringLiteral("over %1 steps or judges").arg(steps_max));
    }
    void policy() {
        const kernel::Policy &policy = plan_.policy;
        at_ = QStringLiteral("policy");
        duration(policy.min_healthy_ms, "min_healthy_ms");
        duration(policy.healthy_deadline_ms, "healthy_deadline_ms");
        duration(policy.progress_deadline_ms, "progress_deadline_ms");
        need(policy.max_parallel >= 1, QStringLiteral("max_parallel is 0"));
        share(policy.success_threshold.value_or(0), "success_threshold");
        at_ = QStringLiteral("latency_limit_ms");
        duration(plan_.latency_limit_ms, "latency_limit_ms");
    }

    void check(const kernel::UpdateStep &step) {
        need(step.begin <= step.end && step.end <= plan_.targets.size(),
             QStringLiteral("it updates targets that are not there"));
        need(step.wave_size >= 1 && step.parallel >= 1,
             QStringLiteral("wave_size and parallel are at least 1"));
        duration(step.delay_ms, "delay_ms");
    }
    void check(const kernel::ShiftStep &step) {
        need(step.weight >= 0 && step.weight <= kernel::full_weight,
             QStringLiteral("the weight is outside 0 to %1").arg(kernel::full_weight));
    }
    void check(const kernel::CheckStep &step) {
        need(step.judges_begin <= step.judges_end && step.judges_end <= plan_.judges.size(),
             QStringLiteral("it names judges that are not there"));
        duration(step.bake_ms, "bake_ms");
        duration(step.limit_ms, "limit_ms");
    }
    void check(const kernel::HoldStep &step) { duration(step.time_ms.value_or(0), "time_ms"); }
    void check(const kernel::SwitchStep &) {}
    void check(const kernel::RetireStep &step) { duration(step.delay_ms, "delay_ms"); }

    void check(const kernel::HealthShare &judge) { share(judge.threshold, "threshold"); }
    void check(const kernel::Tolerance &judge) {
        const auto rate = [this](double value) {
            need(value >= 0.0 && value <= 1e9, QStringLiteral("a rate is no number from 0 up"));
        };
        rate(judge.tolerance);
        rate(judge.promote_rate);
        rate(judge.rollback_rate);
        std::ranges::for_each(judge.tolerances, rate);
        need(judge.metrics.size() <= steps_max, QStringLiteral("too many metrics"));
        need(judge.tolerances.empty() || judge.tolerances.size() == judge.metrics.size(),
             QStringLiteral("there is one tolerance for each metric, or none"));
    }
    void check(const kernel::NotWorse &judge) {
        share(judge.margin, "margin");
        share(judge.alpha, "alpha");
        need(judge.alpha > 0, QStringLiteral("alpha is 0"));
    }

    const Plan &plan_;
    QString at_, fault_, place_;
};

} // namespace

QJsonObject toJson(const Plan &plan) {
    return toObject(plan);
}

Result<Plan> planFromJson(const QJsonObject &json, const QString &where) {
    JsonReader in(json, where);
    Plan plan;
    get(in, plan);
    Result<Plan> read = in.end(std::move(plan));
    if (read) {
        if (const auto good = checkPlan(*read, where); !good) {
            return tl::unexpected(good.error());
        }
    }
    return read;
}

Result<void> checkPlan(const Plan &plan, const QString &where) {
    return PlanCheck(plan).run(where);
}

} // namespace aviary::record
