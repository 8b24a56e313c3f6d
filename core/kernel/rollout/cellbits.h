// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/rollout/state.h"

#include <bit>
#include <cstring>

// A cell as two words, for the few changes that nearly every event makes: a
// test compares each name with the member of Cell that it stands for.
namespace aviary::kernel {

struct CellWords {
    std::uint64_t first = 0;  // order, site
    std::uint64_t second = 0; // from its lowest byte: phase, status, cause,
                              // attempts, windows, falls, and two bytes of flags
};
inline CellWords wordsOf(const Cell &cell) {
    return std::bit_cast<CellWords>(cell);
}
inline Cell cellOf(CellWords words) {
    return std::bit_cast<Cell>(words);
}
inline void setSecond(Cell &cell, std::uint64_t second) {
    std::memcpy(reinterpret_cast<unsigned char *>(&cell) + sizeof second, &second, sizeof second);
}

namespace bits {
inline constexpr std::uint64_t phase = 0xff;
inline constexpr std::uint64_t status = 0xff00;
inline constexpr std::uint64_t cause = 0xff'0000;
inline constexpr std::uint64_t attempts = 0xff00'0000;
inline constexpr std::uint64_t one_attempt = 0x0100'0000;
inline constexpr std::uint64_t windows = 0xff'0000'0000;
inline constexpr std::uint64_t one_window = 0x01'0000'0000;
inline constexpr std::uint64_t falls = 0xff00'0000'0000;
inline constexpr std::uint64_t flagged = std::uint64_t{1} << 48;
inline constexpr std::uint64_t drained = std::uint64_t{1} << 49;
inline constexpr std::uint64_t incapable = std::uint64_t{1} << 50;
inline constexpr std::uint64_t ready = std::uint64_t{1} << 51;
inline constexpr std::uint64_t old_runs = std::uint64_t{1} << 52;
inline constexpr std::uint64_t old_gone = std::uint64_t{1} << 53;
inline constexpr std::uint64_t retiring = std::uint64_t{1} << 54;
inline constexpr std::uint64_t touched = std::uint64_t{1} << 55;
inline constexpr std::uint64_t served = std::uint64_t{1} << 56;
inline constexpr std::uint64_t again = std::uint64_t{1} << 57;
inline constexpr std::uint64_t proven = std::uint64_t{1} << 58;
inline constexpr std::uint64_t postponed = std::uint64_t{1} << 59;
inline constexpr std::uint64_t returning = std::uint64_t{1} << 60;
inline constexpr std::uint64_t queued = std::uint64_t{1} << 61;
inline constexpr std::uint64_t unused = std::uint64_t{3} << 62; // 0 but for a compiler's whim

constexpr std::uint64_t of(Phase value) {
    return static_cast<std::uint64_t>(value);
}
constexpr Phase phaseOf(std::uint64_t second) {
    return static_cast<Phase>(second & phase);
}
} // namespace bits

} // namespace aviary::kernel
