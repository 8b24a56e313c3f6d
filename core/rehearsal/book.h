// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/rehearsal/future.h"

namespace aviary::rehearsal {

// What futures leave behind beside their summaries: counts, so that books of several threads add up
// to the same whatever was written in which, and of a size that does not grow with the futures.
class Book {
public:
    explicit Book(const World &world);

    void add(std::size_t hypothesis, const Future &future);
    void add(const Book &other);

    Fans fansOf(std::size_t hypothesis, Millis step_ms) const;
    std::vector<SiteLow> sitesOf(std::size_t hypothesis, std::uint32_t futures) const;

private:
    struct SiteTally {
        std::uint64_t down_sum = 0; // of the most down in each future
        std::uint32_t down_worst = 0;
        std::uint32_t below = 0;
    };
    static constexpr std::size_t values = fan_steps + 1;
    static constexpr std::size_t fan_size = fan_points * values;
    using Histograms = std::vector<std::uint32_t>;

    void drawn(Histograms &counts, const std::array<std::uint8_t, fan_points> &track);
    static Fan fanOf(const Histograms &counts, Millis step_ms);

    const World &world_;
    struct Page {
        Histograms nodes, traffic, health;
        std::vector<SiteTally> sites;
    };
    std::vector<Page> pages_; // by hypothesis
};

} // namespace aviary::rehearsal
