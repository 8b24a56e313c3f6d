// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/deployments/discovery.h"
#include "tests/conformance/family.h"

#include <algorithm>

// Which instances of a service can be found, before and after a promotion.
namespace aviary::conformance {
namespace {

QString textOf(const QCborValue &value) {
    return value.isInteger() ? QString::number(value.toInteger()) : value.toString();
}

QStringList textsOf(const QCborValue &value) {
    QStringList texts;
    for (const auto &member : value.toArray()) {
        texts.append(textOf(member));
    }
    return value.isString() ? QStringList{value.toString()} : texts;
}

std::vector<ServiceInstance> instancesOf(const QCborMap &input) {
    std::vector<ServiceInstance> instances;
    for (const auto &member : input.value(u"instances"_qs).toArray()) {
        ServiceInstance instance;
        instance.id = textOf(member[u"id"_qs]);
        instance.name = textOf(member[u"name"_qs]);
        instance.node = textOf(member[u"node"_qs]);
        instance.job = textOf(member[u"job_id"_qs]);
        instance.agent = textOf(member[u"agent_id"_qs]);
        instance.status = textOf(member[u"status"_qs]);
        instance.tags = textsOf(member[u"tags"_qs]);
        instance.deployment_id = textOf(member[u"deployment_id"_qs]);
        instance.deployment_key = textOf(member[u"deployment_key"_qs]);
        instance.deployment_version = textOf(member[u"deployment_version"_qs]);
        instance.role = textOf(member[u"deployment_role"_qs]);
        instances.push_back(std::move(instance));
    }
    return instances;
}

ServiceFilter filterOf(const QCborValue &options) {
    ServiceFilter filter;
    filter.name = textOf(options[u"name"_qs]);
    filter.node = textOf(options[u"node"_qs]);
    filter.job = textOf(options[u"job_id"_qs]);
    filter.agent = textOf(options[u"agent_id"_qs]);
    filter.status = textOf(options[u"status"_qs]);
    filter.tags = textsOf(options[u"tags"_qs]);
    const QString role = textOf(options[u"deployment_role"_qs]);
    filter.role = role.isEmpty() ? textOf(options[u"role"_qs]) : role;
    filter.include_candidates = options[u"include_candidates"_qs].isTrue();
    if (options[u"passing_only"_qs].isBool()) {
        filter.passing_only = options[u"passing_only"_qs].toBool();
    }
    return filter;
}

QCborArray sorted(QStringList ids) {
    ids.sort();
    return QCborArray::fromStringList(ids);
}

QCborValue answer(const QCborMap &input) {
    auto instances = instancesOf(input);
    const QCborValue promote = input.value(u"promote"_qs);
    QCborValue promoted = nullptr;
    if (promote.isMap()) {
        promoted = sorted(promoteVersion(instances, textOf(promote[u"deployment_key"_qs]),
                                         textOf(promote[u"version"_qs])));
    }
    const ServiceFilter filter = filterOf(input.value(u"opts"_qs));
    const bool resolve = input.value(u"call"_qs).toString() == u"resolve";
    const auto found = resolve ? resolveService(instances, textOf(input.value(u"name"_qs)), filter)
                               : listServices(instances, filter);
    QStringList ids;
    for (const auto &instance : found) {
        ids.append(instance.id);
    }
    return QCborMap{{u"visible"_qs, sorted(ids)}, {u"promoted"_qs, promoted}};
}

} // namespace

Family servicesFamily() {
    return {u"services"_qs, answer, {}, {}};
}

} // namespace aviary::conformance
