// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/fleet/fleet.h"
#include "ui/models/desk.h"

namespace aviary {

// The nodes of a cluster as a plan is compiled against: fetched page by page from the desk.
class FleetOfDesk : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    // Of the cluster as it is now; fetched() tells when it is here. Another cluster takes its
    // place.
    void fetch(Desk &desk, const QString &cluster);
    const QString &cluster() const { return cluster_; }
    bool complete() const { return complete_; }
    const kernel::Fleet &fleet() const { return fleet_; }

Q_SIGNALS:
    void fetched();
    void failed(const aviary::Error &error);

private:
    void next();
    void take(const Result<QJsonObject> &answer);

    QPointer<Desk> desk_;
    QString cluster_;
    kernel::Fleet fleet_;
    bool complete_ = false;
    quint64 turn_ = 0; // pages of an earlier fetch are passed over
};

} // namespace aviary
