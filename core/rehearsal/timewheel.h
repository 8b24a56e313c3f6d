// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/basics.h"

#include <array>
#include <bit>
#include <cstdint>
#include <vector>

namespace aviary::rehearsal {

// What will happen at an instant unless something comes in between.
enum class Kind : std::uint8_t {
    Ready,    // `subject` target, `order`
    Failed,   // likewise
    Refused,  // likewise
    Retired,  // likewise
    FlapDown, // likewise
    FlapUp,   // likewise
    Applied,  // the router; `order`
    Rejected, // likewise
    Outage,   // the next one of any site, or node; `order` counts them
    NodeOutage,
    Drain,
    SiteNoticed, // `subject` site: its nodes are found to be gone, or back
    NodeNoticed, // `subject` target
    Drained,     // `subject` target: the drain begins, or is over
    Look,        // a check reads the counters
    Answer,      // the person; `order` tells which question
};

struct Occurrence {
    kernel::Millis at = 0;
    std::uint32_t subject = 0;
    std::uint32_t order = 0;
    Kind kind = Kind::Ready;
};

// Occurrences in order of time, and of their coming in where times are equal. A hierarchy of wheels
// (Varghese and Lauck 1987): 256 slots of 1 ms, of 256 ms, of 65.5 s and so on, each a list; an
// occurrence moves down at most once a level. Constant cost, whatever the number that wait.
class TimeWheel {
public:
    TimeWheel() { first_.fill(none); }

    // Times are not negative and not before the last that next() answered; below 2^40.
    void add(const Occurrence &one) {
        const std::uint32_t place = take();
        entries_[place].one = one;
        put(place);
    }

    // The earliest that is not later than `limit`, which is taken out; none: false.
    bool next(kernel::Millis limit, Occurrence &one) {
        for (;;) {
            const std::uint32_t slot = firstFrom(0, base_ & slot_mask);
            if (slot < slots) {
                const std::uint64_t at = (base_ & ~slot_mask) | slot;
                if (at > static_cast<std::uint64_t>(limit)) {
                    return false;
                }
                base_ = at;
                pop(slot, one);
                return true;
            }
            if (!turn(limit)) {
                return false;
            }
        }
    }

    bool empty() const { return waiting_ == 0; }
    // As if new, keeping its memory.
    void clear() {
        for (std::size_t word = 0; word < bits_.size(); ++word) {
            for (std::uint64_t left = bits_[word]; left != 0; left &= left - 1) {
                const auto slot = static_cast<std::size_t>(std::countr_zero(left));
                first_[word * 64 + slot] = none;
            }
            bits_[word] = 0;
        }
        entries_.clear();
        free_ = none;
        waiting_ = 0;
        base_ = 0;
    }

private:
    static constexpr std::uint32_t none = 0xffff'ffffU;
    static constexpr std::uint32_t slots = 256;
    static constexpr std::uint64_t slot_mask = slots - 1;
    static constexpr std::uint32_t levels = 5;
    static constexpr std::uint32_t words = slots / 64;

    struct Entry {
        Occurrence one;
        std::uint32_t next = none;
    };

    std::uint32_t take() {
        ++waiting_;
        if (free_ == none) {
            entries_.emplace_back();
            return static_cast<std::uint32_t>(entries_.size() - 1);
        }
        const std::uint32_t place = free_;
        free_ = entries_[place].next;
        return place;
    }

    void put(std::uint32_t place) {
        Entry &entry = entries_[place];
        entry.next = none;
        const auto at = static_cast<std::uint64_t>(entry.one.at);
        const auto differs = static_cast<std::uint32_t>(std::bit_width((at ^ base_) | 1));
        const std::uint32_t level = (differs - 1) / 8;
        const auto slot = static_cast<std::uint32_t>((at >> (level * 8)) & slot_mask);
        const std::uint32_t list = level * slots + slot;
        if (first_[list] == none) {
            first_[list] = place;
            bits_[list / 64] |= std::uint64_t{1} << (list % 64);
        } else {
            entries_[last_[list]].next = place;
        }
        last_[list] = place;
    }

    // The first slot of the level that holds any, from `slot` on; `slots`: none.
    std::uint32_t firstFrom(std::uint32_t level, std::uint64_t slot) const {
        if (slot >= slots) {
            return slots;
        }
        std::size_t word = level * words + slot / 64;
        std::uint64_t left = bits_[word] & (~std::uint64_t{0} << (slot % 64));
        const std::size_t end = (level + 1) * words;
        while (left == 0) {
            if (++word == end) {
                return slots;
            }
            left = bits_[word];
        }
        const auto bit = static_cast<std::uint32_t>(std::countr_zero(left));
        return static_cast<std::uint32_t>(word - level * words) * 64 + bit;
    }

    void pop(std::uint32_t slot, Occurrence &one) {
        const std::uint32_t place = first_[slot];
        Entry &entry = entries_[place];
        one = entry.one;
        first_[slot] = entry.next;
        if (entry.next == none) {
            bits_[slot / 64] &= ~(std::uint64_t{1} << (slot % 64));
        }
        entry.next = free_;
        free_ = place;
        --waiting_;
    }

    // Goes on to the next block that holds any, unless that begins after `limit`.
    bool turn(kernel::Millis limit) {
        for (std::uint32_t level = 1; level < levels; ++level) {
            const std::uint32_t shift = level * 8;
            const std::uint32_t slot = firstFrom(level, ((base_ >> shift) & slot_mask) + 1);
            if (slot == slots) {
                continue;
            }
            const std::uint64_t above = (base_ >> shift) & ~slot_mask;
            const std::uint64_t begin = (above | slot) << shift;
            if (begin > static_cast<std::uint64_t>(limit)) {
                return false;
            }
            base_ = begin;
            moveDown(level * slots + slot);
            return true;
        }
        return false;
    }

    void moveDown(std::uint32_t list) {
        std::uint32_t place = first_[list];
        first_[list] = none;
        bits_[list / 64] &= ~(std::uint64_t{1} << (list % 64));
        while (place != none) {
            const std::uint32_t next = entries_[place].next;
            put(place);
            place = next;
        }
    }

    std::vector<Entry> entries_;
    std::array<std::uint32_t, levels * slots> first_{};
    std::array<std::uint32_t, levels * slots> last_{};
    std::array<std::uint64_t, levels * words> bits_{};
    std::uint32_t free_ = none;
    std::size_t waiting_ = 0;
    std::uint64_t base_ = 0;
};

} // namespace aviary::rehearsal
