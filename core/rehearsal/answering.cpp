// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rehearsal/answering.h"

#include <algorithm>
#include <map>
#include <numeric>

namespace aviary::rehearsal {
namespace {

using Pick = std::vector<const Summary *>;

template <class Number>
Spans spansOver(const Pick &pick, Number number) {
    std::vector<std::int64_t> values;
    values.reserve(pick.size());
    for (const Summary *summary : pick) {
        values.push_back(number(*summary));
    }
    return spansOf(values);
}

template <class Wanted>
Pick picked(const Pick &all, Wanted wanted) {
    Pick pick;
    std::copy_if(all.begin(), all.end(), std::back_inserter(pick),
                 [&](const Summary *summary) { return wanted(*summary); });
    return pick;
}

std::vector<EndingShare> endingsOf(const Pick &all) {
    std::vector<EndingShare> shares;
    for (std::size_t i = 0; i < ending_count; ++i) {
        const auto ending = static_cast<Ending>(i);
        const Pick pick = picked(all, [&](const Summary &one) { return one.ending == ending; });
        const auto of = static_cast<std::uint32_t>(all.size());
        shares.push_back({ending, portionOf(static_cast<std::uint32_t>(pick.size()), of),
                          spansOver(pick, [](const Summary &one) { return one.end_ms; })});
    }
    return shares;
}

std::vector<CaughtBy> causesOf(const Pick &caught, std::uint32_t of) {
    std::map<kernel::Cause, std::map<std::uint32_t, std::uint32_t>> steps;
    for (const Summary *summary : caught) {
        ++steps[summary->caught_cause][summary->caught_step];
    }
    std::vector<CaughtBy> causes;
    for (const auto &[cause, counts] : steps) {
        std::uint32_t hits = 0;
        auto most = counts.begin();
        for (auto it = counts.begin(); it != counts.end(); ++it) {
            hits += it->second;
            most = it->second > most->second ? it : most;
        }
        causes.push_back({cause, most->first, portionOf(hits, of)});
    }
    std::stable_sort(causes.begin(), causes.end(), [](const CaughtBy &left, const CaughtBy &right) {
        return left.portion.hits > right.portion.hits;
    });
    return causes;
}

HypothesisAnswer answerOf(const World &world, const Outcome &outcome, std::size_t place,
                          double weights) {
    Pick all;
    const std::size_t count = world.scenario().hypotheses.size();
    for (std::size_t k = place; k < outcome.summaries.size(); k += count) {
        all.push_back(&outcome.summaries[k]);
    }
    const Hypothesis &hypothesis = world.scenario().hypotheses[place];
    const auto futures = static_cast<std::uint32_t>(all.size());
    const Pick caught = picked(all, [](const Summary &one) { return one.caught_ms >= 0; });
    HypothesisAnswer answer;
    answer.name = hypothesis.name;
    answer.weight = hypothesis.weight / weights;
    answer.futures = futures;
    answer.endings = endingsOf(all);
    answer.caught = portionOf(static_cast<std::uint32_t>(caught.size()), futures);
    answer.caught_ms = spansOver(caught, [](const Summary &one) { return one.caught_ms; });
    answer.failed_when_caught =
        spansOver(caught, [](const Summary &one) { return one.failed_caught; });
    answer.caught_by = causesOf(caught, futures);
    answer.failed_requests = spansOver(all, [](const Summary &one) { return one.failed; });
    answer.sites = outcome.book.sitesOf(place, futures);
    answer.fans = outcome.book.fansOf(place, outcome.fan_step_ms);
    return answer;
}

// Most failed requests first, then the gravest ending, then the longest.
std::vector<WorstFuture> worstOf(const World &world, const Outcome &outcome) {
    const std::vector<Summary> &all = outcome.summaries;
    std::vector<std::uint32_t> order(all.size());
    std::iota(order.begin(), order.end(), 0U);
    const auto badness = [&](std::uint32_t k) {
        return std::tuple(-all[k].failed, -static_cast<int>(all[k].ending), -all[k].end_ms, k);
    };
    const std::size_t count = std::min<std::size_t>(world.setup.worst, all.size());
    const auto middle = order.begin() + static_cast<std::ptrdiff_t>(count);
    std::partial_sort(
        order.begin(), middle, order.end(),
        [&](std::uint32_t left, std::uint32_t right) { return badness(left) < badness(right); });
    std::vector<WorstFuture> worst;
    for (auto it = order.begin(); it != middle; ++it) {
        const Summary &one = all[*it];
        const auto hypothesis = static_cast<std::uint32_t>(world.hypothesisOf(*it));
        worst.push_back({*it, hypothesis, one.ending, one.end_ms, one.weight_highest, one.failed,
                         becauseOf(world, *it)});
    }
    return worst;
}

std::string modelOf(const Setup &setup) {
    return setup.now && !setup.now->engine.empty() ? "a model of " + setup.now->engine
                                                   : "our own engine";
}

} // namespace

Answers answersOf(const World &world, const Outcome &outcome) {
    Answers answers;
    answers.seed = world.setup.seed;
    answers.futures = world.setup.futures;
    for (const Summary &summary : outcome.summaries) {
        answers.events += summary.events;
    }
    answers.model = modelOf(world.setup);
    answers.assumptions = assumptionsOf(world.scenario());
    double weights = 0.0;
    for (const Hypothesis &hypothesis : world.scenario().hypotheses) {
        weights += hypothesis.weight;
    }
    for (std::size_t i = 0; i < world.scenario().hypotheses.size(); ++i) {
        answers.hypotheses.push_back(answerOf(world, outcome, i, weights));
    }
    answers.sights = sightsOf(world);
    answers.worst = worstOf(world, outcome);
    return answers;
}

} // namespace aviary::rehearsal
