// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/narrator.h"

#include "core/api/presentation.h"
#include "core/support/words.h"

#include <QCoreApplication>

namespace aviary::api {

using namespace kernel;

namespace {

struct Narration {
    Q_DECLARE_TR_FUNCTIONS(Narration)
};

QString flagsText(const NodeFlagsChanged &flags) {
    if (flags.draining) {
        return Narration::tr("is draining");
    }
    if (flags.maintenance) {
        return Narration::tr("is in maintenance");
    }
    return flags.excluded ? Narration::tr("is excluded") : Narration::tr("may be touched again");
}

QString rulingText(Ruling ruling) {
    switch (ruling) {
    case Ruling::Undecided:
        return Narration::tr("cannot decide");
    case Ruling::Pass:
        return Narration::tr("passed");
    case Ruling::Fail:
        return Narration::tr("ruled against the new revision");
    case Ruling::NoTraffic:
        return Narration::tr("saw no traffic");
    case Ruling::NoData:
        return Narration::tr("got no data");
    case Ruling::ZeroBaseline:
        return Narration::tr("has nothing to compare with");
    }
    return {};
}

} // namespace

QJsonObject Narrator::memory() const {
    QJsonObject traffic;
    for (const auto &[order, asked] : traffic_) {
        traffic.insert(QString::number(order),
                       QJsonObject{{QStringLiteral("words"), asked.words},
                                   {QStringLiteral("weight"), asked.weight}});
    }
    return {{QStringLiteral("traffic"), traffic},
            {QStringLiteral("weight"), weight_},
            {QStringLiteral("told"), static_cast<qint64>(told_)}};
}

void Narrator::recall(const QJsonObject &memory) {
    const QJsonObject traffic = memory[u"traffic"].toObject();
    traffic_.clear();
    for (auto order = traffic.begin(); order != traffic.end(); ++order) {
        const QJsonObject asked = order.value().toObject();
        traffic_[order.key().toUInt()] = {asked[u"words"].toString(), asked[u"weight"].toInt()};
    }
    weight_ = memory[u"weight"].toInt();
    told_ = static_cast<quint64>(memory[u"told"].toInteger());
}

QString Narrator::nodeText(TargetIndex target) const {
    return target < plan_.targets.size() ? text(plan_.targets[target].node)
                                         : Narration::tr("every node");
}

QString Narrator::requestText(const Request &request) const {
    if (const auto *promote = std::get_if<Promote>(&request)) {
        return promote->to == 0 ? Narration::tr("promoted")
                                : Narration::tr("promoted to %1").arg(percentText(promote->to));
    }
    if (const auto *lower = std::get_if<Lower>(&request)) {
        return Narration::tr("lowered to %1").arg(percentText(lower->to));
    }
    if (const auto *skip = std::get_if<Skip>(&request)) {
        return skip->target == every_target
                   ? Narration::tr("skipped the step")
                   : Narration::tr("skipped %1").arg(nodeText(skip->target));
    }
    if (const auto *retry = std::get_if<Retry>(&request)) {
        return Narration::tr("asked to retry %1").arg(nodeText(retry->target));
    }
    struct Words {
        QString operator()(const Approve &) const { return Narration::tr("approved"); }
        QString operator()(const Start &) const { return Narration::tr("started"); }
        QString operator()(const Pause &) const { return Narration::tr("paused"); }
        QString operator()(const Resume &) const { return Narration::tr("resumed"); }
        QString operator()(const RollBack &) const { return Narration::tr("asked to roll back"); }
        QString operator()(const Fail &) const { return Narration::tr("failed it"); }
        QString operator()(const Supersede &) const {
            return Narration::tr("replaced it by a newer request");
        }
        QString operator()(const Promote &) const { return {}; }
        QString operator()(const Lower &) const { return {}; }
        QString operator()(const Skip &) const { return {}; }
        QString operator()(const Retry &) const { return {}; }
    };
    return std::visit(Words{}, request);
}

std::optional<Narrator::Line> Narrator::lineOf(const Event &event, const record::Entry &entry,
                                               const std::map<TargetIndex, QString> &notes) {
    const auto noteOf = [&notes](TargetIndex target, const QString &fallback) {
        const auto at = notes.find(target);
        return at == notes.end() ? fallback : at->second;
    };
    if (const auto *ready = std::get_if<NodeReady>(&event)) {
        return Line{nodeText(ready->target), noteOf(ready->target, Narration::tr("ready"))};
    }
    if (const auto *failed = std::get_if<NodeFailed>(&event)) {
        return Line{
            nodeText(failed->target),
            Narration::tr("failed: %1").arg(noteOf(failed->target, causeText(failed->cause)))};
    }
    if (const auto *unready = std::get_if<NodeNotReady>(&event)) {
        return Line{nodeText(unready->target),
                    noteOf(unready->target, Narration::tr("not ready any more"))};
    }
    if (const auto *status = std::get_if<NodeStatusChanged>(&event)) {
        const QString now = status->status == NodeStatus::Online    ? Narration::tr("is online")
                            : status->status == NodeStatus::Offline ? Narration::tr("went offline")
                                                                    : Narration::tr("is degraded");
        return Line{nodeText(status->target), now};
    }
    if (const auto *flags = std::get_if<NodeFlagsChanged>(&event)) {
        return Line{nodeText(flags->target), flagsText(*flags)};
    }
    if (const auto *applied = std::get_if<TrafficApplied>(&event)) {
        const auto asked = traffic_.extract(applied->order);
        return asked.empty()
                   ? std::nullopt
                   : std::optional(Line{Narration::tr("router"),
                                        Narration::tr("%1, confirmed").arg(asked.mapped().words),
                                        asked.mapped().weight});
    }
    if (std::holds_alternative<TrafficRefused>(event)) {
        return Line{Narration::tr("router"), Narration::tr("refused the change of traffic")};
    }
    if (std::holds_alternative<EngineRestarted>(event)) {
        return Line{Narration::tr("engine"), Narration::tr("was down and goes on")};
    }
    if (const auto *requested = std::get_if<Requested>(&event)) {
        QString words = requestText(requested->request);
        if (!entry.reason.isEmpty()) {
            words += Narration::tr(", reason: %1").arg(entry.reason);
        }
        return Line{entry.who, words};
    }
    return std::nullopt;
}

QString Narrator::statusText(const ChangeStatus &change) const {
    switch (change.status) {
    case Status::Waiting:
        return Narration::tr("holding at %1 for a person").arg(percentText(weight_));
    case Status::RollingBack:
        return Narration::tr("rolling back to %1: %2")
            .arg(revisionText(plan_, plan_.from), causeText(change.cause));
    case Status::Completed:
        return Narration::tr("completed");
    case Status::RolledBack:
        return Narration::tr("everything touched is back");
    case Status::Failed:
        return Narration::tr("failed: %1").arg(causeText(change.cause));
    case Status::Superseded:
        return Narration::tr("superseded");
    case Status::Paused:
        return Narration::tr("paused");
    default:
        return {};
    }
}

std::optional<Narrator::Line> Narrator::lineOf(const Command &command) {
    const QString engine = Narration::tr("engine");
    if (const auto *weight = std::get_if<SetWeight>(&command)) {
        traffic_[weight->order] = {Narration::tr("%1 %2 to %3")
                                       .arg(revisionText(plan_, plan_.to), percentText(weight_),
                                            percentText(weight->weight)),
                                   weight->weight};
        weight_ = weight->weight;
    } else if (const auto *slot = std::get_if<SwitchSlot>(&command)) {
        traffic_[slot->order] = {
            Narration::tr("all traffic to %1").arg(revisionText(plan_, slot->to)),
            slot->to == plan_.to ? full_weight : 0};
    } else if (const auto *step = std::get_if<EnterStep>(&command)) {
        if (step->step < plan_.steps.size()) {
            return Line{engine, stepText(plan_, plan_.steps[step->step])};
        }
    } else if (const auto *rule = std::get_if<Rule>(&command)) {
        return Line{Narration::tr("gate"), rulingText(rule->ruling)};
    } else if (const auto *change = std::get_if<ChangeStatus>(&command)) {
        const QString words = statusText(*change);
        return words.isEmpty() ? std::nullopt : std::optional(Line{engine, words});
    }
    return std::nullopt;
}

std::vector<Happening> Narrator::tell(const record::Entry &entry) {
    std::map<TargetIndex, QString> notes;
    for (const record::Note &note : entry.notes) {
        notes[note.target] = note.text;
    }
    std::vector<Happening> lines;
    const auto put = [&](const std::optional<Line> &line) {
        if (line) {
            lines.push_back({++told_, entry.wall_ms, line->who, line->text, line->weight});
        }
    };
    for (std::size_t i = 0; i < entry.log.events.size(); ++i) {
        put(lineOf(entry.log.events[i], entry, notes));
        for (const Command &command : entry.log.after(i)) {
            put(lineOf(command));
        }
    }
    return lines;
}

} // namespace aviary::api
