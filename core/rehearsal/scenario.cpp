// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rehearsal/scenario.h"

#include <cmath>
#include <set>

namespace aviary::rehearsal {
namespace {

constexpr std::size_t problems_max = 25;
constexpr double per_day_max = 1'000.0;

class Inspection {
public:
    void of(const Scenario &scenario) {
        of(scenario.start);
        of(scenario.flapping);
        of(scenario.sites);
        spread("router.delay", scenario.router.delay);
        share("router.refused", scenario.router.refused);
        of(scenario.traffic);
        of(scenario.hypotheses);
        spread("operator.answer", scenario.person.answer);
        share("operator.away", scenario.person.away);
        between("notice", scenario.notice_ms, 0, spread_ms_max);
        between("horizon", scenario.horizon_ms, 1, horizon_ms_max);
    }
    std::vector<kernel::Problem> take() { return std::move(problems_); }

private:
    void problem(const std::string &field, const std::string &what, const std::string &allowed) {
        if (problems_.size() < problems_max) {
            problems_.push_back({field, what, allowed});
        }
    }
    void between(const std::string &field, Millis value, Millis low, Millis high) {
        if (value < low || value > high) {
            problem(field, kernel::durationText(value) + " is out of range",
                    kernel::durationText(low) + " to " + kernel::durationText(high));
        }
    }
    void share(const std::string &field, Ppm value) {
        if (value > kernel::ppm_one) {
            problem(field, "it is over 100 %", "0 to 100 %");
        }
    }
    void rate(const std::string &field, double value, double max) {
        if (!(value >= 0.0 && value <= max)) { // NaN too
            problem(field, "it is no number in the range",
                    "0 to " + std::to_string(static_cast<std::int64_t>(max)));
        }
    }
    void count(const std::string &field, std::uint32_t value, std::uint32_t low,
               std::uint32_t high) {
        if (value < low || value > high) {
            problem(field, std::to_string(value) + " is out of range",
                    std::to_string(low) + " to " + std::to_string(high));
        }
    }
    void spread(const std::string &field, const Spread &value) {
        between(field + ".median", value.median_ms, 0, spread_ms_max);
        between(field + ".p95", value.p95_ms, 0, spread_ms_max);
        if (value.p95_ms < value.median_ms) {
            problem(field + ".p95", "it is below the median", "the median or more");
        } else if (value.median_ms == 0 && value.p95_ms > 0) {
            problem(field + ".median", "it is 0 and the 95th percentile is not",
                    "1 ms or more, or 0 for both");
        }
    }
    void trouble(const std::string &field, const Trouble &value) {
        rate(field + ".per_day", value.per_day, per_day_max);
        spread(field + ".length", value.length);
        if (value.per_day > 0.0 && value.length.median_ms == 0) {
            problem(field + ".length", "it is 0", "1 ms or more where there is any");
        }
    }
    void of(const Start &start) {
        spread("start.latency", start.latency);
        spread("start.stop", start.stop);
        spread("start.back", start.back);
        share("start.failed", start.failed);
        share("start.refused", start.refused);
        share("start.silent", start.silent);
        share("start.slow", start.slow);
        share("start.back_failed", start.back_failed);
        count("start.slow_times", start.slow_times, 1, 1'000);
    }
    void of(const Flapping &flapping) {
        share("flapping.nodes", flapping.nodes);
        between("flapping.up_mean", flapping.up_mean_ms, 1'000, spread_ms_max);
        between("flapping.down_mean", flapping.down_mean_ms, 1'000, spread_ms_max);
    }
    void of(const Sites &sites) {
        trouble("sites.outages", sites.outages);
        trouble("sites.node_outages", sites.node_outages);
        trouble("sites.drains", sites.drains);
    }
    void of(const Traffic &traffic) {
        rate("traffic.requests_per_s", traffic.requests_per_s, requests_per_s_max);
        rate("traffic.node_requests_per_s_max", traffic.node_requests_per_s_max,
             requests_per_s_max);
        share("traffic.errors", traffic.errors);
        spread("traffic.latency", traffic.latency);
        between("traffic.begins_at", traffic.begins_at_ms, 0, 86'399'999);
        between("traffic.look", traffic.look_ms, 0, spread_ms_max);
        if (!traffic.day_shape.empty() && traffic.day_shape.size() != 24) {
            problem("traffic.day_shape",
                    std::to_string(traffic.day_shape.size()) + " values are given",
                    "24, one for each hour, or none");
            return;
        }
        for (std::size_t hour = 0; hour < traffic.day_shape.size(); ++hour) {
            count("traffic.day_shape[" + std::to_string(hour) + "]", traffic.day_shape[hour], 0,
                  10'000);
        }
    }
    void of(const std::vector<Hypothesis> &hypotheses) {
        if (hypotheses.empty() || hypotheses.size() > hypotheses_max) {
            problem("hypotheses", std::to_string(hypotheses.size()) + " are given",
                    "1 to " + std::to_string(hypotheses_max));
            return;
        }
        std::uint64_t weight = 0;
        std::set<std::string> names;
        for (std::size_t i = 0; i < hypotheses.size(); ++i) {
            const std::string field = "hypotheses[" + std::to_string(i) + "]";
            of(hypotheses[i], field);
            weight += hypotheses[i].weight;
            if (!names.insert(hypotheses[i].name).second) {
                problem(field + ".name", "it is given twice", "a name of its own");
            }
        }
        if (weight == 0) {
            problem("hypotheses", "none has a weight", "a weight above 0 for one of them");
        }
    }
    void of(const Hypothesis &hypothesis, const std::string &field) {
        if (hypothesis.name.empty()) {
            problem(field + ".name", "it is empty", "a name");
        }
        share(field + ".weight", hypothesis.weight);
        share(field + ".errors_more", hypothesis.errors_more);
        share(field + ".leak_per_hour", hypothesis.leak_per_hour);
        share(field + ".starts_fail_more", hypothesis.starts_fail_more);
        share(field + ".label_fails", hypothesis.label_fails);
        count(field + ".latency", hypothesis.latency_percent, 1, 100'000);
        between(field + ".leak_after", hypothesis.leak_after_ms, 0, spread_ms_max);
        if (hypothesis.label_fails > 0 && hypothesis.label.empty()) {
            problem(field + ".label", "it is empty and label_fails is not",
                    "the label of the nodes on which starts fail");
        }
    }

    std::vector<kernel::Problem> problems_;
};

} // namespace

bool Hypothesis::isGood() const {
    return errors_more == 0 && latency_percent <= 100 && leak_per_hour == 0 &&
           starts_fail_more == 0 && label_fails == 0;
}

std::string_view nameOf(Doubt doubt) {
    switch (doubt) {
    case Doubt::Promote:
        return "promote";
    case Doubt::RollBack:
        return "rollback";
    case Doubt::Retry:
        return "retry";
    }
    return {};
}

std::vector<kernel::Problem> problemsOf(const Scenario &scenario) {
    Inspection inspection;
    inspection.of(scenario);
    return inspection.take();
}

} // namespace aviary::rehearsal
