// SPDX-License-Identifier: GPL-3.0-or-later
// Versions of services that a cluster rolls out itself: planned by it, started, and stopped.
#include "core/api/valuesjson.h"
#include "core/clusters/selfrunning.h"
#include "core/orchestrator/facts.h"
#include "core/orchestrator/liveprovider.h"
#include "core/orchestrator/ownrows.h"
#include "core/orchestrator/stated.h"

#include <set>

namespace aviary::orchestrator {

using clusters::OwnAnswer;
using clusters::OwnPlan;
using clusters::OwnStart;

namespace {

constexpr qint64 settle_ms_max = 3'600'000; // after that nobody looks for it any more
constexpr qint64 count_max = 1'000'000;

QJsonObject toJson(const OwnPlan &plan) {
    return {{QStringLiteral("service"), plan.service},
            {QStringLiteral("document"), plan.document},
            {QStringLiteral("index"), static_cast<qint64>(plan.index)},
            {QStringLiteral("version"), plan.version}};
}

OwnPlan ownPlanFrom(const QJsonObject &json) {
    OwnPlan plan;
    plan.service = json[u"service"].toString();
    plan.document = json[u"document"].toObject();
    plan.index = static_cast<quint64>(json[u"index"].toInteger());
    plan.version = json[u"version"].toString();
    return plan;
}

Result<OwnStart> startFrom(const QJsonObject &from) {
    OwnStart wanted;
    wanted.text = from[u"text"].toString();
    wanted.service = from[u"service"].toString();
    wanted.image = from[u"image"].toString();
    wanted.part = from[u"part"].toString();
    wanted.task = from[u"task"].toString();
    const QJsonObject variables = from[u"variables"].toObject();
    for (auto one = variables.begin(); one != variables.end(); ++one) {
        wanted.variables[one.key()] = one->toString();
    }
    if (from.contains(u"count")) {
        wanted.count = from[u"count"].toInteger(-1);
    }
    if (wanted.text.isEmpty() == wanted.service.isEmpty()) {
        return fail(ErrorCode::Invalid, QObject::tr("one of text and service is needed"),
                    QStringLiteral("text"));
    }
    if (wanted.count && (*wanted.count < 0 || *wanted.count > count_max)) {
        return fail(ErrorCode::Invalid, QObject::tr("the count is out of range"),
                    QStringLiteral("count"), QObject::tr("give 0 to %1").arg(count_max));
    }
    return wanted;
}

api::EffectRow effectOf(const OwnPlan &plan) {
    api::EffectRow effect;
    effect.epoch = plan.index;
    effect.nodes = static_cast<quint32>(plan.instances);
    effect.raises_exposure = true;
    effect.sentences = plan.sentences;
    effect.way_back = plan.version.isEmpty()
                          ? QObject::tr("aviary service stop %1").arg(plan.service)
                          : QObject::tr("aviary rollback %1").arg(plan.service);
    effect.token = ownToken(QStringLiteral("start ") + plan.service, effect.sentences);
    return effect;
}

QJsonObject startsJson(const QMap<QString, QList<qint64>> &starts_ms) {
    QJsonObject parts;
    for (auto part = starts_ms.begin(); part != starts_ms.end(); ++part) {
        QJsonArray times;
        for (const qint64 time_ms : *part) {
            times.append(time_ms);
        }
        parts[part.key()] = times;
    }
    return parts;
}

QJsonObject answerOf(const QString &service, const api::EffectRow &effect) {
    return {{QStringLiteral("service"), service}, {QStringLiteral("effect"), api::toJson(effect)}};
}

// Stopping is no raise of exposure, and yet nobody is served any more: it is asked as carefully.
api::EffectRow stopEffect(const ClusterDesk &desk, const QString &service) {
    std::set<QString> nodes;
    for (const clusters::Instance &instance : desk.instances()) {
        if (instance.service == service) {
            nodes.insert(instance.node);
        }
    }
    api::EffectRow effect;
    effect.nodes = static_cast<quint32>(nodes.size());
    effect.raises_exposure = true;
    effect.sentences = {QObject::tr("all of it stops, on %1 nodes").arg(nodes.size()),
                        QObject::tr("a rollout of it that goes on ends"),
                        QObject::tr("the cluster keeps its versions: it can be started again")};
    effect.way_back = QObject::tr("aviary service start %1").arg(service);
    effect.token = ownToken(QStringLiteral("stop ") + service, effect.sentences);
    return effect;
}

} // namespace

Result<clusters::SelfRunning *> LiveProvider::ownDriver(const Call &call) const {
    return clusters_.findOrOnly(call.text(u"cluster"))
        .and_then([](ClusterDesk *desk) -> Result<clusters::SelfRunning *> {
            if (auto *own = dynamic_cast<clusters::SelfRunning *>(&desk->driver())) {
                return own;
            }
            return fail(ErrorCode::Refused, tr("%1 runs no rollouts itself").arg(desk->id()),
                        QStringLiteral("cluster"), tr("aviary deploy"));
        });
}

void LiveProvider::serviceEffect(const Call &call, const api::Answer &answer) {
    const auto own = ownDriver(call);
    if (!own) {
        answer(tl::unexpected(own.error()));
        return;
    }
    if (call.text(u"verb") == u"stop") {
        const QString service = call.text(u"service");
        answer(
            answerOf(service, stopEffect(**clusters_.findOrOnly(call.text(u"cluster")), service)));
        return;
    }
    const auto wanted = startFrom(call.parameters);
    if (!wanted) {
        answer(tl::unexpected(wanted.error()));
        return;
    }
    (*own)->planStart(*wanted, [answer](const Result<OwnPlan> &plan) {
        answer(plan.map([](const OwnPlan &made) {
            QJsonObject planned = answerOf(made.service, effectOf(made));
            planned[u"document"] = made.document;
            planned[u"version"] = made.version;
            planned[u"starts_ms"] = startsJson(made.starts_ms);
            return planned;
        }));
    });
}

void LiveProvider::serviceRequest(const Call &call, const api::Answer &answer) {
    const QString id = call.text(u"request_id");
    if (const api::RequestRow *known = id.isEmpty() ? nullptr : requests_.find(id)) {
        answer(QJsonObject{{QStringLiteral("request"), api::toJson(*known)}});
        return;
    }
    const auto own = ownDriver(call);
    if (!own) {
        answer(tl::unexpected(own.error()));
        return;
    }
    if (call.text(u"verb") == u"stop") {
        answer(stopService(call));
        return;
    }
    const auto wanted = startFrom(call.parameters);
    if (!wanted || call.text(u"verb") != u"start") {
        answer(wanted ? fail(ErrorCode::Invalid, tr("a service is started or stopped"),
                             QStringLiteral("verb"))
                      : tl::unexpected(wanted.error()));
        return;
    }
    (*own)->planStart(*wanted, [this, caller = call.caller, parameters = call.parameters,
                                answer](const Result<OwnPlan> &plan) {
        answer(plan.and_then([&](const OwnPlan &made) {
            return startPlanned(made, Call{caller, parameters});
        }));
    });
}

// Planned again just now: it must still be what the person saw.
LiveProvider::Reply LiveProvider::startPlanned(const OwnPlan &plan, const Call &call) {
    const QString id = call.text(u"request_id");
    if (const api::RequestRow *known = id.isEmpty() ? nullptr : requests_.find(id)) {
        return QJsonObject{{QStringLiteral("request"), api::toJson(*known)}};
    }
    const auto own = ownDriver(call);
    const auto desk = clusters_.findOrOnly(call.text(u"cluster"));
    if (!own || !desk) {
        return tl::unexpected(own ? desk.error() : own.error());
    }
    if (auto allowed = mayRaise(**desk, plan.service, call); !allowed) {
        return tl::unexpected(allowed.error());
    }
    const auto epoch =
        static_cast<quint64>(call.parameters[u"epoch"].toInteger(static_cast<qint64>(plan.index)));
    if (epoch != plan.index) {
        return tl::unexpected(changedMeanwhile(plan.sentences));
    }
    if (auto same = stillStated(call.text(u"effect"), effectOf(plan)); !same) {
        return tl::unexpected(same.error());
    }
    api::RequestRow row = requestRow(call, (*desk)->id(), plan.service);
    std::vector<journal::Fact> also;
    if (!plan.is_so) {
        also.push_back(toFact(topic_own_start, row.id, toJson(plan), clock_.wallMs()));
    }
    if (auto opened = openOwn(row, also); !opened) {
        return tl::unexpected(opened.error());
    }
    if (plan.is_so) {
        settleOwn(row, api::Outcome::Applied, plan.sentences.join(u"; "));
    } else {
        starting_.push_back({row, plan, true});
        (*own)->start(plan,
                      [this, id = row.id](const OwnAnswer &answer) { startAnswered(id, answer); });
    }
    return QJsonObject{{QStringLiteral("request"), api::toJson(*requests_.find(row.id))}};
}

void LiveProvider::startAnswered(const QString &id, const OwnAnswer &answer) {
    const auto at =
        std::ranges::find_if(starting_, [&](const Starting &one) { return one.row.id == id; });
    if (at == starting_.end()) {
        return;
    }
    at->asking = false;
    const api::RequestRow row = at->row;
    const bool was_unknown = requests_.find(id)->outcome == api::Outcome::Unknown;
    if (answer.outcome != OwnAnswer::Outcome::Unknown) {
        starting_.erase(at);
    } else if (was_unknown) {
        return; // still
    }
    settleOwn(row, outcomeOf(answer.outcome), answer.text);
}

// What was sent and not answered is settled by what the cluster shows.
void LiveProvider::lookAtStarts(ClusterDesk &desk) {
    auto *own = dynamic_cast<clusters::SelfRunning *>(&desk.driver());
    const qint64 now_ms = clock_.wallMs();
    std::erase_if(starting_, [now_ms](const Starting &one) {
        return now_ms - one.row.asked_wall_ms > settle_ms_max;
    });
    std::vector<Starting> due;
    for (Starting &one : starting_) {
        if (own && !one.asking && one.row.cluster == desk.id()) {
            one.asking = true;
            due.push_back(one);
        }
    }
    for (const Starting &one : due) {
        own->settleStart(one.plan, [this, id = one.row.id](const OwnAnswer &answer) {
            startAnswered(id, answer);
        });
    }
}

Result<void> LiveProvider::restoreStarts() {
    return journal_.facts(topic_own_start).map([this](const std::vector<journal::Fact> &facts) {
        for (const journal::Fact &fact : facts) {
            const api::RequestRow *row = requests_.find(fact.key);
            if (row && row->outcome == api::Outcome::Unknown) {
                starting_.push_back({*row, ownPlanFrom(bodyOf(fact)), false});
            }
        }
    });
}

LiveProvider::Reply LiveProvider::stopService(const Call &call) {
    const auto own = ownDriver(call);
    const auto desk = clusters_.findOrOnly(call.text(u"cluster"));
    if (!own || !desk) {
        return tl::unexpected(own ? desk.error() : own.error());
    }
    const QString service = call.text(u"service");
    if (auto allowed = mayRaise(**desk, service, call); !allowed) {
        return tl::unexpected(allowed.error());
    }
    if (auto same = stillStated(call.text(u"effect"), stopEffect(**desk, service)); !same) {
        return tl::unexpected(same.error());
    }
    const api::RequestRow row = requestRow(call, (*desk)->id(), service);
    if (auto opened = openOwn(row, {}); !opened) {
        return tl::unexpected(opened.error());
    }
    (*own)->stopService(service, [this, row](const OwnAnswer &answer) {
        settleOwn(row, outcomeOf(answer.outcome), answer.text);
    });
    return QJsonObject{{QStringLiteral("request"), api::toJson(*requests_.find(row.id))}};
}

} // namespace aviary::orchestrator
