// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/hosting/hostingdriver.h"

#include "core/routing/flagfile.h"
#include "core/routing/haproxyrouter.h"

#include <QDir>

namespace aviary::clusters {
namespace {

constexpr int tick_ms = 1'000;
constexpr int orders_at_once = 8; // in one turn of the event loop

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

HostingDriver::HostingDriver(QString directory, QObject *parent)
    : Driver(parent), directory_(std::move(directory)) {
    connect(&tick_, &QTimer::timeout, this, &HostingDriver::tick);
    connect(&next_orders_, &QTimer::timeout, this, &HostingDriver::beginSome); // every turn
}

HostingDriver::~HostingDriver() {
    nodes_.clear(); // instances first: they know the router
}

Capabilities HostingDriver::capabilities() const {
    Capabilities capabilities;
    if (router_) {
        capabilities.router = router_->kind();
        capabilities.counts_traffic = router_->kind() == kernel::RouterKind::Weights;
        capabilities.router_text = router_->text();
    }
    return capabilities;
}

void HostingDriver::open() {
    Result<void> ready = prepare();
    if (!ready) {
        QMetaObject::invokeMethod(
            this, [this, ready] { Q_EMIT opened(ready); }, Qt::QueuedConnection);
        return;
    }
    router_->open([this](const Result<void> &result) {
        if (!result) {
            qWarning("router: %s", qPrintable(toText(result.error()))); // deploying goes on without
        }
        openNodes([this](const Result<void> &all) {
            tick_.start(tick_ms);
            Q_EMIT opened(all);
        });
    });
}

Result<void> HostingDriver::prepare() {
    const Result<Frame> frame = read();
    if (!frame) {
        return tl::unexpected<Error>(frame.error());
    }
    const QString routes = directory_ + u"/router";
    if (!QDir().mkpath(routes)) {
        return fail(ErrorCode::Storage, QStringLiteral("no directory for the router"), routes,
                    QStringLiteral("make the directory above it writable"));
    }
    flags_ = frame->flags.isEmpty() ? directory_ + u"/flags.json" : frame->flags;
    router_ = routing::makeRouter(routes, frame->ports, frame->router);
    makeNodes(*router_);
    return {};
}

Error HostingDriver::unknownNode(const QString &node) {
    return {ErrorCode::NotFound,
            u"there is no node \"" + node + u'"',
            {},
            QStringLiteral("give a node of this cluster")};
}

void HostingDriver::addNode(const QString &id, std::unique_ptr<HostedNode> node) {
    connect(node.get(), &HostedNode::answered, this, &HostingDriver::noteAnswer);
    connect(node.get(), &HostedNode::changed, this, [this, id] { noteNode(id); });
    nodes_[id] = std::move(node);
}

void HostingDriver::removeNodes() {
    nodes_.clear();
}

HostedNode *HostingDriver::node(const QString &id) const {
    const auto found = nodes_.find(id);
    return found == nodes_.end() ? nullptr : found->second.get();
}

void HostingDriver::observe() {
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

void HostingDriver::run(const std::vector<RunOrder> &orders) {
    orders_.insert(orders_.end(), orders.begin(), orders.end());
    next_orders_.start();
}

void HostingDriver::stop(const std::vector<StopOrder> &orders) {
    orders_.insert(orders_.end(), orders.begin(), orders.end());
    next_orders_.start();
}

void HostingDriver::beginSome() {
    for (int i = 0; i < orders_at_once && !orders_.empty(); ++i) {
        const Order order = std::move(orders_.front());
        orders_.pop_front();
        std::visit([this](const auto &one) { begin(one); }, order);
    }
    if (orders_.empty()) {
        next_orders_.stop();
    }
}

void HostingDriver::begin(const RunOrder &order) {
    const auto node = nodes_.find(order.node);
    if (node == nodes_.end()) {
        noteAnswer({order.ticket, NodeAnswer::Kind::Failed, kernel::Cause::NodeGone,
                    unknownNode(order.node).what});
    } else {
        node->second->run(order);
    }
}

void HostingDriver::begin(const StopOrder &order) {
    const auto node = nodes_.find(order.node);
    if (node == nodes_.end()) {
        noteAnswer({order.ticket, NodeAnswer::Kind::Retired, kernel::Cause::None, {}});
    } else {
        node->second->stop(order);
    }
}

// All answers of one turn of the event loop go in one signal.
void HostingDriver::noteAnswer(const NodeAnswer &answer) {
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

void HostingDriver::noteNode(const QString &id) {
    const kernel::Node now = nodes_.at(id)->view(traffic_);
    const auto before = reported_.find(id);
    if (before == reported_.end() || lasting(before->second) != lasting(now)) {
        reported_[id] = now;
        QMetaObject::invokeMethod(
            this, [this, now] { Q_EMIT nodeChanged(now); }, Qt::QueuedConnection);
    }
}

void HostingDriver::setTraffic(const TrafficOrder &order) {
    routing::Split split{order.service, order.fresh, order.stable, order.weight,
                         order.latency_limit_ms};
    if (!order.flag.isEmpty()) {
        const Result<void> written = routing::FlagFile(flags_).set(order.flag, order.weight);
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

void HostingDriver::finishTraffic(const TrafficOrder &order, const Result<void> &result) {
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

void HostingDriver::measure(const QStringList &services) {
    measured_ = services;
    measureNow();
}

void HostingDriver::measureNow() {
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

void HostingDriver::noteRoute(const routing::RouteView &view) {
    traffic_[view.service] = trafficOf(view);
    service_ports_[view.service] = view.port;
}

void HostingDriver::tick() {
    if (look()) {
        Q_EMIT heard();
    }
    for (const auto &[id, node] : nodes_) {
        noteNode(id);
    }
    measureNow();
}

void HostingDriver::setFlags(const QString &id, kernel::NodeFlags flags) {
    HostedNode *node = this->node(id);
    const Result<void> set =
        node == nullptr ? Result<void>(tl::unexpected(unknownNode(id))) : node->setFlags(flags);
    if (!set) {
        QMetaObject::invokeMethod(
            this, [this, set] { Q_EMIT refused(set.error()); }, Qt::QueuedConnection);
    }
}

void HostingDriver::check(const Checked &answer) {
    if (!router_) {
        answer({});
        return;
    }
    router_->check([answer](const std::vector<Result<QString>> &tried) {
        std::vector<Check> checks;
        for (const Result<QString> &one : tried) {
            if (one) {
                checks.push_back({*one, true});
            } else {
                const Error &why = one.error();
                const QString where = why.where.isEmpty() ? QString() : why.where + u": ";
                checks.push_back({where + why.what, false, why.remedy});
            }
        }
        answer(checks);
    });
}

void HostingDriver::answerLog(quint64 token, const Result<std::vector<LogLine>> &lines) {
    QMetaObject::invokeMethod(
        this, [this, token, lines] { Q_EMIT logRead(token, lines); }, Qt::QueuedConnection);
}

quint16 HostingDriver::servicePort(const QString &service) const {
    const auto port = service_ports_.find(service);
    return port == service_ports_.end() ? quint16{0} : port->second;
}

} // namespace aviary::clusters
