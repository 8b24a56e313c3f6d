// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/values.h"

#include <QJsonObject>

#include <span>

// A plan and a state in words and rows: the same for a live rollout, a rehearsed one and one that
// is looked at in time travel, so that a daemon, a terminal and a window never tell it differently.
namespace aviary::api {

// When each step began and ended, in rollout time; folded from the commands as they are recorded.
class StepClock {
public:
    void note(const kernel::Command &command, kernel::Millis now);
    kernel::Millis beganAt(std::uint32_t step) const; // -1: not yet
    kernel::Millis endedAt(std::uint32_t step) const; // -1: not yet

    // What it was told, to go on from there.
    QJsonObject memory() const;
    void recall(const QJsonObject &memory);

private:
    std::vector<kernel::Millis> began_;
    kernel::Millis ended_ = -1; // of the whole
};

QString text(const std::string &utf8);

// "v41", or "nothing" for no_revision.
QString revisionText(const kernel::Plan &plan, kernel::RevisionIndex revision);

QString stepText(const kernel::Plan &plan, const kernel::Step &step);
std::vector<StepRow> stepRows(const kernel::Plan &plan, const kernel::State &state,
                              const StepClock &clock);

// Weights at which the plan stops for a check or a person: the slider's ticks.
std::vector<kernel::Weight> stagesOf(const kernel::Plan &plan);

// What max_load allows now, by the nodes that are healthy on the new revision.
kernel::Weight weightMaxNow(const kernel::Plan &plan, const kernel::State &state);

// The margin of the plan's not-worse judge as a rate, 0 to 1; -1: there is none.
double gateOf(const kernel::Plan &plan);

// One sentence of what it does or waits for, without a full stop: "holds at 10 %, verdict not
// worse".
QString headlineOf(const kernel::Plan &plan, const kernel::State &state);

// Why it stopped or waits, as one sentence: what was seen, what was allowed, what was done. Empty
// while it just runs.
QString whyOf(const kernel::Plan &plan, const kernel::State &state);
QStringList evidenceOf(const kernel::Plan &plan, const kernel::State &state);
QString verdictText(const kernel::Plan &plan, const kernel::Verdict &verdict);

// The wave that is under way and how many there are, from 1; {0, 0} outside an update step.
std::pair<std::uint32_t, std::uint32_t> waveOf(const kernel::Plan &plan,
                                               const kernel::State &state);

// All of a RolloutRow that follows from plan and state; identity, people and wall times are the
// caller's.
void fillRow(RolloutRow &row, const kernel::Plan &plan, const kernel::State &state);

std::vector<TargetRow> targetRows(const kernel::Plan &plan, const kernel::State &state,
                                  std::uint32_t first, std::uint32_t count);

// How its sites stand, in the order of the plan; at most page_nodes_max of them.
std::vector<SiteRow> siteRows(const kernel::Plan &plan, const kernel::State &state);

QString causeText(kernel::Cause cause);

// "judges: not-worse is left out"; without a subject the text alone.
QString remarkText(const QString &subject, const QString &text);

} // namespace aviary::api
