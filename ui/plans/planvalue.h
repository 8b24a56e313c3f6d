// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plans/planfile.h"
#include "ui/charts/steptrack.h"

#include <map>

namespace aviary {

// One line of the form: a member of the plan's document.
struct PlanField {
    QStringList path;    // {"strategy", "bake"}
    QString label;       // "Bake"
    QString text;        // as it stands; empty: absent
    QString placeholder; // what absent means
    QStringList choices; // the words that it may be; empty: anything
    bool list = false;   // written in brackets
    QString fault;       // what is wrong with it; empty: nothing
    bool operator==(const PlanField &) const = default;
};

// One thing that is wrong, at its place.
struct PlanFault {
    int line = 0, column = 0; // from 1; 0: of the whole
    QString text;             // "line 9: max_load 0.5 is below 1. Allowed: 1 or more"
    bool operator==(const PlanFault &) const = default;
};

// Something beside the plan: how it differs from another, what a change or an import made of it.
struct PlanBeside {
    QString title;
    std::vector<QStringList> rows; // the first names the columns; empty: nothing to say
    QString text;                  // a sentence under them; empty: none
    bool operator==(const PlanBeside &) const = default;
};

struct PlanValue {
    QString title = {};   // "checkout-api to v42"
    QString file = {};    // "checkout.plan.yaml"; empty: not saved
    bool changed = false; // since it was saved
    std::vector<PlanField> fields;
    QString text; // the document
    std::vector<PlanFault> faults;
    QString compiled; // "Compiles to 19 steps ..."; or why it does not
    StepTrackValue track;
    QStringList remarks;
    std::optional<PlanBeside> beside;
    std::vector<int> changed_lines; // of the text, from 1: what was written for the person
    std::vector<std::pair<QString, QString>>
        rehearsed; // "If it is good", "99 % complete in 41 min"
    bool operator==(const PlanValue &) const = default;
};

// The form of what was read: fields of its strategy, with the faults at them.
std::vector<PlanField> fieldsOf(const plans::YamlNode &document, const Flaws &flaws);
std::vector<PlanFault> faultsOf(const Flaws &flaws);
// Compiled steps; `notes` stand under some of them: what a check can see.
StepTrackValue trackOf(const kernel::Plan &plan, const std::map<std::size_t, QString> &notes);
// What each not-worse check can see at this traffic: "sees +1.1 %", "blind".
std::map<std::size_t, QString> sightsOf(const kernel::Plan &plan, double requests_per_s,
                                        double error_rate);

// Names of the templates, one for each strategy, and the text of each.
QStringList planTemplates();
QString planTemplate(const QString &name);

// Members that may stand at the cursor: for completion.
QStringList planWords();

} // namespace aviary
