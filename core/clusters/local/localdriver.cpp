// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/local/localdriver.h"

#include "core/routing/flagfile.h"
#include "core/routing/haproxyrouter.h"

#include <QDir>
#include <QFile>
#include <QPointer>

namespace aviary::clusters {
namespace {

constexpr int tick_ms = 1'000;
constexpr int log_lines_max = 10'000;
constexpr int orders_at_once = 8; // in one turn of the event loop

Error unknownNode(const QString &node) {
    return {ErrorCode::NotFound,
            u"there is no node \"" + node + u'"',
            {},
            QStringLiteral("give a node of cluster.json")};
}

// What changes all the time is no change.
kernel::Node lasting(kernel::Node node) {
    node.usage.cpu = 0;
    node.usage.memory_mib = 0;
    node.heartbeat_age = 0;
    return node;
}

Traffic trafficOf(const routing::RouteView &view) {
    return {view.service, view.split.fresh, view.split.stable, view.split.weight};
}

} // namespace

LocalDriver::LocalDriver(QString directory, QString haproxy, QObject *parent)
    : Driver(parent), directory_(std::move(directory)), haproxy_(std::move(haproxy)) {
    surroundings_.logs = &logs_;
    connect(&tick_, &QTimer::timeout, this, &LocalDriver::tick);
    connect(&next_orders_, &QTimer::timeout, this, &LocalDriver::beginSome); // every turn
}

LocalDriver::~LocalDriver() {
    nodes_.clear(); // instances first: they know the router
}

Capabilities LocalDriver::capabilities() const {
    Capabilities capabilities;
    if (router_) {
        capabilities.router = router_->kind();
        capabilities.counts_traffic = router_->kind() == kernel::RouterKind::Weights;
        capabilities.router_text = router_->text();
    }
    return capabilities;
}

void LocalDriver::open() {
    Result<void> ready = openNodes();
    if (!ready) {
        QMetaObject::invokeMethod(
            this, [this, ready] { Q_EMIT opened(ready); }, Qt::QueuedConnection);
        return;
    }
    router_->open([this](const Result<void> &result) {
        if (!result) {
            qWarning("local: %s", qPrintable(toText(result.error()))); // deploying goes on without
        }
        Result<void> all;
        for (const auto &[id, node] : nodes_) {
            if (const Result<void> adopted = node->open(); !adopted) {
                all = adopted;
            }
        }
        tick_.start(tick_ms);
        Q_EMIT opened(all);
    });
}

Result<void> LocalDriver::openNodes() {
    const QString path = directory_ + u"/cluster.json";
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return fail(ErrorCode::NotFound, QStringLiteral("there is no local cluster"), path,
                    QStringLiteral("add one with aviary cluster add"));
    }
    ClusterReading reading = readCluster(file.readAll());
    if (!reading.cluster) {
        return tl::unexpected(toError(reading.flaws, path));
    }
    cluster_ = std::move(*reading.cluster);
    const QString routes = directory_ + u"/router";
    if (!QDir().mkpath(routes)) {
        return fail(ErrorCode::Storage, QStringLiteral("no directory for the router"), routes,
                    QStringLiteral("make the directory above it writable"));
    }
    router_ = routing::makeRouter(routes, cluster_.ports, haproxy_);
    surroundings_.router = router_.get();
    for (const kernel::Node &facts : cluster_.nodes) {
        const QString id = QString::fromStdString(facts.id);
        auto node = std::make_unique<LocalNode>(facts, directory_ + u"/nodes/" + id, surroundings_);
        connect(node.get(), &LocalNode::answered, this, &LocalDriver::noteAnswer);
        connect(node.get(), &LocalNode::changed, this, [this, id] { noteNode(id); });
        nodes_.emplace(id, std::move(node));
    }
    return {};
}

void LocalDriver::observe() {
    struct Gathered {
        Observation seen;
        qsizetype missing = 0;
    };
    const auto gathered = std::make_shared<Gathered>();
    const QStringList services = router_->services();
    const auto finish = [this, gathered] {
        for (const auto &[id, node] : nodes_) {
            gathered->seen.nodes.push_back(node->view(traffic_));
            const std::vector<Instance> here = node->instances();
            gathered->seen.instances.insert(gathered->seen.instances.end(), here.begin(),
                                            here.end());
        }
        Q_EMIT heard();
        Q_EMIT observed(gathered->seen);
    };
    gathered->missing = services.size();
    if (services.isEmpty()) {
        QMetaObject::invokeMethod(this, finish, Qt::QueuedConnection);
    }
    for (const QString &service : services) {
        router_->observe(service, [this, gathered, finish](const auto &view) {
            if (view) {
                noteRoute(*view);
                gathered->seen.traffic.push_back(trafficOf(*view));
            }
            if (--gathered->missing == 0) {
                finish();
            }
        });
    }
}

void LocalDriver::run(const std::vector<RunOrder> &orders) {
    orders_.insert(orders_.end(), orders.begin(), orders.end());
    next_orders_.start();
}

void LocalDriver::stop(const std::vector<StopOrder> &orders) {
    orders_.insert(orders_.end(), orders.begin(), orders.end());
    next_orders_.start();
}

void LocalDriver::beginSome() {
    for (int i = 0; i < orders_at_once && !orders_.empty(); ++i) {
        const Order order = std::move(orders_.front());
        orders_.pop_front();
        std::visit([this](const auto &one) { begin(one); }, order);
    }
    if (orders_.empty()) {
        next_orders_.stop();
    }
}

void LocalDriver::begin(const RunOrder &order) {
    const auto node = nodes_.find(order.node);
    if (node == nodes_.end()) {
        noteAnswer({order.ticket, NodeAnswer::Kind::Failed, kernel::Cause::NodeGone,
                    unknownNode(order.node).what});
    } else {
        node->second->run(order);
    }
}

void LocalDriver::begin(const StopOrder &order) {
    const auto node = nodes_.find(order.node);
    if (node == nodes_.end()) {
        noteAnswer({order.ticket, NodeAnswer::Kind::Retired, kernel::Cause::None, {}});
    } else {
        node->second->stop(order);
    }
}

// All answers of one turn of the event loop go in one signal.
void LocalDriver::noteAnswer(const NodeAnswer &answer) {
    answers_.push_back(answer);
    if (answers_.size() > 1) {
        return;
    }
    QMetaObject::invokeMethod(
        this,
        [this] {
            Q_EMIT heard();
            Q_EMIT nodesAnswered(std::exchange(answers_, {}));
        },
        Qt::QueuedConnection);
}

void LocalDriver::noteNode(const QString &id) {
    const kernel::Node now = nodes_.at(id)->view(traffic_);
    const auto before = reported_.find(id);
    if (before == reported_.end() || lasting(before->second) != lasting(now)) {
        reported_[id] = now;
        QMetaObject::invokeMethod(
            this, [this, now] { Q_EMIT nodeChanged(now); }, Qt::QueuedConnection);
    }
}

void LocalDriver::setTraffic(const TrafficOrder &order) {
    routing::Split split{order.service, order.fresh, order.stable, order.weight,
                         order.latency_limit_ms};
    if (!order.flag.isEmpty()) {
        const QString path =
            cluster_.flags.isEmpty() ? directory_ + u"/flags.json" : cluster_.flags;
        const Result<void> written = routing::FlagFile(path).set(order.flag, order.weight);
        if (!written || router_->kind() == kernel::RouterKind::None) {
            finishTraffic(order, written);
            return;
        }
        // The flag chooses the users; requests reach the code that knows it as soon as one is on.
        const bool on = order.weight > 0 || order.stable.isEmpty();
        split.weight = on ? kernel::full_weight : 0;
    }
    router_->setSplit(split, [this, order, split](const Result<void> &result) {
        if (result) {
            traffic_[order.service] = {order.service, split.fresh, split.stable, split.weight};
        }
        finishTraffic(order, result);
    });
}

void LocalDriver::finishTraffic(const TrafficOrder &order, const Result<void> &result) {
    QMetaObject::invokeMethod(
        this,
        [this, order, result] {
            Q_EMIT heard();
            Q_EMIT trafficAnswered(
                {order.ticket, result.has_value(), result ? QString() : toText(result.error())});
            for (const auto &[id, node] : nodes_) {
                noteNode(id);
            }
        },
        Qt::QueuedConnection);
}

void LocalDriver::measure(const QStringList &services) {
    measured_ = services;
    measureNow();
}

void LocalDriver::measureNow() {
    for (const QString &service : measured_) {
        router_->observe(service, [this](const Result<routing::RouteView> &view) {
            if (!view) {
                return; // no news is no data: the judge says so
            }
            noteRoute(*view);
            for (const auto &[revision, sample] : view->samples) {
                Q_EMIT measured(view->service, revision, sample);
            }
        });
    }
}

void LocalDriver::noteRoute(const routing::RouteView &view) {
    traffic_[view.service] = trafficOf(view);
    service_ports_[view.service] = view.port;
}

void LocalDriver::tick() {
    for (const auto &[id, node] : nodes_) {
        node->look();
        noteNode(id);
    }
    Q_EMIT heard();
    measureNow();
}

void LocalDriver::setFlags(const QString &node, kernel::NodeFlags flags) {
    const auto found = nodes_.find(node);
    const Result<void> set = found == nodes_.end() ? Result<void>(tl::unexpected(unknownNode(node)))
                                                   : found->second->setFlags(flags);
    if (!set) {
        QMetaObject::invokeMethod(
            this, [this, set] { Q_EMIT refused(set.error()); }, Qt::QueuedConnection);
    }
}

void LocalDriver::readLog(quint64 token, const QString &node, const QString &service, int lines) {
    const auto found = nodes_.find(node);
    const QString path = found == nodes_.end() ? QString() : found->second->logPath(service);
    Result<std::vector<LogLine>> answer;
    if (path.isEmpty()) {
        answer = fail(ErrorCode::NotFound, u"\"" + service + u"\" does not run there", node,
                      QStringLiteral("choose a node that runs it"));
    } else {
        for (const QString &line : tailOf(path, std::clamp(lines, 0, log_lines_max))) {
            answer->push_back({0, line});
        }
    }
    QMetaObject::invokeMethod(
        this, [this, token, answer] { Q_EMIT logRead(token, answer); }, Qt::QueuedConnection);
}

Result<void> LocalDriver::setOffline(const QString &node, bool offline) {
    const auto found = nodes_.find(node);
    if (found == nodes_.end()) {
        return tl::unexpected(unknownNode(node));
    }
    QFile marker(directory_ + u"/nodes/" + node + u"/offline");
    if (offline ? !marker.open(QIODevice::WriteOnly) : marker.exists() && !marker.remove()) {
        return fail(ErrorCode::Storage, marker.errorString(), marker.fileName(),
                    QStringLiteral("make the directory writable"));
    }
    found->second->look();
    return {};
}

quint16 LocalDriver::servicePort(const QString &service) const {
    const auto port = service_ports_.find(service);
    return port == service_ports_.end() ? quint16{0} : port->second;
}

} // namespace aviary::clusters
