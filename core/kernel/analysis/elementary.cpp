// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernel/analysis/elementary.h"

#include <array>
#include <bit>
#include <cstdint>
#include <limits>

namespace aviary::kernel {

namespace {

// ln 2 in two parts: k * ln2_high is exact for every exponent k (Cody and Waite).
constexpr double ln2_high = 0x1.62e42fee00000p-1;
constexpr double ln2_low = 0x1.a39ef35793c76p-33;
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

constexpr int mantissa_bits = 52;
constexpr std::uint64_t exponent_mask = ~std::uint64_t{0} << mantissa_bits;
constexpr auto least_normal = std::uint64_t{1} << mantissa_bits;
constexpr auto infinite = std::bit_cast<std::uint64_t>(infinity);

// The logarithm where the octave that begins at 11/16 is cut into 128 parts; beside 1 at 1 itself,
// so that logarithms of numbers next to it keep their digits.
constexpr int log_bits = 7;
constexpr int log_shift = mantissa_bits - log_bits;
constexpr std::size_t log_parts = std::size_t{1} << log_bits;
constexpr auto octave_begins = std::bit_cast<std::uint64_t>(0.6875);

struct LogKnot {
    double center = 1.0;
    double inverse = 1.0; // of the center
    double log = 0.0;     // of the center
};

// ln x = 2 artanh(s) with s = (x - 1) / (x + 1), by its series: |s| < 0.19 in that octave, so
// eleven terms leave less than 1e-17.
constexpr double logBySeries(double x) {
    const double s = (x - 1.0) / (x + 1.0);
    double sum = 0.0;
    for (int n = 21; n > 0; n -= 2) {
        sum = sum * (s * s) + 2.0 / n;
    }
    return s * sum;
}

constexpr auto log_knots = [] {
    std::array<LogKnot, log_parts> knots{};
    for (std::size_t i = 0; i < log_parts; ++i) {
        const std::uint64_t begin = octave_begins + (std::uint64_t{i} << log_shift);
        const std::uint64_t end = octave_begins + (std::uint64_t{i + 1} << log_shift);
        if (std::bit_cast<double>(begin) == 1.0 || std::bit_cast<double>(end) == 1.0) {
            continue;
        }
        const auto center = std::bit_cast<double>((begin + end) / 2);
        knots[i] = {center, 1.0 / center, logBySeries(center)};
    }
    return knots;
}();

// 2 to the i / 64.
constexpr int power_bits = 6;
constexpr std::size_t power_parts = std::size_t{1} << power_bits;
constexpr auto powers = [] {
    std::array<double, power_parts> all{};
    for (std::size_t i = 0; i < power_parts; ++i) {
        const double x = static_cast<double>(i) / power_parts * (ln2_high + ln2_low);
        double sum = 0.0;
        for (int n = 18; n > 0; --n) {
            sum = (sum + 1.0) * (x / n); // Taylor's series, less than 1e-17 behind the 18th term
        }
        all[i] = 1.0 + sum;
    }
    return all;
}();

double powerOfTwo(int exponent) {
    return std::bit_cast<double>(static_cast<std::uint64_t>(exponent + 1023) << mantissa_bits);
}

// The continued fraction of the incomplete beta function by Lentz's method as Numerical Recipes
// gives it (3rd edition, 6.4); it converges in about sqrt(max(a, b)) steps for x below the mean.
double betaFraction(double a, double b, double x) {
    constexpr double least = 1e-300;
    constexpr int steps_max = 200'000;
    const auto kept = [](double value) { return value < least && value > -least ? least : value; };
    double c = 1.0;
    double d = 1.0 / kept(1.0 - (a + b) * x / (a + 1.0));
    double fraction = d;
    for (int m = 1; m <= steps_max; ++m) {
        const double even = m * (b - m) * x / ((a + 2 * m - 1.0) * (a + 2 * m));
        d = 1.0 / kept(1.0 + even * d);
        c = kept(1.0 + even / c);
        fraction *= d * c;
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1.0));
        d = 1.0 / kept(1.0 + odd * d);
        c = kept(1.0 + odd / c);
        fraction *= d * c;
        if (d * c > 1.0 - 1e-14 && d * c < 1.0 + 1e-14) {
            break;
        }
    }
    return fraction;
}

} // namespace

// x = 2^k * m with m in [11/16, 11/8), and m = center * (1 + r) with |r| < 1/128: ln(1 + r) by its
// series to r^7, which leaves less than 2^-52 of it (Tang 1990, table-driven logarithm).
double naturalLog(double x) {
    auto bits = std::bit_cast<std::uint64_t>(x);
    int lifted = 0;
    if (bits - least_normal >= infinite - least_normal) {
        if (!(x > 0.0)) {
            return x == 0.0 ? -infinity : not_a_number;
        }
        if (x == infinity) {
            return x;
        }
        lifted = 54;
        bits = std::bit_cast<std::uint64_t>(x * 0x1p54);
    }
    const std::uint64_t offset = bits - octave_begins;
    const LogKnot &knot = log_knots[(offset >> log_shift) % log_parts];
    const int k = static_cast<int>(static_cast<std::int64_t>(offset) >> mantissa_bits) - lifted;
    const auto m = std::bit_cast<double>(bits - (offset & exponent_mask));
    const double r = (m - knot.center) * knot.inverse;
    const double square = r * r;
    const double bend = (-1.0 / 2 + r * (1.0 / 3)) +
                        square * ((-1.0 / 4 + r * (1.0 / 5)) + square * (-1.0 / 6 + r * (1.0 / 7)));
    return k * ln2_high + (knot.log + (r + (square * bend + k * ln2_low)));
}

// x = (k / 64) ln 2 + r with |r| <= ln 2 / 128; e^r by its Taylor series to r^5, below 1e-16.
double exponential(double x) {
    if (x != x) {
        return x;
    }
    if (x > 709.782712893384) {
        return infinity;
    }
    if (x < -745.2) {
        return 0.0;
    }
    constexpr double parts_in_one = 1.4426950408889634 * power_parts;
    constexpr double to_whole = 0x1.8p52; // added, it leaves no bits for a fraction
    const double whole = (x * parts_in_one + to_whole) - to_whole;
    const int k = static_cast<int>(whole);
    const double r = (x - whole * (ln2_high / power_parts)) - whole * (ln2_low / power_parts);
    const double square = r * r;
    const double rise =
        r + square * ((1.0 / 2 + r * (1.0 / 6)) + square * (1.0 / 24 + r * (1.0 / 120)));
    const double power = powers[static_cast<std::size_t>(k) % power_parts];
    // In two steps, so that neither factor leaves the range of normal numbers.
    const int exponent = k >> power_bits;
    const int half = exponent / 2;
    return (power + power * rise) * powerOfTwo(half) * powerOfTwo(exponent - half);
}

// Stirling's series at x >= 10 (Abramowitz and Stegun 6.1.41), reached by the recurrence
// gamma(x + 1) = x gamma(x). Its sum is Estrin's, whose parts do not wait for each other.
double logGamma(double x) {
    constexpr double half_log_two_pi = 0.91893853320467274178;
    constexpr std::array coefficients = {1.0 / 12,   -1.0 / 360,      1.0 / 1260, -1.0 / 1680,
                                         1.0 / 1188, -691.0 / 360360, 1.0 / 156,  -3617.0 / 122400};
    if (!(x > 0.0)) {
        return x == 0.0 ? infinity : not_a_number;
    }
    double product = 1.0;
    while (x < 10.0) {
        product *= x;
        x += 1.0;
    }
    const double inverse = 1.0 / x;
    const double square = inverse * inverse;
    const auto pair = [&](std::size_t i) { return coefficients[i] + coefficients[i + 1] * square; };
    const double fourth = square * square;
    const double series =
        (pair(0) + pair(2) * fourth) + (pair(4) + pair(6) * fourth) * (fourth * fourth);
    const double stirling = (x - 0.5) * naturalLog(x) - x + half_log_two_pi + series * inverse;
    return product == 1.0 ? stirling : stirling - naturalLog(product);
}

double logBeta(double a, double b) {
    return logGamma(a) + logGamma(b) - logGamma(a + b);
}

// P(X >= k) is the regularised incomplete beta function I_rate(k, n - k + 1).
double binomialTail(double trials, double hits, double rate) {
    if (hits <= 0.0 || rate >= 1.0) {
        return hits <= trials ? 1.0 : 0.0;
    }
    if (hits > trials || rate <= 0.0) {
        return 0.0;
    }
    const double a = hits;
    const double b = trials - hits + 1.0;
    const double front =
        exponential(a * naturalLog(rate) + b * naturalLog(1.0 - rate) - logBeta(a, b));
    if (rate < (a + 1.0) / (a + b + 2.0)) {
        return front * betaFraction(a, b, rate) / a;
    }
    return 1.0 - front * betaFraction(b, a, 1.0 - rate) / b;
}

} // namespace aviary::kernel
