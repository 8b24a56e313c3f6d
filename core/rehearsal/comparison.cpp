// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rehearsal/comparison.h"

#include "core/rehearsal/answering.h"

#include <cmath>

namespace aviary::rehearsal {
namespace {

constexpr std::size_t plans_max = 8;
constexpr double z975 = 1.959963984540054;

// Mean of differences with its 95 % interval by the central limit theorem.
class Mean {
public:
    void add(double value) {
        ++count_;
        const double before = value - mean_;
        mean_ += before / count_;
        squares_ += before * (value - mean_);
    }
    double mean() const { return mean_; }
    double reach() const {
        return count_ < 2 ? 0.0 : z975 * std::sqrt(squares_ / (count_ - 1.0) / count_);
    }

private:
    double count_ = 0.0, mean_ = 0.0, squares_ = 0.0;
};

using Summaries = std::vector<Summary>;

std::vector<Difference> differencesOf(const Scenario &scenario, const Summaries &base,
                                      const Summaries &other) {
    const std::size_t count = scenario.hypotheses.size();
    std::vector<Difference> differences;
    for (std::size_t place = 0; place < count; ++place) {
        Mean failed;
        Mean time;
        Difference difference;
        difference.hypothesis = scenario.hypotheses[place].name;
        for (std::size_t k = place; k < base.size(); k += count) {
            const Summary &one = base[k];
            const Summary &two = other[k];
            ++difference.of;
            failed.add(static_cast<double>(two.failed - one.failed));
            if (one.ending == Ending::Completed && two.ending == Ending::Completed) {
                ++difference.completed;
                time.add(static_cast<double>(two.end_ms - one.end_ms));
            }
        }
        difference.failed_requests = failed.mean();
        difference.failed_low = failed.mean() - failed.reach();
        difference.failed_high = failed.mean() + failed.reach();
        difference.time_ms = time.mean();
        difference.time_low = time.mean() - time.reach();
        difference.time_high = time.mean() + time.reach();
        differences.push_back(difference);
    }
    return differences;
}

} // namespace

Result<Comparison> compare(const std::vector<std::shared_ptr<const kernel::Plan>> &plans,
                           const Setup &setup, const Running &running) {
    if (plans.size() < 2 || plans.size() > plans_max || setup.now) {
        return fail(ErrorCode::Invalid, QStringLiteral("these plans cannot be compared"),
                    QStringLiteral("plans"),
                    QStringLiteral("two to eight plans, from their beginning"));
    }
    Comparison comparison;
    Summaries base;
    for (const auto &plan : plans) {
        Setup one = setup;
        one.plan = plan;
        const auto world = worldOf(std::move(one));
        if (!world) {
            return tl::unexpected(world.error());
        }
        auto outcome = outcomeOf(**world, running);
        if (!outcome) {
            return tl::unexpected(outcome.error());
        }
        comparison.answers.push_back(answersOf(**world, *outcome));
        if (base.empty()) {
            base = std::move(outcome->summaries);
        } else {
            comparison.differences.push_back(
                differencesOf(setup.scenario, base, outcome->summaries));
        }
    }
    return comparison;
}

} // namespace aviary::rehearsal
