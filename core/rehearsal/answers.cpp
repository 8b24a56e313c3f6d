// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rehearsal/answers.h"

#include "core/kernel/analysis/elementary.h"

#include <algorithm>
#include <numeric>

namespace aviary::rehearsal {
namespace {

constexpr double tail = 0.025; // on each side of a 95 % interval

// Where `chance`, which rises with the rate, passes `tail`.
template <class Chance>
double rateAt(const Chance &chance) {
    double low = 0.0;
    double high = 1.0;
    for (int turn = 0; turn < 40; ++turn) {
        const double middle = (low + high) / 2.0;
        (chance(middle) < tail ? low : high) = middle;
    }
    return (low + high) / 2.0;
}

// The most values that may be left out below the `quantile` of `count` values so that the rest
// holds it but for a chance of `tail`: P(fewer than rank of them lie below) <= tail.
std::size_t rankBelow(std::size_t count, double quantile) {
    const auto fewer = [&](std::size_t rank) {
        return 1.0 - kernel::binomialTail(static_cast<double>(count), static_cast<double>(rank),
                                          quantile);
    };
    std::size_t low = 0;
    std::size_t high = count;
    while (low < high) {
        const std::size_t middle = (low + high + 1) / 2;
        (fewer(middle) <= tail ? low : high) = fewer(middle) <= tail ? middle : middle - 1;
    }
    return low;
}

// Nearest rank.
std::int64_t quantileOf(const std::vector<std::int64_t> &sorted, std::size_t percent) {
    const std::size_t rank = (sorted.size() * percent + 99) / 100;
    return sorted[std::max<std::size_t>(rank, 1) - 1];
}

} // namespace

std::string_view nameOf(Ending ending) {
    switch (ending) {
    case Ending::Completed:
        return "completed";
    case Ending::RolledBack:
        return "rolled_back";
    case Ending::Failed:
        return "failed";
    case Ending::Waiting:
        return "waiting";
    case Ending::Stuck:
        return "stuck";
    }
    return {};
}

// Clopper and Pearson 1934, "The use of confidence or fiducial limits illustrated in the case of
// the binomial".
Portion portionOf(std::uint32_t hits, std::uint32_t of) {
    Portion portion{std::min(hits, of), of};
    if (of == 0) {
        return portion;
    }
    const double trials = of;
    const double seen = portion.hits;
    portion.share = seen / trials;
    if (portion.hits > 0) {
        portion.low = rateAt([&](double rate) { return kernel::binomialTail(trials, seen, rate); });
    }
    if (portion.hits < of) {
        // As many misses, from the other side.
        portion.high = 1.0 - rateAt([&](double rate) {
                           return kernel::binomialTail(trials, trials - seen, rate);
                       });
    }
    return portion;
}

Spans spansOf(std::vector<std::int64_t> &values) {
    Spans spans;
    if (values.empty()) {
        return spans;
    }
    std::sort(values.begin(), values.end());
    spans.of = static_cast<std::uint32_t>(values.size());
    double sum = 0.0;
    for (const std::int64_t value : values) {
        sum += static_cast<double>(value);
    }
    spans.mean = sum / static_cast<double>(values.size());
    spans.p5 = quantileOf(values, 5);
    spans.median = quantileOf(values, 50);
    spans.p95 = quantileOf(values, 95);
    spans.p99 = quantileOf(values, 99);
    spans.worst = values.back();
    const std::size_t left_out = rankBelow(values.size(), 0.5);
    spans.median_low = values[left_out == 0 ? 0 : left_out - 1];
    spans.median_high = values[left_out == 0 ? values.size() - 1 : values.size() - left_out];
    return spans;
}

Total totalOf(const Answers &answers, Ending ending, const std::vector<double> &weights) {
    const double all = std::accumulate(weights.begin(), weights.end(), 0.0);
    Total total;
    if (weights.size() != answers.hypotheses.size() || !(all > 0.0)) {
        return total;
    }
    total.high = 0.0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const Portion &portion =
            answers.hypotheses[i].endings[static_cast<std::size_t>(ending)].portion;
        const double weight = weights[i] / all;
        total.share += weight * portion.share;
        total.low += weight * portion.low;
        total.high += weight * portion.high;
    }
    return total;
}

} // namespace aviary::rehearsal
