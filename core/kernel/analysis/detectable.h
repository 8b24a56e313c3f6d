// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/analysis/judge.h"

#include <optional>

namespace aviary::kernel {

// What a not-worse check can see: the smallest rise of the error rate over `stable_rate` (parts of
// 1) that it has answered with Fail, with a chance of at least `power` (0 to 1, both excluded), by
// the time that this many requests went to each side. None when even a rise to an error rate of 1
// would be missed: the check is blind at this traffic.
//
// Counted at the end of the requests alone; a check that looks all the time sees a little more. The
// stable side's luck is averaged over three points (Gauss and Hermite), the fresh side's is exact
// (binomial). About a tenth of a millisecond.
std::optional<double> detectableRise(const NotWorse &judge, double stable_rate,
                                     std::uint64_t fresh_requests, std::uint64_t stable_requests,
                                     double power);

} // namespace aviary::kernel
