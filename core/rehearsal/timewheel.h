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
// (Varghese and Lauck 1987): 4,096 slots of 1 ms, of 4.1 s, of 4.7 h and so on, each a list; an
// occurrence moves down at most once a level. Two levels of bits tell which slots hold any, so the
// cost is constant, whatever the number that wait and however far apart they are.
class TimeWheel {
public:
    // Times are not negative and not before the last that next() answered; below 2^48.
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
        for (std::uint32_t level = 0; level < levels; ++level) {
            for (; filled_[level] != 0; filled_[level] &= filled_[level] - 1) {
                const std::uint32_t word = level * words + lowest(filled_[level]);
                for (; bits_[word] != 0; bits_[word] &= bits_[word] - 1) {
                    lists_[word * word_bits + lowest(bits_[word])].first = none;
                }
            }
        }
        entries_.clear();
        free_ = none;
        waiting_ = 0;
        base_ = 0;
    }

private:
    static constexpr std::uint32_t none = 0xffff'ffffU;
    static constexpr std::uint32_t level_bits = 12;
    static constexpr std::uint32_t slots = 1U << level_bits;
    static constexpr std::uint64_t slot_mask = slots - 1;
    static constexpr std::uint32_t levels = 4;
    static constexpr std::uint32_t word_bits = 64;
    static constexpr std::uint32_t words = slots / word_bits;
    static_assert(words == word_bits); // filled_ has a bit a word

    struct Entry {
        Occurrence one;
        std::uint32_t next = none;
    };
    struct List {
        std::uint32_t first = none;
        std::uint32_t last = none; // if there is a first
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
        const std::uint32_t level = (differs - 1) / level_bits;
        const auto slot = static_cast<std::uint32_t>((at >> (level * level_bits)) & slot_mask);
        List &list = lists_[level * slots + slot];
        if (list.first == none) {
            list.first = place;
            bits_[level * words + slot / word_bits] |= bit(slot);
            filled_[level] |= bit(slot / word_bits);
        } else {
            entries_[list.last].next = place;
        }
        list.last = place;
    }

    static constexpr std::uint64_t bit(std::uint32_t place) {
        return std::uint64_t{1} << (place % word_bits);
    }
    static std::uint32_t lowest(std::uint64_t set) {
        return static_cast<std::uint32_t>(std::countr_zero(set));
    }

    // The first slot of the level that holds any, from `slot` on; `slots`: none.
    std::uint32_t firstFrom(std::uint32_t level, std::uint64_t slot) const {
        if (slot >= slots) {
            return slots;
        }
        const auto word = static_cast<std::uint32_t>(slot / word_bits);
        const std::uint64_t here =
            bits_[level * words + word] & (~std::uint64_t{0} << (slot % word_bits));
        if (here != 0) {
            return word * word_bits + lowest(here);
        }
        const std::uint64_t later = filled_[level] & (~std::uint64_t{1} << word);
        if (later == 0) {
            return slots;
        }
        const std::uint32_t next = lowest(later);
        return next * word_bits + lowest(bits_[level * words + next]);
    }

    // Its list has become empty.
    void clearBit(std::uint32_t level, std::uint32_t slot) {
        const std::uint32_t word = level * words + slot / word_bits;
        bits_[word] &= ~bit(slot);
        if (bits_[word] == 0) {
            filled_[level] &= ~bit(slot / word_bits);
        }
    }

    void pop(std::uint32_t slot, Occurrence &one) {
        List &list = lists_[slot];
        const std::uint32_t place = list.first;
        Entry &entry = entries_[place];
        one = entry.one;
        list.first = entry.next;
        if (entry.next == none) {
            clearBit(0, slot);
        }
        entry.next = free_;
        free_ = place;
        --waiting_;
    }

    // Goes on to the next block that holds any, unless that begins after `limit`.
    bool turn(kernel::Millis limit) {
        for (std::uint32_t level = 1; level < levels; ++level) {
            const std::uint32_t shift = level * level_bits;
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
            moveDown(level, slot);
            return true;
        }
        return false;
    }

    void moveDown(std::uint32_t level, std::uint32_t slot) {
        List &list = lists_[level * slots + slot];
        std::uint32_t place = list.first;
        list.first = none;
        clearBit(level, slot);
        while (place != none) {
            const std::uint32_t next = entries_[place].next;
            put(place);
            place = next;
        }
    }

    std::vector<Entry> entries_;
    std::array<List, levels * slots> lists_{};
    std::array<std::uint64_t, levels * words> bits_{}; // by slot
    std::array<std::uint64_t, levels> filled_{};       // by word of bits_
    std::uint32_t free_ = none;
    std::size_t waiting_ = 0;
    std::uint64_t base_ = 0;
};

} // namespace aviary::rehearsal
