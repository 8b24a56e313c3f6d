// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rehearsal/answering.h"
#include "core/rehearsal/comparison.h"

#include <algorithm>

namespace aviary::rehearsal {
namespace {

using kernel::CheckStep;
using kernel::HoldStep;
using kernel::NotWorse;
using kernel::Plan;
using kernel::ShiftStep;
using kernel::Step;
using kernel::UpdateStep;

constexpr Millis bake_least_ms = 60'000;
constexpr double completes_slack = 0.01;

struct Candidate {
    Change::Kind kind;
    std::string words;
    Plan plan;
};

bool compares(const Plan &plan, const CheckStep &check) {
    for (std::uint32_t i = check.judges_begin; i < check.judges_end; ++i) {
        if (std::holds_alternative<NotWorse>(plan.judges[i])) {
            return true;
        }
    }
    return false;
}

std::string place(std::size_t step) {
    return " in step " + std::to_string(step + 1);
}

// All checks bake longer, because a request has one bake time: as advice it has to be sayable.
template <Millis factor>
std::optional<Candidate> longerBake(const Plan &plan) {
    Candidate made{Change::Kind::LongerBake, {}, plan};
    bool any = false;
    for (Step &step : made.plan.steps) {
        auto *check = std::get_if<CheckStep>(&step);
        if (check == nullptr) {
            continue;
        }
        const Millis before = check->bake_ms;
        check->bake_ms =
            std::min(std::max(before, bake_least_ms) * factor, kernel::duration_ms_max);
        if (!any && compares(plan, *check)) {
            any = true;
            made.words = "Bake " + kernel::durationText(check->bake_ms) + " instead of " +
                         kernel::durationText(before) + " in each check";
        }
    }
    return any ? std::optional(std::move(made)) : std::nullopt;
}

// The last timed hold lasts four times as long.
std::optional<Candidate> longerHold(const Plan &plan) {
    for (std::size_t i = plan.steps.size(); i-- > 0;) {
        const auto *hold = std::get_if<HoldStep>(&plan.steps[i]);
        if (hold == nullptr || !hold->time_ms || *hold->time_ms == 0) {
            continue;
        }
        const Millis longer = std::min(*hold->time_ms * 4, kernel::duration_ms_max);
        Candidate made{Change::Kind::LongerHold,
                       "Hold " + kernel::durationText(longer) + " instead of " +
                           kernel::durationText(*hold->time_ms) + place(i),
                       plan};
        std::get<HoldStep>(made.plan.steps[i]).time_ms = longer;
        return made;
    }
    return std::nullopt;
}

void beOneWave(UpdateStep &update) {
    update.wave_size = update.end - update.begin;
    update.parallel = std::min(update.parallel, update.wave_size);
}

// A stage of half the size, gated alike, before the first one.
std::optional<Candidate> smallerFirst(const Plan &plan) {
    const auto isShift = [](const Step &step) { return std::holds_alternative<ShiftStep>(step); };
    const auto shift = std::find_if(plan.steps.begin(), plan.steps.end(), isShift);
    if (shift == plan.steps.end() || shift + 1 == plan.steps.end() ||
        !std::holds_alternative<CheckStep>(shift[1])) {
        return std::nullopt;
    }
    const kernel::Weight weight = std::get<ShiftStep>(*shift).weight;
    if (weight < 2) {
        return std::nullopt;
    }
    Candidate made{Change::Kind::SmallerFirstStage,
                   "Begin with a stage of " + kernel::weightText(weight / 2), plan};
    std::vector<Step> first;
    auto at = static_cast<std::size_t>(shift - plan.steps.begin());
    if (at > 0) {
        if (auto *update = std::get_if<UpdateStep>(&made.plan.steps[at - 1])) {
            const kernel::TargetIndex middle = update->begin + (update->end - update->begin) / 2;
            if (middle == update->begin) {
                return std::nullopt;
            }
            const bool one_wave = update->wave_size == update->end - update->begin;
            UpdateStep half = *update;
            half.end = middle;
            update->begin = middle;
            if (one_wave) { // each stage is one wave, as the compiler makes them
                beOneWave(half);
                beOneWave(*update);
            }
            first.emplace_back(half);
            --at;
        }
    }
    first.emplace_back(ShiftStep{weight / 2});
    first.push_back(shift[1]);
    if (shift + 2 != plan.steps.end() && std::holds_alternative<HoldStep>(shift[2])) {
        first.push_back(shift[2]);
    }
    made.plan.steps.insert(made.plan.steps.begin() + static_cast<std::ptrdiff_t>(at), first.begin(),
                           first.end());
    return made;
}

// Half the margin, and half the share of nodes that may be unhealthy.
std::optional<Candidate> stricterGate(const Plan &plan) {
    Candidate made{Change::Kind::StricterGate, "Tolerate half as much in each check", plan};
    for (kernel::Judge &judge : made.plan.judges) {
        if (auto *not_worse = std::get_if<NotWorse>(&judge)) {
            not_worse->margin /= 2;
        } else if (auto *share = std::get_if<kernel::HealthShare>(&judge)) {
            share->threshold += (kernel::ppm_one - share->threshold) / 2;
        }
    }
    return made.plan == plan ? std::nullopt : std::optional(std::move(made));
}

std::vector<Candidate> candidatesOf(const Plan &plan) {
    std::vector<Candidate> candidates;
    for (auto make : {longerBake<10>, longerBake<3>, longerHold, smallerFirst, stricterGate}) {
        if (auto candidate = make(plan)) {
            candidates.push_back(std::move(*candidate));
        }
    }
    return candidates;
}

// ---- What it does

struct Measure {
    double caught = 0.0;    // of the bad ones
    double failed = 0.0;    // of all
    double completes = 0.0; // of the good ones
    Millis median_ms = 0;
    std::vector<double> caught_by_hypothesis;
};

Measure measureOf(const Scenario &scenario, const Outcome &outcome) {
    const std::size_t count = scenario.hypotheses.size();
    Measure measure;
    double good = 0.0;
    double bad = 0.0;
    std::vector<std::int64_t> times;
    for (std::size_t place = 0; place < count; ++place) {
        double futures = 0.0, caught = 0.0, failed = 0.0, completed = 0.0;
        const Hypothesis &hypothesis = scenario.hypotheses[place];
        for (std::size_t k = place; k < outcome.summaries.size(); k += count) {
            const Summary &one = outcome.summaries[k];
            futures += 1.0;
            caught += one.caught_ms >= 0;
            failed += static_cast<double>(one.failed);
            completed += one.ending == Ending::Completed;
            if (hypothesis.isGood() && one.ending == Ending::Completed) {
                times.push_back(one.end_ms);
            }
        }
        futures = std::max(futures, 1.0);
        const double weight = hypothesis.weight;
        measure.failed += weight * failed / futures;
        measure.caught_by_hypothesis.push_back(hypothesis.isGood() ? 0.0 : caught / futures);
        (hypothesis.isGood() ? good : bad) += weight;
        (hypothesis.isGood() ? measure.completes : measure.caught) +=
            weight * (hypothesis.isGood() ? completed : caught) / futures;
    }
    measure.failed /= good + bad;
    measure.completes = good > 0.0 ? measure.completes / good : 0.0;
    measure.caught = bad > 0.0 ? measure.caught / bad : 0.0;
    measure.median_ms = spansOf(times).median;
    return measure;
}

Change changeOf(const Scenario &scenario, Candidate candidate, const Measure &before,
                const Measure &after) {
    Change change;
    change.kind = candidate.kind;
    change.words = std::move(candidate.words);
    change.plan = std::make_shared<const Plan>(std::move(candidate.plan));
    change.caught_before = before.caught;
    change.caught_after = after.caught;
    change.failed_before = before.failed;
    change.failed_after = after.failed;
    change.completes_before = before.completes;
    change.completes_after = after.completes;
    change.median_before_ms = before.median_ms;
    change.median_after_ms = after.median_ms;
    double most = 0.0;
    for (std::size_t i = 0; i < scenario.hypotheses.size(); ++i) {
        const double rise = after.caught_by_hypothesis[i] - before.caught_by_hypothesis[i];
        if (rise > most) {
            most = rise;
            change.hypothesis = scenario.hypotheses[i].name;
        }
    }
    return change;
}

bool isWorthIt(const Change &change) {
    return change.failed_after < change.failed_before &&
           change.completes_after >= change.completes_before - completes_slack;
}

Result<Measure> measured(const Setup &setup, const Running &running) {
    const auto world = worldOf(setup);
    if (!world) {
        return tl::unexpected(world.error());
    }
    const auto outcome = outcomeOf(**world, running);
    if (!outcome) {
        return tl::unexpected(outcome.error());
    }
    return measureOf(setup.scenario, *outcome);
}

} // namespace

std::string_view nameOf(Change::Kind kind) {
    switch (kind) {
    case Change::Kind::LongerBake:
        return "longer_bake";
    case Change::Kind::LongerHold:
        return "longer_hold";
    case Change::Kind::SmallerFirstStage:
        return "smaller_first_stage";
    case Change::Kind::StricterGate:
        return "stricter_gate";
    }
    return {};
}

Result<Advice> adviseOn(const Setup &setup, const Running &running) {
    if (setup.now) {
        return fail(ErrorCode::Invalid, QStringLiteral("a plan that runs cannot be changed"),
                    QStringLiteral("state"), QStringLiteral("a plan from its beginning"));
    }
    const auto before = measured(setup, running);
    if (!before) {
        return tl::unexpected(before.error());
    }
    Advice advice;
    for (Candidate &candidate : candidatesOf(*setup.plan)) {
        Setup changed = setup;
        changed.plan = std::make_shared<const Plan>(candidate.plan);
        const auto after = measured(changed, running);
        if (!after) {
            return tl::unexpected(after.error());
        }
        advice.tried.push_back(changeOf(setup.scenario, std::move(candidate), *before, *after));
    }
    std::stable_sort(advice.tried.begin(), advice.tried.end(),
                     [](const Change &left, const Change &right) {
                         return std::tuple(!isWorthIt(left), left.failed_after) <
                                std::tuple(!isWorthIt(right), right.failed_after);
                     });
    advice.helps = !advice.tried.empty() && isWorthIt(advice.tried.front());
    return advice;
}

} // namespace aviary::rehearsal
