// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/routing/haproxyview.h"

namespace aviary::routing {

// How the split of a service is told to an operator's HAProxy, which knows weights of servers only
// (0 to 256). Pure.
inline constexpr int server_weight_max = 256;
inline constexpr int server_weight_mean = 100; // what an average server of ours gets

// Weights of all servers of two revisions together. Off by 0.02 points at most where that can be,
// else as near as can be; never 0.05 points more for the fresh one than asked: rather nothing.
struct Weights {
    int fresh = 0, stable = 0;
    bool operator==(const Weights &) const = default;
};
Weights weightsFor(kernel::Weight weight, int fresh_servers, int stable_servers);

// The weight of each server of the view, in its order. Servers that are not ready keep theirs, so
// that they serve when they come back and nobody of us is there.
std::vector<int> serverWeights(const HaproxyView &view);
// Whether the split's share is too small for weights: the fresh servers would get nothing.
bool isTooFine(const HaproxyView &view);
// Nothing when they are so already, and for our own HAProxy.
QByteArrayList commandsToWeigh(const HaproxyView &view);

} // namespace aviary::routing
