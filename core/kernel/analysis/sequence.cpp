// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernel/analysis/sequence.h"

#include "core/kernel/analysis/elementary.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace aviary::kernel {

namespace {

constexpr double prior_a = 0.5;
constexpr double prior_b = 10.0;
constexpr double trials_max = 1e10;
constexpr double member_share = 0.25; // of each of the four martingales in their mean
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr int steps_max = 100; // of a search; a few are enough

// One side: what was seen, and how far the averaged likelihood lies below the best one.
struct Side {
    double trials = 0.0;
    double hits = 0.0;
    double rate = 0.0;
    double log_average = 0.0; // ln A
    double log_least = 0.0;   // ln A/L at the seen rate, where it is least; at most 0
};

double logAverage(double trials, double hits) {
    static const double of_prior = logBeta(prior_a, prior_b);
    return logBeta(prior_a + hits, prior_b + trials - hits) - of_prior;
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
        side.hits = std::floor(side.hits * (trials_max / side.trials) + 0.5);
        side.rate = side.hits / trials_max;
        side.trials = trials_max;
    }
    const double misses = side.trials - side.hits;
    side.log_average = logAverage(side.trials, side.hits);
    side.log_least = std::min(0.0, side.log_average - timesLog(side.hits, side.rate) -
                                       timesLog(misses, 1.0 - side.rate));
    return side;
}

// The confidence region { w X + w Y + k X Y < 1 / alpha } with X = A/L of the one side, Y of the
// other, and in k the two members that know both sides.
struct Region {
    Side one;
    Side other;
    double log_limit = 0.0; // ln(1 / alpha)
    double both = 0.0;      // k
};

// ln of the mean of the martingales at the rates p and q of the two sides. It is convex: each
// member is log-convex, and sums of log-convex functions are.
struct Height {
    double value = 0.0;
    double slope_p = 0.0;
    double slope_q = 0.0;
    double bend = 0.0; // second derivative along p - q = constant

    double slope() const { return slope_p + slope_q; } // along p - q = constant
};

// Of ln A/L of one side, by its rate.
struct Slope {
    double slope = 0.0;
    double bend = 0.0;

    Slope(const Side &side, double rate) {
        const double misses = side.trials - side.hits;
        if (side.hits > 0.0) {
            slope -= side.hits / rate;
            bend += side.hits / (rate * rate);
        }
        if (misses > 0.0) {
            const double rest = 1.0 - rate;
            slope += misses / rest;
            bend += misses / (rest * rest);
        }
    }
};
struct Divergence : Slope {
    double value = 0.0;

    Divergence(const Side &side, double rate) : Slope(side, rate), value(side.log_least) {
        const double misses = side.trials - side.hits;
        if (side.hits > 0.0) {
            value += side.hits * naturalLog(side.rate / rate);
        }
        if (misses > 0.0) {
            value += misses * naturalLog((1.0 - side.rate) / (1.0 - rate));
        }
    }
};

Height heightAt(const Region &region, double p, double q) {
    const Divergence x(region.one, p);
    const Divergence y(region.other, q);
    const double top = std::max({x.value, y.value, x.value + y.value});
    if (!(top < infinity)) {
        return {infinity, not_a_number, not_a_number, not_a_number}; // what was seen cannot be
    }
    const double one = member_share * exponential(x.value - top);
    const double other = member_share * exponential(y.value - top);
    const double both = region.both * exponential(x.value + y.value - top);
    const double sum = one + other + both;
    const double weight_x = (one + both) / sum;
    const double weight_y = (other + both) / sum;
    Height height;
    height.value = top + naturalLog(sum);
    height.slope_p = weight_x * x.slope;
    height.slope_q = weight_y * y.slope;
    height.bend = weight_x * (x.bend + x.slope * x.slope) +
                  weight_y * (y.bend + y.slope * y.slope) + 2.0 * both / sum * x.slope * y.slope -
                  height.slope() * height.slope();
    return height;
}

// The next place to look inside a bracket: Newton's, but the middle when that is outside, and now
// and then at any rate. Where two members change places Newton's steps can go to and fro for ever.
double nextPlace(double newton, double left, double right, int step) {
    const bool takes_turns = step > 4 && step % 2 == 0;
    return !takes_turns && newton > left && newton < right ? newton : 0.5 * (left + right);
}

// The rates q for which q and p = q + difference are rates, and between which the least height
// lies: outside the two seen rates both sides' divergences rise.
struct Line {
    double difference = 0.0;
    double lowest = 0.0;
    double highest = 1.0;
    double left = 0.0;
    double right = 1.0;

    Line(const Region &region, double of)
        : difference(of), lowest(std::max(0.0, -of)), highest(std::min(1.0, 1.0 - of)) {
        const double shifted = region.one.rate - of;
        const double seen = region.other.rate;
        left = std::max(lowest, std::min({shifted, seen, highest}));
        right = std::min(highest, std::max({shifted, seen, lowest}));
    }
    Height heightAt(const Region &region, double q) const {
        return kernel::heightAt(region, q + difference, q);
    }
    // About where the least height lies: the most likely q if the hits were rare (of two Poisson
    // numbers whose rates differ by this, a quadratic equation), and one of Newton's steps from it
    // for X Y.
    double start(const Region &region) const {
        const Side &one = region.one;
        const Side &other = region.other;
        const double trials = one.trials + other.trials;
        const double b = one.hits + other.hits - difference * trials;
        const double rare =
            (b + std::sqrt(b * b + 4.0 * trials * other.hits * difference)) / (2.0 * trials);
        const double q = std::clamp(rare, left, right);
        const Slope x(one, q + difference);
        const Slope y(other, q);
        return q - (x.slope + y.slope) / (x.bend + y.bend);
    }
    // A tangent at q with that slope and value stays above the limit all along.
    bool staysAbove(double limit, double value, double slope, double q) const {
        return value + slope * ((slope > 0.0 ? left : right) - q) >= limit;
    }
};

// Whether no pair of rates that differ by `margin` is left in the region: whether the least height
// along that line is over the limit. Newton's method inside the bracket, mostly done at the first
// look: a height below the limit is an answer, and so is a tangent that stays above it.
bool excludes(const Region &region, double margin) {
    Line line(region, margin);
    if (line.lowest > line.highest) {
        return true; // no two rates differ by so much
    }
    if (!(line.left < line.right)) {
        return line.heightAt(region, line.left).value >= region.log_limit;
    }
    double q = line.start(region);
    for (int i = 0; i < steps_max; ++i) {
        q = nextPlace(q, line.left, line.right, i);
        const Height height = line.heightAt(region, q);
        if (!(height.value >= region.log_limit)) {
            return false;
        }
        if (line.staysAbove(region.log_limit, height.value, height.slope(), q)) {
            return true;
        }
        (height.slope() > 0.0 ? line.right : line.left) = q;
        q -= height.slope() / height.bend;
    }
    return false;
}

// Whether one member says so already: no height is below a quarter of X Y, which is log-convex too.
// That spares the other members, and the exponentials, where the evidence is clear.
bool excludesByProduct(const Region &region, double margin) {
    const Line line(region, margin);
    if (!(line.left < line.right)) {
        return false;
    }
    const double q = std::clamp(line.start(region), line.left, line.right);
    const Divergence x(region.one, q + margin);
    const Divergence y(region.other, q);
    static const double log_share = naturalLog(member_share);
    return line.staysAbove(region.log_limit, log_share + x.value + y.value, x.slope + y.slope, q);
}

// The least height along a line, and how it changes with the difference.
struct Least {
    double value = 0.0;
    double slope = 0.0;
};

// At the least height the two slopes cancel, unless q or p sits at 0 or 1 and cannot give way: then
// the difference moves the other rate alone.
Least leastAt(const Region &region, double difference) {
    Line line(region, difference);
    const auto end = [&](double q) {
        const Height height = line.heightAt(region, q);
        const bool q_is_fixed = q == 0.0 || q == 1.0;
        return Least{height.value, q_is_fixed ? height.slope_p : -height.slope_q};
    };
    const bool left_is_edge = line.left == line.lowest;
    const bool right_is_edge = line.right == line.highest;
    if (!(line.left < line.right) ||
        (left_is_edge && line.heightAt(region, line.left).slope() >= 0.0)) {
        return end(line.left);
    }
    if (right_is_edge && line.heightAt(region, line.right).slope() <= 0.0) {
        return end(line.right);
    }
    double q = line.start(region);
    Height height;
    for (int i = 0; i < steps_max; ++i) {
        q = nextPlace(q, line.left, line.right, i);
        height = line.heightAt(region, q);
        const double slope = height.slope();
        if (slope * slope < 1e-11 * height.bend) {
            break; // what Newton's step would still gain
        }
        (slope > 0.0 ? line.right : line.left) = q;
        q -= slope / height.bend;
    }
    return {height.value, 0.5 * (height.slope_p - height.slope_q)};
}

double spreadOf(const Side &side) {
    const double rate = (side.hits + 0.5) / (side.trials + 1.0);
    return rate * (1.0 - rate) / side.trials;
}

// The least difference of the region: below the seen one the least height falls with the
// difference and is convex in it, so Newton's method finds where it meets the limit; the start is
// where a normal distribution would put it.
double leastDifference(const Region &region) {
    double outside = -1.0;
    double inside = region.one.rate - region.other.rate;
    if (leastAt(region, outside).value < region.log_limit) {
        return outside;
    }
    const double spread = std::sqrt(spreadOf(region.one) + spreadOf(region.other));
    double difference = inside - std::sqrt(2.0 * region.log_limit + 4.0) * spread;
    for (int i = 0; i < steps_max; ++i) {
        difference = nextPlace(difference, outside, inside, i);
        const Least least = leastAt(region, difference);
        const double over = least.value - region.log_limit;
        if (over < 1e-10 && over > -1e-10) {
            return difference;
        }
        (over > 0.0 ? outside : inside) = difference;
        difference -= over / least.slope;
    }
    return outside;
}

Region regionOf(const Count &fresh, const Count &stable, double alpha) {
    return {sideOf(fresh), sideOf(stable), -naturalLog(alpha), 0.0};
}

void addBoth(Region &region) {
    const Side &one = region.one;
    const Side &other = region.other;
    const double pooled = logAverage(one.trials + other.trials, one.hits + other.hits);
    region.both =
        member_share + member_share * exponential(pooled - one.log_average - other.log_average);
}

} // namespace

Interval rateDifference(const Count &fresh, const Count &stable, double alpha) {
    if (fresh.trials == 0 || stable.trials == 0) {
        return {};
    }
    Region region = regionOf(fresh, stable, alpha);
    addBoth(region);
    const double low = leastDifference(region);
    std::swap(region.one, region.other);
    const double high = -leastDifference(region);
    return {std::max(low, -1.0), std::min(high, 1.0)};
}

Place placeOf(const Count &fresh, const Count &stable, double alpha, double margin) {
    if (fresh.trials == 0 || stable.trials == 0) {
        return Place::Around;
    }
    Region region = regionOf(fresh, stable, alpha);
    const double seen = region.one.rate - region.other.rate;
    if (seen == margin) {
        return Place::Around;
    }
    if (!excludesByProduct(region, margin)) {
        addBoth(region);
        if (!excludes(region, margin)) {
            return Place::Around;
        }
    }
    return seen > margin ? Place::Above : Place::Below;
}

} // namespace aviary::kernel
