// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/narrator.h"
#include "core/api/provider.h"
#include "core/api/trafficbook.h"
#include "core/clusters/selfrunning.h"
#include "core/orchestrator/alertdesk.h"
#include "core/orchestrator/clusterset.h"
#include "core/orchestrator/deploymentdesk.h"
#include "core/orchestrator/fanwatch.h"
#include "core/orchestrator/gitopsdesk.h"
#include "core/orchestrator/ownholds.h"
#include "core/orchestrator/ownrollouts.h"
#include "core/orchestrator/requestdesk.h"

#include <QTimer>

#include <deque>
#include <set>

namespace aviary::orchestrator {

inline constexpr int text_length_max = 1'000; // of a reason or a name that a person gave

// Answers the verbs of core/api/verbs.h for live clusters. It checks who asks what, against which
// epoch and effect, and hands it on; it decides nothing about rollouts.
class LiveProvider : public api::Provider {
    Q_OBJECT
public:
    // The journal must be open; what it holds is brought back, and the clusters are connected.
    LiveProvider(journal::Journal &journal, DriverFactory factory, const Clock &clock,
                 QObject *parent = nullptr);
    ~LiveProvider() override;
    Result<void> restore();

    void handle(const api::Caller &caller, const QString &verb, const QJsonObject &parameters,
                api::Answer answer) override;
    Result<QJsonObject> whole(const QString &topic) override;
    void arrived(const api::Caller &caller) override;
    void left(const api::Caller &caller) override;

Q_SIGNALS:
    void stopAsked(); // daemon.stop

private:
    using Reply = Result<QJsonObject>;
    struct Call {
        const api::Caller &caller;
        const QJsonObject &parameters;
        QString text(QStringView member) const { return parameters[member].toString(); }
        Asker asker() const;
    };
    using Verb = Reply (LiveProvider::*)(const Call &);
    using LateVerb = void (LiveProvider::*)(const Call &, const api::Answer &);

    static const std::map<QString, Verb> &verbs();
    static const std::map<QString, LateVerb> &lateVerbs();

    // Clusters and nodes.
    Reply hello(const Call &call);
    Reply listClusters(const Call &call);
    Reply addCluster(const Call &call);
    Reply editCluster(const Call &call);
    void removeCluster(const Call &call, const api::Answer &answer);
    Reply lockCluster(const Call &call);
    void testCluster(const Call &call, const api::Answer &answer);
    void tryCluster(const Call &call, const api::Answer &answer);
    void keepToken(const Call &call, const api::Answer &answer);
    Reply fleetPage(const Call &call);
    Reply getNode(const Call &call);
    Reply flagNodes(const Call &call);
    void readLog(const Call &call, const api::Answer &answer);
    void verifyRollout(const Call &call, const api::Answer &answer);
    void health(const Call &call, const api::Answer &answer);

    // Git repositories.
    Reply setRepository(const Call &call);
    Reply removeRepository(const Call &call);
    Reply repositories(const Call &call);
    void syncRepository(const Call &call, const api::Answer &answer);

    // Rollouts.
    Reply listRollouts(const Call &call);
    Reply getRollout(const Call &call);
    Reply getTargets(const Call &call);
    Reply effect(const Call &call);
    Reply request(const Call &call);
    Reply getRequest(const Call &call);
    Reply exportRun(const Call &call);
    Reply watchFan(const Call &call);

    // Rollouts that clusters run themselves.
    Reply requestOwn(const KnownRollout &known, const Call &call);
    Result<void> ownAllows(const KnownRollout &known, const ClusterDesk &desk,
                           const Call &call) const;
    // A request as it is asked now, and journalled with what else is to be known of it.
    api::RequestRow requestRow(const Call &call, const QString &cluster,
                               const QString &service) const;
    Result<void> openOwn(const api::RequestRow &row, const std::vector<journal::Fact> &also);
    void closeOwn(const api::RequestRow &row, api::Outcome outcome, const QString &text);
    void settleOwn(const api::RequestRow &row, api::Outcome outcome, const QString &text);
    static api::Outcome outcomeOf(clusters::OwnAnswer::Outcome outcome);

    // A share at which they are to be paused.
    void setHold(const OwnHold &hold);
    void holdWhereDue(ClusterDesk &desk);
    void pauseAt(const KnownRollout &known, ClusterDesk &desk);
    Result<void> restoreHolds();

    // Services whose rollouts the cluster runs itself.
    Result<clusters::SelfRunning *> ownDriver(const Call &call) const;
    void serviceEffect(const Call &call, const api::Answer &answer);
    void serviceRequest(const Call &call, const api::Answer &answer);
    Reply startPlanned(const clusters::OwnPlan &plan, const Call &call);
    void startAnswered(const QString &id, const clusters::OwnAnswer &answer);
    void lookAtStarts(ClusterDesk &desk);
    Result<void> restoreStarts();
    Reply stopService(const Call &call);
    void takeOwnRollouts(ClusterDesk &desk);
    void tellOwnRollout(const KnownRollout &known);
    void tellOwnDetails(const QString &cluster); // of those that changed since they were told
    api::RolloutDetail detailOf(const KnownRollout &known) const;
    QString mayNot(const KnownRollout &known, const QString &verb) const; // empty: it may
    std::vector<api::WaitingRow> ownWaitingRows() const;
    Result<void> restoreOwnRollouts();

    // Alerts.
    Reply listAlerts(const Call &call);
    Reply acknowledgeAlert(const Call &call);
    Reply snoozeAlert(const Call &call);
    Reply raiseAlert(const Call &call);
    Reply alertDelivery(const Call &call);

    // Deployments.
    Reply compilePlan(const Call &call);
    Reply deploy(const Call &call);
    Reply catchUp(const Call &call);
    Reply history(const Call &call);
    Reply getDeployment(const Call &call);
    Reply diffDeployments(const Call &call);
    Reply tagDeployment(const Call &call);
    Reply markBad(const Call &call);
    Reply summary(const Call &call);
    Reply services(const Call &call);
    Reply snapshots(const Call &call);
    Reply waiting(const Call &call);
    Reply verifyJournal(const Call &call);
    Reply stopDaemon(const Call &call);

    Result<LiveRollout *> rolloutIn(const Call &call);
    Result<DeployOrder> deployOrder(const Call &call, const QString &cluster) const;
    // What a deploy or catch-up of this request id led to, as it stands now.
    std::optional<QJsonObject> deployedBefore(const Call &call) const;
    QJsonObject noteDeployed(const Call &call, const Deployed &made);
    QJsonObject deployedAnswer(const QJsonObject &what) const;
    Result<void> mayRaise(const ClusterDesk &desk, const QString &service, const Call &call) const;
    bool awaitsApproval(const LiveRollout &rollout) const;
    Result<void> approvalAllows(const LiveRollout &rollout, const kernel::Request &request,
                                const Call &call) const;
    std::vector<api::Permission> permissionsOf(const LiveRollout &rollout) const;
    Result<void> stillTrue(const LiveRollout &rollout, const kernel::Request &request,
                           const Call &call) const;
    Reply put(LiveRollout &rollout, const kernel::Request &request, const Call &call);
    Reply rollBackEnded(const LiveRollout &rollout, const Call &call);
    Result<const DeploymentRecord *> recordIn(const QString &id_or_key, const QString &where) const;
    api::RolloutRow rowOf(const LiveRollout &rollout) const;
    api::RolloutDetail detailOf(const LiveRollout &rollout) const;
    api::DeploymentRow rowOf(const DeploymentRecord &record) const;
    std::vector<api::WaitingRow> waitingRows() const;
    api::DaemonState daemonState(const api::Caller &caller) const;
    api::HealthReport healthOf(const ClusterDesk &desk, const QString &node,
                               const QString &service) const;

    // Looks now, and answers with what is seen; unknown when the cluster does not answer in time.
    void answerHealth(ClusterDesk &desk, const QString &node, const QString &service,
                      const api::Answer &answer);
    void settleFlags(const ClusterDesk &desk);
    void refuseFlags(const QString &cluster, const Error &why); // `where`: the node
    void attendGitOps();

    void cover(ClusterDesk *desk);
    void rolloutChanged(const QString &id);
    void lookAtFans();
    bool lookAtFan(const LiveRollout &rollout); // true: it left its fan just now
    void rolloutEnded(const QString &id);
    QJsonObject toldOf(const LiveRollout &rollout) const;
    void recallTold(const LiveRollout &rollout, const QJsonObject &told);
    void entryStored(const RolloutCard &card, const kernel::Plan &plan, const record::Entry &entry);
    void answerLog(quint64 token, const Result<std::vector<clusters::LogLine>> &lines);
    void storageChanged(const QString &trouble);
    void catchUpWhereAllowed(ClusterDesk &desk);
    void tellWaiting();  // when it changed
    void tellSoon();     // tellMeasured, at most once a second
    void tellMeasured(); // what moves without an entry: traffic while it holds; and the journal
    void tellRows(const QString &topic, const QJsonArray &rows, const QStringList &gone = {});
    Result<void> restoreClusters();
    Result<void> restoreLedger();
    Result<void> restoreRequests();
    Result<void> restoreAlerts();

    journal::Journal &journal_;
    const Clock &clock_;
    Orchestrator orchestrator_;
    ClusterSet clusters_;
    DeploymentDesk deployments_;
    RequestDesk requests_;
    GitOpsDesk gitops_;
    AlertDesk alerts_;
    OwnRollouts own_;
    std::map<QString, api::RolloutDetail> own_told_; // of those that go on, by id
    struct Holding {
        OwnHold hold;
        std::optional<api::RequestRow> pause; // the request that it led to
        bool asking = false;
    };
    std::map<QString, Holding> holds_; // by rollout
    struct Starting {                  // sent, and not known yet what became of it
        api::RequestRow row;
        clusters::OwnPlan plan;
        bool asking = false;
    };
    std::vector<Starting> starting_;
    api::TrafficBook traffic_;
    std::map<quint64, api::Caller> present_;
    std::map<quint64, api::Answer> logs_;
    quint64 last_log_ = 0;
    struct Flagging { // asked of the cluster, and not seen yet
        api::RequestRow row;
        std::map<QString, kernel::NodeFlags> wanted; // by node
    };
    std::vector<Flagging> flagging_;
    std::map<QString, QJsonObject> deployed_; // by request id: {deployment, rollout, text}
    FanWatch fans_;
    QTimer fan_timer_;
    QString storage_trouble_;
    QStringList waiting_told_;
    std::set<std::pair<QString, QString>> measured_; // cluster and service, since they were told
    QTimer soon_timer_;
    quint64 journal_told_ = 0;
    std::map<QString, std::deque<api::Happening>> happenings_; // by rollout, newest last
    std::map<QString, std::unique_ptr<api::Narrator>> narrators_;
};

} // namespace aviary::orchestrator
