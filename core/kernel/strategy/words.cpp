// SPDX-License-Identifier: GPL-3.0-or-later
// The words of strategy and policy, as files, the command line and the console write them.
#include "core/kernel/strategy/compile.h"

#include <array>

namespace aviary::kernel {

namespace {

template <std::size_t Count, class Enum>
std::string_view word(const std::array<std::string_view, Count> &words, Enum value) {
    const auto index = static_cast<std::size_t>(value);
    return index < Count ? words[index] : std::string_view{};
}

std::string counted(std::uint64_t count, std::string_view one, std::string_view many) {
    return std::to_string(count) + " " + std::string(count == 1 ? one : many);
}

struct StepText {
    std::string operator()(const UpdateStep &step) const {
        std::string text = "update " + std::to_string(step.begin);
        if (step.end > step.begin + 1) {
            text += "-" + std::to_string(step.end - 1);
        }
        text += ", waves of " + std::to_string(step.wave_size) + ", " +
                std::to_string(step.parallel) + " at once";
        if (step.delay_ms > 0) {
            text += ", " + durationText(step.delay_ms) + " between";
        }
        return step.retire_old ? text + ", retiring as it goes" : text;
    }
    std::string operator()(const ShiftStep &step) const {
        return "shift " + weightText(step.weight);
    }
    std::string operator()(const CheckStep &step) const {
        std::string text =
            "check by " + counted(step.judges_end - step.judges_begin, "judge", "judges");
        if (step.bake_ms > 0) {
            text += " for " + durationText(step.bake_ms);
        }
        if (step.limit_ms > 0) {
            text += ", undecided at most " + durationText(step.limit_ms);
        }
        return text;
    }
    std::string operator()(const HoldStep &step) const {
        return step.time_ms ? "hold " + durationText(*step.time_ms) : "hold until promoted";
    }
    std::string operator()(const SwitchStep &) const { return "switch"; }
    std::string operator()(const RetireStep &step) const {
        return step.delay_ms > 0 ? "retire after " + durationText(step.delay_ms) : "retire";
    }
};

// Ppm as a percentage without needless zeros: 950000 is "95 %", 5000 is "0.5 %".
std::string ppmText(Ppm share) {
    std::string text = std::to_string(share / 10'000);
    std::string part = std::to_string(10'000 + share % 10'000).substr(1);
    part.erase(part.find_last_not_of('0') + 1);
    return (part.empty() ? text : text + "." + part) + " %";
}

struct JudgeText {
    std::string operator()(const HealthShare &judge) const {
        return "health share of at least " + ppmText(judge.threshold);
    }
    std::string operator()(const Tolerance &judge) const {
        return "tolerance of " + counted(judge.metrics.size(), "metric", "metrics");
    }
    std::string operator()(const NotWorse &judge) const {
        return "not worse by more than " + ppmText(judge.margin) + ", false alarms at most " +
               ppmText(judge.alpha);
    }
};

} // namespace

std::string_view nameOf(OnFailure action) {
    return word(std::array<std::string_view, 3>{"rollback", "stop", "continue"}, action);
}

std::string_view nameOf(HealthSource source) {
    return word(std::array<std::string_view, 2>{"checks", "agent_states"}, source);
}

std::string_view nameOf(CatchUp catch_up) {
    return word(std::array<std::string_view, 3>{"ask", "auto", "never"}, catch_up);
}

std::string_view nameOf(StrategyKind kind) {
    return word(std::array<std::string_view, 4>{"rolling", "canary", "blue-green", "feature-flag"},
                kind);
}

std::string_view nameOf(UpdateMode mode) {
    return word(std::array<std::string_view, 2>{"beside", "in_place"}, mode);
}

std::string_view nameOf(RouterKind router) {
    return word(std::array<std::string_view, 3>{"none", "weights", "flag"}, router);
}

std::string_view nameOf(RouterScope scope) {
    return word(std::array<std::string_view, 2>{"cluster", "site"}, scope);
}

std::string_view nameOf(Standing standing) {
    return word(std::array<std::string_view, 3>{"pending", "done", "behind"}, standing);
}

std::string_view nameOf(Remark::Kind kind) {
    return word(std::array<std::string_view, 6>{"no_router", "node_behind", "node_done",
                                                "stage_adds_nothing", "load_stop", "other"},
                kind);
}

std::optional<Strategy> strategyByName(std::string_view name) {
    if (name == "rolling") {
        return Rolling{};
    }
    if (name == "canary") {
        return Canary{};
    }
    if (name == "blue-green" || name == "blue_green") {
        return BlueGreen{};
    }
    if (name == "feature-flag" || name == "feature_flag") {
        return FeatureFlag{};
    }
    return std::nullopt;
}

StrategyKind kindOf(const Strategy &strategy) {
    if (std::holds_alternative<Rolling>(strategy) ||
        std::holds_alternative<RollingTraffic>(strategy)) {
        return StrategyKind::Rolling;
    }
    if (std::holds_alternative<BlueGreen>(strategy)) {
        return StrategyKind::BlueGreen;
    }
    return std::holds_alternative<FeatureFlag>(strategy) ? StrategyKind::FeatureFlag
                                                         : StrategyKind::Canary;
}

std::string toText(const Step &step) {
    return std::visit(StepText{}, step);
}

std::string toText(const Judge &judge) {
    return std::visit(JudgeText{}, judge);
}

std::string weightText(Weight weight) {
    const std::string sign = weight < 0 ? "-" : "";
    const std::int64_t share = weight < 0 ? -std::int64_t{weight} : std::int64_t{weight};
    std::string text = sign + std::to_string(share / 100);
    const std::int64_t part = share % 100;
    if (part != 0) {
        text += "." + std::to_string(part / 10);
        if (part % 10 != 0) {
            text += std::to_string(part % 10);
        }
    }
    return text + " %";
}

std::string durationText(Millis duration_ms) {
    struct Unit {
        Millis length_ms;
        std::string_view name;
    };
    constexpr std::array units = {Unit{86'400'000, "d"}, Unit{3'600'000, "h"}, Unit{60'000, "min"},
                                  Unit{1'000, "s"}};
    for (const Unit &unit : units) {
        if (duration_ms != 0 && duration_ms % unit.length_ms == 0) {
            return std::to_string(duration_ms / unit.length_ms) + " " + std::string(unit.name);
        }
    }
    return duration_ms == 0 ? "0 s" : std::to_string(duration_ms) + " ms";
}

} // namespace aviary::kernel
