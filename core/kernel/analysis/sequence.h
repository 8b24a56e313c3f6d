// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/analysis/judge.h"

namespace aviary::kernel {

// How often something happened among how many.
struct Count {
    std::uint64_t trials = 0;
    std::uint64_t hits = 0; // more than `trials` counts as `trials`
    bool operator==(const Count &) const = default;
};

// A confidence sequence for the difference of two rates, fresh - stable: at every moment, and
// however often one looked before and however the trials are shared out between the two, the
// interval holds the true difference with a chance of at least 1 - alpha for all looks together
// (as long as each side's trials are independent and its rate is constant). From totals alone.
//
// With p and q the true rates and L their likelihood of what was seen, each of these is a
// nonnegative martingale that starts at 1, whatever comes next on which side:
//
//   A/L of the fresh side alone, A/L of the stable side alone, the product of both,
//   and P/L of both with one common rate,
//
// where A and P are the likelihood averaged over the prior Beta(1/2, 10) (Robbins 1970: the method
// of mixtures; Howard, Ramdas, McAuliffe and Sekhon 2021, "Time-uniform, nonparametric,
// nonasymptotic confidence sequences", the beta-binomial mixture). So is their mean. By Ville's
// inequality the mean stays below 1 / alpha for ever with a chance of 1 - alpha, so the pairs
// (p, q) where it is below are a confidence region, and the range of p - q over that convex region
// is the interval. The first two members serve lopsided counts, the third balanced ones, the
// fourth equal rates; the prior favours rates of a few percent and less.
//
// Deterministic and bounded, about 10 microseconds. Counts over 10^10 are scaled down, which widens
// the interval. A side without trials leaves it at -1 to 1.
Interval rateDifference(const Count &fresh, const Count &stable, double alpha);

// Where that interval lies, seen from `margin`: wholly above, wholly below, or it holds the margin.
// The same region asked one question: below a microsecond.
enum class Place : std::uint8_t { Above, Below, Around };
Place placeOf(const Count &fresh, const Count &stable, double alpha, double margin);

} // namespace aviary::kernel
