// SPDX-License-Identifier: GPL-3.0-or-later
// The verbs that only read; all others are refused.
#include "core/api/filter.h"
#include "core/api/valuesjson.h"
#include "core/support/words.h"
#include "core/travel/travelprovider.h"

#include <QBuffer>

#include <algorithm>

namespace aviary::travel {

using namespace kernel;
using namespace Qt::Literals;

const std::map<QString, TravelProvider::Verb> &TravelProvider::verbs() {
    using P = TravelProvider;
    static const std::map<QString, Verb> table = {
        {u"hello"_qs, &P::hello},
        {u"cluster.list"_qs, &P::listClusters},
        {u"fleet.page"_qs, &P::fleetPage},
        {u"node.get"_qs, &P::getNode},
        {u"rollout.list"_qs, &P::listRollouts},
        {u"rollout.get"_qs, &P::getRollout},
        {u"rollout.targets"_qs, &P::getTargets},
        {u"run.export"_qs, &P::exportRun},
        {u"history"_qs, &P::history},
        {u"waiting"_qs, &P::waiting},
        {u"summary"_qs, &P::summary},
    };
    return table;
}

void TravelProvider::handle(const api::Caller &, const QString &verb, const QJsonObject &parameters,
                            api::Answer answer) {
    const auto known = verbs().find(verb);
    if (known == verbs().end()) {
        answer(tl::unexpected(refusal_));
        return;
    }
    answer((this->*known->second)(parameters));
}

Result<RecordedRun *> TravelProvider::runIn(const QJsonObject &asked) const {
    const QString id = asked[u"rollout"].toString();
    for (const std::shared_ptr<RecordedRun> &run : runs_) {
        if (run->header().rollout == id && begun(*run)) {
            return run.get();
        }
    }
    return fail(ErrorCode::NotFound, tr("rollout %1 was not there then").arg(boundedText(id)),
                u"rollout"_qs, tr("go to a later instant"));
}

Result<const TravelFleet *> TravelProvider::fleetIn(const QJsonObject &asked) const {
    const auto fleet = fleets_.find(asked[u"cluster"].toString());
    if (fleet == fleets_.end()) {
        return fail(ErrorCode::NotFound, tr("there is no such cluster here"), u"cluster"_qs);
    }
    return &fleet->second;
}

TravelProvider::Reply TravelProvider::hello(const QJsonObject &) {
    return api::toJson(daemonState());
}

TravelProvider::Reply TravelProvider::listClusters(const QJsonObject &) {
    return QJsonObject{{u"clusters"_qs, api::listToJson(clusterRows())}};
}

TravelProvider::Reply TravelProvider::fleetPage(const QJsonObject &asked) {
    const auto filter = api::Filter::parse(asked[u"filter"].toString());
    if (!filter) {
        return tl::unexpected(filter.error());
    }
    return fleetIn(asked).map([&](const TravelFleet *fleet) {
        api::FleetPage page;
        page.cluster = asked[u"cluster"].toString();
        page.first = static_cast<quint32>(std::max<qint64>(0, asked[u"first"].toInteger()));
        const qint64 count = std::clamp<qint64>(asked[u"count"].toInteger(api::page_nodes_max), 0,
                                                api::page_nodes_max);
        for (const api::NodeRow &row : fleet->rows()) {
            if (!filter->matches(row)) {
                continue;
            }
            if (page.total >= page.first && std::ssize(page.nodes) < count) {
                page.nodes.push_back(row);
            }
            ++page.total;
        }
        return api::toJson(page);
    });
}

TravelProvider::Reply TravelProvider::getNode(const QJsonObject &asked) {
    return fleetIn(asked).and_then([&](const TravelFleet *fleet) -> Reply {
        constexpr std::size_t lines_max = 200;
        const QString node = asked[u"node"].toString();
        const auto at = fleet->find(node);
        if (!at) {
            return fail(ErrorCode::NotFound, tr("there is no such node here"), u"node"_qs);
        }
        std::vector<api::Happening> lines;
        for (const std::shared_ptr<RecordedRun> &run : runs_) {
            if (begun(*run) && run->header().cluster == asked[u"cluster"].toString()) {
                const auto told = run->happenings(lines_max, node);
                lines.insert(lines.end(), told.begin(), told.end());
            }
        }
        std::ranges::stable_sort(lines, std::ranges::greater{}, &api::Happening::wall_ms);
        return QJsonObject{{u"node"_qs, api::toJson(fleet->rows()[*at])},
                           {u"happenings"_qs, api::listToJson(lines)}};
    });
}

TravelProvider::Reply TravelProvider::listRollouts(const QJsonObject &asked) {
    const QString cluster = asked[u"cluster"].toString();
    const QString service = asked[u"service"].toString();
    std::vector<api::RolloutRow> rows = rolloutRows();
    std::erase_if(rows, [&](const api::RolloutRow &row) {
        return (!cluster.isEmpty() && row.cluster != cluster) ||
               (!service.isEmpty() && row.service != service) ||
               (asked[u"active"].toBool() && isEnd(row.status));
    });
    return QJsonObject{{u"rollouts"_qs, api::listToJson(rows)}};
}

TravelProvider::Reply TravelProvider::getRollout(const QJsonObject &asked) {
    return runIn(asked).map(
        [this](RecordedRun *run) { return api::toJson(run->detail(refusal_.what)); });
}

TravelProvider::Reply TravelProvider::getTargets(const QJsonObject &asked) {
    return runIn(asked).map([&](RecordedRun *run) {
        const qint64 most = std::numeric_limits<qint32>::max();
        const auto first = std::clamp<qint64>(asked[u"first"].toInteger(), 0, most);
        const auto count =
            std::clamp<qint64>(asked[u"count"].toInteger(api::page_nodes_max), 0, most);
        return api::toJson(run->targets(static_cast<quint32>(first), static_cast<quint32>(count)));
    });
}

// The whole run, not only what lies before the instant: it is the record.
TravelProvider::Reply TravelProvider::exportRun(const QJsonObject &asked) {
    return runIn(asked).and_then([](RecordedRun *run) {
        QBuffer lines;
        lines.open(QIODevice::WriteOnly);
        record::RunWriter writer(lines, record::headerLine(run->header()));
        for (const record::SealedEntry &entry : run->run().entries) {
            writer.write(entry);
        }
        return writer.finish().map([&] {
            return QJsonObject{{u"jsonl"_qs, QString::fromUtf8(lines.data())}};
        });
    });
}

TravelProvider::Reply TravelProvider::history(const QJsonObject &asked) {
    const QString key = asked[u"key"].toString();
    const QString cluster = asked[u"cluster"].toString();
    std::vector<api::DeploymentRow> rows = deploymentRows();
    std::erase_if(rows, [&](const api::DeploymentRow &row) {
        return (!key.isEmpty() && row.key != key) || (!cluster.isEmpty() && row.cluster != cluster);
    });
    return QJsonObject{{u"deployments"_qs, api::listToJson(rows)}};
}

TravelProvider::Reply TravelProvider::waiting(const QJsonObject &) {
    return QJsonObject{{u"waiting"_qs, api::listToJson(waitingRows())}};
}

TravelProvider::Reply TravelProvider::summary(const QJsonObject &asked) {
    const QString cluster = asked[u"cluster"].toString();
    api::Summary answer;
    std::set<QString> services;
    for (const api::DeploymentRow &row : deploymentRows()) {
        if (!cluster.isEmpty() && row.cluster != cluster) {
            continue;
        }
        ++answer.deployments;
        services.insert(row.key);
        answer.completed += row.status == Status::Completed;
        answer.rolled_back += row.status == Status::RolledBack;
        answer.failed += row.status == Status::Failed;
        answer.superseded += row.status == Status::Superseded;
        answer.active += !isEnd(row.status);
        answer.waiting += row.status == Status::Waiting;
    }
    answer.services = static_cast<quint32>(services.size());
    const quint32 ended = answer.completed + answer.rolled_back + answer.failed + answer.superseded;
    answer.success_rate = ended == 0 ? -1 : static_cast<double>(answer.completed) / ended;
    return api::toJson(answer);
}

} // namespace aviary::travel
