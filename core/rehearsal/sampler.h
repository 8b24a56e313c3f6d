// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/rehearsal/chance.h"
#include "core/rehearsal/scenario.h"

#include <array>

// Samplers with the same bits everywhere: own log and exp, and no distribution of the standard
// library.
namespace aviary::rehearsal {

// The standard normal quantile for 0 < p < 1 (Wichura 1988, algorithm AS 241); relative error below
// 1e-15.
double normalQuantile(double p);
// The chance of more than x.
double normalTail(double x);

// A Spread by its inverse distribution function: a table of 1,024 cells, linear within (relative
// error below 0.2 % up to a p95 of ten medians), and exact in the first and last eight of them.
class Lognormal {
public:
    explicit Lognormal(const Spread &spread = {});
    // Rounded to a millisecond, at most ten years.
    Millis at(std::uint32_t word) const {
        const std::uint32_t cell = word >> 22;
        if (cell - edge >= cells - 2 * edge) {
            return tailAt(word);
        }
        const double part = static_cast<double>(word & 0x3f'ffffU) * 0x1p-22;
        const double value = knots_[cell] + (knots_[cell + 1] - knots_[cell]) * part;
        return static_cast<Millis>(value + 0.5);
    }
    // The share of values above the limit: 0 to 1.
    double shareAbove(double limit_ms) const;

private:
    static constexpr std::uint32_t cells = 1'024;
    static constexpr std::uint32_t edge = 8;
    Millis tailAt(std::uint32_t word) const;
    double quantile(double p) const;

    double log_median_ = 0.0;
    double sigma_ = 0.0;
    bool zero_ = false;
    std::array<double, cells + 1> knots_{};
};

// With that mean, rounded up to whole milliseconds, at most ten years.
Millis exponentialAt(double mean_ms, std::uint64_t word);

// A standard normal number (Marsaglia and Tsang 2000, the ziggurat; Doornik 2005).
double normalOf(Draws &draws);

// Exact up to a mean of 10^9: by inversion below 10, by a modified normal number above (Ahrens and
// Dieter 1982, algorithm PD, with the probabilities themselves in place of their approximations;
// at 10^9 the few draws that it corrects have those to 1e-5). Beyond, the normal distribution
// rounded to whole numbers. Keeps what the last mean calls for: the next is mostly the same. What
// it kept changes no answer.
class Poisson {
public:
    std::uint64_t at(double mean, std::uint64_t word);

private:
    void prepare(double mean);
    std::uint64_t normalAt(std::uint64_t word) const;
    std::uint64_t corrected(double normal, double unit, Draws draws) const;
    double chanceOf(double count) const;
    double normalChanceOf(double count) const;

    double mean_ = 0.0;
    double none_ = 1.0;   // the chance of no hit, below 10
    double spread_ = 0.0; // the standard deviation, from 10 on
};

// Exact up to 10^9 trials (inversion where few hits are expected, else Hörmann 1993, transformed
// rejection: BTRS); beyond, normal likewise. Keeps the logarithm of the last rate.
class Binomial {
public:
    // `rate`: 0 to 1.
    std::uint64_t at(std::uint64_t trials, double rate, std::uint64_t word);

private:
    std::uint64_t rareAt(double trials, double rate, std::uint64_t word);

    double rate_ = 0.0;
    double log_miss_ = 0.0; // log(1 - rate_)
};

} // namespace aviary::rehearsal
