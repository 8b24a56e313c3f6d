// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/conformance/family.h"
#include "tests/conformance/ledgerstory.h"
#include "tests/conformance/servicerun.h"

#include <map>

// The manager of services: deploys and goes back by name of a strategy, and keeps the history.
namespace aviary::conformance {
namespace {

using namespace kernel;

QString wordOf(Status status) {
    const std::string_view name = nameOf(status);
    return QString::fromLatin1(name.data(), static_cast<qsizetype>(name.size()));
}

// The strategy that moves the traffic of a service, by the name that a person gives.
std::optional<Strategy> trafficStrategy(const QString &name) {
    const auto strategy = strategyByName(name.toStdString());
    if (strategy && std::holds_alternative<Rolling>(*strategy)) {
        return RollingTraffic{};
    }
    if (strategy && std::holds_alternative<Canary>(*strategy)) {
        return CanaryTraffic{};
    }
    return strategy;
}

class ManagerStory {
public:
    QCborMap step(const QCborValue &op) {
        const QString service = op[1].toString();
        const bool deploys = op[0].toString() == u"deploy";
        const QCborValue returned =
            deploys ? deploy(service, op[2].toString(), op[3].toString()) : goBack(service);
        return {{u"returned"_qs, returned},
                {u"history"_qs, history()},
                {u"active"_qs, active()},
                {u"summary"_qs, summary()}};
    }

private:
    QCborValue deploy(const QString &service, const QString &revision, const QString &name) {
        const auto strategy = trafficStrategy(name);
        if (!strategy) {
            return u"refused"_qs;
        }
        if (story_.ledger().changesNothing(service, revision, JobType::Service)) {
            return u"nothing would change"_qs;
        }
        const QString running = story_.ledger().running(service);
        ServiceRun run(service, running.isEmpty() ? u"before"_qs : running);
        if (!run.execute(*strategy, revision)) {
            return u"refused"_qs;
        }
        if (!story_.tell(service, revision, Purpose::Deploy, run.status())) {
            return u"refused"_qs;
        }
        order_.append({service, story_.ledger().history(service).size() - 1});
        return QCborMap{{u"status"_qs, wordOf(run.status())},
                        {u"traffic_percentage"_qs, run.traffic()}};
    }

    QCborValue goBack(const QString &service) {
        if (story_.ledger().running(service).isEmpty()) {
            return nullptr;
        }
        const auto way = story_.ledger().wayBack(service);
        if (!way) {
            return u"refused"_qs;
        }
        const QString revision = way->record->opened.revision;
        if (!story_.tell(service, revision, Purpose::WayBack, Status::Completed)) {
            return u"refused"_qs;
        }
        order_.append({service, story_.ledger().history(service).size() - 1});
        return QCborMap{{u"status"_qs, u"rolled_back"_qs}};
    }

    QCborArray history() const {
        QCborArray rows;
        for (const auto &[service, at] : order_) {
            const auto &record = story_.ledger().history(service)[at];
            rows.append(QCborArray{service, record.opened.revision, wordOf(record.status)});
        }
        return rows;
    }

    QCborMap active() const {
        QCborMap running;
        for (const QString &service : story_.ledger().summary().active_services) {
            running[service] = story_.ledger().running(service);
        }
        return running;
    }

    QCborMap summary() const {
        const LedgerSummary sum = story_.ledger().summary();
        const auto count = [&sum](Status status) {
            const auto at = sum.by_status.find(status);
            return at == sum.by_status.end() ? 0 : qint64{at->second};
        };
        QStringList services = sum.active_services;
        services.sort();
        return {{u"total_deployments"_qs, qint64{sum.total}},
                {u"active_services"_qs, QCborArray::fromStringList(services)},
                {u"completed"_qs, count(Status::Completed)},
                {u"failed"_qs, count(Status::Failed)},
                {u"rolled_back"_qs, count(Status::RolledBack)}};
    }

    LedgerStory story_;
    QList<std::pair<QString, std::size_t>> order_; // of all records, over all services
};

QCborValue answer(const QCborMap &input) {
    ManagerStory story;
    QCborArray steps;
    for (const auto &op : input.value(u"ops"_qs).toArray()) {
        steps.append(story.step(op));
    }
    return QCborMap{{u"steps"_qs, steps}};
}

// Of what a call returned: the status and the traffic. Services in the order of their names.
QCborValue reduced(const QCborValue &value) {
    QCborArray steps;
    for (const auto &member : value[u"steps"_qs].toArray()) {
        QCborMap step = member.toMap();
        const QCborValue returned = member[u"returned"_qs];
        if (returned.isMap()) {
            step[u"returned"_qs] =
                QCborMap{{u"status"_qs, returned[u"status"_qs]},
                         {u"traffic_percentage"_qs, returned[u"traffic_percentage"_qs]}};
        }
        QStringList services;
        for (const auto &service : member[u"summary"_qs][u"active_services"_qs].toArray()) {
            services.append(service.toString());
        }
        services.sort();
        QCborMap summary = member[u"summary"_qs].toMap();
        summary[u"active_services"_qs] = QCborArray::fromStringList(services);
        step[u"summary"_qs] = summary;
        steps.append(step);
    }
    return steps;
}

// ---- Facts about a case, walked as the reference keeps it: what is active for each service.

bool strategyIsUnknown(const QCborMap &input) {
    for (const auto &op : input.value(u"ops"_qs).toArray()) {
        if (op[0].toString() == u"deploy" && op[3].toString() == u"explode") {
            return true;
        }
    }
    return false;
}

bool flagIsDeployed(const QCborMap &input) {
    for (const auto &op : input.value(u"ops"_qs).toArray()) {
        if (op[0].toString() == u"deploy" && op[3].toString() == u"feature_flag") {
            return true;
        }
    }
    return false;
}

bool walk(const QCborMap &input, const QString &looked_for) {
    std::map<QString, QString> active;
    for (const auto &op : input.value(u"ops"_qs).toArray()) {
        const QString service = op[1].toString();
        const bool deploys = op[0].toString() == u"deploy";
        const bool is_active = active.contains(service);
        if (!deploys && is_active && looked_for == u"way back") {
            return true;
        }
        if (deploys && op[3].toString() != u"explode") {
            if (is_active && active[service] == op[2].toString() && looked_for == u"same again") {
                return true;
            }
            active[service] = op[2].toString();
        } else if (!deploys) {
            active.erase(service);
        }
    }
    return false;
}

bool activeGoesBack(const QCborMap &input) {
    return walk(input, u"way back"_qs);
}

bool sameIsDeployedAgain(const QCborMap &input) {
    return walk(input, u"same again"_qs);
}

} // namespace

Family serviceManagerFamily() {
    return {u"service_manager"_qs,
            answer,
            {{u"an unknown strategy is refused, and leaves no record"_qs,
              u"what a person gives on the CLI, in a form or over the API is validated first, and "
              "all errors are collected"_qs,
              strategyIsUnknown},
             {u"a flag stays at initial_rollout until somebody raises it"_qs,
              u"dark update, flag at initial_rollout, ramp by steps"_qs, flagIsDeployed},
             {u"a way back writes a record of its own and brings the previous revision back"_qs,
              u"Its end writes a second deployment record and the next version number; history is "
              "never rewritten"_qs,
              activeGoesBack},
             {u"what runs already is not deployed again"_qs, u"Unchanged content is a no-op"_qs,
              sameIsDeployedAgain}},
            {},
            reduced};
}

} // namespace aviary::conformance
