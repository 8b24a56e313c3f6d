// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/strategy/compile.h"

#include <string>
#include <vector>

// What a rehearsal assumes of the world around a plan. Every member has a default, so that an empty
// scenario is a calm, plausible cluster; fields() names the members as `.scenario.yaml` does.
// Shares are parts per million (Ppm), times are milliseconds, rates are real numbers in the unit of
// their name.
namespace aviary::rehearsal {

using kernel::field;
using kernel::Millis;
using kernel::Ppm;

// Lognormal by its median and its 95th percentile; both equal: always the same. 0 to 30 days,
// median_ms <= p95_ms, and a median of 0 only with a p95 of 0.
struct Spread {
    Millis median_ms = 0;
    Millis p95_ms = 0;
    bool operator==(const Spread &) const = default;
    static constexpr auto fields() {
        return std::tuple{field("median_ms", &Spread::median_ms), field("p95_ms", &Spread::p95_ms)};
    }
};

// From the order to update a node until its new instance is ready.
struct Start {
    Spread latency = {4'000, 11'000};
    Ppm failed = 10'000;           // starts that end early
    Ppm refused = 0;               // orders that the node or the driver will not do: no room
    Ppm silent = 1'000;            // starts of which nothing more is heard
    Ppm slow = 10'000;             // starts that take slow_times as long
    std::uint32_t slow_times = 10; // 1 to 1,000
    Spread stop = {1'000, 5'000};  // from the order to retire until the old instance is gone
    Spread back = {4'000, 11'000}; // from the order to restore until the old revision serves
    Ppm back_failed = 1'000;       // ways back that end early
    bool operator==(const Start &) const = default;
    static constexpr auto fields() {
        return std::tuple{field("latency", &Start::latency),
                          field("failed", &Start::failed),
                          field("refused", &Start::refused),
                          field("silent", &Start::silent),
                          field("slow", &Start::slow),
                          field("slow_times", &Start::slow_times),
                          field("stop", &Start::stop),
                          field("back", &Start::back),
                          field("back_failed", &Start::back_failed)};
    }
};

// Nodes whose new instance comes and goes after it was ready. Times are exponential.
struct Flapping {
    Ppm nodes = 1'000;           // share of nodes that do
    Millis up_mean_ms = 60'000;  // ready until not, at least 1 s
    Millis down_mean_ms = 5'000; // not ready until ready, at least 1 s
    bool operator==(const Flapping &) const = default;
    static constexpr auto fields() {
        return std::tuple{field("nodes", &Flapping::nodes),
                          field("up_mean_ms", &Flapping::up_mean_ms),
                          field("down_mean_ms", &Flapping::down_mean_ms)};
    }
};

// Something that befalls now and then: a Poisson process for each subject (a site, a node), and how
// long it lasts. A subject that it befell already is left alone until it is over.
struct Trouble {
    double per_day = 0.0; // 0 to 1,000
    Spread length = {600'000, 3'600'000};
    bool operator==(const Trouble &) const = default;
    static constexpr auto fields() {
        return std::tuple{field("per_day", &Trouble::per_day), field("length", &Trouble::length)};
    }
};

struct Sites {
    Trouble outages; // of a whole site: all its nodes are offline
    Trouble node_outages = {0.01, {300'000, 1'800'000}};
    Trouble drains = {0.0, {1'800'000, 7'200'000}}; // a person drains a node and gives it back
    bool operator==(const Sites &) const = default;
    static constexpr auto fields() {
        return std::tuple{field("outages", &Sites::outages),
                          field("node_outages", &Sites::node_outages),
                          field("drains", &Sites::drains)};
    }
};

struct Router {
    Spread delay = {200, 1'000}; // from the order until it was read back
    Ppm refused = 0;             // orders that it refuses
    bool operator==(const Router &) const = default;
    static constexpr auto fields() {
        return std::tuple{field("delay", &Router::delay), field("refused", &Router::refused)};
    }
};

// Requests of the users, all nodes together.
struct Traffic {
    double requests_per_s = 100.0;        // the mean over a day; 0 to 10,000,000
    std::vector<std::uint32_t> day_shape; // 24 values, percent of the mean by the hour; empty: even
    Millis begins_at_ms = 36'000'000;     // time of the day when the rollout begins: 10:00
    Ppm errors = 1'000;                   // of the old revision's answers
    Spread latency = {80, 250};           // of the old revision's answers
    double node_requests_per_s_max = 0.0; // what one node bears; the rest fails. 0: no limit
    Millis look_ms = 10'000;              // between two looks of a check; 0: at each request
    bool operator==(const Traffic &) const = default;
    static constexpr auto fields() {
        return std::tuple{field("requests_per_s", &Traffic::requests_per_s),
                          field("day_shape", &Traffic::day_shape),
                          field("begins_at_ms", &Traffic::begins_at_ms),
                          field("errors", &Traffic::errors),
                          field("latency", &Traffic::latency),
                          field("node_requests_per_s_max", &Traffic::node_requests_per_s_max),
                          field("look_ms", &Traffic::look_ms)};
    }
};

// What the new revision may be. All effects may be combined; with none it is as good as the old.
struct Hypothesis {
    std::string name = "good";           // unique in its scenario
    Ppm weight = 1'000'000;              // how likely it is held to be, against the other weights
    Ppm errors_more = 0;                 // rise of the error rate: 20,000 is two points
    std::uint32_t latency_percent = 100; // of the old revision's; 1 to 100,000
    Ppm leak_per_hour = 0;               // further rise of the error rate for each hour ...
    Millis leak_after_ms = 0;            // ... that an instance of it ran longer than this
    Ppm starts_fail_more = 0;            // rise of Start::failed
    std::string label;                   // on nodes with this label ...
    std::string label_value;             // ... of this value ...
    Ppm label_fails = 0;                 // ... starts fail with this chance
    bool operator==(const Hypothesis &) const = default;
    static constexpr auto fields() {
        return std::tuple{field("name", &Hypothesis::name),
                          field("weight", &Hypothesis::weight),
                          field("errors_more", &Hypothesis::errors_more),
                          field("latency_percent", &Hypothesis::latency_percent),
                          field("leak_per_hour", &Hypothesis::leak_per_hour),
                          field("leak_after_ms", &Hypothesis::leak_after_ms),
                          field("starts_fail_more", &Hypothesis::starts_fail_more),
                          field("label", &Hypothesis::label),
                          field("label_value", &Hypothesis::label_value),
                          field("label_fails", &Hypothesis::label_fails)};
    }
    bool isGood() const; // as good as the old revision
};

// What the person does when a check could not decide.
enum class Doubt : std::uint8_t { Promote, RollBack, Retry };
std::string_view nameOf(Doubt doubt); // "rollback"

// The person who is asked: promotes at holds, retries what broke.
struct Operator {
    Spread answer = {600'000, 3'600'000}; // from the question to the answer
    Ppm away = 0;                         // futures in which nobody answers
    Doubt in_doubt = Doubt::RollBack;
    bool operator==(const Operator &) const = default;
    static constexpr auto fields() {
        return std::tuple{field("answer", &Operator::answer), field("away", &Operator::away),
                          field("in_doubt", &Operator::in_doubt)};
    }
};

struct Scenario {
    std::string name = "default";
    std::string note; // a sentence for people
    Start start;
    Flapping flapping;
    Sites sites;
    Router router;
    Traffic traffic;
    std::vector<Hypothesis> hypotheses = {Hypothesis{}}; // 1 to 32
    Operator person;
    Millis notice_ms = 10'000;      // until a node that is gone, or back, is reported as such
    Millis horizon_ms = 86'400'000; // a future that goes on longer is called stuck
    bool operator==(const Scenario &) const = default;
    static constexpr auto fields() {
        return std::tuple{field("name", &Scenario::name),
                          field("note", &Scenario::note),
                          field("start", &Scenario::start),
                          field("flapping", &Scenario::flapping),
                          field("sites", &Scenario::sites),
                          field("router", &Scenario::router),
                          field("traffic", &Scenario::traffic),
                          field("hypotheses", &Scenario::hypotheses),
                          field("operator", &Scenario::person),
                          field("notice_ms", &Scenario::notice_ms),
                          field("horizon_ms", &Scenario::horizon_ms)};
    }
};

inline constexpr std::size_t hypotheses_max = 32;
inline constexpr Millis spread_ms_max = 30LL * 24 * 3600 * 1000;
inline constexpr Millis horizon_ms_max = 366LL * 24 * 3600 * 1000;
inline constexpr double requests_per_s_max = 10'000'000.0;

// Everything about it that no world could have, each with its field ("traffic.day_shape[3]"), as
// the reader of files and the rehearsal itself ask; plans::flawsOf gives them their lines. Empty:
// it can be rehearsed. At most 25 are listed.
std::vector<kernel::Problem> problemsOf(const Scenario &scenario);

// One line for each thing that is assumed, as it is shown beside the answers: "a start takes 4 s
// (19 of 20 within 11 s)".
std::vector<std::string> assumptionsOf(const Scenario &scenario);

} // namespace aviary::rehearsal
