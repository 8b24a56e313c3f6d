// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/fleet/node.h"
#include "core/kernel/rollout/event.h"
#include "core/kernel/strategy/plan.h"
#include "core/support/error.h"

#include <QJsonObject>
#include <QObject>

#include <vector>

// Qt would compare the arguments of signals; a Result of something without == cannot be compared.
template <class T>
struct QTypeTraits::has_operator_equal<aviary::Result<T>> : std::false_type {};

// The adapter to a real cluster. A driver knows nodes, instances and traffic; it knows no plan, no
// rollout's state and no other driver. All calls return at once; what comes of them arrives as a
// signal, from the event loop of the thread that owns the driver.
namespace aviary::clusters {

// Names one order for ever: it is kept with the instance that the order made (process record,
// label), so that after a restart the driver can tell what was done. Echoed in every answer.
struct Ticket {
    QString rollout;                       // ULID of the rollout
    kernel::Order order = kernel::unasked; // inside that rollout
    kernel::TargetIndex target = 0;        // opaque to the driver
    bool operator==(const Ticket &) const = default;
};

// What a revision of a service runs. `definition` is the service definition of the manifest
// (command, image, port, checks, resources); each driver reads the members that it needs, validated
// before.
struct RevisionSpec {
    QString service;
    QString revision;
    QJsonObject definition;
    bool operator==(const RevisionSpec &) const = default;
};

// ---- Orders. Done once; the same ticket again is answered with how it stands --------------------

// Run `revision` on `node`. Answered by NodeAnswer Ready / NotReady / Failed as often as that
// changes.
struct RunOrder {
    Ticket ticket;
    QString node;
    RevisionSpec revision;
    kernel::UpdateMode mode =
        kernel::UpdateMode::Beside; // InPlace: drain and stop the others first
    bool stop_others =
        false; // a way back: once this one is ready, drain and stop every other revision
    bool operator==(const RunOrder &) const = default;
};
// Drain and stop `revision` of `service` on `node`. Answered by Retired, also when nothing ran.
struct StopOrder {
    Ticket ticket;
    QString node;
    QString service;
    QString revision;
    bool operator==(const StopOrder &) const = default;
};
// Split the service's traffic. Answered by TrafficAnswer once the router reads back what was asked.
struct TrafficOrder {
    Ticket ticket;
    QString service;
    QString fresh;  // revision that gets `weight`
    QString stable; // revision that gets the rest; empty: none
    kernel::Weight weight = 0;
    QString flag;                          // feature-flag: its name; else empty
    kernel::Millis latency_limit_ms = 500; // a slower answer counts as slow
    bool operator==(const TrafficOrder &) const = default;
};

// ---- Answers and reports -----------------------------------------------------------------------

struct NodeAnswer {
    enum class Kind : quint8 { Ready, NotReady, Failed, Retired };
    Ticket ticket;
    Kind kind = Kind::Ready;
    kernel::Cause cause = kernel::Cause::None; // with Failed
    QString text;                              // plain, bounded; for people
};
struct TrafficAnswer {
    Ticket ticket;
    bool applied = false;
    QString text;
};
// One instance that really runs, or ran and is remembered.
struct Instance {
    QString node, service, revision;
    QString address = {}; // host:port
    Ticket ticket;        // of the order that made it
    bool ready = false;
    bool running = false;
    QString text = {}; // "exited with 1", "check /health: 503"
};
struct Traffic {
    QString service, fresh, stable;
    kernel::Weight weight = 0;
};
// Everything as it really is, asked for and read now.
struct Observation {
    std::vector<kernel::Node> nodes;
    std::vector<Instance> instances = {};
    std::vector<Traffic> traffic = {};
};

struct Capabilities {
    kernel::RouterKind router = kernel::RouterKind::None;
    kernel::RouterScope scope = kernel::RouterScope::Cluster;
    bool counts_traffic = false;
    bool runs_rollouts_itself = false; // Nomad, Kubernetes: we only ask and watch
    QString router_text;               // "HAProxy 2.6.12", "no HAProxy: traffic cannot be split"
};

struct LogLine {
    qint64 wall_ms = 0; // 0: unknown
    QString text;       // plain, at most 4,096 characters
};

class Driver : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    virtual Capabilities capabilities() const = 0;

    // Connects and adopts what runs. Ends with opened(); nothing else is called before that.
    virtual void open() = 0;
    // Asks for an Observation; ends with observed().
    virtual void observe() = 0;

    // Any number at once: the driver keeps its own limits of what it does at a time.
    // Node::revisions is kept up: nodeChanged() comes before the answer that it follows from.
    virtual void run(const std::vector<RunOrder> &orders) = 0;
    virtual void stop(const std::vector<StopOrder> &orders) = 0;
    virtual void setTraffic(const TrafficOrder &order) = 0;

    // Which services' counters are wanted; measured() comes about once a second for each revision.
    virtual void measure(const QStringList &services) = 0;

    // Answered by nodeChanged(), or by refused() when the cluster will not.
    virtual void setFlags(const QString &node, kernel::NodeFlags flags) = 0;

    // Nodes that are not reached now, or whose clock is not ours, each with what would help.
    struct Trouble {
        QString node;
        Error why;
    };
    virtual std::vector<Trouble> troubles() const { return {}; }

    // The last `lines` of a service's log on a node; answered by logRead() with the same token.
    virtual void readLog(quint64 token, const QString &node, const QString &service, int lines) = 0;

Q_SIGNALS:
    void opened(const aviary::Result<void> &result);
    void observed(const aviary::Result<aviary::clusters::Observation> &result);
    void nodesAnswered(const std::vector<aviary::clusters::NodeAnswer> &answers);
    void trafficAnswered(const aviary::clusters::TrafficAnswer &answer);
    void measured(const QString &service, const QString &revision,
                  const aviary::kernel::Sample &sample);
    void nodeChanged(const aviary::kernel::Node &node); // also a new one
    void nodeGone(const QString &node);
    void logRead(quint64 token,
                 const aviary::Result<std::vector<aviary::clusters::LogLine>> &lines);
    void refused(const aviary::Error &error);
    // The cluster answered just now; the age of what is shown counts from here.
    void heard();
    void lost(const aviary::Error &why); // and is tried again by itself
};

} // namespace aviary::clusters
