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

constexpr std::uint64_t mantissa_mask = (std::uint64_t{1} << 52) - 1;
constexpr std::uint64_t one_bits = std::uint64_t{1023} << 52;

// 1/3, 1/5 ... 1/21.
constexpr std::array artanh_coefficients = {1.0 / 3,  1.0 / 5,  1.0 / 7,  1.0 / 9,  1.0 / 11,
                                            1.0 / 13, 1.0 / 15, 1.0 / 17, 1.0 / 19, 1.0 / 21};
// 1/0!, 1/1! ... 1/13!.
constexpr std::array taylor_coefficients = {1.0,
                                            1.0,
                                            1.0 / 2,
                                            1.0 / 6,
                                            1.0 / 24,
                                            1.0 / 120,
                                            1.0 / 720,
                                            1.0 / 5040,
                                            1.0 / 40320,
                                            1.0 / 362880,
                                            1.0 / 3628800,
                                            1.0 / 39916800,
                                            1.0 / 479001600,
                                            1.0 / 6227020800};

// A polynomial of up to 16 coefficients, the constant first, for finite x, by Estrin's scheme: its
// parts do not wait for each other, as those of Horner's do.
template <std::size_t size>
double polynomial(const std::array<double, size> &coefficients, double x) {
    const auto pair = [&](std::size_t i) {
        const double high = i + 1 < size ? coefficients[i + 1] * x : 0.0;
        return i < size ? coefficients[i] + high : 0.0;
    };
    const double x2 = x * x;
    const double x4 = x2 * x2;
    const auto four = [&](std::size_t i) { return pair(i) + pair(i + 2) * x2; };
    return (four(0) + four(4) * x4) + (four(8) + four(12) * x4) * (x4 * x4);
}

double powerOfTwo(int exponent) {
    return std::bit_cast<double>(static_cast<std::uint64_t>(exponent + 1023) << 52);
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

// x = 2^k * m with m in [sqrt(1/2), sqrt(2)); ln m = 2 artanh(s) with s = (m - 1) / (m + 1), by its
// series: |s| < 0.172, so ten terms leave less than 1e-17.
double naturalLog(double x) {
    if (!(x > 0.0)) {
        return x == 0.0 ? -infinity : not_a_number;
    }
    if (x == infinity) {
        return x;
    }
    int k = 0;
    if (x < std::numeric_limits<double>::min()) {
        x *= 0x1p54;
        k = -54;
    }
    const auto bits = std::bit_cast<std::uint64_t>(x);
    k += static_cast<int>(bits >> 52) - 1023;
    double m = std::bit_cast<double>((bits & mantissa_mask) | one_bits);
    if (m > 1.4142135623730951) {
        m *= 0.5;
        ++k;
    }
    const double f = m - 1.0;
    const double s = f / (m + 1.0);
    const double z = s * s;
    const double series = polynomial(artanh_coefficients, z) * z;
    // 2 artanh(s) = 2s + 2s * series, and 2s = f - s * f: the exact f leads, so that logarithms of
    // numbers next to 1 keep their digits.
    const double tail = 2.0 * s * series - s * f;
    return k * ln2_high + (f + (tail + k * ln2_low));
}

// x = k ln 2 + r with |r| <= ln 2 / 2; e^r by its Taylor series to r^13, below 1e-17.
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
    const double scaled = x * 1.4426950408889634;
    const int k = static_cast<int>(scaled < 0.0 ? scaled - 0.5 : scaled + 0.5);
    const double r = (x - k * ln2_high) - k * ln2_low;
    const double series = polynomial(taylor_coefficients, r);
    // In two steps, so that neither factor leaves the range of normal numbers.
    const int half = k / 2;
    return series * powerOfTwo(half) * powerOfTwo(k - half);
}

// Stirling's series at x >= 10 (Abramowitz and Stegun 6.1.41), reached by the recurrence
// gamma(x + 1) = x gamma(x).
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
    const double series = polynomial(coefficients, square);
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
