// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/record/run.h"
#include "core/rehearsal/comparison.h"
#include "ui/models/chancevalue.h"
#include "ui/rehearsal/rehearsalvalue.h"

namespace aviary {

// The lines of one run for each kind of fan, in minutes of rollout time since `from_ms`.
std::array<FanLine, fan_kind_count> fanLinesOf(const record::Run &run, kernel::Millis from_ms);

// What the view shows of answers: hypotheses, fans, futures, assumptions and the total, with the
// shares that the person holds (as many as hypotheses, adding up to 1).
void showAnswers(const rehearsal::Answers &answers, const kernel::Plan &plan,
                 const std::vector<double> &weights, RehearsalValue &value);
// The chances of each hypothesis in two short lines: what is good completes, what is not is caught.
std::vector<ChanceValue> chancesOf(const rehearsal::Answers &answers,
                                   const rehearsal::Scenario &scenario);
// What is known of endings while it still runs.
void showProgress(const rehearsal::Progress &progress, const rehearsal::Scenario &scenario,
                  const std::vector<double> &weights, RehearsalValue &value);
// Plans side by side, the first row their names.
void showPlans(const std::vector<rehearsal::Answers> &answers, const QStringList &names,
               RehearsalValue &value);
// The change that helps most, as it was measured; `name` is what trying it makes of it: "plan B".
void showAdvice(const rehearsal::Advice &advice, const QString &name, RehearsalValue &value);
// "what is no good is caught in 88 % instead of 31 %, ..."
QString measuredText(const rehearsal::Change &change);

} // namespace aviary
