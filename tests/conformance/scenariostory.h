// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/deployments/discovery.h"
#include "core/deployments/ledger.h"
#include "core/deployments/topology.h"
#include "tests/conformance/rolloutrun.h"

#include <QCborArray>

#include <map>
#include <memory>

namespace aviary::conformance {

// One agent of a job as it runs. An empty image: it was stopped and did not come back.
struct ScenarioAgent {
    QString id, source;
    QString revision; // whose manifest placed it
    quint32 version = 0;
    QString role;
    bool runs = true;
};
struct ScenarioJob {
    int number = 0;
    QString key;
    QString status = u"running"_qs;
    bool stopped = false;   // by our hand, or because it is done
    QString revision, role; // of what it offers as a whole
    quint32 version = 0;
    std::vector<ScenarioAgent> agents; // in the order of their placement
};

// The deployments of a scheduler's jobs, told by the operations of a recorded scenario and carried
// out by the ledger, the planner of agents and the engine.
class ScenarioStory {
public:
    // Answers {result, calls, records, versions, running, services}.
    QCborMap step(const QCborValue &op);

private:
    struct Rollout {
        QString id;
        QString key, revision;
        quint32 version = 0;
        UpdateRoute route;
        UpdatePolicy policy;
        int old_job = -1, job = -1; // positions in jobs_
        std::vector<ScenarioAgent> before;
        std::map<QString, std::size_t> batch_of;
        std::map<std::size_t, bool> batch_fails;
        std::optional<RolloutRun> run;
    };

    QString deploy(const QCborValue &op);
    QString rollBack(const QCborValue &op);
    QString list(const QCborValue &query) const;
    QString request(const QCborValue &op, const kernel::Request &request);
    QString roll(const QString &key, const Bundle &bundle, const QString &revision, Purpose purpose,
                 const UpdatePolicy &policy);
    void open(Rollout &rollout, Purpose purpose, const Bundle &bundle);
    QString rerun(Rollout &rollout, const Bundle &bundle);
    QString start(std::unique_ptr<Rollout> rollout, const Bundle &bundle, Purpose purpose);
    kernel::PlanRequest requestOf(const Rollout &rollout, const QStringList &agents,
                                  Purpose purpose) const;
    RolloutRun::World worldOf(Rollout &rollout);
    std::optional<kernel::Cause> updateAgent(Rollout &rollout, const QString &id);
    bool startJob(Rollout &rollout);
    void restoreAgent(Rollout &rollout, const QString &id);
    void settle(Rollout &rollout);
    QStringList staleIn(const ScenarioJob &job, const Bundle &target) const;
    bool sourceRuns(const QString &key) const;
    std::vector<ScenarioAgent> placed(const Bundle &bundle, const QString &revision,
                                      quint32 version, const QString &role) const;
    const DeploymentRecord *recordOf(const QCborValue &op) const;
    void offer(const QCborValue &services, const ScenarioJob &job, const QString &agent,
               const QString &role, quint32 version, std::vector<ServiceInstance> &all) const;
    std::vector<ServiceInstance> instances() const;
    QCborMap standing() const;
    void tell(const DeploymentEvent &event);

    Ledger ledger_;
    std::map<QString, std::map<QString, Bundle>> bundles_; // by key and revision
    std::map<QString, UpdatePolicy> policies_;             // by id of the record
    std::map<QString, std::unique_ptr<Rollout>> active_;   // by key
    std::map<QString, int> job_of_;                        // by key: what serves
    std::vector<ScenarioJob> jobs_;
    QStringList ids_; // DEP1, DEP2, ... in order
    QStringList start_statuses_, batch_results_;
    QStringList machines_ = {u"n1"_qs, u"n2"_qs};
    QCborArray calls_;
    qint64 now_ = 0;
};

// The words of the reference.
QString referenceWord(const DeploymentRecord &record);
QCborMap reducedScenarioStep(const QCborValue &recorded);
ServiceFilter scenarioFilter(const QCborValue &options);

} // namespace aviary::conformance
