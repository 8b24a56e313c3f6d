// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernel/strategy/lint.h"

#include <algorithm>

namespace aviary::kernel {

namespace {

constexpr std::size_t name_bytes_max = 253;
constexpr std::uint32_t retries_max = 100;
constexpr std::uint32_t load_percent_max = 100'000;

std::string quoted(const std::string &text) {
    constexpr std::size_t shown_max = 60;
    return '"' + (text.size() > shown_max ? text.substr(0, shown_max) + "..." : text) + '"';
}

void lintName(std::string_view field, const std::string &name, Problems &problems) {
    const bool printable = std::all_of(name.begin(), name.end(), [](char letter) {
        const auto byte = static_cast<unsigned char>(letter);
        return byte > 0x20 && byte != 0x7f;
    });
    const std::string allowed = "1 to 253 bytes without blanks and control characters";
    if (name.empty()) {
        problems.add(std::string(field), "is missing", allowed);
    } else if (name.size() > name_bytes_max) {
        problems.add(std::string(field), "has " + countText(name.size()) + " bytes", allowed);
    } else if (!printable) {
        problems.add(std::string(field), "has a blank or a control character", allowed);
    }
}

void lintNames(const PlanRequest &request, Problems &problems) {
    lintName("service", request.service, problems);
    lintName("to", request.to, problems);
    if (request.from.empty()) {
        return;
    }
    lintName("from", request.from, problems);
    if (request.from == request.to) {
        problems.add("to", quoted(request.to) + " is the stable revision already",
                     "another revision than \"from\"");
    }
}

// What does not go together.
void lintCombination(const PlanRequest &request, Problems &problems) {
    const bool blue_green = std::holds_alternative<BlueGreen>(request.strategy);
    if (blue_green && request.mode == UpdateMode::InPlace) {
        problems.add("mode", "blue-green keeps the old instances until it has switched", "beside");
    }
    if (blue_green && request.router == RouterKind::Flag) {
        problems.add("router", "a flag has no slots to switch between", "weights or none");
    }
    if (!shiftsOnly(request.strategy)) {
        return;
    }
    if (request.router == RouterKind::None) {
        problems.add("router", "a plan that only shifts traffic can do nothing without a router",
                     "weights or flag");
    }
    if (request.from.empty()) {
        problems.add("from", "there is no stable revision to shift traffic from",
                     "the revision that runs now");
    }
    if (request.mode == UpdateMode::InPlace) {
        problems.add("mode", "both revisions must run to shift traffic between them", "beside");
    }
}

} // namespace

void Problems::add(std::string field, std::string what, std::string allowed) {
    ++found_;
    if (listed_.size() < listed_max) {
        listed_.push_back({std::move(field), std::move(what), std::move(allowed)});
    }
}

std::vector<Problem> Problems::list() const {
    std::vector<Problem> all = listed_;
    if (found_ > listed_.size()) {
        all.push_back({"", countText(found_ - listed_.size()) + " more problems are not listed",
                       "mend those above first"});
    }
    return all;
}

std::string countText(std::uint64_t count) {
    std::string text = std::to_string(count);
    for (std::size_t at = text.size(); at > 3; at -= 3) {
        text.insert(at - 3, ",");
    }
    return text;
}

void lintDuration(std::string_view field, Millis value, Problems &problems) {
    lintWithin<Millis>(field, value, 0, duration_ms_max, durationText, problems);
}

void lintCount(std::string_view field, std::uint64_t value, std::uint64_t low, std::uint64_t high,
               Problems &problems) {
    lintWithin<std::uint64_t>(field, value, low, high, countText, problems);
}

void lintWeight(std::string_view field, Weight value, Weight low, Problems &problems) {
    lintWithin<Weight>(field, value, low, full_weight, weightText, problems);
}

void lintPolicy(const Policy &policy, Problems &problems) {
    lintDuration("policy.min_healthy", policy.min_healthy_ms, problems);
    lintDuration("policy.healthy_deadline", policy.healthy_deadline_ms, problems);
    lintDuration("policy.progress_deadline", policy.progress_deadline_ms, problems);
    if (policy.healthy_deadline_ms <= policy.min_healthy_ms) {
        problems.add("policy.healthy_deadline",
                     durationText(policy.healthy_deadline_ms) +
                         " is over before a node can have been healthy for min_healthy",
                     "more than " + durationText(policy.min_healthy_ms));
    }
    if (policy.progress_deadline_ms != 0 && policy.progress_deadline_ms <= policy.min_healthy_ms) {
        problems.add("policy.progress_deadline",
                     durationText(policy.progress_deadline_ms) +
                         " is over before a node can have been healthy for min_healthy",
                     "0, or more than " + durationText(policy.min_healthy_ms));
    }
    lintCount("policy.retries", policy.retries, 0, retries_max, problems);
    lintCount("policy.max_parallel", policy.max_parallel, 1, targets_max, problems);
    if (policy.max_unavailable) {
        const NodeLimit &limit = *policy.max_unavailable;
        lintCount("policy.max_unavailable", limit.value, 1, limit.percent ? 100 : targets_max,
                  problems);
    }
    if (policy.max_load_percent < 100 || policy.max_load_percent > load_percent_max) {
        problems.add(
            "policy.max_load",
            weightText(static_cast<Weight>(std::min(policy.max_load_percent, 9'999'999U)) * 100) +
                " of the usual share",
            "1 (the usual share, 100 %) to 1,000 times");
    }
    if (policy.success_threshold && *policy.success_threshold > ppm_one) {
        problems.add("policy.success_threshold", "is over 100 %", "0 to 100 %");
    }
}

bool shiftsOnly(const Strategy &strategy) {
    return std::holds_alternative<RollingTraffic>(strategy) ||
           std::holds_alternative<CanaryTraffic>(strategy);
}

void lintRequest(const PlanRequest &request, Problems &problems) {
    lintNames(request, problems);
    lintStrategy(request.strategy, problems);
    lintPolicy(request.policy, problems);
    lintCombination(request, problems);
    lintJudges(request, problems);
    lintDuration("check_limit", request.check_limit_ms, problems);
    lintWithin<Millis>("latency_limit", request.latency_limit_ms, 1, duration_ms_max, durationText,
                       problems);
    if (request.needs.memory_mib < 0 || request.needs.disk_mib < 0) {
        problems.add("needs", "a negative amount is needed", "0 MiB or more");
    }
}

} // namespace aviary::kernel
