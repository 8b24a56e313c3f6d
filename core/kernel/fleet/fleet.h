// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/fleet/node.h"

#include <span>
#include <string_view>

namespace aviary::kernel {

// The set of nodes looked at, in the order in which they joined.
struct Fleet {
    std::vector<Node> nodes;

    const Node *find(std::string_view id) const; // null when there is none
    bool operator==(const Fleet &) const = default;
};

// Why a node may not be touched; Touchable when it may.
enum class Reach : std::uint8_t {
    Touchable,
    Offline,
    Draining,
    Maintenance,
    Excluded,
    Incapable, // lacks a required capability
    Full,      // no room for one more instance, and none of this service runs there
    Degraded,  // reachable but not online; only left alone when nobody named the node as a target
};

struct Needs {
    std::vector<std::string> capabilities;
    std::int64_t memory_mib = 0;
    std::int64_t disk_mib = 0;
    bool operator==(const Needs &) const = default;
    static constexpr auto fields() {
        return std::tuple{field("capabilities", &Needs::capabilities),
                          field("memory_mib", &Needs::memory_mib),
                          field("disk_mib", &Needs::disk_mib)};
    }
};

std::string_view nameOf(Reach reach); // "draining"

// The first reason in the order of Reach. Silence is no reason: a driver that lost a node says
// Offline.
Reach reachOf(const Node &node, std::string_view service, const Needs &needs);

// A node is healthy when it is online and was heard less than `silence_limit` ago (60 s). A node
// that was never heard is not healthy: unknown is never healthy.
inline constexpr Millis silence_limit_default = 60'000;
bool isHealthy(const Node &node, Millis silence_limit = silence_limit_default);

// Ids of the nodes that were not heard for `silence_limit`, or never, in fleet order.
std::vector<std::string> staleNodes(const Fleet &fleet,
                                    Millis silence_limit = silence_limit_default);

// The touchable, healthy node with the fewest instances, then the least memory in use; the first in
// fleet order among equals. Null when there is none.
const Node *leastLoaded(const Fleet &fleet, std::string_view service, const Needs &needs);

// Flapping: at least 3 changes between healthy and not in the last 10 looks, and at least 3 looks.
struct FlapWindow {
    static constexpr std::size_t looks_max = 10;
    static constexpr std::size_t changes_min = 3;
    std::uint16_t healthy_bits = 0; // newest look in bit 0
    std::uint8_t looks = 0;
    void look(bool healthy);
    bool flapping() const;
};

} // namespace aviary::kernel
