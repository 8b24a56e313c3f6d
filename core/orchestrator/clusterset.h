// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/orchestrator/clusterdesk.h"
#include "core/orchestrator/orchestrator.h"

#include <QJsonObject>

namespace aviary::orchestrator {

// Makes the driver of a cluster from what a person configured; refuses settings that are wrong.
using DriverFactory = std::function<Result<std::unique_ptr<clusters::Driver>>(
    api::ClusterKind kind, const QString &id, const QJsonObject &settings)>;

// The clusters that this daemon looks after.
class ClusterSet : public QObject {
    Q_OBJECT
public:
    ClusterSet(journal::Journal &journal, Orchestrator &orchestrator, DriverFactory factory,
               const Clock &clock, QObject *parent = nullptr);
    ~ClusterSet() override;

    // {id, name, kind, class, settings, age_limit_ms, needs_approval}; all but id and kind may be
    // left out. Journalled, then connected.
    Result<ClusterDesk *> add(const QJsonObject &wanted);
    // The driver of such a cluster, which is kept nowhere.
    Result<std::unique_ptr<clusters::Driver>> trial(const QJsonObject &wanted) const;
    Result<ClusterDesk *> edit(const QString &id, const QJsonObject &changes);
    // Refused while a rollout is active there. What runs on the cluster goes on running.
    Result<void> remove(const QString &id);
    Result<void> mayRemove(const QString &id) const;
    // As it was journalled; connected by startAll().
    Result<void> restore(const QJsonObject &stored);
    void startAll();

    Result<ClusterDesk *> find(const QString &id) const;
    // The named one, or the only one when no name is given.
    Result<ClusterDesk *> findOrOnly(const QString &id) const;
    std::vector<ClusterDesk *> all() const;

Q_SIGNALS:
    void added(aviary::orchestrator::ClusterDesk *desk);
    void removed(const QString &id);

private:
    Result<void> write(const QString &id, const QJsonObject &body);
    Result<std::unique_ptr<ClusterDesk>> make(const QJsonObject &wanted);
    ClusterDesk *keep(std::unique_ptr<ClusterDesk> desk);

    journal::Journal &journal_;
    Orchestrator &orchestrator_;
    DriverFactory factory_;
    const Clock &clock_;
    std::map<QString, std::unique_ptr<ClusterDesk>> desks_;
    std::map<QString, QJsonObject> stored_;
};

} // namespace aviary::orchestrator
