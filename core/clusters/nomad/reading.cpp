// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/nomad/reading.h"

#include "core/clusters/nomad/members.h"

#include <QDateTime>
#include <QTimeZone>

#include <algorithm>

namespace aviary::clusters::nomad {
namespace {

constexpr qint64 second_ns = 1'000'000'000;
constexpr qsizetype text_max = 500;

Node nodeFrom(const QJsonObject &from) {
    Node node;
    node.id = text(from, "ID");
    node.name = text(from, "Name");
    node.address = text(from, "Address");
    if (node.address.isEmpty()) { // a whole node has its HTTP address instead
        node.address = text(from, "HTTPAddr").section(u':', 0, -2);
    }
    node.datacenter = text(from, "Datacenter");
    node.pool = text(from, "NodePool");
    if (node.pool.isEmpty()) {
        node.pool = QStringLiteral("default");
    }
    node.node_class = text(from, "NodeClass");
    node.status = text(from, "Status");
    node.text = text(from, "StatusDescription");
    node.version = text(from, "Version");
    if (node.version.isEmpty()) {
        node.version = text(object(from, "Attributes"), "nomad.version");
    }
    node.draining = flag(from, "Drain");
    node.eligible = text(from, "SchedulingEligibility") != u"ineligible";
    const QJsonObject resources = object(from, "NodeResources");
    node.memory_mib = number(object(resources, "Memory"), "MemoryMB");
    node.disk_mib = number(object(resources, "Disk"), "DiskMB");
    node.modified = index(from, "ModifyIndex");
    return node;
}

DeploymentStatus statusFrom(const QString &word) {
    static const std::pair<QString, DeploymentStatus> known[]{
        {QStringLiteral("running"), DeploymentStatus::Running},
        {QStringLiteral("paused"), DeploymentStatus::Paused},
        {QStringLiteral("successful"), DeploymentStatus::Successful},
        {QStringLiteral("failed"), DeploymentStatus::Failed},
        {QStringLiteral("cancelled"), DeploymentStatus::Cancelled},
    };
    const auto *at = std::ranges::find(known, word, &std::pair<QString, DeploymentStatus>::first);
    return at == std::end(known) ? DeploymentStatus::Other : at->second;
}

GroupProgress progressFrom(const QString &name, const QJsonObject &from) {
    GroupProgress group;
    group.name = name;
    group.canaries_wanted = number(from, "DesiredCanaries");
    group.canaries = texts(from, "PlacedCanaries");
    group.wanted = number(from, "DesiredTotal");
    group.placed = number(from, "PlacedAllocs");
    group.healthy = number(from, "HealthyAllocs");
    group.unhealthy = number(from, "UnhealthyAllocs");
    group.promoted = flag(from, "Promoted");
    group.auto_promote = flag(from, "AutoPromote");
    group.auto_revert = flag(from, "AutoRevert");
    group.progress_deadline_ns = number(from, "ProgressDeadline");
    group.progress_by_ns = nanosecondsOf(text(from, "RequireProgressBy"));
    return group;
}

std::optional<qint64> sent(const QJsonObject &from, const char *member) {
    const qint64 value = number(from, member);
    return value == 0 ? std::nullopt : std::optional(value);
}

Deployment deploymentFrom(const QJsonObject &from) {
    Deployment deployment;
    deployment.id = text(from, "ID");
    deployment.space = text(from, "Namespace");
    deployment.job = text(from, "JobID");
    deployment.job_version = index(from, "JobVersion");
    deployment.status = statusFrom(text(from, "Status"));
    deployment.text = text(from, "StatusDescription");
    const QJsonObject groups = object(from, "TaskGroups");
    for (auto group = groups.begin(); group != groups.end(); ++group) {
        deployment.groups.push_back(progressFrom(bounded(group.key()), group->toObject()));
    }
    deployment.created_ns = sent(from, "CreateTime");
    deployment.modified_ns = sent(from, "ModifyTime");
    deployment.created = index(from, "CreateIndex");
    deployment.modified = index(from, "ModifyIndex");
    return deployment;
}

// "server: exited with 3", from the task that says most.
QString wordsOf(const QJsonObject &tasks) {
    QString words;
    for (auto task = tasks.begin(); task != tasks.end(); ++task) {
        const QJsonObject state = task->toObject();
        const QJsonArray events = state[u"Events"].toArray();
        const QString said =
            text(events.isEmpty() ? QJsonObject() : events.last().toObject(), "DisplayMessage");
        if (!said.isEmpty() && (words.isEmpty() || flag(state, "Failed"))) {
            words = bounded(task.key() + u": " + said);
        }
    }
    return words;
}

Allocation allocationFrom(const QJsonObject &from) {
    Allocation allocation;
    allocation.id = text(from, "ID");
    allocation.name = text(from, "Name");
    allocation.space = text(from, "Namespace");
    allocation.job = text(from, "JobID");
    allocation.group = text(from, "TaskGroup");
    allocation.node = text(from, "NodeID");
    allocation.node_name = text(from, "NodeName");
    allocation.job_version = index(from, "JobVersion");
    allocation.wanted = text(from, "DesiredStatus");
    allocation.status = text(from, "ClientStatus");
    const QJsonObject tasks = object(from, "TaskStates");
    allocation.tasks = tasks.keys();
    allocation.text = wordsOf(tasks);
    if (allocation.text.isEmpty()) {
        allocation.text = text(from, "ClientDescription");
    }
    const QJsonObject judged = object(from, "DeploymentStatus");
    allocation.canary = flag(judged, "Canary");
    if (judged[u"Healthy"].isBool()) {
        allocation.healthy = judged[u"Healthy"].toBool();
        allocation.judged_ns = nanosecondsOf(text(judged, "Timestamp"));
    }
    allocation.created_ns = number(from, "CreateTime");
    allocation.modified_ns = number(from, "ModifyTime");
    allocation.modified = index(from, "ModifyIndex");
    return allocation;
}

Job jobFrom(const QJsonObject &from) {
    Job job;
    job.id = text(from, "ID");
    job.space = text(from, "Namespace");
    if (job.space.isEmpty()) { // lists of 1.0 keep it in the summary
        job.space = text(object(from, "JobSummary"), "Namespace");
    }
    job.name = text(from, "Name");
    job.type = text(from, "Type");
    job.status = text(from, "Status");
    job.stopped = flag(from, "Stop");
    if (from.contains(u"Version")) {
        job.version = index(from, "Version");
        job.stable = flag(from, "Stable");
    }
    job.submitted_ns = number(from, "SubmitTime");
    job.modified = index(from, "ModifyIndex");
    job.spec_modified = index(from, "JobModifyIndex");
    for (const QJsonValue &one : from[u"TaskGroups"].toArray()) {
        const QJsonObject group = one.toObject();
        job.groups.emplace_back(text(group, "Name"), number(group, "Count"));
    }
    return job;
}

template <class T>
Result<std::vector<T>> listFrom(const QByteArray &body, T (*from)(const QJsonObject &)) {
    return arrayIn(body).and_then([&](const QJsonArray &array) -> Result<std::vector<T>> {
        std::vector<T> all;
        all.reserve(static_cast<std::size_t>(array.size()));
        for (const QJsonValue &one : array) {
            all.push_back(from(one.toObject()));
            if (all.back().id.isEmpty()) {
                return tl::unexpected(notNomads(body));
            }
        }
        return all;
    });
}

std::optional<Change> changeFrom(const QJsonObject &event) {
    const QString topic = event[u"Topic"].toString();
    const QJsonObject payload = object(event, "Payload");
    const bool leaves = event[u"Type"].toString().contains(u"Deregist");
    if (topic == u"Deployment") {
        return deploymentFrom(object(payload, "Deployment"));
    }
    if (topic == u"Node") {
        const Node node = nodeFrom(object(payload, "Node"));
        return leaves ? Change(Gone{Gone::What::Node, text(event, "Key"), {}}) : Change(node);
    }
    if (topic == u"Job") {
        const Job job = jobFrom(object(payload, "Job"));
        return leaves && job.id.isEmpty()
                   ? Change(Gone{Gone::What::Job, text(event, "Key"), text(event, "Namespace")})
                   : Change(job);
    }
    return std::nullopt;
}

bool isNamed(const Change &change) {
    return std::visit([](const auto &one) { return !one.id.isEmpty(); }, change);
}

} // namespace

Result<std::vector<Node>> readNodes(const QByteArray &body) {
    return listFrom<Node>(body, nodeFrom);
}

Result<std::vector<Deployment>> readDeployments(const QByteArray &body) {
    return listFrom<Deployment>(body, deploymentFrom);
}

Result<std::optional<Deployment>> readDeployment(const QByteArray &body) {
    if (body.trimmed() == "null") {
        return std::nullopt;
    }
    return objectIn(body, "ID").map([](const QJsonObject &from) {
        return std::optional(deploymentFrom(from));
    });
}

Result<std::vector<Allocation>> readAllocations(const QByteArray &body) {
    return listFrom<Allocation>(body, allocationFrom);
}

Result<std::vector<Job>> readJobs(const QByteArray &body) {
    return listFrom<Job>(body, jobFrom);
}

Result<Job> readJob(const QByteArray &body) {
    return objectIn(body, "ID").map(jobFrom);
}

Result<std::vector<Job>> readVersions(const QByteArray &body) {
    return objectIn(body, "Versions").map([](const QJsonObject &from) {
        std::vector<Job> all;
        for (const QJsonValue &one : from[u"Versions"].toArray()) {
            all.push_back(jobFrom(one.toObject()));
        }
        return all;
    });
}

Result<StreamLine> readStreamLine(const QByteArray &line) {
    QJsonParseError trouble;
    const QJsonDocument document = QJsonDocument::fromJson(line, &trouble);
    if (!document.isObject()) {
        return fail(ErrorCode::Unreachable, bounded(QString::fromUtf8(line.left(text_max))));
    }
    const QJsonObject from = document.object();
    StreamLine read{index(from, "Index"), {}};
    for (const QJsonValue &one : from[u"Events"].toArray()) {
        if (auto change = changeFrom(one.toObject())) {
            if (!isNamed(*change)) {
                return tl::unexpected(notNomads(line));
            }
            read.changes.push_back(std::move(*change));
        }
    }
    return read;
}

std::optional<qint64> nanosecondsOf(const QString &time) {
    QDateTime whole = QDateTime::fromString(time.left(19), Qt::ISODate);
    whole.setTimeZone(QTimeZone::utc());
    if (time.size() < 20 || !whole.isValid() || whole.date().year() < 1970) {
        return std::nullopt;
    }
    qsizetype at = 19;
    qint64 fraction_ns = 0;
    if (time[at] == u'.') {
        qint64 digit_ns = second_ns / 10;
        for (++at; at < time.size() && time[at].isDigit(); ++at, digit_ns /= 10) {
            fraction_ns += digit_ns * time[at].digitValue();
        }
    }
    qint64 offset_s = 0;
    if (const QString zone = time.mid(at); zone != u"Z") {
        const QTime ahead = QTime::fromString(zone.mid(1), QStringLiteral("HH:mm"));
        if (!ahead.isValid()) {
            return std::nullopt;
        }
        offset_s = QTime(0, 0).secsTo(ahead) * (zone.startsWith(u'-') ? -1 : 1);
    }
    return (whole.toSecsSinceEpoch() - offset_s) * second_ns + fraction_ns;
}

} // namespace aviary::clusters::nomad
