// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/journal/journal.h"
#include "core/orchestrator/clusterdesk.h"
#include "core/orchestrator/liverollout.h"

#include <QTimer>

#include <map>
#include <memory>
#include <set>

namespace aviary::orchestrator {

// The live shell. Drivers, people and deadlines put incidents into rollouts; once in each turn of
// the event loop all of them are stepped through, what happened and what was decided goes to the
// journal in one transaction, and only then the drivers get their orders.
class Orchestrator : public QObject {
    Q_OBJECT
public:
    using SpecOf =
        std::function<clusters::RevisionSpec(const QString &service, const QString &revision)>;
    // Facts that follow from what a rollout's turn led to; they are journalled in its transaction.
    using TurnFacts = std::function<std::vector<journal::Fact>(const LiveRollout &rollout)>;

    // What is remembered of a rollout outside of it; a snapshot keeps it, and a start gives it
    // back.
    struct Memory {
        std::function<QJsonObject(const LiveRollout &rollout)> keep;
        std::function<void(const LiveRollout &rollout, const QJsonObject &kept)> recall;
    };

    Orchestrator(journal::Journal &journal, const Clock &clock, QObject *parent = nullptr);
    ~Orchestrator() override;

    void setSpecOf(SpecOf spec_of) { spec_of_ = std::move(spec_of); }
    void setTurnFacts(TurnFacts turn_facts) { turn_facts_ = std::move(turn_facts); }
    void setMemory(Memory memory) { memory_ = std::move(memory); }

    // The desk must outlive the orchestrator or be removed. Its first look resumes what was under
    // way.
    void addCluster(ClusterDesk &desk);
    void removeCluster(const QString &id);

    // Brings a rollout back from the journal; it goes on when its cluster was looked at. Where this
    // version would have decided otherwise, it is paused for the operator.
    Result<void> resume(const QString &id);
    // Journals a new rollout as a draft, with the facts that belong to its making and, in the same
    // transaction, what happens to it first (its start).
    Result<LiveRollout *> create(const RolloutCard &card, kernel::Plan plan,
                                 std::vector<journal::Fact> facts,
                                 const std::optional<Incident> &first);
    // Puts a request before the rollout; the turn that takes it journals it.
    void ask(LiveRollout &rollout, const kernel::Request &request, const QString &who,
             const QString &words);
    // Goes into the journal in the same transaction as the next turn.
    void attach(journal::Fact fact) { attached_.push_back(std::move(fact)); }
    // Drains at once: what was asked is in the journal when this returns without an error.
    Result<void> drain();

    LiveRollout *find(const QString &id);
    const LiveRollout *find(const QString &id) const;
    const LiveRollout *activeOf(const QString &cluster, const QString &service) const;
    // All that are held in memory: active ones, and those that ended since the start.
    std::vector<const LiveRollout *> rollouts() const;

    qint64 monotonicMs() const { return clock_.monotonicMs(); }

Q_SIGNALS:
    void entryStored(const aviary::orchestrator::RolloutCard &card,
                     const aviary::kernel::Plan &plan, const aviary::record::Entry &entry);
    void rolloutChanged(const QString &id);
    void rolloutEnded(const QString &id);
    // The journal cannot be written: nothing new is done until it can. Empty: it can again.
    void storageChanged(const QString &trouble);
    void trafficMeasured(const QString &cluster, const QString &service, const QString &revision,
                         const aviary::kernel::Sample &sample);

private:
    struct Turn {
        LiveRollout *rollout = nullptr;
        record::Entry entry;
        std::vector<Incident> taken;
    };

    void schedule();
    void drainNow();
    std::vector<Turn> takeTurns();
    Turn takeTurn(LiveRollout &rollout, qint64 monotonic_ms);
    void addTurns(const std::vector<Turn> &turns, journal::Batch &batch) const;
    void undo(std::vector<Turn> &turns);
    void carryOut(const LiveRollout &rollout, const kernel::Commands &commands);
    void armTimer();
    void wantMeasurements();
    void reconcile(const QString &cluster, const clusters::Observation &seen);
    void takeAnswers(const std::vector<clusters::NodeAnswer> &answers);
    void takeTrafficAnswer(const clusters::TrafficAnswer &answer);
    void takeMeasurement(const QString &cluster, const QString &service, const QString &revision,
                         const kernel::Sample &sample);
    void takeNodes(const QString &cluster, const QStringList &ids);
    using TakeEntry = std::function<Result<void>(const record::Entry &entry, QByteArrayView bytes)>;
    Result<void> readEntries(LiveRollout &rollout, std::uint64_t first, const TakeEntry &take);
    Result<void> replay(LiveRollout &rollout);
    std::uint64_t goToSnapshot(LiveRollout &rollout);
    void keepSnapshots(const std::vector<Turn> &turns);
    Result<void> settle(std::vector<Turn> &turns, const journal::Batch &batch);
    void tellStorage(const QString &trouble);

    journal::Journal &journal_;
    const Clock &clock_;
    SpecOf spec_of_;
    TurnFacts turn_facts_;
    Memory memory_;
    std::map<QString, ClusterDesk *> clusters_;
    std::map<QString, std::unique_ptr<LiveRollout>> rollouts_;
    std::set<QString> unlooked_; // resumed, and their cluster was not looked at yet
    std::map<QString, QStringList> measuring_;
    QTimer deadline_timer_;
    std::vector<journal::Fact> attached_;
    bool scheduled_ = false;
    QString storage_trouble_;
};

} // namespace aviary::orchestrator
