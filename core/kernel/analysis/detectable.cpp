// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernel/analysis/detectable.h"

#include "core/kernel/analysis/elementary.h"
#include "core/kernel/analysis/sequence.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace aviary::kernel {

namespace {

// The stable side saw `errors`; from `critical` errors on, the fresh side is judged worse.
struct Luck {
    double share = 0.0;
    std::uint64_t critical = 0;
};

class Sight {
public:
    Sight(const NotWorse &judge, std::uint64_t fresh, std::uint64_t stable)
        : alpha_(static_cast<double>(judge.alpha) / ppm_one / (judge.judge_latency ? 2 : 1))
        , margin_(static_cast<double>(judge.margin) / ppm_one)
        , fresh_(fresh)
        , stable_(stable) {}

    // The fewest errors of the fresh side that are judged worse; one more than there are requests
    // when none are enough. More errors never make a case milder, so halving finds them.
    std::uint64_t critical(std::uint64_t stable_errors) const {
        std::uint64_t mild = 0;
        std::uint64_t bad = fresh_ + 1;
        while (bad - mild > 1) {
            const std::uint64_t middle = mild + (bad - mild) / 2;
            const Place place =
                placeOf({fresh_, middle}, {stable_, stable_errors}, alpha_, margin_);
            (place == Place::Above ? bad : mild) = middle;
        }
        return bad;
    }

private:
    double alpha_;
    double margin_;
    std::uint64_t fresh_;
    std::uint64_t stable_;
};

double powerAt(const std::array<Luck, 3> &lucks, std::uint64_t fresh, double rate) {
    double power = 0.0;
    for (const Luck &luck : lucks) {
        power += luck.share *
                 binomialTail(static_cast<double>(fresh), static_cast<double>(luck.critical), rate);
    }
    return power;
}

} // namespace

std::optional<double> detectableRise(const NotWorse &judge, double stable_rate,
                                     std::uint64_t fresh_requests, std::uint64_t stable_requests,
                                     double power) {
    const bool sound = stable_rate >= 0.0 && stable_rate < 1.0 && power > 0.0 && power < 1.0;
    if (!sound || fresh_requests == 0 || stable_requests == 0) {
        return std::nullopt;
    }
    const Sight sight(judge, fresh_requests, stable_requests);
    const double expected = static_cast<double>(stable_requests) * stable_rate;
    const double spread = std::sqrt(3.0 * expected * (1.0 - stable_rate));
    const auto errorsAt = [&](double errors) {
        const double bounded = std::clamp(errors, 0.0, static_cast<double>(stable_requests));
        return static_cast<std::uint64_t>(std::floor(bounded + 0.5));
    };
    const std::array lucks = {Luck{1.0 / 6.0, sight.critical(errorsAt(expected - spread))},
                              Luck{4.0 / 6.0, sight.critical(errorsAt(expected))},
                              Luck{1.0 / 6.0, sight.critical(errorsAt(expected + spread))}};
    if (powerAt(lucks, fresh_requests, 1.0) < power) {
        return std::nullopt;
    }
    double missed = stable_rate;
    double seen = 1.0;
    for (int i = 0; i < 40; ++i) {
        const double middle = 0.5 * (missed + seen);
        (powerAt(lucks, fresh_requests, middle) >= power ? seen : missed) = middle;
    }
    return seen - stable_rate;
}

} // namespace aviary::kernel
