// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/analysis/judge.h"
#include "core/kernel/rollout/permission.h"
#include "core/kernel/strategy/plan.h"
#include "core/support/error.h"

#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

// What clients see. Plain values, compared and sent whole or as differences by id; each has one
// JSON shape (core/api/valuesjson.h), the same for the socket and for `aviary ... --json`. Times
// named _wall_ms are milliseconds since 1970; ages and durations are milliseconds.
namespace aviary::api {

enum class ClusterKind : quint8 { Local, Docker, Nomad, Kubernetes, File };
enum class ClusterClass : quint8 { Development, Staging, Production };
enum class Contact : quint8 { Connecting, Live, Stale, Lost };

struct ClusterRow {
    QString id; // short, unique, as a person typed it: "edge-eu"
    QString name;
    ClusterKind kind = ClusterKind::Local;
    ClusterClass klass = ClusterClass::Development;
    Contact contact = Contact::Connecting;
    qint64 heard_wall_ms = 0;     // 0: never
    qint64 age_limit_ms = 15'000; // data older than this is stale
    bool unlocked = false;        // clusters open read-only
    bool needs_approval = false;  // plans need another person's approval
    quint32 nodes = 0, healthy = 0, degraded = 0, offline = 0, behind = 0;
    bool splits_traffic = false;
    QString text; // "HAProxy 2.6.12"; or what is wrong and when it is tried again
    bool operator==(const ClusterRow &) const = default;
};

struct RolloutRow {
    QString id; // ULID
    QString cluster;
    QString service;
    QString deployment; // id of its record
    QString from, to;   // revisions
    kernel::StrategyKind strategy = kernel::StrategyKind::Rolling;
    kernel::Status status = kernel::Status::Draft;
    quint64 epoch = 0;
    kernel::Weight weight = 0;
    quint32 step = 0, steps = 0, wave = 0, waves = 0;
    quint32 nodes_done = 0, nodes = 0;
    qint64 started_wall_ms = 0, changed_wall_ms = 0, ended_wall_ms = 0;
    QString who;
    QString headline; // one sentence: what it does, waits for, or why it stopped
    bool operator==(const RolloutRow &) const = default;
};

enum class StepSign : quint8 { ToCome, Now, Done, Skipped, Failed };
struct StepRow {
    QString text; // "Update 4 nodes", "Shift 10 %", "Check 5 min", "Hold for you"
    StepSign sign = StepSign::ToCome;
    qint64 took_ms = -1;        // -1: not begun
    qint64 expected_ms = -1;    // -1: unknown
    kernel::Weight weight = -1; // of the stage that it belongs to; -1: none
    bool operator==(const StepRow &) const = default;
};

struct TargetRow {
    QString node, site, previous;
    kernel::Phase phase = kernel::Phase::Untouched;
    kernel::NodeStatus status = kernel::NodeStatus::Online;
    QString text; // why it failed or is behind
    bool operator==(const TargetRow &) const = default;
};

// One line of "what happened".
struct Happening {
    quint64 sequence = 0; // of the journal
    qint64 wall_ms = 0;
    QString who; // "you", "engine", "gate", "router", a node's name, a person
    QString text;
    kernel::Weight weight = -1; // the share that the router confirmed; -1: it is not about that
    bool operator==(const Happening &) const = default;
};

struct SiteEffectRow {
    QString site;
    quint32 nodes = 0, up = 0, floor = 0;
    bool operator==(const SiteEffectRow &) const = default;
};
struct EffectRow {
    quint64 epoch = 0;
    QString token; // digest of the effect: sent back with the request; another one voids it
    kernel::Weight weight_from = 0, weight_to = 0;
    quint32 nodes = 0;
    std::vector<SiteEffectRow> sites;
    double requests_per_minute = -1; // that change revisions; -1: not measured
    bool raises_exposure = false;
    QString way_back;
    QStringList sentences; // the effect in words, one fact a line
    QString refusal;       // why it is not allowed now; empty when it is
    bool operator==(const EffectRow &) const = default;
};

// A verb that may be asked now, or the reason why not and what would allow it.
struct Permission {
    QString verb; // "promote"
    bool allowed = false;
    QString reason; // empty when allowed
    bool operator==(const Permission &) const = default;
};

struct TrafficPoint {
    qint64 wall_ms = 0;
    double share = 0; // of requests that the new revision answered since the point before: 0 to 1
    double requests = 0;                      // a second, both
    double fresh_error = 0, stable_error = 0; // rates, 0 to 1
    double fresh_slow = 0, stable_slow = 0;
    kernel::Interval band; // of fresh - stable error rate, valid at every look
    bool operator==(const TrafficPoint &) const = default;
};

// One site as the rollout meets it: its targets, those healthy on the new revision, those that
// serve anything now, and the least number up that the plan allows.
struct SiteRow {
    QString site;
    quint32 nodes = 0, fresh = 0, up = 0, floor = 0;
    bool operator==(const SiteRow &) const = default;
};

struct RolloutDetail {
    RolloutRow row;
    QString why;          // a stopped or waiting rollout: one sentence of cause
    QStringList evidence; // the facts under it
    kernel::Verdict verdict;
    QString verdict_text; // "v42 0.34 %, v41 0.32 %; at most 0.31 points worse, 12,402 requests"
    double gate = -1;     // margin of the not-worse judge as a rate; -1: there is none
    kernel::Weight weight_max = kernel::full_weight; // what max_load allows now
    // The largest weight below full that a promotion may name now, with the nodes that it brings.
    kernel::Weight promote_max = kernel::full_weight;
    QString load_text; // what max_load forbids beyond it
    std::vector<kernel::Weight> stages;
    std::vector<StepRow> steps;
    std::vector<TargetRow> targets; // at most 4,096; more come as pages
    quint32 targets_total = 0;
    std::vector<quint32> phases; // how many targets are in each kernel::Phase, in its order
    std::vector<SiteRow> sites;  // at most 4,096
    std::vector<Permission> permissions;
    std::vector<TrafficPoint> traffic;
    std::vector<Happening> happenings; // newest first, at most 200
    QString plan_yaml;
    // Where it stands in what was rehearsed of it: shares of its active targets, parts of 1, and of
    // the traffic, which without a router is that of the nodes.
    double fresh_share = 0.0, up_share = 0.0;
    kernel::Weight traffic_now = 0;
    QString left_fan; // how it left what was rehearsed of it (fan.watch); empty: it did not
    bool operator==(const RolloutDetail &) const = default;
};

struct ServiceOnNode {
    QString service, revision;
    bool ready = false;
    QString text;
    bool operator==(const ServiceOnNode &) const = default;
};
struct NodeRow {
    QString id, name, address, site;
    std::vector<std::pair<QString, QString>> labels;
    kernel::NodeStatus status = kernel::NodeStatus::Online;
    kernel::NodeFlags flags;
    bool flapping = false;
    qint64 heard_wall_ms = 0;
    quint32 behind = 0; // how many revisions, over all its services
    std::vector<ServiceOnNode> services;
    kernel::Usage usage;
    kernel::Capacity capacity;
    bool operator==(const NodeRow &) const = default;
};
// Fleets travel in pages of at most 4,096 nodes, then as changed rows.
inline constexpr int page_nodes_max = 4096;
struct FleetPage {
    QString cluster;
    quint64 revision = 0; // of the fleet; changes are numbered from it
    quint32 total = 0, first = 0;
    std::vector<NodeRow> nodes;
    bool operator==(const FleetPage &) const = default;
};

struct DeploymentRow {
    QString id, key, cluster, rollout;
    quint32 version = 0;
    QString revision, from, to, strategy;
    kernel::Status status = kernel::Status::Draft;
    bool stable = false, bad = false;
    QStringList tags;
    QString who, reason, outcome;
    qint64 started_wall_ms = 0, ended_wall_ms = 0;
    QString commit; // of git, which asked for it; empty: a person did
    bool operator==(const DeploymentRow &) const = default;
};

// A version that can be gone back to (snapshots).
enum class SnapshotWord : quint8 { Active, RolledBack, Superseded };
struct SnapshotRow {
    quint32 version = 0;
    QString revision, deployment;
    SnapshotWord state = SnapshotWord::Active;
    bool bad = false;
    bool running = false; // it is on the nodes now
    QStringList tags;
    bool operator==(const SnapshotRow &) const = default;
};

// One thing that waits for a person, and the one action that it needs.
struct WaitingRow {
    QString cluster, subject; // service or node
    QString rollout;          // empty: not about a rollout
    QString text;             // "checkout-api v42 holds at 10 %, verdict not worse"
    QString verb;             // "promote"
    qint64 since_wall_ms = 0;
    bool operator==(const WaitingRow &) const = default;
};

// What became of a request. Green is Applied, and only the cluster's own word makes it so.
enum class Outcome : quint8 { Asked, Applied, Refused, Unknown };
struct RequestRow {
    QString id; // of the request, given by the client: the same twice is one
    QString cluster, rollout, service, verb, who, reason;
    Outcome outcome = Outcome::Asked;
    QString
        text; // "confirmed by HAProxy at 10:01:12"; "6 nodes went offline after you looked; ..."
    qint64 asked_wall_ms = 0, settled_wall_ms = 0;
    bool operator==(const RequestRow &) const = default;
};

// What people are called for. Raised once, and open until somebody acknowledges it; `over` once it
// is no longer so.
enum class AlertKind : quint8 { Hold, Failed, RolledBack, LeftFan, ClusterLost };
struct AlertRow {
    QString id; // of the daemon
    AlertKind kind = AlertKind::Hold;
    QString cluster, subject; // service; the cluster's name where it is about the cluster
    QString rollout;          // empty: not about a rollout
    QString text;             // one sentence
    qint64 raised_wall_ms = 0;
    qint64 over_wall_ms = 0; // 0: it is still so
    QString acknowledged_by; // empty: nobody did
    qint64 acknowledged_wall_ms = 0;
    QString snoozed_by;
    qint64 snoozed_until_wall_ms = 0; // told again then, unless it is over or acknowledged
    QString delivery;                 // what became of the command or webhook; empty: none is set
    bool operator==(const AlertRow &) const = default;
};
// Where alerts are sent beside the clients. Both may be empty; both may be set.
struct AlertDelivery {
    QStringList command; // program and arguments; the AlertRow comes as JSON on standard input
    QString webhook;     // http or https: the AlertRow is posted as JSON
    bool operator==(const AlertDelivery &) const = default;
};

// A page of a rollout's targets, at most page_nodes_max of them.
struct TargetPage {
    quint32 total = 0, first = 0;
    std::vector<TargetRow> targets;
    bool operator==(const TargetPage &) const = default;
};

// One point of a connection test (cluster.test): what was tried, and what would mend it.
struct CheckRow {
    QString text;
    bool ok = false;
    QString remedy;
    bool operator==(const CheckRow &) const = default;
};

// One instance of a service as discovery answers it. Primary instances have no deployment.
struct InstanceRow {
    QString id; // node/service/revision
    QString cluster, node, site, service, revision;
    QString address; // host:port
    bool ready = false;
    QString role;   // "primary", "canary", "candidate"
    QString status; // "passing", "warning" until its checks answer, "critical"
    QString deployment_key, deployment_id;
    quint32 deployment_version = 0;
    QString text;
    bool operator==(const InstanceRow &) const = default;
};

// One answer of a health check. Unknown and no checks are never healthy.
enum class Health : quint8 { Healthy, Unhealthy, Unknown, NoChecks };
struct HealthRow {
    QString cluster, node, service, revision, check; // check: "GET /health"
    Health health = Health::Unknown;
    bool critical = true;
    QString text; // "200 in 4 ms"
    bool operator==(const HealthRow &) const = default;
};
// Answer of health and verify; what is asked now, never remembered.
struct HealthReport {
    Health overall = Health::Unknown;
    QString text; // one sentence
    std::vector<HealthRow> checks;
    bool operator==(const HealthReport &) const = default;
};

// One line of a log (node.log).
struct LogRow {
    qint64 wall_ms = 0; // 0: unknown
    QString text;
    bool operator==(const LogRow &) const = default;
};

// One thing that is wrong with what a person gave: where, what, and what would be right.
struct ProblemRow {
    QString field, what, allowed;
    bool operator==(const ProblemRow &) const = default;
};
struct RemarkRow {
    QString subject, text;
    bool operator==(const RemarkRow &) const = default;
};
// Answer of plan.compile: a plan, or every problem that keeps it from being one.
struct PlanAnswer {
    QString plan_yaml; // empty when there are problems
    QString service, from, to;
    quint32 nodes = 0;
    QString route;      // how the change arrives: "nothing", "rerun", "whole_job", "agents"
    QStringList agents; // those of the manifest that the change starts anew
    QStringList steps;  // in words
    std::vector<RemarkRow> remarks;
    std::vector<ProblemRow> problems;
    bool operator==(const PlanAnswer &) const = default;
};

// Answer of summary.
struct Summary {
    quint32 deployments = 0, services = 0, active = 0, waiting = 0;
    quint32 completed = 0, rolled_back = 0, failed = 0, superseded = 0;
    double success_rate = -1; // completed of those that ended, 0 to 1; -1: none ended
    bool operator==(const Summary &) const = default;
};

// Answer of journal.verify.
struct JournalReport {
    quint64 entries = 0;
    bool whole = false;
    QString head; // hex digest of the last entry
    QString bad;  // the first entry that is wrong, and how
    bool operator==(const JournalReport &) const = default;
};

struct DaemonState {
    QString version, host, who;
    quint64 journal_entries = 0;
    bool journal_whole = true; // the chain was checked
    bool read_only = false;    // disk full, or another process owns the directory
    QString text;
    std::vector<QString> present; // who else is connected
    bool operator==(const DaemonState &) const = default;
};

} // namespace aviary::api
