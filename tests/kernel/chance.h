// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace aviary::kernel::testing {

// SplitMix64 (Steele, Lea, Flood 2014): the same numbers from the same seed everywhere.
class Chance {
public:
    explicit Chance(std::uint64_t seed) : word_(seed) {}

    std::uint64_t next() {
        word_ += 0x9e37'79b9'7f4a'7c15ULL;
        std::uint64_t mixed = word_;
        mixed = (mixed ^ (mixed >> 30)) * 0xbf58'476d'1ce4'e5b9ULL;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d0'49bb'1331'11ebULL;
        return mixed ^ (mixed >> 31);
    }
    // 0 to below - 1.
    std::uint32_t below(std::uint32_t below) {
        return below == 0 ? 0 : static_cast<std::uint32_t>(next() % below);
    }
    std::uint32_t from(std::uint32_t low, std::uint32_t high) {
        return low + below(high - low + 1);
    }
    bool percent(std::uint32_t percent) { return below(100) < percent; }

private:
    std::uint64_t word_;
};

} // namespace aviary::kernel::testing
