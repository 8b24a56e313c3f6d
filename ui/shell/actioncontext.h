// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/values.h"
#include "ui/shell/actionlines.h"

#include <QString>

#include <optional>
#include <vector>

namespace aviary {

// What is chosen and how it stands: everything that decides what an action says, whether it is on,
// and which command line does the same.
struct ActionContext {
    QString host; // of the daemon; empty: this computer
    QString cluster, cluster_name;
    bool locked = false; // the cluster is read-only
    QString stale;       // "the data is 48 s old"; empty when fresh
    QString as_of;       // time travel: the instant shown; empty when live
    QString rollout;     // id
    QString service, from, to;
    QString node;                             // name
    std::optional<int> next_weight;           // where promote leads, in 1/100 %
    std::optional<int> lower_weight;          // where lower leads
    std::vector<api::Permission> permissions; // of the rollout

    bool operator==(const ActionContext &) const = default;
};

// "Promote to 25 %...", in the language of the desktop.
QString actionText(const ActionLine &line, const ActionContext &context);

// The same beside what it acts on, which needs no second naming: "Pause", "Promote to 25 %...".
QString briefActionText(const ActionLine &line, const ActionContext &context);

// Why it is off and what would allow it; empty when it is on. What lowers exposure is never off
// because data is old.
QString actionRefusal(const ActionLine &line, const ActionContext &context);

// "aviary promote checkout-api --to 25 --cluster edge-eu"; empty when there is no such line or
// something in it is not chosen.
QString actionCommand(const ActionLine &line, const ActionContext &context);

// One argument as a shell reads it back: in single quotes where it needs any.
QString shellWord(const QString &word);

} // namespace aviary
