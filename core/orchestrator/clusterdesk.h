// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/values.h"
#include "core/clusters/driver.h"
#include "core/kernel/fleet/fleet.h"
#include "core/orchestrator/clock.h"

#include <QTimer>

#include <map>
#include <memory>

namespace aviary::orchestrator {

// One cluster as the daemon knows it: its driver, its nodes, and how old that knowledge is.
class ClusterDesk : public QObject {
    Q_OBJECT
public:
    // `row` carries what a person configured; the rest of it follows from the driver.
    ClusterDesk(api::ClusterRow row, std::unique_ptr<clusters::Driver> driver, const Clock &clock);

    QString id() const { return row_.id; }
    clusters::Driver &driver() { return *driver_; }
    const clusters::Driver &driver() const { return *driver_; }
    const kernel::Fleet &fleet() const { return fleet_; }
    quint64 fleetRevision() const { return fleet_revision_; }

    // With contact, counts and age as of now.
    api::ClusterRow row() const;
    // Older than the limit, or never heard: nothing may raise exposure on what is known.
    bool stale() const;
    bool observed() const { return observed_; }

    void configure(const api::ClusterRow &row); // name, class, limits, lock; never the kind
    void setUnlocked(bool unlocked) { row_.unlocked = unlocked; }

    // Connects, then looks; afterwards looks again whenever the cluster was lost and is back.
    void start();
    // What runs, by the last look; looked at again every few seconds.
    const std::vector<clusters::Instance> &instances() const { return instances_; }

    std::optional<std::size_t> find(const QString &node) const;
    api::NodeRow nodeRow(std::size_t at) const;

Q_SIGNALS:
    // The first full look, and each one after a gap: for recovery.
    void looked(const aviary::clusters::Observation &seen);
    void refreshed(); // after any look
    void nodesChanged(const QStringList &ids);
    void nodeGone(const QString &id);
    void contactChanged();

private:
    void heard();
    void take(const Result<clusters::Observation> &result);
    void put(const kernel::Node &node);
    void addInstances(api::NodeRow &row) const;
    void lost(const Error &why);
    void checkAge();

    api::ClusterRow row_;
    std::unique_ptr<clusters::Driver> driver_;
    const Clock &clock_;
    kernel::Fleet fleet_;
    std::map<QString, std::size_t> places_;
    std::map<QString, kernel::FlapWindow> flapping_;
    quint64 fleet_revision_ = 0;
    qint64 heard_monotonic_ms_ = -1;
    qint64 heard_wall_ms_ = 0;
    std::vector<clusters::Instance> instances_;
    std::map<QString, std::vector<std::size_t>> instances_on_; // by node
    bool observed_ = false;
    bool gap_ = true; // the next look is the first one, or the first after a loss
    bool lost_ = false;
    bool was_stale_ = true;
    QString trouble_;
    QTimer age_timer_;
    QTimer look_timer_;
};

} // namespace aviary::orchestrator
