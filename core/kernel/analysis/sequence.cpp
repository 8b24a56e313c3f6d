// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernel/analysis/sequence.h"

#include "core/kernel/analysis/elementary.h"

#include <algorithm>
#include <cmath>

namespace aviary::kernel {

namespace {

constexpr double prior_a = 0.5;
constexpr double prior_b = 10.0;
constexpr double trials_max = 1e10;
constexpr double member_share = 0.25; // of each of the four martingales in their mean
constexpr int newton_steps_max = 40;
constexpr int search_steps = 22; // leaves 3e-5 of the angle, 1e-9 of the interval's width

// One side: what was seen, and how far the averaged likelihood lies below the best one.
struct Side {
    double trials = 0.0;
    double hits = 0.0;
    double rate = 0.0;
    double log_average = 0.0; // ln A
    double log_least = 0.0;   // ln A/L at the seen rate, where it is least; at most 0
};

double logAverage(double trials, double hits) {
    return logBeta(prior_a + hits, prior_b + trials - hits) - logBeta(prior_a, prior_b);
}

// hits * ln(rate), where nothing times anything is nothing.
double timesLog(double factor, double of) {
    return factor > 0.0 ? factor * naturalLog(of) : 0.0;
}

Side sideOf(const Count &count) {
    Side side;
    if (count.trials == 0) {
        return side;
    }
    side.trials = static_cast<double>(count.trials);
    side.hits = static_cast<double>(std::min(count.hits, count.trials));
    side.rate = side.hits / side.trials;
    if (side.trials > trials_max) {
        side.hits *= trials_max / side.trials;
        side.trials = trials_max;
    }
    const double misses = side.trials - side.hits;
    side.log_average = logAverage(side.trials, side.hits);
    side.log_least = std::min(0.0, side.log_average - timesLog(side.hits, side.rate) -
                                       timesLog(misses, 1.0 - side.rate));
    return side;
}

// The lowest rate whose divergence from the seen one, trials * KL(seen, rate), is within `budget`.
// Newton's method in t = ln(rate), from below: the divergence is convex and falling there, so each
// step stays below the root. The start uses KL >= (seen - rate)^2 / (2 seen) and
// KL >= seen * ln(seen / rate) - seen.
double lowestRate(double trials, double hits, double budget) {
    if (hits <= 0.0) {
        return 0.0;
    }
    const double seen = hits / trials;
    const double misses = trials - hits;
    const double per_trial = budget / trials;
    const double start = std::max(seen - std::sqrt(2.0 * seen * per_trial),
                                  seen * exponential(-1.0 - per_trial / seen));
    if (!(start > 0.0)) {
        return 0.0;
    }
    const double log_seen = naturalLog(seen);
    double t = naturalLog(start);
    for (int i = 0; i < newton_steps_max; ++i) {
        const double rate = exponential(t);
        const double over =
            hits * (log_seen - t) + timesLog(misses, (1.0 - seen) / (1.0 - rate)) - budget;
        const double slope = (hits - trials * rate) / (1.0 - rate);
        if (!(over > 0.0) || !(slope > 0.0)) {
            break;
        }
        const double step = over / slope;
        t += step;
        if (step < 1e-13) {
            break;
        }
    }
    return std::min(exponential(t), seen);
}

// The highest such rate. Newton's method from above, started by KL >= (rate - seen)^2 / (2 rate);
// where that start is no rate, the misses are asked for their lowest rate instead.
double highestRate(double trials, double hits, double budget) {
    const double seen = hits / trials;
    const double misses = trials - hits;
    const double per_trial = budget / trials;
    const double start = seen + per_trial + std::sqrt(per_trial * (per_trial + 2.0 * seen));
    if (!(start < 0.9)) {
        return 1.0 - lowestRate(trials, misses, budget);
    }
    double rate = start;
    for (int i = 0; i < newton_steps_max && rate > seen; ++i) {
        const double over =
            timesLog(hits, seen / rate) + timesLog(misses, (1.0 - seen) / (1.0 - rate)) - budget;
        const double slope = (trials * rate - hits) / (rate * (1.0 - rate));
        if (!(over > 0.0) || !(slope > 0.0)) {
            break;
        }
        const double step = over / slope;
        rate -= step;
        if (step < 1e-15) {
            break;
        }
    }
    return std::max(rate, seen);
}

// The confidence region { w X + w Y + k X Y < 1 / alpha } with X = A/L of the one side, Y of the
// other, and in k the two members that know both sides.
struct Region {
    Side one;
    Side other;
    double limit = 0.0; // 1 / alpha
    double both = 0.0;  // k

    // The least of (rate of one) - (rate of other) where the other side diverges by `other_budget`
    // and the one side by what the region leaves it then.
    double differenceAt(double other_budget) const {
        const double y = exponential(other.log_least + other_budget);
        const double x = (limit - member_share * y) / (member_share + both * y);
        const double one_budget = x > 0.0 ? naturalLog(x) - one.log_least : 0.0;
        const double low =
            one.trials > 0.0 ? lowestRate(one.trials, one.hits, std::max(one_budget, 0.0)) : 0.0;
        const double high =
            other.trials > 0.0 ? highestRate(other.trials, other.hits, other_budget) : 1.0;
        return low - high;
    }
    double budgetMax() const {
        const double x = exponential(one.log_least);
        const double y = (limit - member_share * x) / (member_share + both * x);
        return std::max(naturalLog(y) - other.log_least, 0.0);
    }
};

// The least difference over the region. Its edge is walked by an angle, given rationally: with
// sin = 2t / (1 + t^2) the budgets are divided as sin^2 to cos^2, which is how an ellipse divides
// them, so the difference is smooth and has one minimum. Golden section finds it.
double leastDifference(const Region &region) {
    constexpr double golden = 0.61803398874989484820;
    const double budget = region.budgetMax();
    const auto at = [&](double t) {
        const double sine = 2.0 * t / (1.0 + t * t);
        return region.differenceAt(budget * sine * sine);
    };
    double left = 0.0;
    double right = 1.0;
    double inner_left = right - golden * (right - left);
    double inner_right = left + golden * (right - left);
    double at_left = at(inner_left);
    double at_right = at(inner_right);
    for (int i = 0; i < search_steps; ++i) {
        if (at_left < at_right) {
            right = inner_right;
            inner_right = inner_left;
            at_right = at_left;
            inner_left = right - golden * (right - left);
            at_left = at(inner_left);
        } else {
            left = inner_left;
            inner_left = inner_right;
            at_left = at_right;
            inner_right = left + golden * (right - left);
            at_right = at(inner_right);
        }
    }
    // The ends count as well: with no hit at all on the one side the minimum lies at an end.
    return std::min({at_left, at_right, at(0.0), at(1.0)});
}

// ln of the mean of the martingales at (q + margin, q), with its first two derivatives in q. It is
// convex: each member is log-convex, and sums of log-convex functions are.
struct Height {
    double value = 0.0;
    double slope = 0.0;
    double bend = 0.0;
};

struct Divergence {
    double value = 0.0;
    double slope = 0.0;
    double bend = 0.0;

    Divergence(const Side &side, double rate) : value(side.log_least) {
        const double misses = side.trials - side.hits;
        if (side.hits > 0.0) {
            value += side.hits * naturalLog(side.rate / rate);
            slope -= side.hits / rate;
            bend += side.hits / (rate * rate);
        }
        if (misses > 0.0) {
            const double rest = 1.0 - rate;
            value += misses * naturalLog((1.0 - side.rate) / rest);
            slope += misses / rest;
            bend += misses / (rest * rest);
        }
    }
};

Height heightAt(const Region &region, double p, double q) {
    const Divergence x(region.one, p);
    const Divergence y(region.other, q);
    const double top = std::max({x.value, y.value, x.value + y.value});
    const double one = member_share * exponential(x.value - top);
    const double other = member_share * exponential(y.value - top);
    const double both = region.both * exponential(x.value + y.value - top);
    const double sum = one + other + both;
    const double weight_x = (one + both) / sum;
    const double weight_y = (other + both) / sum;
    Height height;
    height.value = top + naturalLog(sum);
    height.slope = weight_x * x.slope + weight_y * y.slope;
    height.bend = weight_x * (x.bend + x.slope * x.slope) +
                  weight_y * (y.bend + y.slope * y.slope) + 2.0 * both / sum * x.slope * y.slope -
                  height.slope * height.slope;
    return height;
}

// Whether no pair of rates that differ by `margin` is left in the region. The least height along
// that line lies between the two seen rates; Newton's method inside a bracket finds on which side
// of the limit it is, mostly at the first look: a height below the limit is an answer, and so is a
// tangent that stays above it.
bool excludes(const Region &region, double margin) {
    const double lowest = std::max(0.0, -margin);
    const double highest = std::min(1.0, 1.0 - margin);
    const double shifted = region.one.rate - margin;
    double left = std::clamp(std::min(shifted, region.other.rate), lowest, highest);
    double right = std::clamp(std::max(shifted, region.other.rate), lowest, highest);
    const double limit = naturalLog(region.limit);
    if (lowest > highest) {
        return true; // no two rates differ by so much
    }
    if (!(left < right)) {
        const double height = heightAt(region, left + margin, left).value;
        return !(height < limit); // no number where a rate of 0 or 1 is impossible
    }
    const double trials = region.one.trials + region.other.trials;
    double q = (region.one.hits + region.other.hits - margin * region.one.trials) / trials;
    for (int i = 0; i < 100; ++i) {
        if (!(q > left && q < right)) {
            q = 0.5 * (left + right);
        }
        const Height height = heightAt(region, q + margin, q);
        if (!(height.value >= limit)) {
            return false;
        }
        const double end = height.slope > 0.0 ? left : right;
        if (height.value + height.slope * (end - q) >= limit) {
            return true;
        }
        (height.slope > 0.0 ? right : left) = q;
        q -= height.slope / height.bend;
    }
    return false;
}

Region regionOf(const Count &fresh, const Count &stable, double alpha) {
    Region region{sideOf(fresh), sideOf(stable), 1.0 / alpha, 0.0};
    const Side &one = region.one;
    const Side &other = region.other;
    const double pooled = logAverage(one.trials + other.trials, one.hits + other.hits);
    region.both =
        member_share + member_share * exponential(pooled - one.log_average - other.log_average);
    return region;
}

} // namespace

Interval rateDifference(const Count &fresh, const Count &stable, double alpha) {
    Region region = regionOf(fresh, stable, alpha);
    const double low = leastDifference(region);
    std::swap(region.one, region.other);
    const double high = -leastDifference(region);
    return {std::max(low, -1.0), std::min(high, 1.0)};
}

Place placeOf(const Count &fresh, const Count &stable, double alpha, double margin) {
    if (fresh.trials == 0 || stable.trials == 0) {
        return Place::Around;
    }
    const Region region = regionOf(fresh, stable, alpha);
    const double seen = region.one.rate - region.other.rate;
    if (seen == margin || !excludes(region, margin)) {
        return Place::Around;
    }
    return seen > margin ? Place::Above : Place::Below;
}

} // namespace aviary::kernel
