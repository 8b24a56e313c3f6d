// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/cli/shopprovider.h"

#include "core/api/valuesjson.h"

#include <QTimer>

namespace aviary::tests {

using namespace api;
using namespace Qt::Literals;

ShopProvider::ShopProvider() {
    cluster.id = u"edge"_qs;
    cluster.name = u"Edge"_qs;
    cluster.contact = Contact::Live;
    cluster.unlocked = true;
    rollout.row.id = u"01ARZ3NDEKTSV4RRFFQ69G5FAV"_qs;
    rollout.row.cluster = u"edge"_qs;
    rollout.row.service = u"shop"_qs;
    rollout.row.from = u"v41"_qs;
    rollout.row.to = u"v42"_qs;
    rollout.row.strategy = kernel::StrategyKind::Canary;
    rollout.row.status = kernel::Status::Waiting;
    rollout.row.weight = 1'000;
    rollout.row.epoch = 7;
    rollout.row.nodes = 2;
    rollout.row.nodes_done = 1;
    rollout.row.steps = 2;
    rollout.row.started_wall_ms = 1'700'000'000'000;
    rollout.row.headline = u"waits for you at 10 %"_qs;
    rollout.steps = {{u"Update 1 node"_qs, StepSign::Done, 42'000, -1, 1'000},
                     {u"Hold for you"_qs, StepSign::Now, -1, -1, 1'000}};
    rollout.targets = {{u"n-1"_qs, u"eu"_qs, u"v41"_qs, kernel::Phase::Healthy, {}, {}},
                       {u"n-2"_qs, u"us"_qs, u"v41"_qs, kernel::Phase::Untouched, {}, {}}};
    rollout.targets_total = 2;
    rollout.permissions = {{u"promote"_qs, true, {}}};
    rollout.happenings = {{1, 1'700'000'000'000, u"engine"_qs, u"began"_qs}};
    effect.epoch = 7;
    effect.token = u"token-7"_qs;
    effect.raises_exposure = true;
    effect.sentences = {u"traffic on v42: 10 % to 25 %"_qs};
    effect.way_back = u"roll back to v41"_qs;
}

QJsonObject ShopProvider::answerOf(const QString &verb, const QJsonObject &parameters) {
    std::vector<RolloutRow> rows = more;
    rows.push_back(rollout.row);
    if (verb == u"rollout.list"_qs) {
        return {{u"rollouts"_qs, listToJson(rows)}};
    }
    if (verb == u"cluster.list"_qs) {
        return {{u"clusters"_qs, listToJson(std::vector{cluster})}};
    }
    if (verb == u"fleet.page"_qs) {
        FleetPage page{u"edge"_qs, 1, 2, 0, std::vector<NodeRow>(2)};
        page.nodes[0].id = u"n-1"_qs;
        page.nodes[1].id = u"evil\u202e\u001b[31m"_qs;
        return toJson(page);
    }
    if (verb == u"waiting"_qs) {
        return {{u"waiting"_qs, QJsonArray()}};
    }
    if (verb == u"history"_qs) {
        DeploymentRow row;
        row.id = u"d-1"_qs;
        row.key = u"shop"_qs;
        row.version = 3;
        return {{u"deployments"_qs, listToJson(std::vector{row})}};
    }
    if (verb == u"deployment.diff"_qs) {
        return {{u"lines"_qs, QJsonArray{u"+ a"_qs, u"- b"_qs}}};
    }
    if (verb == u"health"_qs || verb == u"verify"_qs) {
        return toJson(HealthReport{Health::Unknown, u"what is known is old"_qs, {}});
    }
    if (verb == u"plan.compile"_qs) {
        PlanAnswer plan;
        plan.service = u"shop"_qs;
        plan.steps = {u"Update 4 nodes"_qs};
        return toJson(plan);
    }
    if (verb == u"deploy"_qs) {
        return {{u"rollout"_qs, toJson(rollout.row)}, {u"deployment"_qs, toJson(DeploymentRow())}};
    }
    if (verb == u"cluster.test"_qs) {
        return {
            {u"checks"_qs, QJsonArray{QJsonObject{{u"text"_qs, u"haproxy"_qs}, {u"ok"_qs, true}}}}};
    }
    if (verb.startsWith(u"cluster.")) {
        return {{u"cluster"_qs, toJson(cluster)}};
    }
    if (verb == u"services"_qs) {
        return {{u"instances"_qs, QJsonArray()}};
    }
    if (verb == u"snapshots"_qs) {
        return {{u"snapshots"_qs, listToJson(std::vector<SnapshotRow>(1))}, {u"holds"_qs, true}};
    }
    if (verb == u"gitops.status"_qs) {
        return {{u"repositories"_qs, listToJson(std::vector{repository})}};
    }
    if (verb.startsWith(u"gitops.")) {
        return {{u"repository"_qs, toJson(repository)}};
    }
    if (verb == u"summary"_qs) {
        return toJson(Summary());
    }
    if (verb == u"request.get"_qs) {
        return {{u"request"_qs, toJson(requests_.value(parameters.value(u"id"_qs).toString()))}};
    }
    return {};
}

void ShopProvider::handle(const Caller &caller, const QString &verb, const QJsonObject &parameters,
                          Answer answer) {
    calls.insert(verb, parameters);
    if (verb == u"hello"_qs) {
        DaemonState state;
        state.version = u"0.1.0"_qs;
        state.who = caller.user;
        answer(toJson(state));
    } else if (verb == u"rollout.get"_qs) {
        answer(toJson(rollout));
    } else if (verb == u"effect"_qs) {
        answer(toJson(effect));
    } else if (verb == u"request"_qs) {
        request(parameters, answer);
    } else if (verb == u"request.get"_qs &&
               !requests_.contains(parameters.value(u"id"_qs).toString())) {
        answer(fail(ErrorCode::NotFound, u"no such request was made"_qs));
    } else {
        answer(answerOf(verb, parameters));
    }
}

void ShopProvider::request(const QJsonObject &parameters, const Answer &answer) {
    RequestRow row;
    row.id = parameters.value(u"request_id"_qs).toString();
    row.rollout = rollout.row.id;
    row.service = u"shop"_qs;
    row.verb = parameters.value(u"verb"_qs).toString();
    if (fate == Fate::Silent) { // it arrived, and the link breaks before the answer
        row.outcome = Outcome::Applied;
        row.text = u"confirmed all the same"_qs;
        requests_.insert(row.id, row);
        return;
    }
    if (fate == Fate::Refused) {
        return answer(
            fail(ErrorCode::Refused, u"shop cannot promote now"_qs, {}, u"resume it first"_qs));
    }
    row.outcome = fate == Fate::Applied ? Outcome::Applied : Outcome::Asked;
    row.text = u"confirmed by HAProxy"_qs;
    requests_.insert(row.id, row);
    last_request_ = row.id;
    answer(QJsonObject{{u"request"_qs, toJson(row)}});
    if (fate == Fate::Late) {
        QTimer::singleShot(20, this,
                           [this] { tellRequest(Outcome::Refused, u"the router refused"_qs); });
    }
}

void ShopProvider::tellRequest(Outcome outcome, const QString &text) {
    RequestRow &row = requests_[last_request_];
    row.outcome = outcome;
    row.text = text;
    Q_EMIT changed(u"requests"_qs,
                   {{u"topic"_qs, u"requests"_qs}, {u"rows"_qs, listToJson(std::vector{row})}});
}

Result<QJsonObject> ShopProvider::whole(const QString &topic) {
    QJsonArray rows;
    if (topic == u"requests"_qs) {
        for (const RequestRow &row : std::as_const(requests_)) {
            rows.append(toJson(row));
        }
    } else if (topic == u"rollout:"_qs + rollout.row.id) {
        rows.append(toJson(rollout));
    }
    return QJsonObject{{u"topic"_qs, topic}, {u"whole"_qs, true}, {u"rows"_qs, rows}};
}

void ShopProvider::move(kernel::Status status, const QString &text) {
    rollout.row.status = status;
    rollout.row.headline = text;
    const quint64 sequence = rollout.happenings.front().sequence + 1;
    rollout.happenings.insert(rollout.happenings.begin(),
                              {sequence, 1'700'000'001'000, u"gate"_qs, text});
    const QString topic = u"rollout:"_qs + rollout.row.id;
    Q_EMIT changed(topic, {{u"topic"_qs, topic}, {u"rows"_qs, QJsonArray{toJson(rollout)}}});
}

} // namespace aviary::tests
