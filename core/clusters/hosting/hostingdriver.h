// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clusters/connectiontest.h"
#include "core/clusters/hosting/hostednode.h"
#include "core/routing/routersettings.h"

#include <deque>
#include <variant>

namespace aviary::clusters {

// The nodes of a cluster that Aviary's own engine drives, behind one router, as a Driver.
//   DIRECTORY/router/         HAProxy, one for each service, or what is known of an operator's
//   DIRECTORY/flags.json      feature flags for flagd, unless another file was named
// Services and HAProxy outlive the driver and are adopted by the next one.
class HostingDriver : public Driver, public ConnectionTest {
    Q_OBJECT
public:
    explicit HostingDriver(QString directory, QObject *parent = nullptr);
    ~HostingDriver() override;

    Capabilities capabilities() const override;
    void open() override;
    void observe() override;
    void run(const std::vector<RunOrder> &orders) override;
    void stop(const std::vector<StopOrder> &orders) override;
    void setTraffic(const TrafficOrder &order) override;
    void measure(const QStringList &services) override;
    void setFlags(const QString &node, kernel::NodeFlags flags) override;
    void check(const Checked &answer) override;

    // Where clients of a service connect; 0: it has no route.
    quint16 servicePort(const QString &service) const;

protected:
    struct Frame {
        std::map<QString, quint16> ports; // where services listen
        QString flags;                    // the flagd file; empty: in the directory
        routing::RouterSettings router;
    };
    // Reads what nodes there are. Then makeNodes() is called, once there is a router.
    virtual Result<Frame> read() = 0;
    virtual void makeNodes(routing::Router &router) = 0;
    // Finds again what runs, then calls `done` once.
    virtual void openNodes(const std::function<void(const Result<void> &)> &done) = 0;
    // About once a second. True: the cluster was heard.
    virtual bool look() = 0;

    void addNode(const QString &id, std::unique_ptr<HostedNode> node);
    void removeNodes(); // with all that they know; first in a derived destructor
    HostedNode *node(const QString &id) const; // null: there is none
    const QString &directory() const { return directory_; }
    void answerLog(quint64 token, const Result<std::vector<LogLine>> &lines); // a turn later
    static Error unknownNode(const QString &node);

private:
    using Order = std::variant<RunOrder, StopOrder>;

    Result<void> prepare();
    void begin(const RunOrder &order);
    void begin(const StopOrder &order);
    void beginSome(); // of the orders that wait
    void noteAnswer(const NodeAnswer &answer);
    void noteNode(const QString &id);
    void tick();
    void measureNow();
    void finishTraffic(const TrafficOrder &order, const Result<void> &result);
    void noteRoute(const routing::RouteView &view);

    QString directory_;
    QString flags_;
    std::unique_ptr<routing::Router> router_;
    std::map<QString, std::unique_ptr<HostedNode>> nodes_;
    std::map<QString, kernel::Node> reported_; // as last emitted
    std::map<QString, Traffic> traffic_;       // as last read back
    std::map<QString, quint16> service_ports_;
    std::vector<NodeAnswer> answers_; // collected for one signal
    std::deque<Order> orders_;        // each costs a write to disk and a launch
    QTimer next_orders_;
    QStringList measured_;
    QTimer tick_;
};

} // namespace aviary::clusters
