// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernel/rollout/passage.h"

#include <algorithm>

namespace aviary::kernel {
namespace {

Order orderOf(const Command &command) {
    return std::visit(
        [](const auto &one) {
            if constexpr (requires { one.order; }) {
                return one.order;
            } else {
                return unasked;
            }
        },
        command);
}

void addNodeOrders(const State &state, TargetIndex target, Commands &commands) {
    const Cell &cell = state.cells[target];
    if (cell.phase == Phase::Updating) {
        commands.push_back(UpdateNode{cell.order, target});
    } else if (cell.phase == Phase::Restoring) {
        commands.push_back(RestoreNode{cell.order, target});
    }
    if (cell.retiring) {
        commands.push_back(RetireNode{state.docket.retire_order[target], target});
    }
}

// The orders that a plain wave or retirement calls for. True: nothing more follows.
bool orderPlainly(const Plan &plan, State &state, Commands &out) {
    if (state.docket.wave_open > 0) {
        orderUpdates(plan, state, out);
        return true;
    }
    orderRetirements(plan, state, out);
    return state.docket.retiring > 0;
}

} // namespace

void settle(const Plan &plan, State &state, Commands &out) {
    while (!isPlain(plan, state) || !orderPlainly(plan, state, out)) {
        Command &command = out.emplace_back();
        if (!decide(plan, state, command)) {
            out.pop_back();
            break;
        }
        mark(plan, state, command);
    }
    becomeCalm(plan, state);
}

Commands outstanding(const Plan &plan, const State &state) {
    Commands commands;
    if (isEnd(state.status)) {
        return commands;
    }
    for (TargetIndex target = 0; target < state.cells.size(); ++target) {
        addNodeOrders(state, target, commands);
    }
    const Docket &docket = state.docket;
    if (docket.router_order != unasked && usesSlots(plan)) {
        commands.push_back(
            SwitchSlot{docket.router_order, docket.slot_asked ? plan.to : plan.from});
    } else if (docket.router_order != unasked) {
        commands.push_back(SetWeight{docket.router_order, state.weight_asked});
    }
    std::sort(commands.begin(), commands.end(), [](const Command &left, const Command &right) {
        return orderOf(left) < orderOf(right);
    });
    return commands;
}

} // namespace aviary::kernel
