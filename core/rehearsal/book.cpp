// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rehearsal/book.h"

#include <algorithm>

namespace aviary::rehearsal {
namespace {

void addUp(std::vector<std::uint32_t> &all, const std::vector<std::uint32_t> &more) {
    for (std::size_t i = 0; i < all.size(); ++i) {
        all[i] += more[i];
    }
}

// Nearest rank in a histogram.
double quantileOf(const std::uint32_t *counts, std::uint64_t of, std::uint64_t percent) {
    const std::uint64_t rank = std::max<std::uint64_t>((of * percent + 99) / 100, 1);
    std::uint64_t seen = 0;
    for (std::uint32_t value = 0; value <= fan_steps; ++value) {
        seen += counts[value];
        if (seen >= rank) {
            return static_cast<double>(value) / fan_steps;
        }
    }
    return 1.0;
}

} // namespace

Book::Book(const World &world) : world_(world), pages_(world.scenario().hypotheses.size()) {
    for (Page &page : pages_) {
        page.nodes.assign(fan_size, 0);
        page.traffic.assign(fan_size, 0);
        page.health.assign(fan_size, 0);
        page.sites.assign(world.initial.sites.size(), {});
    }
}

void Book::add(std::size_t hypothesis, const Future &future) {
    Page &page = pages_[hypothesis];
    drawn(page.nodes, future.track().nodes);
    drawn(page.traffic, future.track().traffic);
    drawn(page.health, future.track().health);
    const std::vector<std::uint32_t> &down = future.downWorst();
    for (std::size_t site = 0; site < down.size(); ++site) {
        SiteTally &tally = page.sites[site];
        tally.down_sum += down[site];
        tally.down_worst = std::max(tally.down_worst, down[site]);
        tally.below += down[site] > world_.initial.docket.queues[site].limit;
    }
}

void Book::add(const Book &other) {
    for (std::size_t i = 0; i < pages_.size(); ++i) {
        Page &page = pages_[i];
        const Page &more = other.pages_[i];
        addUp(page.nodes, more.nodes);
        addUp(page.traffic, more.traffic);
        addUp(page.health, more.health);
        for (std::size_t site = 0; site < page.sites.size(); ++site) {
            SiteTally &tally = page.sites[site];
            tally.down_sum += more.sites[site].down_sum;
            tally.down_worst = std::max(tally.down_worst, more.sites[site].down_worst);
            tally.below += more.sites[site].below;
        }
    }
}

void Book::drawn(Histograms &counts, const std::array<std::uint8_t, fan_points> &track) {
    std::uint32_t *column = counts.data();
    for (const std::uint8_t value : track) {
        ++column[value];
        column += values;
    }
}

Fan Book::fanOf(const Histograms &counts, Millis step_ms) {
    Fan fan{step_ms, {}};
    for (std::size_t point = 0; point < fan_points; ++point) {
        const std::uint32_t *column = counts.data() + point * values;
        std::uint64_t of = 0;
        for (std::size_t value = 0; value < values; ++value) {
            of += column[value];
        }
        if (of == 0) {
            return fan;
        }
        fan.bands.push_back(
            {quantileOf(column, of, 5), quantileOf(column, of, 50), quantileOf(column, of, 95)});
    }
    return fan;
}

Fans Book::fansOf(std::size_t hypothesis, Millis step_ms) const {
    const Page &page = pages_[hypothesis];
    return {fanOf(page.nodes, step_ms), fanOf(page.traffic, step_ms), fanOf(page.health, step_ms)};
}

std::vector<SiteLow> Book::sitesOf(std::size_t hypothesis, std::uint32_t futures) const {
    std::vector<SiteLow> lows;
    for (const std::uint32_t site : world_.site_subjects) {
        const SiteTally &tally = pages_[hypothesis].sites[site];
        const std::uint32_t nodes = world_.site_serving[site] + world_.initial.sites[site].down;
        SiteLow low{site, nodes, nodes - std::min(tally.down_worst, nodes), 0.0, tally.below};
        if (futures > 0) {
            low.mean = nodes - static_cast<double>(tally.down_sum) / futures;
        }
        lows.push_back(low);
    }
    const auto share = [](const SiteLow &low) {
        return low.nodes == 0 ? 1.0 : low.mean / low.nodes;
    };
    std::sort(lows.begin(), lows.end(), [&](const SiteLow &left, const SiteLow &right) {
        return std::tuple(share(left), left.site) < std::tuple(share(right), right.site);
    });
    lows.resize(std::min(lows.size(), site_lows_max));
    return lows;
}

} // namespace aviary::rehearsal
