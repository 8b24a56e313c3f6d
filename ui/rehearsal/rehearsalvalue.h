// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/fanchart.h"
#include "ui/charts/outcomebar.h"

#include <QStringList>

#include <array>
#include <optional>

namespace aviary {

// What the new revision may be, and what happens then.
struct HypothesisLine {
    QString name;
    double weight = 0; // the person's assumption, 0 to 1
    OutcomeBarValue bar;
    QString outcome; // "98.9 % complete, 0.8 % back, 0.3 % stuck"
    QString time;    // "41 (55) min"
    QString failed;  // "3 (31)"
    bool operator==(const HypothesisLine &) const = default;
};

enum class FanKind { Nodes, Traffic, Health };
inline constexpr std::size_t fan_kind_count = 3;

// A future that can be replayed.
struct FutureLine {
    quint32 future = 0;
    QString hypothesis, ends, because, failed;
    bool operator==(const FutureLine &) const = default;
};

struct RehearsalValue {
    QString subtitle; // "checkout-api v42 on edge-eu, fleet as of 09:30"
    QString counted;  // "1,000 futures, seed 7, 0.04 s"
    QString question; // "What v42 may be; the shares are your assumption, change them"
    std::vector<HypothesisLine> hypotheses;
    QString total; // "With these shares 91 % complete (89 to 93 %)"
    std::vector<std::array<FanChartValue, fan_kind_count>> fans; // of each hypothesis
    std::vector<QStringList> plans; // side by side; the first row names them; empty: one plan
    QString advice;                 // what helps most, measured; empty: not known
    QString try_it;                 // "Try it as plan B"; empty: there is nothing to try
    QStringList assumptions;
    std::vector<FutureLine> futures; // worst first
    std::optional<double> progress;  // 0 to 1 while it runs
    QString progress_text;           // "312 of 1,000 futures; cancelling throws them away"
    QString trouble; // why there is nothing, and what would help; empty: all is well
    QString alarm;   // the live run left its fan; empty: it did not
    bool operator==(const RehearsalValue &) const = default;
};

} // namespace aviary
