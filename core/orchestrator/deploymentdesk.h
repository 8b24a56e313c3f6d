// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/deployments/ledger.h"
#include "core/deployments/topology.h"
#include "core/orchestrator/orchestrator.h"

#include <QObject>

namespace aviary::orchestrator {

// Who asks, and in what words.
struct Asker {
    QString who;
    QString reason;
    QString request_id = {}; // journalled with what is made, so that the same one again is known
    std::optional<api::RequestRow> request = {}; // likewise; its rollout is the one that is made
};

// What a person gave to deploy: a manifest or a plan, and what they said beside it.
struct DeployOrder {
    QString cluster;
    QString key;         // empty: the manifest's
    QByteArray manifest; // of the service; what a plan brings, or the manifest itself
    QString fingerprint; // of manifest and payload; empty: of the manifest alone
    qint64 bundle_bytes = 0;
    QJsonObject policy;                         // members given beside the manifest
    std::optional<kernel::PlanRequest> request; // from a plan file; else made of the policy
    bool supersede = false; // an active rollout of the key gives way; else it is an error
    bool start = true;      // else it stays a draft
    QString follows;        // the rollout that gave way for it
    QString repository = {}, commit = {}; // of git, which asks for it
};

// What deploy would do.
struct Preview {
    kernel::Plan plan;
    std::optional<UpdateRoute> route; // none: a first deployment
};

// As the journal keeps what waits for another rollout's end.
QJsonObject toJson(const DeployOrder &order);
Result<DeployOrder> deployOrderFrom(const QJsonObject &json);

struct Deployed {
    QString deployment;             // id of the record
    LiveRollout *rollout = nullptr; // null: nothing changes, or it waits for the active one to end
    QString text;
};

// Turns what people ask for into deployments: versions, records, plans, ways back. Keeps the
// ledger; every change of it is journalled before it is folded.
class DeploymentDesk : public QObject {
    Q_OBJECT
public:
    DeploymentDesk(journal::Journal &journal, Orchestrator &orchestrator, const Clock &clock,
                   QObject *parent = nullptr);

    const Ledger &ledger() const { return ledger_; }
    Result<void> restore(const DeploymentEvent &event) { return ledger_.fold(event); }

    // Compiles and journals; starts unless told otherwise. Nothing changes on an error.
    Result<Deployed> deploy(const DeployOrder &order, const ClusterDesk &desk, const Asker &asker);
    // The plan that deploy would make, without making it.
    Result<Preview> preview(const DeployOrder &order, const ClusterDesk &desk) const;
    // Back to an older revision where no rollout is active: an ungated rollout of it.
    Result<Deployed> goBack(const QString &key, const WayBackChoice &choice,
                            const ClusterDesk &desk, const Asker &asker);
    // Brings nodes that returned to the stable revision, through the plan's own checks.
    Result<Deployed> catchUp(const QString &key, const std::vector<QString> &nodes,
                             const ClusterDesk &desk, const Asker &asker);

    Result<void> tag(const QString &key, quint32 version, const QString &tag, bool set,
                     const Asker &asker);
    Result<void> markBad(const QString &key, const QString &revision, bool bad, const Asker &asker);

    // What a revision runs, from its record's manifest.
    clusters::RevisionSpec specOf(const QString &service, const QString &revision) const;

    QString newId() const; // a ULID of now

    // Facts of a rollout's end: its record's last line, and a second record when it went back.
    std::vector<journal::Fact> endFacts(const LiveRollout &rollout);
    // After an end: what was asked to follow it, and auto_revert.
    void follow(const LiveRollout &rollout, const ClusterDesk &desk);
    // What was to follow when the daemon went down, by the newest fact of each; then, once the
    // cluster was looked at, whatever gave way for it meanwhile.
    Result<void> restoreFollowing(const journal::Fact &fact);
    void followEnded(const ClusterDesk &desk);

    // Nodes of this cluster on which a key's stable revision should run and does not, and that may
    // be touched again.
    struct Behind {
        QString key, revision;
        std::vector<QString> nodes;
        kernel::CatchUp catch_up = kernel::CatchUp::Ask;
    };
    std::vector<Behind> behind(const ClusterDesk &desk) const;

Q_SIGNALS:
    void deploymentsChanged(const QString &key);

private:
    struct Draft {
        QString key;
        Manifest manifest;
        QString fingerprint;
        JobType job_type = JobType::Service;
        kernel::PlanRequest request;
        Purpose purpose = Purpose::Deploy;
        bool new_content = true;
        std::optional<UpdateRoute> route = {}; // none: it is the first, or a way back
    };
    struct Following {
        DeployOrder order;
        Asker asker;
    };

    std::optional<UpdateRoute> routeOf(const Draft &draft, const UpdatePolicy &policy) const;
    void takeRoute(Draft &draft, const UpdatePolicy &policy, bool plan_given, qint64 nodes) const;
    std::optional<DeploymentNoted> noteOfRoute(const Draft &draft,
                                               const DeploymentOpened &event) const;
    Result<Draft> draft(const DeployOrder &order, const ClusterDesk &desk) const;
    Result<Deployed> open(const Draft &draft, const DeployOrder &order, const ClusterDesk &desk,
                          const Asker &asker);
    Result<Deployed> makeWay(const LiveRollout &active, const DeployOrder &order,
                             const Asker &asker);
    DeploymentOpened opened(const Draft &draft, const DeployOrder &order, const Asker &asker) const;
    Result<void> write(const DeploymentEvent &event);
    kernel::PlanRequest plainRequest(const QString &key, const QString &from, const QString &to,
                                     const ClusterDesk &desk) const;
    void goOnAs(const DeploymentRecord *brought, kernel::PlanRequest &request) const;
    void foldEnd(const LiveRollout &rollout);
    void followWith(const QString &rollout, const ClusterDesk &desk);

    journal::Journal &journal_;
    Orchestrator &orchestrator_;
    const Clock &clock_;
    Ledger ledger_;
    std::map<QString, Following> following_;               // by the rollout that gives way
    std::map<QString, std::vector<DeploymentEvent>> ends_; // by rollout, until they are stored
    mutable std::map<std::pair<QString, QString>, clusters::RevisionSpec> specs_;
};

} // namespace aviary::orchestrator
