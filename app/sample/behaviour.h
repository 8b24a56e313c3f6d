// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace aviary {

// How the sample service behaves: what a revision of a real service might do, good or bad.
struct Behaviour {
    std::uint16_t port = 0; // 0: the system chooses; it is printed
    std::string node;
    std::string revision;
    std::int64_t start_delay_ms = 0; // until /ready and / answer 200
    // 19 of 20 nodes are ready by then, lognormal around start_delay_ms; 0: all alike.
    std::int64_t start_delay_p95_ms = 0;
    double error_rate = 0.0; // share of answers to / that are 500: 0 to 1
    double latency_ms = 0.0; // median; the upper tail is log-normal (p99 about 2.5 times)
    double leak_mib_per_minute = 0.0;
    std::int64_t exit_after_ms = 0; // crashes (exit 70) after this time; 0: never
    bool fail_start = false;        // exits 1 instead of listening
    double fail_start_rate = 0.0;   // share of nodes that do
    std::uint64_t luck = 0;         // the same luck gives the same node the same start
};

} // namespace aviary
