// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Elementary functions with the same bits everywhere. libm's differ between versions and compilers;
// these use only +, -, *, / and bit patterns, which IEEE 754 fixes, and are compiled without
// contraction. Relative error below 1e-13; see tests/kernel/test_elementary.cpp.
namespace aviary::kernel {

// Natural logarithm. -infinity at 0, NaN below.
double naturalLog(double x);

// e to the x. 0 below -745, +infinity above 709.78.
double exponential(double x);

// Logarithm of the gamma function for x > 0; absolute error near its zeros 1 and 2 below 1e-14.
double logGamma(double x);

// Logarithm of the beta function for a, b > 0.
double logBeta(double a, double b);

// The chance of `hits` or more among `trials`, each a hit with a chance of `rate`; absolute error
// below 1e-9 up to 10^9 trials.
double binomialTail(double trials, double hits, double rate);

} // namespace aviary::kernel
