// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plans/units.h"
#include "core/rehearsal/scenario.h"

#include <cstdio>

namespace aviary::rehearsal {
namespace {

std::string percentText(Ppm share) {
    return plans::shareText(share).toStdString();
}

std::string realText(double value) {
    char digits[32];
    std::snprintf(digits, sizeof digits, "%.6g", value);
    return digits;
}

std::string spreadText(const Spread &spread) {
    const std::string median = kernel::durationText(spread.median_ms);
    return spread.p95_ms == spread.median_ms
               ? median
               : median + " (19 of 20 within " + kernel::durationText(spread.p95_ms) + ")";
}

void addTrouble(std::vector<std::string> &lines, const std::string &what, const Trouble &trouble) {
    if (trouble.per_day > 0.0) {
        lines.push_back(what + " " + realText(trouble.per_day) + " times a day, for " +
                        spreadText(trouble.length));
    }
}

void addStart(std::vector<std::string> &lines, const Start &start) {
    std::string line =
        "a start takes " + spreadText(start.latency) + ", " + percentText(start.failed) + " fail";
    if (start.refused > 0) {
        line += ", " + percentText(start.refused) + " are refused";
    }
    if (start.silent > 0) {
        line += ", " + percentText(start.silent) + " fall silent";
    }
    if (start.slow > 0 && start.slow_times > 1) {
        line += ", " + percentText(start.slow) + " take " + std::to_string(start.slow_times) +
                " times as long";
    }
    lines.push_back(line);
    lines.push_back("stopping an old instance takes " + spreadText(start.stop) +
                    "; bringing a node back takes " + spreadText(start.back) + ", " +
                    percentText(start.back_failed) + " fail");
}

void addTraffic(std::vector<std::string> &lines, const Traffic &traffic) {
    std::string line = realText(traffic.requests_per_s) + " requests/s";
    line += traffic.day_shape.empty() ? " all day" : " on average, by the hour of the day";
    line += "; " + percentText(traffic.errors) + " of the old revision's answers are errors, " +
            "they take " + spreadText(traffic.latency);
    lines.push_back(line);
    if (traffic.node_requests_per_s_max > 0.0) {
        lines.push_back("a node bears " + realText(traffic.node_requests_per_s_max) +
                        " requests/s; what is over fails");
    }
    lines.push_back(traffic.look_ms > 0
                        ? "checks look every " + kernel::durationText(traffic.look_ms)
                        : "checks look at each request");
}

std::string effectsOf(const Hypothesis &hypothesis) {
    std::string text;
    const auto add = [&text](const std::string &effect) {
        text += (text.empty() ? "" : ", ") + effect;
    };
    if (hypothesis.errors_more > 0) {
        add(percentText(hypothesis.errors_more) + " more errors");
    }
    if (hypothesis.latency_percent != 100) {
        add(percentText(hypothesis.latency_percent * 10'000) + " of the latency");
    }
    if (hypothesis.leak_per_hour > 0) {
        add(percentText(hypothesis.leak_per_hour) + " more errors each hour after " +
            kernel::durationText(hypothesis.leak_after_ms));
    }
    if (hypothesis.starts_fail_more > 0) {
        add(percentText(hypothesis.starts_fail_more) + " more starts fail");
    }
    if (hypothesis.label_fails > 0) {
        add(percentText(hypothesis.label_fails) + " of starts fail where " + hypothesis.label +
            " is " + hypothesis.label_value);
    }
    return text.empty() ? "as good as the old one" : text;
}

} // namespace

std::vector<std::string> assumptionsOf(const Scenario &scenario) {
    std::vector<std::string> lines;
    addStart(lines, scenario.start);
    if (scenario.flapping.nodes > 0) {
        lines.push_back(percentText(scenario.flapping.nodes) + " of nodes flap: up for " +
                        kernel::durationText(scenario.flapping.up_mean_ms) + ", down for " +
                        kernel::durationText(scenario.flapping.down_mean_ms) + " on average");
    }
    addTrouble(lines, "a site goes dark", scenario.sites.outages);
    addTrouble(lines, "a node goes dark", scenario.sites.node_outages);
    addTrouble(lines, "a node is drained", scenario.sites.drains);
    lines.push_back("the router takes " + spreadText(scenario.router.delay) + " and refuses " +
                    percentText(scenario.router.refused));
    addTraffic(lines, scenario.traffic);
    for (const Hypothesis &hypothesis : scenario.hypotheses) {
        lines.push_back("\"" + hypothesis.name + "\": " + effectsOf(hypothesis));
    }
    lines.push_back("a person answers in " + spreadText(scenario.person.answer) +
                    "; nobody does in " + percentText(scenario.person.away) +
                    " of futures; in doubt: " + std::string(nameOf(scenario.person.in_doubt)));
    return lines;
}

} // namespace aviary::rehearsal
