// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

// What Nomad says, as values. Texts are plain and bounded. Durations and times are Nomad's own
// int64 nanoseconds; times count from 1970. Members that a version of Nomad does not send keep
// their defaults.
namespace aviary::clusters::nomad {

using Index = quint64; // of Nomad's log; rises with every write

struct Node {
    QString id, name, address;
    QString datacenter, pool, node_class; // pool: "default" before 1.6
    QString status;                       // "initializing", "ready", "down", "disconnected"
    QString text;                         // why, where Nomad says it
    QString version;                      // of the agent: "1.0.18"; empty where it is not sent
    bool draining = false;
    bool eligible = true;
    qint64 memory_mib = 0, disk_mib = 0; // 0: not sent
    Index modified = 0;
    bool operator==(const Node &) const = default;
};

enum class DeploymentStatus : quint8 {
    Running,
    Paused,
    Successful,
    Failed,
    Cancelled,
    Other, // of several regions (Enterprise), or newer than this program
};

// How far one task group of a deployment is.
struct GroupProgress {
    QString name;
    qint64 canaries_wanted = 0;
    QStringList canaries; // ids of the allocations that were placed
    qint64 wanted = 0, placed = 0;
    qint64 healthy = 0; // with the canaries
    qint64 unhealthy = 0;
    bool promoted = false, auto_promote = false, auto_revert = false;
    qint64 progress_deadline_ns = 0;
    std::optional<qint64> progress_by_ns; // none: no clock runs
    bool operator==(const GroupProgress &) const = default;
};

struct Deployment {
    QString id, space, job; // space: the namespace
    quint64 job_version = 0;
    DeploymentStatus status = DeploymentStatus::Other;
    QString text; // for people; never decides (see needsPromotion)
    std::vector<GroupProgress> groups;
    std::optional<qint64> created_ns, modified_ns; // Nomad 1.10 and later
    Index created = 0, modified = 0;
    bool operator==(const Deployment &) const = default;

    bool isOver() const;
    // The description says so too early and forgets it after a pause: counts decide.
    bool needsPromotion() const;
};

struct Allocation {
    QString id, name, space, job, group;
    QString node, node_name;
    quint64 job_version = 0;
    QString wanted; // "run", "stop", "evict"
    QString status; // "pending", "running", "complete", "failed", "lost", "unknown"
    QString text;   // what its tasks said last, for people
    bool canary = false;
    std::optional<bool> healthy;     // none: not judged yet
    std::optional<qint64> judged_ns; // when it was
    qint64 created_ns = 0, modified_ns = 0;
    QStringList tasks;
    Index modified = 0;
    bool operator==(const Allocation &) const = default;
};

struct Job {
    QString id, space, name, type, status;
    bool stopped = false;
    std::optional<quint64> version; // lists do not say it
    bool stable = false;            // with a version only
    qint64 submitted_ns = 0;        // a reverted version keeps that of the old one
    Index modified = 0;
    Index spec_modified = 0; // what a register must name to be sure that nobody was first
    std::vector<std::pair<QString, qint64>> groups; // with their counts; lists do not say them
    bool operator==(const Job &) const = default;
};

// What a register would do.
struct PlannedGroup {
    QString name;
    qint64 canary = 0, place = 0, replace = 0, in_place = 0, stop = 0, ignore = 0, migrate = 0;
    qint64 preempt = 0;
    bool operator==(const PlannedGroup &) const = default;
};
struct PlannedChange {
    QString what; // "web/server/Env[APP_VERSION]"
    QString from, to;
    bool operator==(const PlannedChange &) const = default;
};
struct Plan {
    std::vector<PlannedGroup> groups;
    std::vector<PlannedChange> changes; // at most changes_max
    QStringList unplaced;               // "web: no node has what it wants (missing drivers: 4)"
    QString warnings;
    Index spec_modified = 0; // to be enforced by the register; 0: the job is new
    bool is_same = false;    // nothing would change
    bool operator==(const Plan &) const = default;

    static constexpr std::size_t changes_max = 1'000;
};

struct Agent {
    QString version, region, datacenter, name;
    bool has_acl = false;
    bool is_server = false;
    bool operator==(const Agent &) const = default;
};

struct Token {
    QString accessor, name; // never the secret
    bool manages = false;   // may do everything
    QStringList policies;
    bool operator==(const Token &) const = default;
};

// One rule of a policy for the namespaces that match `spaces` ("default", "team-*").
struct SpaceRule {
    QString spaces;
    QStringList capabilities;
    bool operator==(const SpaceRule &) const = default;
};
struct Policy {
    QString name;
    std::vector<SpaceRule> rules;
    bool reads_nodes = false, writes_nodes = false;
    bool operator==(const Policy &) const = default;
};

} // namespace aviary::clusters::nomad
