// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <QList>
#include <QMap>
#include <QString>
#include <QStringList>

#include <optional>

// A version of a service that a person wants of a cluster that runs its rollouts itself: asked for,
// planned by the cluster, and only then started, as long as nobody else was first.
namespace aviary::clusters {

struct OwnStart {
    // One of them: a whole service in the cluster's own language, or the service that runs and is
    // changed.
    QString text;
    QString service;
    // Changes; what is not given stays. `part` and `task` say where they belong, where that is not
    // plain.
    QString image;
    std::optional<qint64> count;
    QMap<QString, QString> variables; // of the environment
    QString part, task;
};

// What the cluster says would come of it.
struct OwnPlan {
    QString service;
    QJsonObject document;  // what is started, in the cluster's own words
    quint64 index = 0;     // of what is there now, which the start enforces; 0: nothing is
    QString version;       // of what is there now; empty: nothing is
    bool is_so = false;    // nothing would change
    qint64 instances = 0;  // in all
    QStringList sentences; // the effect, a fact each: changes, counts, what has no place, warnings
    // By part: how long its instances took from being placed until they were ready, as far as the
    // cluster remembers. What it waits for afterwards to be sure is not in it.
    QMap<QString, QList<qint64>> starts_ms;
};

} // namespace aviary::clusters
