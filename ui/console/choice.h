// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/desk.h"

namespace aviary {

// What the person looks at: a desk, a cluster of it, a rollout, a node. It relays what that desk
// tells, so that a presenter connects once and reads choice.desk() whenever it hears something.
class Choice : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    Desk *desk() const { return desk_; } // null: none yet
    const QString &cluster() const { return cluster_; }
    const QString &rollout() const { return rollout_; } // id
    const QString &node() const { return node_; }       // id
    // Nodes that the next plan is meant for; empty: the person named none.
    const QStringList &targets() const { return targets_; }
    void chooseTargets(const QStringList &nodes) { targets_ = nodes; }
    // Rows of what is chosen; null where nothing is, or it is not told yet.
    const api::ClusterRow *clusterRow() const;
    const api::RolloutRow *rolloutRow() const;
    const api::RolloutDetail *detail() const; // the chosen rollout is always watched

    void chooseDesk(Desk *desk);
    // Empty: none. Another cluster has no rollout and no node chosen.
    void chooseCluster(Desk *desk, const QString &cluster);
    void chooseRollout(Desk *desk, const QString &rollout);
    void chooseNode(const QString &node);

Q_SIGNALS:
    // Something else is chosen: all is to be read anew.
    void chosen();
    // Of the desk that is chosen; after sessionChanged() all is to be read anew.
    void sessionChanged();
    void linkChanged();
    void daemonChanged();
    void clustersChanged();
    void rolloutsChanged();
    void waitingChanged();
    void requestsChanged();
    void deploymentsChanged();
    void detailChanged(const QString &rollout);

private:
    bool takeDesk(Desk *desk);
    void watchRollout(const QString &rollout);

    QPointer<Desk> desk_;
    QString cluster_, rollout_, node_;
    QStringList targets_;
};

} // namespace aviary
