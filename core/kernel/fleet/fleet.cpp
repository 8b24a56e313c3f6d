// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernel/fleet/fleet.h"

#include <algorithm>
#include <bit>
#include <tuple>

namespace aviary::kernel {

namespace {

bool isCapable(const Node &node, const Needs &needs) {
    return std::all_of(
        needs.capabilities.begin(), needs.capabilities.end(), [&](const std::string &needed) {
            return std::binary_search(node.capabilities.begin(), node.capabilities.end(), needed);
        });
}

// A capacity of zero or less is unknown and never counts as full.
bool exceeds(std::int64_t used, std::int64_t needed, std::int64_t capacity) {
    return capacity > 0 && needed > capacity - used;
}

bool isFull(const Node &node, std::string_view service, const Needs &needs) {
    if (node.revisions.find(std::string(service)) != node.revisions.end()) {
        return false;
    }
    const bool crowded =
        node.capacity.services > 0 && node.usage.services >= node.capacity.services;
    return crowded || exceeds(node.usage.memory_mib, needs.memory_mib, node.capacity.memory_mib) ||
           exceeds(node.usage.disk_mib, needs.disk_mib, node.capacity.disk_mib);
}

} // namespace

std::string_view nameOf(NodeStatus status) {
    switch (status) {
    case NodeStatus::Online:
        return "online";
    case NodeStatus::Degraded:
        return "degraded";
    case NodeStatus::Offline:
        return "offline";
    }
    return "";
}

std::string_view nameOf(Reach reach) {
    switch (reach) {
    case Reach::Touchable:
        return "touchable";
    case Reach::Offline:
        return "offline";
    case Reach::Draining:
        return "draining";
    case Reach::Maintenance:
        return "maintenance";
    case Reach::Excluded:
        return "excluded";
    case Reach::Incapable:
        return "incapable";
    case Reach::Full:
        return "full";
    case Reach::Degraded:
        return "degraded";
    }
    return "";
}

const Node *Fleet::find(std::string_view id) const {
    const auto found =
        std::find_if(nodes.begin(), nodes.end(), [&](const Node &node) { return node.id == id; });
    return found == nodes.end() ? nullptr : &*found;
}

Reach reachOf(const Node &node, std::string_view service, const Needs &needs) {
    if (node.status == NodeStatus::Offline) {
        return Reach::Offline;
    }
    if (node.flags.draining) {
        return Reach::Draining;
    }
    if (node.flags.maintenance) {
        return Reach::Maintenance;
    }
    if (node.flags.excluded) {
        return Reach::Excluded;
    }
    if (!isCapable(node, needs)) {
        return Reach::Incapable;
    }
    return isFull(node, service, needs) ? Reach::Full : Reach::Touchable;
}

bool isHealthy(const Node &node, Millis silence_limit) {
    return node.status == NodeStatus::Online && node.heartbeat_age &&
           *node.heartbeat_age < silence_limit;
}

std::vector<std::string> staleNodes(const Fleet &fleet, Millis silence_limit) {
    std::vector<std::string> stale;
    for (const Node &node : fleet.nodes) {
        if (!node.heartbeat_age || *node.heartbeat_age >= silence_limit) {
            stale.push_back(node.id);
        }
    }
    return stale;
}

const Node *leastLoaded(const Fleet &fleet, std::string_view service, const Needs &needs) {
    const Node *best = nullptr;
    const auto load = [](const Node &node) {
        return std::tuple(node.usage.services, node.usage.memory_mib);
    };
    for (const Node &node : fleet.nodes) {
        if (!isHealthy(node) || reachOf(node, service, needs) != Reach::Touchable) {
            continue;
        }
        if (!best || load(node) < load(*best)) {
            best = &node;
        }
    }
    return best;
}

void FlapWindow::look(bool healthy) {
    constexpr unsigned kept = (1U << looks_max) - 1;
    const unsigned shifted = (static_cast<unsigned>(healthy_bits) << 1) | (healthy ? 1U : 0U);
    healthy_bits = static_cast<std::uint16_t>(shifted & kept);
    if (looks < looks_max) {
        ++looks;
    }
}

bool FlapWindow::flapping() const {
    if (looks < changes_min) {
        return false;
    }
    // Bit i differs from bit i + 1 where the node changed between two looks.
    const unsigned between = (1U << (looks - 1U)) - 1;
    const unsigned bits = healthy_bits;
    return std::popcount((bits ^ (bits >> 1)) & between) >= static_cast<int>(changes_min);
}

} // namespace aviary::kernel
