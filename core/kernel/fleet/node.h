// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/basics.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace aviary::kernel {

enum class NodeStatus : std::uint8_t { Online, Degraded, Offline };
std::string_view nameOf(NodeStatus status); // "online"

// What a person or the cluster says of a node, beside its status.
struct NodeFlags {
    bool draining : 1 = false;
    bool maintenance : 1 = false;
    bool excluded : 1 = false;
    bool operator==(const NodeFlags &) const = default;
    bool any() const { return draining || maintenance || excluded; }
};

struct Usage {
    Ppm cpu = 0;                 // share of all cores in use
    std::int64_t memory_mib = 0; // in use
    std::int64_t disk_mib = 0;   // in use
    std::uint32_t services = 0;  // instances that run here
    bool operator==(const Usage &) const = default;
};

struct Capacity {
    std::int64_t memory_mib = 0; // 0: unknown, and then it never counts as full
    std::int64_t disk_mib = 0;
    std::uint32_t services = 0; // how many instances the node takes; 0: no limit
    bool operator==(const Capacity &) const = default;
};

// One place where software runs.
struct Node {
    std::string id; // unique in its cluster
    std::string name;
    std::string address; // host, host:port, socket path; as the driver understands it
    std::string site;    // failure domain; the label "site"
    std::map<std::string, std::string> labels;
    NodeStatus status = NodeStatus::Online;
    NodeFlags flags;
    std::vector<std::string> capabilities; // sorted
    Capacity capacity;
    Usage usage;
    std::optional<Millis> heartbeat_age; // since the node was last heard; none: never heard
    std::map<std::string, std::string> revisions; // service -> revision that is healthy here
    bool operator==(const Node &) const = default;
};

} // namespace aviary::kernel
