// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/orchestrator/orchestrator.h"

#include "core/orchestrator/facts.h"
#include "core/orchestrator/reconciliation.h"

#include <algorithm>

namespace aviary::orchestrator {

using namespace kernel;

namespace {
constexpr int storage_retry_ms = 1'000;
}

Orchestrator::Orchestrator(journal::Journal &journal, const Clock &clock, QObject *parent)
    : QObject(parent), journal_(journal), clock_(clock) {
    deadline_timer_.setSingleShot(true);
    deadline_timer_.setTimerType(Qt::PreciseTimer);
    connect(&deadline_timer_, &QTimer::timeout, this, &Orchestrator::drainNow);
}

Orchestrator::~Orchestrator() = default;

void Orchestrator::addCluster(ClusterDesk &desk) {
    const QString id = desk.id();
    clusters_[id] = &desk;
    clusters::Driver &driver = desk.driver();
    connect(&driver, &clusters::Driver::nodesAnswered, this, &Orchestrator::takeAnswers);
    connect(&driver, &clusters::Driver::trafficAnswered, this, &Orchestrator::takeTrafficAnswer);
    connect(&driver, &clusters::Driver::measured, this,
            [this, id](const QString &service, const QString &revision, const Sample &sample) {
                takeMeasurement(id, service, revision, sample);
            });
    connect(&desk, &ClusterDesk::nodesChanged, this,
            [this, id](const QStringList &nodes) { takeNodes(id, nodes); });
    connect(&desk, &ClusterDesk::nodeGone, this,
            [this, id](const QString &node) { takeNodes(id, {node}); });
    connect(&desk, &ClusterDesk::looked, this,
            [this, id](const clusters::Observation &seen) { reconcile(id, seen); });
}

void Orchestrator::removeCluster(const QString &id) {
    if (const auto at = clusters_.find(id); at != clusters_.end()) {
        at->second->disconnect(this);
        at->second->driver().disconnect(this);
        clusters_.erase(at);
    }
}

// ---- Rollouts ----------------------------------------------------------------------------------

Result<void> Orchestrator::resume(const QString &id) {
    const auto header = journal_.header(id);
    if (!header) {
        return tl::unexpected(header.error());
    }
    auto rollout = std::make_unique<LiveRollout>(cardFrom(*header), header->plan);
    const std::uint64_t past = goToSnapshot(*rollout);
    auto same = readEntries(*rollout, past + 1,
                            [&rollout](const record::Entry &entry, QByteArrayView bytes) {
                                return rollout->compare(entry, bytes);
                            });
    if (!same && same.error().code != ErrorCode::Conflict) {
        return same;
    }
    if (!same) {
        rollout->startOver();
        if (auto replayed = replay(*rollout); !replayed) {
            return replayed;
        }
    }
    rollout->continueAt(clock_.monotonicMs());
    if (rollout->active()) {
        unlooked_.insert(id);
        if (!same) {
            rollout->put({Requested{Pause{}},
                          tr("this version of Aviary would have decided otherwise: %1")
                              .arg(toText(same.error())),
                          QStringLiteral("engine")});
        }
    }
    rollouts_[id] = std::move(rollout);
    return {};
}

Result<void> Orchestrator::readEntries(LiveRollout &rollout, std::uint64_t first,
                                       const TakeEntry &take) {
    Result<void> result;
    const auto takeSealed = [&](const record::SealedEntry &sealed) {
        const auto entry = record::decodeEntry(sealed.bytes);
        result = entry ? take(*entry, sealed.bytes) : tl::unexpected(entry.error());
        if (result) {
            Q_EMIT entryStored(rollout.card(), rollout.plan(), *entry);
        }
        return result.has_value();
    };
    if (auto read = journal_.readEntries(rollout.card().id, first, takeSealed); !read) {
        return read;
    }
    return result;
}

Result<void> Orchestrator::replay(LiveRollout &rollout) {
    return readEntries(rollout, 1, [&rollout](const record::Entry &entry, QByteArrayView) {
        rollout.replay(entry);
        return Result<void>{};
    });
}

// Answers up to which entry it brought the rollout; 0: there is no snapshot that can be used.
std::uint64_t Orchestrator::goToSnapshot(LiveRollout &rollout) {
    const QString &id = rollout.card().id;
    const auto snapshot = journal_.snapshot(id);
    if (!snapshot || !*snapshot || !memory_.recall) {
        return 0;
    }
    std::optional<std::uint64_t> state_hash;
    const auto take = [&state_hash](const record::SealedEntry &sealed) {
        if (const auto entry = record::decodeEntry(sealed.bytes)) {
            state_hash = entry->state_hash;
        }
        return false;
    };
    const auto read = journal_.readEntries(id, (*snapshot)->sequence, take);
    if (!read || !state_hash) {
        return 0;
    }
    const auto told = rollout.restore(**snapshot, *state_hash);
    if (!told) {
        qWarning("%s is replayed from its beginning: %s", qPrintable(id),
                 qPrintable(toText(told.error())));
        return 0;
    }
    memory_.recall(rollout, *told);
    return (*snapshot)->sequence;
}

// A start goes on from here. None is ever needed, so one that cannot be kept is no error.
void Orchestrator::keepSnapshots(const std::vector<Turn> &turns) {
    journal::Batch batch;
    for (const Turn &turn : turns) {
        const QString &id = turn.rollout->card().id;
        const bool kept = std::ranges::any_of(
            batch.snapshots, [&id](const journal::Snapshot &one) { return one.rollout == id; });
        if (!kept && memory_.keep && (!turn.rollout->active() || journal_.wantsSnapshot(id))) {
            batch.snapshots.push_back(turn.rollout->snapshot(memory_.keep(*turn.rollout)));
        }
    }
    if (const auto stored = journal_.append(batch); !stored) {
        qWarning("%s", qPrintable(toText(stored.error())));
    }
}

Result<LiveRollout *> Orchestrator::create(const RolloutCard &card, Plan plan,
                                           std::vector<journal::Fact> facts,
                                           const std::optional<Incident> &first) {
    auto &rollout = rollouts_[card.id];
    rollout = std::make_unique<LiveRollout>(card, std::move(plan));
    rollout->continueAt(clock_.monotonicMs());
    journal::Batch batch;
    batch.openings.push_back(headerOf(card, rollout->plan()));
    batch.facts = std::move(facts);
    std::vector<Turn> turns;
    if (first) {
        rollout->put(*first);
        turns.push_back(takeTurn(*rollout, clock_.monotonicMs()));
        addTurns(turns, batch);
    }
    LiveRollout *made = rollout.get();
    if (auto stored = settle(turns, batch); !stored) {
        rollouts_.erase(card.id);
        return tl::unexpected(stored.error());
    }
    armTimer();
    Q_EMIT rolloutChanged(card.id);
    return made;
}

void Orchestrator::ask(LiveRollout &rollout, const Request &request, const QString &who,
                       const QString &words) {
    rollout.put({Requested{request}, words, who});
    schedule();
}

LiveRollout *Orchestrator::find(const QString &id) {
    const auto at = rollouts_.find(id);
    return at == rollouts_.end() ? nullptr : at->second.get();
}

const LiveRollout *Orchestrator::find(const QString &id) const {
    const auto at = rollouts_.find(id);
    return at == rollouts_.end() ? nullptr : at->second.get();
}

const LiveRollout *Orchestrator::activeOf(const QString &cluster, const QString &service) const {
    for (const auto &[id, rollout] : rollouts_) {
        if (rollout->active() && rollout->card().cluster == cluster &&
            api::text(rollout->plan().service) == service) {
            return rollout.get();
        }
    }
    return nullptr;
}

std::vector<const LiveRollout *> Orchestrator::rollouts() const {
    std::vector<const LiveRollout *> all;
    all.reserve(rollouts_.size());
    for (const auto &[id, rollout] : rollouts_) {
        all.push_back(rollout.get());
    }
    return all;
}

// ---- What happens ------------------------------------------------------------------------------

void Orchestrator::takeAnswers(const std::vector<clusters::NodeAnswer> &answers) {
    LiveRollout *rollout = nullptr;
    for (const clusters::NodeAnswer &answer : answers) {
        if (!rollout || rollout->card().id != answer.ticket.rollout) {
            rollout = find(answer.ticket.rollout);
        }
        if (rollout && rollout->active()) {
            rollout->put(rollout->incidentOf(answer));
        }
    }
    schedule();
}

void Orchestrator::takeTrafficAnswer(const clusters::TrafficAnswer &answer) {
    LiveRollout *rollout = find(answer.ticket.rollout);
    if (!rollout || !rollout->active()) {
        return;
    }
    const Order order = answer.ticket.order;
    rollout->put(answer.applied ? Incident{TrafficApplied{order}, answer.text}
                                : Incident{TrafficRefused{order}, answer.text});
    schedule();
}

void Orchestrator::takeMeasurement(const QString &cluster, const QString &service,
                                   const QString &revision, const Sample &sample) {
    Q_EMIT trafficMeasured(cluster, service, revision, sample);
    for (const auto &[id, rollout] : rollouts_) {
        const Plan &plan = rollout->plan();
        if (!rollout->state().measuring || !rollout->active() ||
            rollout->card().cluster != cluster || api::text(plan.service) != service) {
            continue;
        }
        const bool fresh = revision == api::text(plan.revisions[plan.to]);
        const bool stable = revision == api::text(plan.revisions[plan.from]);
        if (fresh || stable) {
            rollout->put({TrafficMeasured{fresh, sample}});
            schedule();
        }
    }
}

void Orchestrator::takeNodes(const QString &cluster, const QStringList &ids) {
    const ClusterDesk &desk = *clusters_.at(cluster);
    for (const auto &[id, rollout] : rollouts_) {
        if (!rollout->active() || rollout->card().cluster != cluster) {
            continue;
        }
        for (const QString &node : ids) {
            putNodeChanges(*rollout, desk, node);
        }
        if (rollout->hasIncidents()) {
            schedule();
        }
    }
}

// After a full look: what changed while nobody listened, then whatever was ordered and not
// answered.
void Orchestrator::reconcile(const QString &cluster, const clusters::Observation &seen) {
    const ClusterDesk &desk = *clusters_.at(cluster);
    std::vector<LiveRollout *> looked;
    for (const auto &[id, rollout] : rollouts_) {
        if (!rollout->active() || rollout->card().cluster != cluster) {
            continue;
        }
        if (unlooked_.erase(id) > 0) {
            rollout->put({EngineRestarted{}});
        }
        putObservation(*rollout, desk, seen);
        looked.push_back(rollout.get());
    }
    if (!drain()) {
        return;
    }
    for (LiveRollout *rollout : looked) {
        carryOut(*rollout, outstanding(rollout->plan(), rollout->state()));
    }
}

// ---- The turn ----------------------------------------------------------------------------------

void Orchestrator::schedule() {
    if (!scheduled_) {
        scheduled_ = true;
        QMetaObject::invokeMethod(this, &Orchestrator::drainNow, Qt::QueuedConnection);
    }
}

void Orchestrator::drainNow() {
    if (const auto drained = drain(); !drained) {
        deadline_timer_.start(storage_retry_ms);
    }
}

Result<void> Orchestrator::drain() {
    scheduled_ = false;
    if (journal_.standstill()) {
        if (auto recovered = journal_.recover(); !recovered) {
            return recovered;
        }
    }
    std::vector<Turn> turns = takeTurns();
    journal::Batch batch;
    batch.facts = std::exchange(attached_, {});
    addTurns(turns, batch);
    if (!batch.empty()) {
        if (auto stored = settle(turns, batch); !stored) {
            return stored;
        }
    }
    armTimer();
    return {};
}

// Journal first; only then the world, and those who look on.
Result<void> Orchestrator::settle(std::vector<Turn> &turns, const journal::Batch &batch) {
    const auto stored = journal_.append(batch);
    tellStorage(stored ? QString() : toText(stored.error()));
    if (!stored) {
        undo(turns);
        return stored;
    }
    for (const Turn &turn : turns) {
        carryOut(*turn.rollout, turn.entry.log.commands);
    }
    wantMeasurements();
    for (const Turn &turn : turns) {
        const LiveRollout &rollout = *turn.rollout;
        Q_EMIT entryStored(rollout.card(), rollout.plan(), turn.entry);
        Q_EMIT rolloutChanged(rollout.card().id);
        if (!rollout.active()) {
            Q_EMIT rolloutEnded(rollout.card().id);
        }
    }
    keepSnapshots(turns);
    return {};
}

// A rollout may have several turns in one batch; what follows from where it stands is written once.
void Orchestrator::addTurns(const std::vector<Turn> &turns, journal::Batch &batch) const {
    const LiveRollout *before = nullptr;
    for (const Turn &turn : turns) {
        const LiveRollout &rollout = *turn.rollout;
        batch.entries.push_back({rollout.card().id, turn.entry, rollout.state().status});
        if (turn_facts_ && &rollout != before) {
            std::ranges::move(turn_facts_(rollout), std::back_inserter(batch.facts));
        }
        before = &rollout;
    }
}

std::vector<Orchestrator::Turn> Orchestrator::takeTurns() {
    const qint64 now = clock_.monotonicMs();
    std::vector<Turn> turns;
    for (const auto &[id, rollout] : rollouts_) {
        if (!rollout->active() || unlooked_.count(id) > 0) {
            continue;
        }
        const auto due = rollout->dueAt();
        if (!rollout->hasIncidents() && due && *due <= now) {
            rollout->put({TimePassed{}});
        }
        while (rollout->hasIncidents()) {
            turns.push_back(takeTurn(*rollout, now));
        }
    }
    return turns;
}

Orchestrator::Turn Orchestrator::takeTurn(LiveRollout &rollout, qint64 monotonic_ms) {
    Turn turn{.rollout = &rollout, .entry = {}, .taken = {}};
    turn.entry = rollout.advance(rollout.clockAt(monotonic_ms), clock_.wallMs(), turn.taken);
    return turn;
}

// The journal did not take it, so it did not happen: back to what is recorded. What the world
// reported waits for the next try; what people asked is refused by whoever asked it.
void Orchestrator::undo(std::vector<Turn> &turns) {
    for (Turn &turn : turns) {
        LiveRollout &rollout = *turn.rollout;
        rollout.startOver();
        if (!replay(rollout)) {
            continue;
        }
        rollout.continueAt(clock_.monotonicMs());
        for (Incident &incident : turn.taken) {
            if (!std::holds_alternative<Requested>(incident.event)) {
                rollout.put(std::move(incident));
            }
        }
    }
}

void Orchestrator::tellStorage(const QString &trouble) {
    if (trouble != storage_trouble_) {
        storage_trouble_ = trouble;
        Q_EMIT storageChanged(trouble);
    }
}

void Orchestrator::carryOut(const LiveRollout &rollout, const Commands &commands) {
    const auto desk = clusters_.find(rollout.card().cluster);
    if (desk == clusters_.end() || commands.empty()) {
        return;
    }
    const QString service = api::text(rollout.plan().service);
    const Orders orders = rollout.ordersOf(
        commands, [&](const QString &revision) { return spec_of_(service, revision); });
    clusters::Driver &driver = desk->second->driver();
    if (!orders.runs.empty()) {
        driver.run(orders.runs);
    }
    if (!orders.stops.empty()) {
        driver.stop(orders.stops);
    }
    for (const clusters::TrafficOrder &traffic : orders.traffic) {
        driver.setTraffic(traffic);
    }
}

void Orchestrator::armTimer() {
    std::optional<qint64> earliest;
    for (const auto &[id, rollout] : rollouts_) {
        const auto due =
            rollout->active() && unlooked_.count(id) == 0 ? rollout->dueAt() : std::nullopt;
        if (due && (!earliest || *due < *earliest)) {
            earliest = due;
        }
    }
    if (!earliest) {
        deadline_timer_.stop();
        return;
    }
    constexpr qint64 longest_ms = 24LL * 3'600 * 1'000;
    const qint64 wait_ms = std::clamp<qint64>(*earliest - clock_.monotonicMs(), 0, longest_ms);
    deadline_timer_.start(static_cast<int>(wait_ms));
}

void Orchestrator::wantMeasurements() {
    std::map<QString, QStringList> wanted;
    for (const auto &[id, desk] : clusters_) {
        wanted[id];
    }
    for (const auto &[id, rollout] : rollouts_) {
        if (rollout->active() && rollout->state().status != Status::Draft) {
            wanted[rollout->card().cluster] << api::text(rollout->plan().service);
        }
    }
    for (auto &[cluster, services] : wanted) {
        services.removeDuplicates();
        const auto desk = clusters_.find(cluster);
        if (desk != clusters_.end() && measuring_[cluster] != services) {
            desk->second->driver().measure(services);
        }
    }
    measuring_ = std::move(wanted);
}

} // namespace aviary::orchestrator
