// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/rollout/standing.h"
#include "core/rehearsal/scenario.h"
#include "core/support/error.h"

#include <QByteArray>
#include <QString>

namespace aviary::rehearsal {

// Where nine of ten futures were at one instant. Shares are parts of 1, in steps of 0.005.
struct Band {
    double low = 0.0;    // 5 %
    double median = 0.0; // 50 %
    double high = 0.0;   // 95 %
    bool operator==(const Band &) const = default;
    static constexpr auto fields() {
        return std::tuple{field("low", &Band::low), field("median", &Band::median),
                          field("high", &Band::high)};
    }
};

// Bands on an even grid of time: bands[i] is at i * step_ms after the beginning. A future that has
// ended keeps its last value. Empty without futures.
struct Fan {
    kernel::Millis step_ms = 1;
    std::vector<Band> bands;
    bool operator==(const Fan &) const = default;
    static constexpr auto fields() {
        return std::tuple{field("step_ms", &Fan::step_ms), field("bands", &Fan::bands)};
    }
};

struct Fans {
    Fan nodes;   // targets whose new instance is ready, of the active ones
    Fan traffic; // weight of the new revision
    Fan health;  // active targets that serve on either revision
    bool operator==(const Fans &) const = default;
    static constexpr auto fields() {
        return std::tuple{field("nodes", &Fans::nodes), field("traffic", &Fans::traffic),
                          field("health", &Fans::health)};
    }
};
inline constexpr std::size_t fan_points = 241; // of each fan

// For whoever watches a live rollout against what was rehearsed.
QByteArray toJson(const Fans &fans);
Result<Fans> fansFromJson(const QByteArray &text, const QString &where);

// Where a live rollout stands at an instant.
struct Instant {
    kernel::Millis elapsed_ms = 0; // since the rehearsal's beginning, or its "now"
    double nodes = 0.0;            // share of active targets whose new instance is ready
    kernel::Weight weight = 0;
};

Instant instantOf(const kernel::Plan &plan, const kernel::State &state, kernel::Millis elapsed_ms);

// Left: it is outside of what nine of ten futures did around that time: outside of all bands from
// two grid points earlier to two later, so that a rollout that is merely a little early or late at
// a steep place is inside. Beyond the grid the last band counts.
struct Watched {
    bool inside = true;
    QString
        sentence; // "12 % of nodes after 9 min; nine of ten futures had 20 to 35 %"; empty inside
};
Watched insideFan(const Fans &fans, const Instant &instant);

} // namespace aviary::rehearsal
