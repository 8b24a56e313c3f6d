// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/presentation.h"
#include "core/clusters/driver.h"
#include "core/journal/journal.h"
#include "core/kernel/rollout/step.h"
#include "core/record/entry.h"

#include <functional>
#include <map>

namespace aviary::orchestrator {

// Something that happened to one rollout, with the words that came with it and the person, if one
// asked for it.
struct Incident {
    kernel::Event event;
    QString words = {};
    QString who = {};
};

// Identity and people of a rollout; never changes.
struct RolloutCard {
    QString id; // ULID
    QString cluster;
    QString deployment; // id of its record
    quint32 version = 0;
    QString who;
    QString reason;
    qint64 created_wall_ms = 0;
};

// The orders of one batch, as a driver takes them.
struct Orders {
    std::vector<clusters::RunOrder> runs;
    std::vector<clusters::StopOrder> stops;
    std::vector<clusters::TrafficOrder> traffic;
    bool empty() const { return runs.empty() && stops.empty() && traffic.empty(); }
};

// What a revision of the service runs.
using Specs = std::function<clusters::RevisionSpec(const QString &revision)>;

// One rollout that this engine runs: plan, state, clock, and the incidents that wait for their
// turn. It decides nothing (the kernel does) and does nothing (the driver does).
class LiveRollout {
public:
    LiveRollout(RolloutCard card, kernel::Plan plan);
    LiveRollout(const LiveRollout &) = delete;
    LiveRollout &operator=(const LiveRollout &) = delete;

    const RolloutCard &card() const { return card_; }
    const kernel::Plan &plan() const { return plan_; }
    const kernel::State &state() const { return state_; }
    const api::StepClock &steps() const { return steps_; }
    // Wall time of the latest entry; of its making when there is none.
    qint64 changedWallMs() const { return changed_wall_ms_; }
    bool active() const { return !kernel::isEnd(state_.status); }

    // The rollout's clock goes on from the latest recorded instant, whatever time passed meanwhile.
    void continueAt(qint64 monotonic_ms);
    kernel::Millis clockAt(qint64 monotonic_ms) const;
    // When it wants to be looked at, on the shell's clock; none: nothing is due.
    std::optional<qint64> dueAt() const;

    void put(Incident incident) { waiting_.push_back(std::move(incident)); }
    bool hasIncidents() const { return !waiting_.empty(); }

    // Steps through what waits, up to the request of a second person, whose entry comes next: an
    // entry names one. `taken` gets the incidents.
    record::Entry advance(kernel::Millis now, qint64 wall_ms, std::vector<Incident> &taken);

    // From the record: what had happened and what had been decided.
    void replay(const record::Entry &entry);
    // As replay, and decides too: ErrorCode::Conflict where this version would decide otherwise,
    // and then it must start over. `bytes` are those of the entry.
    Result<void> compare(const record::Entry &entry, QByteArrayView bytes);

    // Where it stands, to go on from; `told` is what others remember of it.
    journal::Snapshot snapshot(const QJsonObject &told) const;
    // `state_hash`: of the entry that the snapshot was taken after. Answers what others remember.
    Result<QJsonObject> restore(const journal::Snapshot &snapshot, std::uint64_t state_hash);
    // As if nothing had happened yet; what waits goes on waiting.
    void startOver();

    // The target that a node's name means here; none when it is no target.
    std::optional<kernel::TargetIndex> targetOf(const QString &node) const;

    // What a node said in this rollout's tongue.
    Incident incidentOf(const clusters::NodeAnswer &answer) const;

    Orders ordersOf(const kernel::Commands &commands, const Specs &specs) const;

private:
    void noteSteps(const record::Entry &entry);
    clusters::Ticket ticketOf(kernel::Order order, kernel::TargetIndex target = 0) const;
    void addOrder(const kernel::Command &command, const Specs &specs, Orders &orders) const;

    RolloutCard card_;
    kernel::Plan plan_;
    kernel::State state_;
    api::StepClock steps_;
    std::map<QString, kernel::TargetIndex> targets_;
    std::vector<Incident> waiting_;
    quint64 entries_ = 0;
    qint64 changed_wall_ms_ = 0;
    qint64 base_ms_ = 0; // the shell's clock at the rollout's 0
};

} // namespace aviary::orchestrator
