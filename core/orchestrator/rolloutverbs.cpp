// SPDX-License-Identifier: GPL-3.0-or-later
// The verbs about rollouts: what they are, what may be asked of them, and asking it.
#include "core/api/detail.h"
#include "core/api/requests.h"
#include "core/api/valuesjson.h"
#include "core/orchestrator/facts.h"
#include "core/orchestrator/liveprovider.h"
#include "core/orchestrator/ownrows.h"
#include "core/orchestrator/stated.h"
#include "core/support/words.h"

#include <QBuffer>

namespace aviary::orchestrator {

using namespace kernel;

namespace {

constexpr int look_patience_ms = 5'000;

// Never blocked by age, lock or class: they only take exposure away or stop what goes on.
bool lowersExposure(const Request &request) {
    return std::holds_alternative<Pause>(request) || std::holds_alternative<Lower>(request) ||
           std::holds_alternative<RollBack>(request) || std::holds_alternative<Fail>(request);
}

} // namespace

// ---- Rows
// ----------------------------------------------------------------------------------------

api::RolloutRow LiveProvider::rowOf(const LiveRollout &rollout) const {
    const RolloutCard &card = rollout.card();
    api::RolloutRow row;
    row.id = card.id;
    row.cluster = card.cluster;
    row.deployment = card.deployment;
    row.who = card.who;
    row.started_wall_ms = card.created_wall_ms;
    row.changed_wall_ms = rollout.changedWallMs();
    row.ended_wall_ms = rollout.active() ? 0 : rollout.changedWallMs();
    api::fillRow(row, rollout.plan(), rollout.state());
    return row;
}

api::RolloutDetail LiveProvider::detailOf(const LiveRollout &rollout) const {
    const Plan &plan = rollout.plan();
    api::RolloutDetail detail;
    detail.row = rowOf(rollout);
    api::fillDetail(detail, plan, rollout.state(), rollout.steps());
    detail.permissions = permissionsOf(rollout);
    detail.left_fan = fans_.leftText(rollout.card().id);
    detail.traffic =
        traffic_.points(rollout.card().cluster, api::text(plan.service),
                        api::text(plan.revisions[plan.to]), api::text(plan.revisions[plan.from]));
    if (const auto told = happenings_.find(rollout.card().id); told != happenings_.end()) {
        detail.happenings.assign(told->second.rbegin(), told->second.rend());
    }
    return detail;
}

Result<LiveRollout *> LiveProvider::rolloutIn(const Call &call) {
    const QString id = call.text(u"rollout");
    if (LiveRollout *rollout = orchestrator_.find(id)) {
        return rollout;
    }
    if (own_.find(id)) {
        return fail(ErrorCode::Refused, tr("the cluster runs this rollout itself"),
                    QStringLiteral("rollout"),
                    tr("there is no run of ours; aviary status and history tell of it"));
    }
    return fail(ErrorCode::NotFound, tr("there is no rollout %1").arg(boundedText(id)),
                QStringLiteral("rollout"), tr("aviary list names them"));
}

LiveProvider::Reply LiveProvider::listRollouts(const Call &call) {
    const QString cluster = call.text(u"cluster");
    const QString service = call.text(u"service");
    const bool active_only = call.parameters[u"active"].toBool();
    std::vector<api::RolloutRow> rows;
    for (const LiveRollout *rollout : orchestrator_.rollouts()) {
        if ((cluster.isEmpty() || rollout->card().cluster == cluster) &&
            (service.isEmpty() || api::text(rollout->plan().service) == service) &&
            (!active_only || rollout->active())) {
            rows.push_back(rowOf(*rollout));
        }
    }
    for (const KnownRollout *known : own_.all()) {
        if ((cluster.isEmpty() || known->cluster == cluster) &&
            (service.isEmpty() || known->now.service == service) &&
            (!active_only || !isEnd(known->now.status))) {
            rows.push_back(ownRow(*known));
        }
    }
    return QJsonObject{{QStringLiteral("rollouts"), api::listToJson(rows)}};
}

LiveProvider::Reply LiveProvider::getRollout(const Call &call) {
    if (const KnownRollout *own = own_.find(call.text(u"rollout"))) {
        return api::toJson(detailOf(*own));
    }
    return rolloutIn(call).map(
        [this](LiveRollout *rollout) { return api::toJson(detailOf(*rollout)); });
}

LiveProvider::Reply LiveProvider::getTargets(const Call &call) {
    if (own_.find(call.text(u"rollout"))) {
        return api::toJson(api::TargetPage{}); // the cluster chooses nodes as it goes
    }
    return rolloutIn(call).map([&call](LiveRollout *rollout) {
        api::TargetPage page;
        page.total = static_cast<quint32>(rollout->plan().targets.size());
        page.first = static_cast<quint32>(
            std::clamp<qint64>(call.parameters[u"first"].toInteger(), 0, page.total));
        const auto count = std::clamp<qint64>(
            call.parameters[u"count"].toInteger(api::page_nodes_max), 0, api::page_nodes_max);
        page.targets = api::targetRows(rollout->plan(), rollout->state(), page.first,
                                       static_cast<std::uint32_t>(count));
        return api::toJson(page);
    });
}

LiveProvider::Reply LiveProvider::effect(const Call &call) {
    if (const KnownRollout *own = own_.find(call.text(u"rollout"))) {
        api::EffectRow row = ownEffect(*own, ownAsked(call.parameters));
        if (row.refusal.isEmpty()) {
            row.refusal = mayNot(*own, call.text(u"verb"));
        }
        return api::toJson(row);
    }
    return rolloutIn(call).and_then([&](LiveRollout *rollout) {
        return api::requestFrom(rollout->plan(), call.text(u"verb"), call.parameters)
            .map([&](const Request &request) {
                const double a_minute = traffic_.requestsPerMinute(
                    rollout->card().cluster, api::text(rollout->plan().service));
                return api::toJson(
                    api::effectRow(rollout->plan(), rollout->state(), request, a_minute));
            });
    });
}

// ---- Asking
// --------------------------------------------------------------------------------------

Result<void> LiveProvider::mayRaise(const ClusterDesk &desk, const QString &service,
                                    const Call &call) const {
    const api::ClusterRow row = desk.row();
    if (!row.unlocked) {
        return fail(ErrorCode::Refused, tr("%1 is read-only").arg(row.name),
                    QStringLiteral("cluster"),
                    tr("unlock it: aviary cluster unlock %1").arg(row.id));
    }
    if (desk.stale()) {
        return fail(
            ErrorCode::Refused,
            tr("%1 has not answered for too long: what is known of it is old").arg(row.name),
            QStringLiteral("cluster"),
            tr("wait until it answers again; pause, lower and roll back go out all the same"));
    }
    const bool typed = row.klass != api::ClusterClass::Production || service.isEmpty() ||
                       call.text(u"confirm") == service;
    if (!typed) {
        return fail(ErrorCode::Refused, tr("%1 is a production cluster").arg(row.name),
                    QStringLiteral("confirm"),
                    tr("confirm with the service's name, %1").arg(service));
    }
    return {};
}

Result<void> LiveProvider::stillTrue(const LiveRollout &rollout, const Request &request,
                                     const Call &call) const {
    const QString stated = call.text(u"effect");
    if (stated.isEmpty()) {
        return {};
    }
    return stillStated(stated, api::effectRow(rollout.plan(), rollout.state(), request, -1));
}

LiveProvider::Reply LiveProvider::request(const Call &call) {
    const QString id = call.text(u"request_id");
    if (const api::RequestRow *known = id.isEmpty() ? nullptr : requests_.find(id)) {
        return QJsonObject{{QStringLiteral("request"), api::toJson(*known)}};
    }
    if (const KnownRollout *own = own_.find(call.text(u"rollout"))) {
        return requestOwn(*own, call);
    }
    const auto found = rolloutIn(call);
    if (!found) {
        return tl::unexpected(found.error());
    }
    LiveRollout &rollout = **found;
    if (!call.parameters[u"parts"].toArray().isEmpty()) {
        return fail(ErrorCode::Invalid, tr("this rollout has no parts"), QStringLiteral("parts"),
                    tr("promote all of it"));
    }
    const bool backward = call.text(u"verb") == u"rollback";
    if (backward &&
        (!rollout.active() || !call.text(u"version").isEmpty() || !call.text(u"tag").isEmpty())) {
        return rollBackEnded(rollout, call);
    }
    const auto asked = api::requestFrom(rollout.plan(), call.text(u"verb"), call.parameters);
    if (!asked) {
        return tl::unexpected(asked.error());
    }
    const Refusal refusal = refusalOf(rollout.plan(), rollout.state(), *asked);
    if (refusal != Refusal::None) {
        return fail(
            ErrorCode::Refused,
            tr("%1 cannot %2 now").arg(api::text(rollout.plan().service), call.text(u"verb")), {},
            api::refusalText(refusal, rollout.plan(), rollout.state()));
    }
    const auto desk = clusters_.find(rollout.card().cluster);
    if (!desk) {
        return tl::unexpected(desk.error());
    }
    if (!lowersExposure(*asked)) {
        if (auto allowed = mayRaise(**desk, api::text(rollout.plan().service), call); !allowed) {
            return tl::unexpected(allowed.error());
        }
    }
    if (auto approved = approvalAllows(rollout, *asked, call); !approved) {
        return tl::unexpected(approved.error());
    }
    if (auto same = stillTrue(rollout, *asked, call); !same) {
        return tl::unexpected(same.error());
    }
    return put(rollout, *asked, call);
}

// From here on it is asked: journalled with the rollout's entry before it is acknowledged.
LiveProvider::Reply LiveProvider::put(LiveRollout &rollout, const Request &request,
                                      const Call &call) {
    const Asker asker = call.asker();
    api::RequestRow row;
    row.id = call.text(u"request_id").isEmpty() ? deployments_.newId() : call.text(u"request_id");
    row.cluster = rollout.card().cluster;
    row.rollout = rollout.card().id;
    row.service = api::text(rollout.plan().service);
    row.verb = call.text(u"verb");
    row.who = asker.who;
    row.reason = asker.reason;
    row.text = tr("asked, not confirmed yet");
    row.asked_wall_ms = clock_.wallMs();
    const KeptRequest kept{row, request, rollout.state().last_order};
    requests_.open(kept);
    orchestrator_.ask(rollout, request, asker.who, asker.reason);
    orchestrator_.attach(toFact(kept, row.asked_wall_ms));
    if (auto stored = orchestrator_.drain(); !stored) {
        requests_.close(row, api::Outcome::Refused, toText(stored.error()), clock_.wallMs());
        return tl::unexpected(stored.error());
    }
    return QJsonObject{{QStringLiteral("request"), api::toJson(*requests_.find(row.id))}};
}

LiveProvider::Reply LiveProvider::rollBackEnded(const LiveRollout &rollout, const Call &call) {
    const auto desk = clusters_.find(rollout.card().cluster);
    if (!desk) {
        return tl::unexpected(desk.error());
    }
    const WayBackChoice choice{call.text(u"version"), call.text(u"tag")};
    Asker asker = call.asker();
    api::RequestRow row;
    row.id = asker.request_id.isEmpty() ? deployments_.newId() : asker.request_id;
    row.cluster = rollout.card().cluster;
    row.service = api::text(rollout.plan().service);
    row.verb = QStringLiteral("rollback");
    row.who = asker.who;
    row.reason = asker.reason;
    row.text = tr("a rollout back is under way");
    row.asked_wall_ms = clock_.wallMs();
    asker.request = row;
    return deployments_.goBack(row.service, choice, **desk, asker).map([&](const Deployed &made) {
        row.rollout = made.rollout->card().id;
        requests_.open({row, Start{}, unasked});
        requests_.lookAt(*made.rollout, clock_.wallMs());
        return QJsonObject{{QStringLiteral("request"), api::toJson(*requests_.find(row.id))}};
    });
}

LiveProvider::Reply LiveProvider::getRequest(const Call &call) {
    const api::RequestRow *row = requests_.find(call.text(u"id"));
    if (!row) {
        return fail(ErrorCode::NotFound, tr("no such request was made"), QStringLiteral("id"),
                    tr("it did not reach the daemon; ask again"));
    }
    return QJsonObject{{QStringLiteral("request"), api::toJson(*row)}};
}

LiveProvider::Reply LiveProvider::exportRun(const Call &call) {
    return rolloutIn(call).and_then([this](LiveRollout *rollout) {
        QBuffer lines;
        lines.open(QIODevice::WriteOnly);
        return journal_.exportRun(rollout->card().id, lines).map([&lines] {
            return QJsonObject{{QStringLiteral("jsonl"), QString::fromUtf8(lines.data())}};
        });
    });
}

// ---- Health, waiting
// -------------------------------------------------------------------------------

api::HealthReport LiveProvider::healthOf(const ClusterDesk &desk, const QString &node,
                                         const QString &service) const {
    api::HealthReport report;
    bool any = false;
    bool all = true;
    for (const clusters::Instance &instance : desk.instances()) {
        if ((!node.isEmpty() && instance.node != node) ||
            (!service.isEmpty() && instance.service != service)) {
            continue;
        }
        any = true;
        all = all && instance.ready;
        const api::Health health = instance.ready ? api::Health::Healthy : api::Health::Unhealthy;
        report.checks.push_back({desk.id(), instance.node, instance.service, instance.revision,
                                 QStringLiteral("ready"), health, true, instance.text});
    }
    const bool known = desk.observed() && !desk.stale();
    report.overall = !known ? api::Health::Unknown
                     : !any ? api::Health::NoChecks
                     : all  ? api::Health::Healthy
                            : api::Health::Unhealthy;
    report.text = !known ? tr("what is known of %1 is old").arg(desk.id())
                  : !any ? tr("nothing runs there")
                  : all  ? tr("every instance is ready")
                         : tr("some instances are not ready");
    return report;
}

void LiveProvider::answerHealth(ClusterDesk &desk, const QString &node, const QString &service,
                                const api::Answer &answer) {
    auto *once = new QObject(this);
    const auto say = [this, &desk, node, service, answer, once](bool seen) {
        api::HealthReport report = healthOf(desk, node, service);
        if (!seen) {
            report.overall = api::Health::Unknown;
            report.text =
                tr("%1 did not answer in time; this is what was seen last").arg(desk.id());
        }
        once->deleteLater();
        once->disconnect();
        answer(api::toJson(report));
    };
    connect(&desk, &ClusterDesk::refreshed, once, [say] { say(true); });
    auto *patience = new QTimer(once);
    connect(patience, &QTimer::timeout, once, [say] { say(false); });
    patience->start(look_patience_ms);
    desk.driver().observe();
}

void LiveProvider::verifyRollout(const Call &call, const api::Answer &answer) {
    if (const KnownRollout *own = own_.find(call.text(u"rollout"))) {
        const auto desk = clusters_.find(own->cluster);
        desk ? answerHealth(**desk, QString(), own->now.service, answer)
             : answer(tl::unexpected(desk.error()));
        return;
    }
    const auto rollout = rolloutIn(call);
    const auto desk = rollout ? clusters_.find((*rollout)->card().cluster)
                              : Result<ClusterDesk *>(tl::unexpected(rollout.error()));
    if (!desk) {
        answer(tl::unexpected(desk.error()));
        return;
    }
    answerHealth(**desk, QString(), api::text((*rollout)->plan().service), answer);
}

void LiveProvider::health(const Call &call, const api::Answer &answer) {
    const auto desk = clusters_.findOrOnly(call.text(u"cluster"));
    if (!desk) {
        answer(tl::unexpected(desk.error()));
        return;
    }
    answerHealth(**desk, call.text(u"node"), call.text(u"service"), answer);
}

std::vector<api::WaitingRow> LiveProvider::waitingRows() const {
    std::vector<api::WaitingRow> rows = ownWaitingRows();
    for (const LiveRollout *rollout : orchestrator_.rollouts()) {
        const Status status = rollout->state().status;
        const bool person = status == Status::Waiting || status == Status::Paused ||
                            status == Status::Draft || status == Status::Approved;
        if (!person) {
            continue;
        }
        const QString verb = status == Status::Waiting  ? QStringLiteral("promote")
                             : status == Status::Paused ? QStringLiteral("resume")
                             : awaitsApproval(*rollout) ? QStringLiteral("approve")
                                                        : QStringLiteral("start");
        const Plan &plan = rollout->plan();
        rows.push_back({rollout->card().cluster, api::text(plan.service), rollout->card().id,
                        tr("%1 %2 %3")
                            .arg(api::text(plan.service), api::revisionText(plan, plan.to),
                                 api::headlineOf(plan, rollout->state())),
                        verb, rollout->changedWallMs()});
    }
    for (const ClusterDesk *desk : clusters_.all()) {
        for (const DeploymentDesk::Behind &late : deployments_.behind(*desk)) {
            if (late.catch_up == CatchUp::Ask) {
                rows.push_back(
                    {desk->id(), late.key, QString(),
                     tr("%1 came back and does not run %2")
                         .arg(nodesText(static_cast<qint64>(late.nodes.size())), late.revision),
                     QStringLiteral("catch_up"), clock_.wallMs()});
            }
        }
    }
    return rows;
}

LiveProvider::Reply LiveProvider::waiting(const Call &) {
    return QJsonObject{{QStringLiteral("waiting"), api::listToJson(waitingRows())}};
}

} // namespace aviary::orchestrator
