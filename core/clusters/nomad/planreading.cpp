// SPDX-License-Identifier: GPL-3.0-or-later
// Answers about what may be done, and what would come of it.
#include "core/clusters/nomad/members.h"
#include "core/clusters/nomad/reading.h"

namespace aviary::clusters::nomad {
namespace {

PlannedGroup plannedFrom(const QString &name, const QJsonObject &from) {
    return {name,
            number(from, "Canary"),
            number(from, "Place"),
            number(from, "DestructiveUpdate"),
            number(from, "InPlaceUpdate"),
            number(from, "Stop"),
            number(from, "Ignore"),
            number(from, "Migrate"),
            number(from, "Preemptions")};
}

// Fields that change, of the thing itself and of all below it.
void addChanges(const QJsonObject &diff, const QString &place, Plan &plan) {
    for (const QJsonValue &one : diff[u"Fields"].toArray()) {
        const QJsonObject field = one.toObject();
        if (text(field, "Type") != u"None" && plan.changes.size() < Plan::changes_max) {
            plan.changes.push_back(
                {bounded(place + text(field, "Name")), text(field, "Old"), text(field, "New")});
        }
    }
    for (const char *below : {"Objects", "TaskGroups", "Tasks"}) {
        for (const QJsonValue &one : diff[QLatin1StringView(below)].toArray()) {
            const QJsonObject inner = one.toObject();
            addChanges(inner, place + text(inner, "Name") + u'/', plan);
        }
    }
}

// {"ConstraintFiltered": {"missing drivers": 4}, "DimensionExhausted": {"memory": 2}}
QString reasonOf(const QJsonObject &metrics) {
    QStringList reasons;
    for (const char *kind : {"ConstraintFiltered", "ClassFiltered", "DimensionExhausted"}) {
        const QJsonObject counts = object(metrics, kind);
        for (auto count = counts.begin(); count != counts.end(); ++count) {
            reasons << count.key() + u": " + QString::number(count->toInteger());
        }
    }
    const QString nodes = QObject::tr("no node has room for it");
    return bounded(reasons.isEmpty() ? nodes : nodes + u" (" + reasons.join(u", ") + u')');
}

bool isNodePolicy(const QString &word, bool to_write) {
    return word == u"write" || (!to_write && word == u"read");
}

} // namespace

Result<Plan> readPlan(const QByteArray &body) {
    return objectIn(body, "JobModifyIndex").map([](const QJsonObject &from) {
        Plan plan;
        const QJsonObject groups = object(object(from, "Annotations"), "DesiredTGUpdates");
        for (auto group = groups.begin(); group != groups.end(); ++group) {
            plan.groups.push_back(plannedFrom(bounded(group.key()), group->toObject()));
        }
        addChanges(object(from, "Diff"), {}, plan);
        plan.is_same = text(object(from, "Diff"), "Type") == u"None";
        const QJsonObject failed = object(from, "FailedTGAllocs");
        for (auto group = failed.begin(); group != failed.end(); ++group) {
            plan.unplaced << bounded(group.key() + u": " + reasonOf(group->toObject()));
        }
        plan.warnings = text(from, "Warnings");
        plan.spec_modified = index(from, "JobModifyIndex");
        return plan;
    });
}

Result<Agent> readAgent(const QByteArray &body) {
    return objectIn(body, "config").map([](const QJsonObject &from) {
        const QJsonObject config = object(from, "config"), member = object(from, "member");
        const QJsonObject tags = object(member, "Tags");
        Agent agent;
        agent.version = text(object(config, "Version"), "Version");
        if (agent.version.isEmpty()) {
            agent.version = text(tags, "build");
        }
        agent.region = text(config, "Region");
        agent.datacenter = text(config, "Datacenter");
        agent.name = text(member, "Name");
        agent.has_acl = flag(object(config, "ACL"), "Enabled");
        agent.is_server = flag(object(config, "Server"), "Enabled");
        return agent;
    });
}

Result<Token> readToken(const QByteArray &body) {
    return objectIn(body, "AccessorID").map([](const QJsonObject &from) {
        return Token{text(from, "AccessorID"), text(from, "Name"),
                     text(from, "Type") == u"management", texts(from, "Policies")};
    });
}

Result<Policy> readPolicy(const QByteArray &body) {
    return objectIn(body, "Name").map([](const QJsonObject &from) {
        const QJsonObject rules = object(from, "RulesJSON");
        Policy policy;
        policy.name = text(from, "Name");
        for (const QJsonValue &one : rules[u"Namespaces"].toArray()) {
            const QJsonObject rule = one.toObject();
            policy.rules.push_back({text(rule, "Name"), texts(rule, "Capabilities")});
        }
        const QString nodes = text(object(rules, "Node"), "Policy");
        policy.reads_nodes = isNodePolicy(nodes, false);
        policy.writes_nodes = isNodePolicy(nodes, true);
        return policy;
    });
}

Result<QStringList> readNames(const QByteArray &body) {
    return arrayIn(body).map([](const QJsonArray &array) {
        QStringList names;
        for (const QJsonValue &one : array) {
            names << (one.isObject() ? text(one.toObject(), "Name") : bounded(one.toString()));
        }
        return names;
    });
}

} // namespace aviary::clusters::nomad
