// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clusters/local/localcluster.h"
#include "core/clusters/local/localnode.h"

#include <deque>
#include <variant>

namespace aviary::clusters {

// A cluster on this machine, in one directory:
//   DIRECTORY/cluster.json    its nodes (LocalCluster)
//   DIRECTORY/nodes/ID/       one node (LocalNode)
//   DIRECTORY/router/         HAProxy, one for each service
//   DIRECTORY/flags.json      feature flags for flagd, unless cluster.json names another file
// Services and HAProxy outlive the driver and are adopted by the next one.
class LocalDriver : public Driver {
    Q_OBJECT
public:
    // `haproxy`: its program; empty: looked for.
    explicit LocalDriver(QString directory, QString haproxy = {}, QObject *parent = nullptr);
    ~LocalDriver() override;

    Capabilities capabilities() const override;
    void open() override;
    void observe() override;
    void run(const std::vector<RunOrder> &orders) override;
    void stop(const std::vector<StopOrder> &orders) override;
    void setTraffic(const TrafficOrder &order) override;
    void measure(const QStringList &services) override;
    void setFlags(const QString &node, kernel::NodeFlags flags) override;
    void readLog(quint64 token, const QString &node, const QString &service, int lines) override;

    // Cuts a node off, or brings it back: for rehearsals of the real thing, demos and tests.
    Result<void> setOffline(const QString &node, bool offline);
    // Where clients of a service connect; 0: it has no route.
    quint16 servicePort(const QString &service) const;

private:
    using Order = std::variant<RunOrder, StopOrder>;

    Result<void> openNodes();
    void begin(const RunOrder &order);
    void begin(const StopOrder &order);
    void beginSome(); // of the orders that wait
    void noteAnswer(const NodeAnswer &answer);
    void noteNode(const QString &id);
    void tick();
    void measureNow();
    void finishTraffic(const TrafficOrder &order, const Result<void> &result);
    void noteRoute(const routing::RouteView &view);

    QString directory_, haproxy_;
    LocalCluster cluster_;
    std::unique_ptr<routing::Router> router_;
    LogKeeper logs_;
    Surroundings surroundings_;
    std::map<QString, std::unique_ptr<LocalNode>> nodes_;
    std::map<QString, kernel::Node> reported_; // as last emitted
    std::map<QString, Traffic> traffic_;       // as last read back
    std::map<QString, quint16> service_ports_;
    std::vector<NodeAnswer> answers_; // collected for one signal
    std::deque<Order> orders_;        // each costs a write to disk and a fork
    QTimer next_orders_;
    QStringList measured_;
    QTimer tick_;
};

} // namespace aviary::clusters
