// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/routing/haproxyweights.h"

#include <algorithm>
#include <cstdlib>

namespace aviary::routing {
namespace {

constexpr int good_basis_points = 2;
constexpr int excess_basis_points_max = 5;

// By how much a share is more than asked, in basis points of all times the total.
std::int64_t excessOf(const Weights &weights, kernel::Weight asked) {
    const std::int64_t total = weights.fresh + weights.stable;
    return std::int64_t{weights.fresh} * kernel::full_weight - total * asked;
}

std::vector<std::size_t> readyOf(const HaproxyView &view, int slot) {
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < view.servers.size() && slot >= 0; ++i) {
        if (view.servers[i].slot == slot && view.servers[i].state == ServerState::Ready) {
            places.push_back(i);
        }
    }
    return places;
}

// Evenly; what is left over goes to the first ones by name, so that it is the same each time.
void spread(const HaproxyView &view, std::vector<std::size_t> places, int total,
            std::vector<int> &weights) {
    std::ranges::sort(places, {}, [&view](std::size_t i) { return view.servers[i].node; });
    const int count = static_cast<int>(places.size());
    for (int i = 0; i < count; ++i) {
        weights[places[static_cast<std::size_t>(i)]] = total / count + (i < total % count ? 1 : 0);
    }
}

Weights weightsOf(const SlotSplit &split, int fresh, int stable) {
    if (fresh == 0 || stable == 0) { // HAProxy gives everything to who is left, unless forbidden
        const bool may = split.weight > 0 || split.spill;
        return {may ? fresh * server_weight_mean : 0, stable * server_weight_mean};
    }
    return weightsFor(split.weight, fresh, stable);
}

} // namespace

Weights weightsFor(kernel::Weight weight, int fresh_servers, int stable_servers) {
    const int total_max = server_weight_mean * (fresh_servers + stable_servers);
    Weights best{0, stable_servers * server_weight_mean};
    std::int64_t best_off = kernel::full_weight;
    for (int total = total_max; total > 0; --total) {
        Weights one;
        one.fresh = static_cast<int>((std::int64_t{total} * weight + kernel::full_weight / 2) /
                                     kernel::full_weight);
        one.stable = total - one.fresh;
        const std::int64_t excess = excessOf(one, weight) / total;
        if (one.fresh > fresh_servers * server_weight_max ||
            one.stable > stable_servers * server_weight_max || excess > excess_basis_points_max) {
            continue;
        }
        const std::int64_t off = std::abs(excess);
        if (off < best_off) {
            best = one;
            best_off = off;
        }
        if (off <= good_basis_points) {
            break;
        }
    }
    return best;
}

std::vector<int> serverWeights(const HaproxyView &view) {
    std::vector<int> weights;
    for (const SlotServer &server : view.servers) {
        const bool used = server.slot == view.split.fresh || server.slot == view.split.stable;
        const bool idle = server.state == ServerState::Ready && !used;
        weights.push_back(idle ? 0 : server.weight);
    }
    const std::vector<std::size_t> fresh = readyOf(view, view.split.fresh);
    const std::vector<std::size_t> stable = readyOf(view, view.split.stable);
    const Weights totals =
        weightsOf(view.split, static_cast<int>(fresh.size()), static_cast<int>(stable.size()));
    spread(view, fresh, totals.fresh, weights);
    spread(view, stable, totals.stable, weights);
    return weights;
}

bool isTooFine(const HaproxyView &view) {
    const std::vector<std::size_t> fresh = readyOf(view, view.split.fresh);
    const std::vector<int> weights = serverWeights(view);
    return view.split.weight > 0 && !fresh.empty() &&
           std::ranges::all_of(fresh, [&weights](std::size_t i) { return weights[i] == 0; });
}

QByteArrayList commandsToWeigh(const HaproxyView &view) {
    QByteArrayList commands;
    const std::vector<int> weights =
        view.backend.isEmpty() ? std::vector<int>() : serverWeights(view);
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const SlotServer &server = view.servers[i];
        if (weights[i] != server.weight) {
            commands += "set server " + view.wordFor(server.slot, server.node) + " weight " +
                        QByteArray::number(weights[i]);
        }
    }
    return commands;
}

} // namespace aviary::routing
