// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernel/rollout/cells.h"
#include "core/kernel/rollout/engine.h"

#include <algorithm>

// What lies ahead until the rollout waits for a person, if all goes well.
namespace aviary::kernel {
namespace {

void addNodes(const State &state, const UpdateStep &update, Outlook &outlook) {
    const auto end = std::min<std::size_t>(update.end, state.cells.size());
    for (TargetIndex target = update.begin; target < end; ++target) {
        const Cell &cell = state.cells[target];
        if (cell.phase == Phase::Untouched && cell.reachable()) {
            ++outlook.nodes;
            ++outlook.site_nodes[cell.site];
        }
    }
}

// True: it goes no further.
bool addShift(const Plan &plan, const ShiftStep &shift, Weight goal, Outlook &outlook) {
    if (plan.router == RouterKind::None) {
        return false;
    }
    const bool stops = goal > 0 && goal < shift.weight;
    outlook.weight = stops ? std::max(goal, outlook.weight) : shift.weight;
    return stops;
}

bool holds(const Plan &plan, const HoldStep &hold, Weight goal, const Outlook &outlook) {
    return !hold.time_ms && !plan.policy.auto_promote && outlook.weight >= goal;
}

void followNodes(const Plan &plan, const State &state, Outlook &outlook) {
    const Docket &docket = state.docket;
    const std::uint32_t up = plan.mode == UpdateMode::InPlace
                                 ? std::max(docket.up, docket.fresh + outlook.nodes)
                                 : std::max(docket.up, outlook.nodes);
    if (up > 0) {
        const std::uint64_t fresh = std::min(up, docket.fresh + outlook.nodes);
        outlook.weight = static_cast<Weight>(full_weight * fresh / up);
    }
}

// One overload for each request.
class Foresee {
public:
    Foresee(const Plan &plan, const State &state) : plan_(plan), state_(state) {
        outlook_.weight = state.weight;
        outlook_.site_nodes.resize(state.sites.size());
    }

    void operator()(const Approve &) {}
    void operator()(const Start &) { ahead(0, 0); }
    void operator()(const Promote &promote) {
        if (state_.docket.lowered) {
            ahead(lastShift(plan_, state_).value_or(state_.step), promote.to);
        } else {
            ahead(presentStep<ShiftStep>(plan_, state_) ? state_.step : state_.step + 1,
                  promote.to);
        }
    }
    void operator()(const Lower &lower) { outlook_.weight = std::min(lower.to, state_.weight); }
    void operator()(const Pause &) {}
    void operator()(const Resume &) {
        if (state_.docket.way_back) {
            back();
        } else if (state_.resume_to == Status::InProgress) {
            ahead(state_.step, state_.docket.goal);
        }
    }
    void operator()(const RollBack &) { back(); }
    void operator()(const Fail &) {}
    void operator()(const Supersede &) {}
    void operator()(const Skip &skip) {
        if (skip.target == every_target) {
            ahead(state_.step + 1, state_.docket.goal);
        }
    }
    void operator()(const Retry &retry) {
        for (TargetIndex target = 0; target < state_.cells.size(); ++target) {
            const bool meant =
                retry.target == target ||
                (retry.target == every_target && state_.cells[target].phase == Phase::Failed);
            if (meant) {
                touch(target);
            }
        }
    }

    const Outlook &outlook() const { return outlook_; }

private:
    void touch(TargetIndex target) {
        ++outlook_.nodes;
        ++outlook_.site_nodes[state_.cells[target].site];
    }
    void ahead(std::uint32_t from, Weight goal) { outlook_ = outlookOf(plan_, state_, from, goal); }
    void back() {
        outlook_.weight = 0;
        if (plan_.strategy == StrategyKind::FeatureFlag && state_.docket.flag_raised) {
            return;
        }
        for (const TargetIndex target : state_.docket.touched) {
            if (state_.cells[target].phase != Phase::Restored) {
                touch(target);
            }
        }
    }

    const Plan &plan_;
    const State &state_;
    Outlook outlook_;
};

bool raises(const State &state, const Request &request) {
    if (std::holds_alternative<Resume>(request)) {
        return state.resume_to == Status::InProgress;
    }
    return std::holds_alternative<Start>(request) || std::holds_alternative<Promote>(request) ||
           std::holds_alternative<Skip>(request) || std::holds_alternative<Retry>(request);
}

} // namespace

std::optional<std::uint32_t> lastShift(const Plan &plan, const State &state) {
    for (std::size_t i = std::min<std::size_t>(state.step + 1, plan.steps.size()); i-- > 0;) {
        if (std::holds_alternative<ShiftStep>(plan.steps[i])) {
            return static_cast<std::uint32_t>(i);
        }
    }
    return std::nullopt;
}

Outlook outlookOf(const Plan &plan, const State &state, std::uint32_t from, Weight goal) {
    Outlook outlook;
    outlook.weight = state.weight;
    outlook.site_nodes.resize(state.sites.size());
    for (std::size_t i = from; i < plan.steps.size(); ++i) {
        const Step &step = plan.steps[i];
        if (const auto *update = std::get_if<UpdateStep>(&step)) {
            addNodes(state, *update, outlook);
        } else if (const auto *shift = std::get_if<ShiftStep>(&step)) {
            if (addShift(plan, *shift, goal, outlook)) {
                break;
            }
        } else if (const auto *hold = std::get_if<HoldStep>(&step)) {
            if (holds(plan, *hold, goal, outlook)) {
                break;
            }
        } else if (std::holds_alternative<SwitchStep>(step)) {
            outlook.weight = full_weight;
        }
    }
    if (state.docket.follows) {
        followNodes(plan, state, outlook);
    }
    return outlook;
}

bool bearsOutlook(const Plan &plan, const State &state, const Outlook &outlook) {
    if (plan.router != RouterKind::Weights) {
        return true;
    }
    const std::uint32_t load = plan.policy.max_load_percent;
    if (plan.scope == RouterScope::Cluster) {
        return outlook.weight <= weightMax(load, plan.active, state.docket.fresh + outlook.nodes);
    }
    std::vector<LoadScope> scopes;
    for (std::size_t i = 0; i < state.sites.size(); ++i) {
        scopes.push_back({state.docket.queues[i].nodes,
                          state.sites[i].fresh + outlook.site_nodes[i], state.sites[i].stable});
    }
    return outlook.weight <= weightRange(load, scopes).high;
}

std::vector<SiteStanding> siteStandings(const State &state) {
    std::vector<SiteStanding> sites(state.sites.size());
    for (const Cell &cell : state.cells) {
        sites[cell.site].served += cell.served;
        sites[cell.site].up += serviceOf(cell).up();
    }
    for (std::size_t i = 0; i < sites.size() && i < state.docket.queues.size(); ++i) {
        sites[i].floor = sites[i].served - std::min(state.docket.queues[i].limit, sites[i].served);
    }
    return sites;
}

Effect effectOf(const Plan &plan, const State &state, const Request &request) {
    Foresee foresee(plan, state);
    std::visit(foresee, request);
    const Outlook &outlook = foresee.outlook();
    Effect effect;
    effect.weight_from = state.weight;
    effect.weight_to = outlook.weight;
    effect.nodes = outlook.nodes;
    effect.way_back =
        !std::holds_alternative<Fail>(request) && !std::holds_alternative<Supersede>(request);
    effect.raises_exposure = raises(state, request);
    const std::vector<SiteStanding> sites = siteStandings(state);
    for (std::uint32_t site = 0; site < sites.size(); ++site) {
        if (outlook.site_nodes[site] > 0) {
            effect.sites.push_back(
                {site, outlook.site_nodes[site], sites[site].up, sites[site].floor});
        }
    }
    return effect;
}

} // namespace aviary::kernel
