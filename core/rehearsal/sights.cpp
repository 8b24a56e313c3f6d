// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernel/analysis/detectable.h"
#include "core/rehearsal/answering.h"

#include <algorithm>

namespace aviary::rehearsal {
namespace {

constexpr double power = 0.8;
constexpr Millis bake_ms_max = 30LL * 24 * 3600 * 1000;

// What the new revision gets while each step runs.
class Weights {
public:
    explicit Weights(const kernel::Plan &plan)
        : plan_(plan)
        , follows_(plan.router == kernel::RouterKind::None || plan.weightFollowsNodes()) {}

    kernel::Weight after(const kernel::Step &step) {
        if (const auto *shift = std::get_if<kernel::ShiftStep>(&step); shift && !follows_) {
            weight_ = shift->weight;
        } else if (const auto *update = std::get_if<kernel::UpdateStep>(&step);
                   update && follows_) {
            const std::uint64_t fresh = update->end + (plan_.active - plan_.pending);
            weight_ = static_cast<kernel::Weight>(fresh * kernel::full_weight / plan_.active);
        } else if (std::holds_alternative<kernel::SwitchStep>(step)) {
            weight_ = kernel::full_weight;
        }
        return weight_;
    }

private:
    const kernel::Plan &plan_;
    const bool follows_;
    kernel::Weight weight_ = 0;
};

class Eye {
public:
    Eye(const World &world, const kernel::NotWorse &judge, kernel::Weight weight)
        : judge_(judge)
        , baseline_(static_cast<double>(world.scenario().traffic.errors) / kernel::ppm_one)
        , per_ms_(world.scenario().traffic.requests_per_s / 1'000.0)
        , fresh_share_(static_cast<double>(weight) / kernel::full_weight) {}

    std::uint64_t fresh(Millis bake_ms) const {
        return static_cast<std::uint64_t>(per_ms_ * fresh_share_ * static_cast<double>(bake_ms));
    }
    std::uint64_t stable(Millis bake_ms) const {
        const double share = 1.0 - fresh_share_;
        return static_cast<std::uint64_t>(per_ms_ * share * static_cast<double>(bake_ms));
    }
    std::optional<double> rise(Millis bake_ms) const {
        return kernel::detectableRise(judge_, baseline_, fresh(bake_ms), stable(bake_ms), power);
    }
    bool sees(double rise_wanted, Millis bake_ms) const {
        const auto least = rise(bake_ms);
        return least && *least <= rise_wanted;
    }
    // To a second.
    std::optional<Millis> bakeFor(double rise_wanted) const {
        Millis high = 1'000;
        while (!sees(rise_wanted, high)) {
            high *= 2;
            if (high > bake_ms_max) {
                return std::nullopt;
            }
        }
        Millis low = high / 2;
        while (high - low > 1'000) {
            const Millis middle = (low + high) / 2;
            (sees(rise_wanted, middle) ? high : low) = middle;
        }
        return (high + 999) / 1'000 * 1'000;
    }

private:
    const kernel::NotWorse &judge_;
    double baseline_, per_ms_, fresh_share_;
};

void lookWith(const World &world, const kernel::NotWorse &judge, Sight &sight) {
    const Eye eye(world, judge, sight.weight);
    sight.fresh_requests = eye.fresh(sight.bake_ms);
    sight.stable_requests = eye.stable(sight.bake_ms);
    sight.rise = eye.rise(sight.bake_ms);
    for (const Hypothesis &hypothesis : world.scenario().hypotheses) {
        if (hypothesis.errors_more > 0) {
            const double rise = static_cast<double>(hypothesis.errors_more) / kernel::ppm_one;
            sight.needed.push_back({hypothesis.name, rise, eye.bakeFor(rise)});
        }
    }
}

} // namespace

std::vector<Sight> sightsOf(const World &world) {
    const kernel::Plan &plan = world.plan();
    Weights weights(plan);
    std::vector<Sight> sights;
    for (std::uint32_t step = 0; step < plan.steps.size(); ++step) {
        const kernel::Weight weight = weights.after(plan.steps[step]);
        const auto *check = std::get_if<kernel::CheckStep>(&plan.steps[step]);
        for (std::uint32_t i = check ? check->judges_begin : 0; check && i < check->judges_end;
             ++i) {
            Sight sight{step, i, weight, check->bake_ms, 0, 0, std::nullopt, {}};
            if (const auto *not_worse = std::get_if<kernel::NotWorse>(&plan.judges[i])) {
                lookWith(world, *not_worse, sight);
            } else if (const auto *share = std::get_if<kernel::HealthShare>(&plan.judges[i])) {
                sight.rise = 1.0 - static_cast<double>(share->threshold) / kernel::ppm_one;
            } else {
                continue; // a tolerance compares two values, whatever their chance
            }
            sights.push_back(std::move(sight));
        }
    }
    return sights;
}

} // namespace aviary::rehearsal
