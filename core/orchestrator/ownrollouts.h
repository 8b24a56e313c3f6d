// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/values.h"
#include "core/clusters/ownrollout.h"
#include "core/journal/journal.h"

#include <QJsonObject>

#include <deque>
#include <map>

namespace aviary::orchestrator {

// Of the journal's facts (core/orchestrator/facts.h); key: the rollout's id.
inline const QString topic_own_rollout = QStringLiteral("own_rollout");

// A rollout that a cluster runs itself, as the journal has it.
struct KnownRollout {
    QString cluster;
    clusters::OwnRollout now;
    quint64 changes = 0; // facts so far
    qint64 first_wall_ms = 0, changed_wall_ms = 0;
    std::deque<api::Happening> told = {}; // newest last
};

// All rollouts that clusters ran themselves, also those that the clusters have forgotten. Facts in
// their order give the same again.
class OwnRollouts {
public:
    static constexpr std::size_t told_max = 200;

    // What is new in what a cluster shows, as facts for the journal, in order. A rollout that goes
    // on and is shown no more is over.
    std::vector<journal::Fact> compare(const QString &cluster,
                                       const std::vector<clusters::OwnRollout> &shown,
                                       qint64 wall_ms) const;
    // The rollout that a fact is about, as it is once the fact counts.
    Result<KnownRollout> after(const journal::Fact &fact) const;
    // One fact of the journal: the id of the rollout that it is about.
    Result<QString> fold(const journal::Fact &fact);
    bool knows(const QString &cluster) const;          // a rollout of it
    const KnownRollout *newest(const QString &cluster, // null: none
                               const QString &service) const;

    const KnownRollout *find(const QString &id) const; // null: there is none
    std::vector<const KnownRollout *> all() const;     // the newest last

private:
    std::map<QString, KnownRollout> known_; // by id
    std::vector<QString> order_;
};

QJsonObject toJson(const clusters::OwnRollout &rollout);
Result<clusters::OwnRollout> ownRolloutFrom(const QJsonObject &json);

// What became of it from one look to the next, a line each.
QStringList happened(const clusters::OwnRollout *before, const clusters::OwnRollout &now);

} // namespace aviary::orchestrator
