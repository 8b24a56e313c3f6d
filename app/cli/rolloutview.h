// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/terminal.h"
#include "core/api/values.h"

namespace aviary::cli {

// A rollout as lines of text: what it does, why it stands where it stands, traffic, nodes by site,
// steps, verdict, what may be asked, what happened. At most `rows` lines.
std::vector<Line> linesOf(const api::RolloutDetail &detail, const Terminal &terminal, int rows);

// "shop  v41 -> v42  canary  waiting"
Line titleOf(const api::RolloutRow &row, const Terminal &terminal);
// "10:01:12  gate  ..."
Line lineOf(const api::Happening &happening);

} // namespace aviary::cli
