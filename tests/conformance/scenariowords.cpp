// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/conformance/scenariostory.h"

// Between the words of the recorded scenarios and ours.
namespace aviary::conformance {
namespace {

QString textOf(const QCborValue &value) {
    return value.isInteger() ? QString::number(value.toInteger()) : value.toString();
}

QString resultOf(const QCborValue &result) {
    if (!result.toMap().contains(u"ok"_qs)) {
        return u"error"_qs;
    }
    const QCborValue ok = result[u"ok"_qs];
    if (ok.isArray()) {
        QStringList ids;
        for (const auto &one : ok.toArray()) {
            const bool listed = one[u"deployment_id"_qs].isString() && !one[u"id"_qs].isString();
            ids.append(
                listed ? one[u"deployment_id"_qs].toString() + u' ' + one[u"status"_qs].toString()
                       : one[u"id"_qs].toString() + u' ' + textOf(one[u"deployment_version"_qs]));
        }
        ids.sort();
        return ids.join(u", ");
    }
    const QCborValue own = ok[u"status"_qs];
    const QCborValue nested = ok[u"deployment"_qs][u"status"_qs];
    if (nested.isString()) {
        return nested.toString();
    }
    return own.isString() ? own.toString() : u"ok"_qs;
}

QCborArray callsOf(const QCborValue &calls) {
    QCborArray flat;
    for (const auto &call : calls.toArray()) {
        const QString kind = call[0].toString();
        if (kind == u"start_job") {
            flat.append(QString(u"start v" + textOf(call[4])));
        } else if (kind == u"cancel") {
            flat.append(u"cancel"_qs);
        } else {
            for (const auto &agent : call[2].toArray()) {
                flat.append(QString(agent.toString() + u" v" + textOf(call[5])));
            }
        }
    }
    return flat;
}

QStringList runningIn(const QCborValue &state) {
    QStringList running;
    for (const auto &[job, agents] : state[u"running"_qs].toMap()) {
        if (state[u"jobs"_qs][job.toString()].toString() == u"cancelled") {
            continue;
        }
        for (const auto &[agent, image] : agents.toMap()) {
            running.append(agent.toString() + u' ' +
                           (image.isString() ? image.toString() : u"stopped"_qs));
        }
    }
    running.sort();
    return running;
}

QStringList recordsIn(const QCborValue &state) {
    std::map<int, QString> by_number;
    for (const auto &record : state[u"deployments"_qs].toArray()) {
        const int number = record[u"deployment_id"_qs].toString().mid(3).toInt();
        by_number[number] = record[u"status"_qs].toString();
    }
    QStringList words;
    for (const auto &[number, word] : by_number) {
        words.append(word);
    }
    return words;
}

} // namespace

QString referenceWord(const DeploymentRecord &record) {
    switch (record.status) {
    case kernel::Status::Completed:
        return record.opened.purpose == Purpose::Rerun ? u"version_recorded"_qs : u"successful"_qs;
    case kernel::Status::Waiting:
        return u"awaiting_promotion"_qs;
    case kernel::Status::InProgress:
        return u"running"_qs;
    default: {
        const std::string_view name = kernel::nameOf(record.status);
        return QString::fromLatin1(name.data(), static_cast<qsizetype>(name.size()));
    }
    }
}

QCborMap reducedScenarioStep(const QCborValue &recorded) {
    const QCborValue state = recorded[u"state"_qs];
    if (!state.isMap()) {
        return recorded.toMap();
    }
    QStringList versions, services;
    for (const auto &version : state[u"versions"_qs].toArray()) {
        versions.append(textOf(version[u"key"_qs]) + u' ' + textOf(version[u"version"_qs]) +
                        (version[u"stable"_qs].isTrue() ? u" stable" : u""));
    }
    for (const auto &[id, facts] : state[u"services"_qs].toMap()) {
        services.append(id.toString() + u' ' + textOf(facts[0]) + u' ' + textOf(facts[1]));
    }
    versions.sort();
    services.sort();
    return {{u"result"_qs, resultOf(recorded[u"result"_qs])},
            {u"calls"_qs, callsOf(state[u"calls"_qs])},
            {u"records"_qs, QCborArray::fromStringList(recordsIn(state))},
            {u"versions"_qs, QCborArray::fromStringList(versions)},
            {u"running"_qs, QCborArray::fromStringList(runningIn(state))},
            {u"services"_qs, QCborArray::fromStringList(services)}};
}

ServiceFilter scenarioFilter(const QCborValue &options) {
    ServiceFilter filter;
    filter.role = textOf(options[u"role"_qs]);
    filter.include_candidates = options[u"include_candidates"_qs].isTrue();
    if (options[u"passing_only"_qs].isBool()) {
        filter.passing_only = options[u"passing_only"_qs].toBool();
    }
    return filter;
}

} // namespace aviary::conformance
