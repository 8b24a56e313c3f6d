// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

// Luck by name: each draw is a function of the future, whom it befalls, what for, and which time it
// is, never of the order in which things happen. So a node has the same luck under every plan, and
// future k is the same on any thread.
namespace aviary::rehearsal {

// The finalizer of SplitMix64 (Steele, Lea, Flood 2014; constants of David Stafford's mix 13).
constexpr std::uint64_t stirred(std::uint64_t word) {
    word = (word ^ (word >> 30)) * 0xbf58'476d'1ce4'e5b9ULL;
    word = (word ^ (word >> 27)) * 0x94d0'49bb'1331'11ebULL;
    return word ^ (word >> 31);
}

enum class Purpose : std::uint32_t {
    Start = 1, // latency (high half) and fate (low half) of one update
    SlowStart,
    Stop,
    Back,
    Flaps, // whether this node does
    FlapUp,
    FlapDown,
    SiteOutage,
    SiteOutageLength,
    NodeOutage,
    NodeOutageLength,
    Drain,
    DrainLength,
    Remainder, // of what had befallen a node when the rehearsal began
    Router,
    RouterFate,
    Away,
    Answer,
    FreshSound, // requests that are neither in error nor slow
    FreshErrors,
    FreshSlow,
    FreshSlowErrors,
    FreshDue,
    StableSound,
    StableErrors,
    StableSlow,
    StableSlowErrors,
    StableDue,
    Arrival,
    Metric,
};

// A share of all 32-bit words: a word below the limit is in it. 2^32 is all of them.
constexpr std::uint64_t limitOf(std::uint32_t ppm) {
    return (std::uint64_t{ppm} << 32) / 1'000'000;
}
constexpr std::uint32_t lowHalf(std::uint64_t word) {
    return static_cast<std::uint32_t>(word);
}
constexpr std::uint32_t highHalf(std::uint64_t word) {
    return static_cast<std::uint32_t>(word >> 32);
}

// Above 0 and below 1.
constexpr double unitOf(std::uint64_t word) {
    return (static_cast<double>(word >> 12) + 0.5) * 0x1p-52;
}
// 0 to `below` - 1.
constexpr std::uint32_t placeOf(std::uint64_t word, std::uint32_t below) {
    return static_cast<std::uint32_t>((std::uint64_t{highHalf(word)} * below) >> 32);
}

class Luck {
public:
    Luck(std::uint64_t seed, std::uint64_t future)
        : base_(stirred(stirred(seed + golden) + (future + 1) * golden)) {}

    // `whom`: a well mixed number, or 0 for the rollout as a whole.
    std::uint64_t word(std::uint64_t whom, Purpose purpose, std::uint64_t time) const {
        const std::uint64_t what = (static_cast<std::uint64_t>(purpose) << 48) + time;
        return stirred((base_ ^ whom) + what * golden);
    }

private:
    static constexpr std::uint64_t golden = 0x9e37'79b9'7f4a'7c15ULL;
    std::uint64_t base_;
};

// As many numbers as a sampler needs, from one word.
class Draws {
public:
    explicit Draws(std::uint64_t word) : word_(word) {}
    std::uint64_t word() {
        word_ += 0x9e37'79b9'7f4a'7c15ULL;
        return stirred(word_);
    }
    double next() { return unitOf(word()); }

private:
    std::uint64_t word_;
};

} // namespace aviary::rehearsal
