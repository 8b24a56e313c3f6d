// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/orchestrator/liverollout.h"

#include "core/record/replay.h"
#include "core/record/statecodec.h"

#include <QJsonDocument>

namespace aviary::orchestrator {

using namespace kernel;
using clusters::NodeAnswer;

namespace {

// The target that an event is about, or every_target.
TargetIndex subjectOf(const Event &event) {
    return std::visit(
        [](const auto &happened) {
            if constexpr (requires { happened.target; }) {
                return happened.target;
            } else {
                return every_target;
            }
        },
        event);
}

} // namespace

LiveRollout::LiveRollout(RolloutCard card, Plan plan)
    : card_(std::move(card))
    , plan_(std::move(plan))
    , state_(begin(plan_))
    , changed_wall_ms_(card_.created_wall_ms) {
    for (TargetIndex i = 0; i < plan_.targets.size(); ++i) {
        targets_.emplace(api::text(plan_.targets[i].node), i);
    }
}

void LiveRollout::continueAt(qint64 monotonic_ms) {
    base_ms_ = monotonic_ms - state_.now;
}

Millis LiveRollout::clockAt(qint64 monotonic_ms) const {
    return std::max<Millis>(state_.now, monotonic_ms - base_ms_);
}

std::optional<qint64> LiveRollout::dueAt() const {
    const Millis due = nextDeadline(plan_, state_);
    return due == kernel::never ? std::nullopt : std::optional<qint64>(due + base_ms_);
}

record::Entry LiveRollout::advance(Millis now, qint64 wall_ms, std::vector<Incident> &taken) {
    record::Entry entry;
    entry.wall_ms = changed_wall_ms_ = wall_ms;
    entry.sequence = ++entries_;
    std::size_t used = 0;
    for (; used < waiting_.size(); ++used) {
        Incident &incident = waiting_[used];
        if (!incident.who.isEmpty()) {
            if (!entry.who.isEmpty()) {
                break;
            }
            entry.who = incident.who;
            entry.reason = incident.words;
        } else if (!incident.words.isEmpty()) {
            entry.notes.push_back({subjectOf(incident.event), incident.words});
        }
        const std::size_t first = entry.log.commands.size();
        step(plan_, state_, incident.event, now, entry.log.commands);
        entry.log.close(incident.event);
        for (std::size_t i = first; i < entry.log.commands.size(); ++i) {
            steps_.note(entry.log.commands[i], state_.now);
        }
        taken.push_back(std::move(incident));
    }
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(used));
    entry.at = state_.now;
    entry.state_hash = stateHash(state_);
    return entry;
}

void LiveRollout::replay(const record::Entry &entry) {
    for (std::size_t i = 0; i < entry.log.events.size(); ++i) {
        note(plan_, state_, entry.log.events[i], entry.at);
        for (const Command &command : entry.log.after(i)) {
            mark(plan_, state_, command);
        }
    }
    noteSteps(entry);
}

Result<void> LiveRollout::compare(const record::Entry &entry, QByteArrayView bytes) {
    return record::apply(plan_, state_, bytes, record::Decisions::Compared).map([&] {
        noteSteps(entry);
    });
}

void LiveRollout::noteSteps(const record::Entry &entry) {
    for (const Command &command : entry.log.commands) {
        steps_.note(command, entry.at);
    }
    entries_ = entry.sequence;
    changed_wall_ms_ = entry.wall_ms;
}

journal::Snapshot LiveRollout::snapshot(const QJsonObject &told) const {
    const QJsonObject extra{{QStringLiteral("steps"), steps_.memory()},
                            {QStringLiteral("changed_wall_ms"), changed_wall_ms_},
                            {QStringLiteral("told"), told}};
    return {card_.id, entries_, record::encodeState(state_),
            QJsonDocument(extra).toJson(QJsonDocument::Compact)};
}

Result<QJsonObject> LiveRollout::restore(const journal::Snapshot &snapshot,
                                         std::uint64_t state_hash) {
    return record::decodeState(snapshot.state, plan_, state_hash).map([&](State state) {
        const QJsonObject extra = QJsonDocument::fromJson(snapshot.extra).object();
        state_ = std::move(state);
        steps_.recall(extra[u"steps"].toObject());
        changed_wall_ms_ = extra[u"changed_wall_ms"].toInteger();
        entries_ = snapshot.sequence;
        return extra[u"told"].toObject();
    });
}

void LiveRollout::startOver() {
    state_ = begin(plan_);
    steps_ = {};
    entries_ = 0;
}

std::optional<TargetIndex> LiveRollout::targetOf(const QString &node) const {
    const auto at = targets_.find(node);
    return at == targets_.end() ? std::nullopt : std::optional(at->second);
}

Incident LiveRollout::incidentOf(const NodeAnswer &answer) const {
    const TargetIndex target = answer.ticket.target;
    const Order order = answer.ticket.order;
    const bool restoring = target < state_.cells.size() && state_.cells[target].order == order &&
                           state_.cells[target].phase == Phase::Restoring;
    switch (answer.kind) {
    case NodeAnswer::Kind::Ready:
        return {NodeReady{target, order}, answer.text};
    case NodeAnswer::Kind::NotReady:
        return {NodeNotReady{target, order}, answer.text};
    case NodeAnswer::Kind::Failed:
        return {NodeFailed{target, order, answer.cause}, answer.text};
    case NodeAnswer::Kind::Retired:
        break;
    }
    // A node that had nothing before is back once what it was given is stopped.
    return restoring ? Incident{NodeReady{target, order}, answer.text}
                     : Incident{NodeRetired{target, order}, answer.text};
}

clusters::Ticket LiveRollout::ticketOf(Order order, TargetIndex target) const {
    return {card_.id, order, target};
}

void LiveRollout::addOrder(const Command &command, const Specs &specs, Orders &orders) const {
    const auto revision = [this](RevisionIndex index) { return api::text(plan_.revisions[index]); };
    const auto nodeOf = [this](TargetIndex target) {
        return api::text(plan_.targets[target].node);
    };
    const QString service = api::text(plan_.service);
    const QString flag = api::text(plan_.flag);
    const QString stable = plan_.from == no_revision ? QString() : revision(plan_.from);
    if (const auto *update = std::get_if<UpdateNode>(&command)) {
        clusters::RevisionSpec spec = specs(revision(plan_.to));
        if (plan_.policy.health_check == HealthSource::AgentStates) {
            spec.definition.remove(QStringLiteral("checks")); // its process alone says how it is
        }
        orders.runs.push_back({ticketOf(update->order, update->target), nodeOf(update->target),
                               std::move(spec), plan_.mode, false});
    } else if (const auto *restore = std::get_if<RestoreNode>(&command)) {
        const RevisionIndex previous = plan_.targets[restore->target].previous;
        const auto ticket = ticketOf(restore->order, restore->target);
        const QString node = nodeOf(restore->target);
        if (previous == no_revision) {
            orders.stops.push_back({ticket, node, service, revision(plan_.to)});
        } else {
            orders.runs.push_back({ticket, node, specs(revision(previous)), plan_.mode, true});
        }
    } else if (const auto *retire = std::get_if<RetireNode>(&command)) {
        orders.stops.push_back({ticketOf(retire->order, retire->target), nodeOf(retire->target),
                                service, revision(plan_.targets[retire->target].previous)});
    } else if (const auto *weight = std::get_if<SetWeight>(&command)) {
        orders.traffic.push_back({ticketOf(weight->order), service, revision(plan_.to), stable,
                                  weight->weight, flag, plan_.latency_limit_ms});
    } else if (const auto *slot = std::get_if<SwitchSlot>(&command)) {
        orders.traffic.push_back({ticketOf(slot->order), service, revision(plan_.to), stable,
                                  slot->to == plan_.to ? full_weight : 0, flag,
                                  plan_.latency_limit_ms});
    }
}

Orders LiveRollout::ordersOf(const Commands &commands, const Specs &specs) const {
    Orders orders;
    for (const Command &command : commands) {
        addOrder(command, specs, orders);
    }
    return orders;
}

} // namespace aviary::orchestrator
