// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clusters/nomad/values.h"
#include "core/support/error.h"

#include <QByteArray>

#include <variant>

// Nomad's answers read into values. Total: what is not Nomad's is Unreachable, with what it is
// instead; members that are missing or of another type count as not sent; what is newer than this
// program is passed over.
namespace aviary::clusters::nomad {

Result<std::vector<Node>> readNodes(const QByteArray &body);
Result<std::vector<Deployment>> readDeployments(const QByteArray &body);
// None: null, as Nomad answers for a job that has none.
Result<std::optional<Deployment>> readDeployment(const QByteArray &body);
Result<std::vector<Allocation>> readAllocations(const QByteArray &body);
Result<std::vector<Job>> readJobs(const QByteArray &body);
Result<Job> readJob(const QByteArray &body);
// Of one job, the newest first.
Result<std::vector<Job>> readVersions(const QByteArray &body);
Result<Plan> readPlan(const QByteArray &body);
Result<Agent> readAgent(const QByteArray &body);
Result<Token> readToken(const QByteArray &body);
Result<Policy> readPolicy(const QByteArray &body);
// Names of a list of regions or objects with a Name.
Result<QStringList> readNames(const QByteArray &body);

// One change that the event stream tells. The payload counts, never the type of the event.
struct Gone {
    enum class What : quint8 { Node, Job };
    What what = What::Node;
    QString id, space;
    bool operator==(const Gone &) const = default;
};
using Change = std::variant<Node, Deployment, Job, Gone>;
struct StreamLine {
    Index index = 0; // 0: a heartbeat
    std::vector<Change> changes;
    bool operator==(const StreamLine &) const = default;
};
// One line without its end. A line that is no JSON is refused with its own words: a stream that
// Nomad closes ends with one.
Result<StreamLine> readStreamLine(const QByteArray &line);

// "2026-11-20T09:13:53.812657584Z" exactly; none: no time, or Go's year 1.
std::optional<qint64> nanosecondsOf(const QString &time);

} // namespace aviary::clusters::nomad
