// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/strategy/compile.h"
#include "core/plans/section.h"

// The members of a plan file that make a request. Only this folder includes it.
namespace aviary::plans {

kernel::PlanRequest readRequest(Section &top, Flaws &flaws);
void writeRequest(const kernel::PlanRequest &request, bool router_given, YamlNode &root);

YamlNode writePolicy(const kernel::Policy &policy);
kernel::Strategy readStrategy(const YamlNode &node, Flaws &flaws);
YamlNode writeStrategy(const kernel::Strategy &strategy);
kernel::Judge readJudge(const YamlNode &node, const QString &field, Flaws &flaws);
YamlNode writeJudge(const kernel::Judge &judge);

} // namespace aviary::plans
