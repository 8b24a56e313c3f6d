// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rehearsal/sampler.h"

#include "core/kernel/analysis/elementary.h"

#include <algorithm>
#include <cmath>

namespace aviary::rehearsal {
namespace {

using kernel::exponential;
using kernel::logGamma;
using kernel::naturalLog;

constexpr double ten_years_ms = 3.15e11;
constexpr double z95 = 1.6448536269514722;
constexpr double inverted_below = 10.0;
constexpr double exact_below = 1e9;

using Coefficients = std::array<double, 8>;

double polynomial(const Coefficients &from_constant, double x) {
    double sum = 0.0;
    for (auto it = from_constant.rbegin(); it != from_constant.rend(); ++it) {
        sum = sum * x + *it;
    }
    return sum;
}

constexpr Coefficients central_above = {3.3871328727963666080e0,  1.3314166789178437745e+2,
                                        1.9715909503065514427e+3, 1.3731693765509461125e+4,
                                        4.5921953931549871457e+4, 6.7265770927008700853e+4,
                                        3.3430575583588128105e+4, 2.5090809287301226727e+3};
constexpr Coefficients central_below = {1.0,
                                        4.2313330701600911252e+1,
                                        6.8718700749205790830e+2,
                                        5.3941960214247511077e+3,
                                        2.1213794301586595867e+4,
                                        3.9307895800092710610e+4,
                                        2.8729085735721942674e+4,
                                        5.2264952788528545610e+3};
constexpr Coefficients middle_above = {1.42343711074968357734e0,  4.63033784615654529590e0,
                                       5.76949722146069140550e0,  3.64784832476320460504e0,
                                       1.27045825245236838258e0,  2.41780725177450611770e-1,
                                       2.27238449892691845833e-2, 7.74545014278341407640e-4};
constexpr Coefficients middle_below = {1.0,
                                       2.05319162663775882187e0,
                                       1.67638483018380384940e0,
                                       6.89767334985100004550e-1,
                                       1.48103976427480074590e-1,
                                       1.51986665636164571966e-2,
                                       5.47593808499534494600e-4,
                                       1.05075007164441684324e-9};
constexpr Coefficients far_above = {6.65790464350110377720e0,  5.46378491116411436990e0,
                                    1.78482653991729133580e0,  2.96560571828504891230e-1,
                                    2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                    2.71155556874348757815e-5, 2.01033439929228813265e-7};
constexpr Coefficients far_below = {1.0,
                                    5.99832206555887937690e-1,
                                    1.36929880922735805310e-1,
                                    1.48753612908506148525e-2,
                                    7.86869131145613259100e-4,
                                    1.84631831751005468180e-5,
                                    1.42151175831644588870e-7,
                                    2.04426310338993978564e-15};

std::uint64_t whole(double value) {
    return value > 0.0 ? static_cast<std::uint64_t>(value + 0.5) : 0;
}

// log k! of a whole number k >= 0; those that a look mostly asks for are kept.
double logFactorial(double k) {
    constexpr std::size_t kept = 4'096;
    static const auto table = [] {
        std::array<double, kept> all{};
        for (std::size_t i = 0; i < kept; ++i) {
            all[i] = logGamma(static_cast<double>(i) + 1.0);
        }
        return all;
    }();
    return k < kept ? table[static_cast<std::size_t>(k)] : logGamma(k + 1.0);
}

// Layers of one area under exp(-x^2 / 2), the lowest with the tail. edges[i]: where layer i ends,
// the lowest one's as if it were a rectangle.
struct Ziggurat {
    static constexpr std::size_t layers = 128;
    static constexpr double tail = 3.442619855899;
    static constexpr double area = 9.91256303526217e-3;
    std::array<double, layers + 1> edges{};
    std::array<double, layers + 1> heights{}; // of the curve above the edges
};
const Ziggurat &ziggurat() {
    static const Ziggurat made = [] {
        Ziggurat of;
        double height = exponential(-0.5 * Ziggurat::tail * Ziggurat::tail);
        of.edges[0] = Ziggurat::area / height;
        of.edges[1] = Ziggurat::tail;
        of.heights[1] = height;
        for (std::size_t i = 2; i < Ziggurat::layers; ++i) {
            height += Ziggurat::area / of.edges[i - 1];
            of.edges[i] = std::sqrt(-2.0 * naturalLog(height));
            of.heights[i] = height;
        }
        of.heights[Ziggurat::layers] = 1.0; // above 0
        return of;
    }();
    return made;
}

// A normal number beyond the tail's begin (Marsaglia 1964).
double normalTailAt(Draws &draws) {
    for (;;) {
        const double beyond = -naturalLog(draws.next()) / Ziggurat::tail;
        if (-2.0 * naturalLog(draws.next()) > beyond * beyond) {
            return Ziggurat::tail + beyond;
        }
    }
}

constexpr std::size_t inverted_max = 200; // hits that inversion counts to
// 1 / i: cheaper than the division at each hit.
constexpr auto inverse = [] {
    std::array<double, inverted_max + 1> all{};
    for (std::size_t i = 1; i <= inverted_max; ++i) {
        all[i] = 1.0 / static_cast<double>(i);
    }
    return all;
}();

// For a mean below `inverted_below`; `none`: the chance of no hit.
std::uint64_t poissonInverted(double mean, double none, double unit) {
    double chance = none;
    std::size_t count = 0;
    while (unit > chance && count < inverted_max) {
        unit -= chance;
        ++count;
        chance *= mean * inverse[count];
    }
    return count;
}

// Likewise.
std::uint64_t binomialInverted(double trials, double rate, double none, double unit) {
    const double odds = rate / (1.0 - rate);
    const auto most = static_cast<std::size_t>(std::min<double>(trials, inverted_max));
    double chance = none;
    std::size_t count = 0;
    while (unit > chance && count < most) {
        unit -= chance;
        chance *= (trials - static_cast<double>(count)) * odds * inverse[count + 1];
        ++count;
    }
    return count;
}

// BTRS, for a rate up to 1/2.
std::uint64_t binomialRejected(double n, double rate, Draws draws) {
    const double spread = std::sqrt(n * rate * (1.0 - rate));
    const double b = 1.15 + 2.53 * spread;
    const double a = -0.0873 + 0.0248 * b + 0.01 * rate;
    const double alpha = (2.83 + 5.1 / b) * spread;
    const double accepted = 0.92 - 4.2 / b;
    const double mode = std::floor((n + 1.0) * rate);
    for (;;) {
        const double u = draws.next() - 0.5;
        const double v = draws.next();
        const double us = 0.5 - std::abs(u);
        const double k = std::floor((2.0 * a / us + b) * u + n * rate + 0.5);
        if (k < 0.0 || k > n) {
            continue;
        }
        if (us >= 0.07 && v <= accepted) {
            return static_cast<std::uint64_t>(k);
        }
        const double log_odds = naturalLog(rate / (1.0 - rate));
        const double at_mode = logFactorial(mode) + logFactorial(n - mode);
        const double height = naturalLog(v * alpha / (a / (us * us) + b));
        if (height <= at_mode - logFactorial(k) - logFactorial(n - k) + (k - mode) * log_odds) {
            return static_cast<std::uint64_t>(k);
        }
    }
}

} // namespace

double normalQuantile(double p) {
    const double q = p - 0.5;
    if (std::abs(q) <= 0.425) {
        const double r = 0.180625 - q * q;
        return q * polynomial(central_above, r) / polynomial(central_below, r);
    }
    const double r = std::sqrt(-naturalLog(q < 0.0 ? p : 1.0 - p));
    const double size = r <= 5.0
                            ? polynomial(middle_above, r - 1.6) / polynomial(middle_below, r - 1.6)
                            : polynomial(far_above, r - 5.0) / polynomial(far_below, r - 5.0);
    return q < 0.0 ? -size : size;
}

double normalTail(double x) {
    double low = 0x1p-60;
    double high = 1.0 - 0x1p-50;
    for (int turn = 0; turn < 60; ++turn) {
        const double middle = (low + high) / 2.0;
        (normalQuantile(middle) < -x ? low : high) = middle;
    }
    return (low + high) / 2.0;
}

Lognormal::Lognormal(const Spread &spread) {
    zero_ = spread.median_ms <= 0;
    if (zero_) {
        return;
    }
    log_median_ = naturalLog(static_cast<double>(spread.median_ms));
    if (spread.p95_ms > spread.median_ms) {
        sigma_ = (naturalLog(static_cast<double>(spread.p95_ms)) - log_median_) / z95;
    }
    for (std::uint32_t cell = 1; cell < cells; ++cell) {
        knots_[cell] = quantile(static_cast<double>(cell) / cells);
    }
}

double Lognormal::quantile(double p) const {
    const double log_value = log_median_ + sigma_ * normalQuantile(p);
    return std::min(exponential(log_value), ten_years_ms);
}

Millis Lognormal::tailAt(std::uint32_t word) const {
    return zero_ ? 0
                 : static_cast<Millis>(quantile((static_cast<double>(word) + 0.5) * 0x1p-32) + 0.5);
}

double Lognormal::shareAbove(double limit_ms) const {
    if (zero_) {
        return limit_ms < 0.0 ? 1.0 : 0.0;
    }
    const double beyond = naturalLog(limit_ms) - log_median_;
    if (sigma_ <= 0.0) {
        return beyond < 0.0 ? 1.0 : 0.0;
    }
    return normalTail(beyond / sigma_);
}

Millis exponentialAt(double mean_ms, std::uint64_t word) {
    const double span = -naturalLog(unitOf(word)) * mean_ms;
    return static_cast<Millis>(std::ceil(std::min(span, ten_years_ms)));
}

double normalOf(Draws &draws) {
    const Ziggurat &layers = ziggurat();
    for (;;) {
        const std::uint64_t word = draws.word();
        const double u = 2.0 * unitOf(word) - 1.0;
        const std::size_t layer = word % Ziggurat::layers; // of bits that unitOf leaves
        const double x = u * layers.edges[layer];
        if (std::abs(x) < layers.edges[layer + 1]) {
            return x;
        }
        if (layer == 0) {
            return std::copysign(normalTailAt(draws), u);
        }
        const double inner = layers.heights[layer + 1];
        const double outer = layers.heights[layer];
        if (outer + draws.next() * (inner - outer) < exponential(-0.5 * x * x)) {
            return x;
        }
    }
}

std::uint64_t Poisson::at(double mean, std::uint64_t word) {
    if (!(mean > 0.0)) {
        return 0;
    }
    if (mean != mean_) {
        prepare(mean);
    }
    if (mean < inverted_below) {
        return poissonInverted(mean, none_, unitOf(word));
    }
    if (mean <= exact_below) {
        return normalAt(word);
    }
    return whole(mean + std::sqrt(mean) * normalQuantile(unitOf(word)));
}

void Poisson::prepare(double mean) {
    mean_ = mean;
    if (mean < inverted_below) {
        none_ = exponential(-mean);
        return;
    }
    spread_ = std::sqrt(mean);
}

// The whole part of a normal number comes too often only at counts below the mean, and by so little
// that it is nearly always taken: step S, which holds for those above the mean too.
std::uint64_t Poisson::normalAt(std::uint64_t word) const {
    Draws draws(word);
    const double normal = mean_ + spread_ * normalOf(draws);
    const double unit = draws.next();
    const auto count = static_cast<std::int64_t>(normal);
    const double below = mean_ - static_cast<double>(count);
    if (normal >= 0.0 && 6.0 * mean_ * mean_ * unit >= below * below * below) {
        return static_cast<std::uint64_t>(count);
    }
    return corrected(normal, unit, draws);
}

// Step Q, and where it refuses, step H: from what the Poisson distribution has more than the
// normal one, below a Laplace distribution around 1.8 standard deviations.
std::uint64_t Poisson::corrected(double normal, double unit, Draws draws) const {
    const double taken = std::floor(normal);
    if (taken >= 0.0 && (1.0 - unit) * normalChanceOf(taken) <= chanceOf(taken)) {
        return static_cast<std::uint64_t>(taken);
    }
    for (;;) {
        const double size = -naturalLog(draws.next());
        const double side = 2.0 * draws.next() - 1.0;
        const double deviation = 1.8 + std::copysign(size, side);
        if (deviation <= -0.6744) {
            continue; // nothing is missing there
        }
        const double count = std::floor(mean_ + spread_ * deviation);
        const double missing = chanceOf(count) - normalChanceOf(count);
        if (0.1069 / mean_ * std::abs(side) <= missing * exponential(size)) {
            return static_cast<std::uint64_t>(count);
        }
    }
}

double Poisson::chanceOf(double count) const {
    return exponential(count * naturalLog(mean_) - mean_ - logFactorial(count));
}

// That a normal number lies between count and count + 1: Taylor's series around the middle, whose
// terms are the Hermite polynomials He_2n(z) (h / 2)^2n / (2n + 1)!.
double Poisson::normalChanceOf(double count) const {
    constexpr double root_two_pi = 2.5066282746310002;
    const double z = (count + 0.5 - mean_) / spread_;
    const double half = 0.5 / spread_;
    double before = 0.0;
    double term = 1.0; // He_n(z) half^n / n!
    double sum = 1.0;
    for (int n = 1; std::abs(term) + std::abs(before) > 1e-17; ++n) {
        const double next = (z * half * term - half * half * before) / n;
        before = term;
        term = next;
        sum += n % 2 == 0 ? term / (n + 1) : 0.0;
    }
    return exponential(-0.5 * z * z) * sum * 2.0 * half / root_two_pi;
}

std::uint64_t Binomial::at(std::uint64_t trials, double rate, std::uint64_t word) {
    if (trials == 0 || !(rate > 0.0)) {
        return 0;
    }
    if (rate >= 1.0) {
        return trials;
    }
    const auto n = static_cast<double>(trials);
    return rate > 0.5 ? trials - std::min(trials, rareAt(n, 1.0 - rate, word))
                      : std::min(trials, rareAt(n, rate, word));
}

// For a rate up to 1/2.
std::uint64_t Binomial::rareAt(double trials, double rate, std::uint64_t word) {
    if (trials * rate < inverted_below) {
        if (rate != rate_) {
            rate_ = rate;
            log_miss_ = naturalLog(1.0 - rate);
        }
        return binomialInverted(trials, rate, exponential(trials * log_miss_), unitOf(word));
    }
    if (trials <= exact_below) {
        return binomialRejected(trials, rate, Draws(word));
    }
    const double spread = std::sqrt(trials * rate * (1.0 - rate));
    return whole(trials * rate + spread * normalQuantile(unitOf(word)));
}

} // namespace aviary::rehearsal
