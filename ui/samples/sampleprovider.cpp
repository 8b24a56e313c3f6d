// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/samples/sampleprovider.h"

#include "core/api/filter.h"
#include "core/api/valuesjson.h"

#include <algorithm>

namespace aviary::samples {

using namespace Qt::Literals;

namespace {

template <class T>
QJsonArray rowsOf(const std::vector<T> &values) {
    QJsonArray rows;
    for (const T &value : values) {
        rows.append(api::toJson(value, api::Form::Rows));
    }
    return rows;
}

template <class T>
void put(std::vector<T> &rows, const T &row) {
    const auto at = std::ranges::find(rows, row.id, &T::id);
    if (at == rows.end()) {
        rows.push_back(row);
    } else {
        *at = row;
    }
}

QString textIn(const QJsonObject &parameters, const char *member) {
    return parameters.value(QLatin1String(member)).toString();
}

} // namespace

SampleProvider::SampleProvider(World world, QObject *parent)
    : Provider(parent), world_(std::move(world)) {}

void SampleProvider::handle(const api::Caller &, const QString &verb, const QJsonObject &parameters,
                            api::Answer answer) {
    calls_.push_back({verb, parameters});
    if (const auto held = held_.find(verb); held != held_.end()) {
        held->second.push_back(std::move(answer));
    } else if (const auto given = answering_.find(verb); given != answering_.end()) {
        answer(given->second(parameters));
    } else {
        answer(reply(verb, parameters));
    }
}

void SampleProvider::release(const QString &verb, const Reply &reply) {
    for (const api::Answer &answer : std::exchange(held_[verb], {})) {
        answer(reply);
    }
    held_.erase(verb);
}

SampleProvider::Reply SampleProvider::reply(const QString &verb,
                                            const QJsonObject &parameters) const {
    if (verb == u"hello") {
        return api::toJson(world_.daemon);
    }
    if (verb == u"cluster.list") {
        return QJsonObject{{u"clusters"_qs, api::listToJson(world_.clusters)}};
    }
    if (verb == u"rollout.get") {
        if (const api::RolloutDetail *found = rollout(textIn(parameters, "rollout"))) {
            return api::toJson(*found);
        }
        return fail(ErrorCode::NotFound, u"there is no such rollout"_qs);
    }
    if (verb == u"effect") {
        return effect(parameters);
    }
    if (verb == u"fleet.page") {
        return fleetPage(parameters);
    }
    if (verb == u"node.get") {
        return node(parameters);
    }
    if (verb == u"node.log") {
        return QJsonObject{{u"lines"_qs, api::listToJson(world_.log)}};
    }
    if (verb == u"health") {
        return api::toJson(health(parameters));
    }
    if (verb == u"history") {
        return QJsonObject{{u"deployments"_qs, api::listToJson(world_.deployments)}};
    }
    if (verb == u"waiting") {
        return QJsonObject{{u"waiting"_qs, api::listToJson(world_.waiting)}};
    }
    return fail(ErrorCode::Refused, u"these are sample data"_qs, verb,
                u"connect a cluster to change something"_qs);
}

SampleProvider::Reply SampleProvider::effect(const QJsonObject &parameters) const {
    const auto known = world_.effects.find(textIn(parameters, "rollout"));
    if (known == world_.effects.end()) {
        return fail(ErrorCode::NotFound, u"there is no such rollout"_qs);
    }
    api::EffectRow effect = known->second;
    const qint64 to = parameters.value(u"to"_qs).toInteger(-1);
    if (to >= 0) {
        effect.weight_to = static_cast<kernel::Weight>(to);
    }
    return api::toJson(effect, api::Form::Rows);
}

SampleProvider::Reply SampleProvider::fleetPage(const QJsonObject &parameters) const {
    const auto filter = api::Filter::parse(textIn(parameters, "filter"));
    if (!filter) {
        return tl::unexpected(filter.error());
    }
    api::FleetPage page;
    page.cluster = textIn(parameters, "cluster");
    page.revision = 1;
    page.first = static_cast<quint32>(parameters.value(u"first"_qs).toInteger(0));
    const auto count =
        static_cast<std::size_t>(parameters.value(u"count"_qs).toInteger(api::page_nodes_max));
    const auto fleet = world_.fleets.find(page.cluster);
    if (fleet == world_.fleets.end()) {
        return api::toJson(page);
    }
    for (const api::NodeRow &row : fleet->second) {
        if (filter->matches(row)) {
            if (page.total >= page.first && page.nodes.size() < count) {
                page.nodes.push_back(row);
            }
            ++page.total;
        }
    }
    return api::toJson(page);
}

SampleProvider::Reply SampleProvider::node(const QJsonObject &parameters) const {
    const auto fleet = world_.fleets.find(textIn(parameters, "cluster"));
    if (fleet != world_.fleets.end()) {
        const auto found =
            std::ranges::find(fleet->second, textIn(parameters, "node"), &api::NodeRow::id);
        if (found != fleet->second.end()) {
            return QJsonObject{{u"node"_qs, api::toJson(*found)},
                               {u"happenings"_qs, api::listToJson(world_.happenings)}};
        }
    }
    return fail(ErrorCode::NotFound, u"there is no such node"_qs);
}

api::HealthReport SampleProvider::health(const QJsonObject &parameters) const {
    api::HealthReport report;
    report.checks = world_.checks;
    for (api::HealthRow &check : report.checks) {
        check.cluster = textIn(parameters, "cluster");
        check.node = textIn(parameters, "node");
    }
    const auto passed =
        std::ranges::count(report.checks, api::Health::Healthy, &api::HealthRow::health);
    report.overall = report.checks.empty()                 ? api::Health::NoChecks
                     : passed == std::ssize(report.checks) ? api::Health::Healthy
                                                           : api::Health::Unhealthy;
    report.text = u"%1 of %2 checks pass"_qs.arg(passed).arg(report.checks.size());
    return report;
}

const api::RolloutDetail *SampleProvider::rollout(const QString &id) const {
    const auto found = std::ranges::find_if(world_.rollouts,
                                            [&](const auto &known) { return known.row.id == id; });
    return found == world_.rollouts.end() ? nullptr : &*found;
}

SampleProvider::Reply SampleProvider::whole(const QString &topic) {
    QJsonArray rows;
    if (topic == u"daemon") {
        rows.append(api::toJson(world_.daemon));
    } else if (topic == u"clusters") {
        rows = rowsOf(world_.clusters);
    } else if (topic == u"rollouts") {
        for (const api::RolloutDetail &known : world_.rollouts) {
            rows.append(api::toJson(known.row));
        }
    } else if (topic == u"waiting") {
        rows = rowsOf(world_.waiting);
    } else if (topic == u"requests") {
        rows = rowsOf(world_.requests);
    } else if (topic == u"deployments") {
        rows = rowsOf(world_.deployments);
    } else if (topic.startsWith(u"rollout:")) {
        if (const api::RolloutDetail *known = rollout(topic.section(u':', 1))) {
            rows.append(api::toJson(*known));
        }
    } else if (topic.startsWith(u"fleet:")) {
        rows = rowsOf(world_.fleets[topic.section(u':', 1)]);
    } else {
        return fail(ErrorCode::NotFound, u"there is no such topic"_qs, topic);
    }
    return QJsonObject{{u"topic"_qs, topic}, {u"whole"_qs, true}, {u"rows"_qs, rows}};
}

void SampleProvider::told(const QString &topic, const QJsonObject &row) {
    Q_EMIT changed(topic, {{u"topic"_qs, topic},
                           {u"whole"_qs, false},
                           {u"rows"_qs, QJsonArray{row}},
                           {u"gone"_qs, QJsonArray()}});
}

void SampleProvider::tell(const api::ClusterRow &cluster) {
    put(world_.clusters, cluster);
    told(u"clusters"_qs, api::toJson(cluster));
}

void SampleProvider::tell(const api::RolloutDetail &detail) {
    const auto known = std::ranges::find_if(
        world_.rollouts, [&](const auto &other) { return other.row.id == detail.row.id; });
    if (known == world_.rollouts.end()) {
        world_.rollouts.push_back(detail);
    } else {
        *known = detail;
    }
    told(u"rollouts"_qs, api::toJson(detail.row));
    told(u"rollout:"_qs + detail.row.id, api::toJson(detail));
}

void SampleProvider::tell(const api::RequestRow &request) {
    put(world_.requests, request);
    told(u"requests"_qs, api::toJson(request));
}

void SampleProvider::tellEffect(const QString &id, const api::EffectRow &effect) {
    world_.effects[id] = effect;
    if (const api::RolloutDetail *known = rollout(id)) {
        tell(api::RolloutDetail(*known));
    }
}

void SampleProvider::tellWaiting(std::vector<api::WaitingRow> waiting) {
    world_.waiting = std::move(waiting);
    if (const Reply all = whole(u"waiting"_qs)) {
        Q_EMIT changed(u"waiting"_qs, *all);
    }
}

} // namespace aviary::samples
