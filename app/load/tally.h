// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace aviary {

// What came back. Latency counts from the time at which a request was due, not from when a
// connection was free for it: a server that stalls is not excused (no coordinated omission).
class Tally {
public:
    void answered(int status, const std::string &revision, std::int64_t latency_us);
    void lost(const std::string &why); // no whole answer came: refused, reset, cut off, timed out

    std::uint64_t answers() const { return answers_; }
    std::uint64_t losses() const { return losses_; }
    // {"sent":..,"answered":..,"lost":..,"by_revision":{..},"by_status":{..},"lost_by_cause":{..},
    //  "elapsed_ms":..,"latency_ms":{"p50":..,"p90":..,"p99":..,"max":..}}, one line
    std::string json(std::uint64_t sent, std::int64_t elapsed_ms) const;

private:
    double latencyMs(double share) const;

    static constexpr int buckets_per_octave = 32; // 2.2 % wide; a run of any length needs no more
    std::array<std::uint64_t, 40 * buckets_per_octave> latencies_{};
    std::uint64_t answers_ = 0, losses_ = 0;
    std::int64_t latency_us_max_ = 0;
    std::map<std::string, std::uint64_t> by_revision_;
    std::map<int, std::uint64_t> by_status_;
    std::map<std::string, std::uint64_t> by_cause_;
};

} // namespace aviary
