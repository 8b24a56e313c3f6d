// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/strategy/compile.h"

// The parts of compile. Only compile.cpp and its siblings include this.
namespace aviary::kernel {

// Collects what is wrong; beyond `listed_max` it only counts, and list() says how many more.
class Problems {
public:
    static constexpr std::size_t listed_max = 100;

    void add(std::string field, std::string what, std::string allowed);
    bool empty() const { return found_ == 0; }
    std::vector<Problem> list() const;

private:
    std::vector<Problem> listed_;
    std::size_t found_ = 0;
};

// Everything that can be said without a fleet: names, parameters, policy, judges, combinations.
void lintRequest(const PlanRequest &request, Problems &problems);
void lintStrategy(const Strategy &strategy, Problems &problems);
void lintPolicy(const Policy &policy, Problems &problems);
void lintJudges(const PlanRequest &request, Problems &problems);

// Says so when `value` is not within [low, high], in the words that `text` makes of a number.
template <class Number, class Text>
void lintWithin(std::string_view field, Number value, Number low, Number high, Text text,
                Problems &problems) {
    if (value < low || value > high) {
        const std::string what = value < low ? " is below " + text(low) : " is over " + text(high);
        problems.add(std::string(field), text(value) + what, text(low) + " to " + text(high));
    }
}
void lintDuration(std::string_view field, Millis value, Problems &problems);
void lintCount(std::string_view field, std::uint64_t value, std::uint64_t low, std::uint64_t high,
               Problems &problems);
void lintWeight(std::string_view field, Weight value, Weight low, Problems &problems);

// "1,000,000": counts as people read them.
std::string countText(std::uint64_t count);

// Shifts only, no node is updated.
bool shiftsOnly(const Strategy &strategy);

// Fills targets, sites and revisions of the plan.
void chooseTargets(const PlanRequest &request, const Fleet &fleet, Plan &plan, Problems &problems);

// Fills judges and steps of the plan, whose targets are chosen.
void writeSteps(const PlanRequest &request, Plan &plan, Problems &problems);

} // namespace aviary::kernel
