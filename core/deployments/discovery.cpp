// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/deployments/discovery.h"

#include <algorithm>

namespace aviary {
namespace {

bool asked(const QString &wanted, const QString &is) {
    return wanted.isEmpty() || wanted == is;
}

bool visible(const ServiceInstance &instance, const ServiceFilter &filter) {
    return filter.include_candidates || !filter.role.isEmpty() || isPrimary(instance);
}

std::vector<ServiceInstance> select(const std::vector<ServiceInstance> &instances,
                                    const ServiceFilter &filter, bool passing_only) {
    std::vector<ServiceInstance> found;
    for (const auto &instance : instances) {
        const bool tagged =
            std::all_of(filter.tags.begin(), filter.tags.end(),
                        [&](const QString &tag) { return instance.tags.contains(tag); });
        if (asked(filter.name, instance.name) && asked(filter.node, instance.node) &&
            asked(filter.job, instance.job) && asked(filter.agent, instance.agent) &&
            asked(filter.status, instance.status) && asked(filter.role, instance.role) && tagged &&
            visible(instance, filter) && (!passing_only || instance.status == u"passing")) {
            found.push_back(instance);
        }
    }
    return found;
}

} // namespace

QString instanceId(const QString &job, const QString &agent, const QString &name) {
    return job + u':' + (agent.isEmpty() ? QStringLiteral("job") : agent) + u':' + name;
}

QString firstStatus(bool has_checks) {
    return has_checks ? QStringLiteral("warning") : QStringLiteral("passing");
}

bool isPrimary(const ServiceInstance &instance) {
    return instance.role.isEmpty() || instance.role == u"primary";
}

std::vector<ServiceInstance> listServices(const std::vector<ServiceInstance> &instances,
                                          const ServiceFilter &filter) {
    return select(instances, filter, filter.passing_only.value_or(false));
}

std::vector<ServiceInstance> resolveService(const std::vector<ServiceInstance> &instances,
                                            const QString &name, const ServiceFilter &filter) {
    ServiceFilter named = filter;
    named.name = name;
    return select(instances, named, filter.passing_only.value_or(true));
}

QStringList promoteVersion(std::vector<ServiceInstance> &instances, const QString &key,
                           const QString &version) {
    QStringList promoted;
    for (auto &instance : instances) {
        if (instance.deployment_key == key && instance.deployment_version == version) {
            instance.role = QStringLiteral("primary");
            promoted.append(instance.id);
        }
    }
    return promoted;
}

} // namespace aviary
