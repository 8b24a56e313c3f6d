// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/values.h"
#include "ui/charts/scrubber.h"

namespace aviary {

// One deployment as the table shows it, at the instant that is looked at.
struct HistoryLine {
    api::DeploymentRow row;
    QString cluster_name;
    QString state;                      // "holds at 10 %"; what its rollout says, else its status
    std::optional<quint32> done, nodes; // of its rollout, where that is known
    bool operator==(const HistoryLine &) const = default;
};

struct HistoryFact {
    QString label, text;
    bool operator==(const HistoryFact &) const = default;
};

// What the pane beside the table says of the deployment that is selected.
struct DeploymentPane {
    QString id;    // of the deployment; empty: none is selected
    QString title; // "gateway v9, as of 09:48:12"
    Sign sign = Sign::None;
    std::vector<HistoryFact> facts;
    std::vector<api::Happening> happenings; // newest first
    QString compare;                        // "Compare with v8"; empty: there is none before it
    QString open;                           // "Open the rollout"; empty: it has none
    QString roll_back;                      // "Roll back to v9"; empty: not from here
    QString bad;      // "Mark v9 bad", or how to take that away; empty: not from here
    QStringList tags; // of this version
    QString off;      // why nothing can be asked now; empty: it can
    bool operator==(const DeploymentPane &) const = default;
};

// One step of two rollouts side by side; -1: it was not reached, or is not known.
struct StepTimes {
    QString text;
    qint64 a_ms = -1, b_ms = -1;
    qint64 rehearsed_ms = -1; // what was expected of b
    bool operator==(const StepTimes &) const = default;
};

struct DeploymentComparison {
    QString a, b; // "v41", "v42"
    struct Row {
        QString label, a, b;
        bool operator==(const Row &) const = default;
    };
    std::vector<Row> rows;
    std::vector<StepTimes> steps;
    QStringList difference; // of the manifests: "+ ...", "- ...", "  ..."
    QString trouble;        // why a part is missing; empty: none is
    bool operator==(const DeploymentComparison &) const = default;
};

struct HistoryValue {
    ScrubberValue scrubber;
    QString span;     // "Today"
    QString subtitle; // "1,284 deployments, all clusters"
    std::vector<HistoryLine> lines;
    qint64 instant_wall_ms = 0; // what is running has run until then
    QString loading;            // what is being read; empty: nothing is
    QString trouble;            // why less is shown than there is; empty: all is
    bool operator==(const HistoryValue &) const = default;
};

// "13 min" of what runs or ran; empty where it never began.
QString tookText(const api::DeploymentRow &row, qint64 instant_wall_ms);

} // namespace aviary
