// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/rehearsal/comparison.h"

#include <QStringList>

// A rehearsal's answers in words, for the terminal, the report and the console alike. No number
// stands without its interval or its assumption.
namespace aviary::rehearsal {

// Everything that one asking found out. The first plan is the subject; the others are compared.
struct Findings {
    struct OfPlan {
        QString name; // of its file
        std::shared_ptr<const kernel::Plan> plan;
        Answers answers;
    };
    std::vector<OfPlan> plans;
    std::vector<std::vector<Difference>> differences; // [i][hypothesis]: plan i + 1 minus plan 0
    std::optional<Advice> advice;                     // on the first plan
    QString fleet;                                    // "edge-eu, 48 nodes in 4 sites"
    Scenario scenario;
    QStringList presumed; // what was filled in because no file says it
};

// {format: "aviary-rehearsal/1", ...}: the shape is in aviary-scenario(5). Members sorted; the same
// findings give the same bytes.
QByteArray toJson(const Findings &findings);

QString wordOf(Ending ending);                 // "complete", "back", "failed", "waiting", "stuck"
QString portionText(const Portion &portion);   // "98.9 % (98.1 to 99.4)"
QString endingsText(const HypothesisAnswer &); // "98.9 % (98.1 to 99.4) complete, 1.1 % ... back"
QString timeText(const Spans &time_ms);        // "41 min (95 %: 55 min)"; empty of none
QString requestsText(const Spans &requests);   // "3 (99 %: 31)"
QString caughtText(const HypothesisAnswer &hypothesis, const kernel::Plan &plan);
QString sightText(const Sight &sight, const kernel::Plan &plan);
QString siteText(const SiteLow &site, const kernel::Plan &plan);
QString differenceText(const Difference &difference);
QString changeText(const Change &change);
QString causeText(kernel::Cause cause); // "the new revision was worse"

// The hypothesis that is shown where there is room for one: the first that is good, else the first.
std::size_t shownHypothesis(const Scenario &scenario);
std::vector<double> assumedWeights(const Answers &answers);
// "98.2 % complete (97.1 to 99.0) at good 80 %, errs 2 % more 20 %"
QString totalText(const Answers &answers, Ending ending);

} // namespace aviary::rehearsal
