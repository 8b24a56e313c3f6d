// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/provider.h"
#include "core/travel/travelfleet.h"

#include <set>

namespace aviary::travel {

// What was known beside the runs: of a daemon when time travel began, or of a file.
struct Archive {
    std::vector<api::ClusterRow> clusters;
    std::vector<api::DeploymentRow> deployments;
    std::map<QString, std::vector<api::NodeRow>> nodes; // by cluster: names, labels, addresses
    api::DaemonState daemon;
};

// Answers the topics of a daemon as of one instant, from recorded runs and an archive, and refuses
// everything that would change something. It holds no connection to anything: no file that is
// opened and no instant that is looked at can act.
//
// A deployment whose run is not here shows what its record says was true then: that it was under
// way, or how it had ended. Tags and bad marks carry no time in a record; they are today's.
class TravelProvider : public api::Provider {
    Q_OBJECT
public:
    explicit TravelProvider(Archive archive, QObject *parent = nullptr);

    // Shown from the next goTo() on.
    void addRun(std::shared_ptr<RecordedRun> run);
    const RecordedRun *run(const QString &rollout) const;
    const std::vector<std::shared_ptr<RecordedRun>> &runs() const { return runs_; }

    // Every topic shows `wall_ms` from here on; what differs is told by changed().
    Result<void> goTo(qint64 wall_ms);
    qint64 instantWallMs() const { return instant_wall_ms_; }
    // Why nothing may be asked here.
    void setRefusal(const Error &refusal) { refusal_ = refusal; }

    void handle(const api::Caller &caller, const QString &verb, const QJsonObject &parameters,
                api::Answer answer) override;
    Result<QJsonObject> whole(const QString &topic) override;
    void arrived(const api::Caller &) override {}
    void left(const api::Caller &) override {}

private:
    using Reply = Result<QJsonObject>;
    using Verb = Reply (TravelProvider::*)(const QJsonObject &);
    static const std::map<QString, Verb> &verbs();

    Reply hello(const QJsonObject &asked);
    Reply listClusters(const QJsonObject &asked);
    Reply fleetPage(const QJsonObject &asked);
    Reply getNode(const QJsonObject &asked);
    Reply listRollouts(const QJsonObject &asked);
    Reply getRollout(const QJsonObject &asked);
    Reply getTargets(const QJsonObject &asked);
    Reply exportRun(const QJsonObject &asked);
    Reply history(const QJsonObject &asked);
    Reply waiting(const QJsonObject &asked);
    Reply summary(const QJsonObject &asked);

    bool begun(const RecordedRun &run) const { return run.beginWallMs() <= instant_wall_ms_; }
    Result<RecordedRun *> runIn(const QJsonObject &asked) const;
    Result<const TravelFleet *> fleetIn(const QJsonObject &asked) const;
    std::vector<api::ClusterRow> clusterRows() const;
    std::vector<api::RolloutRow> rolloutRows() const;
    std::vector<api::WaitingRow> waitingRows() const;
    std::vector<api::DeploymentRow> deploymentRows() const;
    api::DaemonState daemonState() const;
    std::vector<QJsonObject> rowsOf(const QString &topic) const;
    void tellDifference(const QString &topic);
    void tellFleet(const QString &cluster, const std::vector<std::size_t> &changed_rows);

    Archive archive_;
    std::vector<std::shared_ptr<RecordedRun>> runs_;     // by begin
    std::map<QString, TravelFleet> fleets_;              // by cluster
    std::map<QString, QMap<QString, QJsonObject>> told_; // by topic, what was asked for: by id
    std::set<QString> fleets_asked_;
    qint64 instant_wall_ms_ = 0;
    Error refusal_;
};

} // namespace aviary::travel
