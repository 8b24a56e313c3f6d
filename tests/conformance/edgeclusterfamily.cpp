// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernel/fleet/fleet.h"
#include "tests/conformance/family.h"

#include <algorithm>
#include <map>
#include <set>

// The cluster of edge nodes by its single operations. What functions compute is out of scope.
namespace aviary::conformance {
namespace {

using namespace kernel;

class Cluster {
public:
    explicit Cluster(int nodes) {
        for (int i = 0; i < nodes; ++i) {
            join("n" + std::to_string(i));
        }
    }

    QCborValue perform(const QCborValue &op);
    QCborMap health() const;
    QCborArray rows() const;

private:
    void join(const std::string &id) {
        if (Node *known = node(id)) {
            known->status = NodeStatus::Online;
            return;
        }
        Node fresh;
        fresh.id = id;
        fresh.heartbeat_age = 0;
        fleet_.nodes.push_back(std::move(fresh));
    }
    Node *node(const std::string &id) { return const_cast<Node *>(fleet_.find(id)); }
    bool deploy(Node *node, const std::string &function) {
        if (node == nullptr || reachOf(*node, function, {}) != Reach::Touchable) {
            return false;
        }
        node->revisions[function] = "1";
        node->usage.services = static_cast<std::uint32_t>(node->revisions.size());
        return true;
    }
    // Also where the node drains: that is what draining is for.
    bool undeploy(Node &node, const std::string &function) {
        const bool there = node.status != NodeStatus::Offline && node.revisions.erase(function) > 0;
        node.usage.services = static_cast<std::uint32_t>(node.revisions.size());
        return there;
    }
    bool drain(Node *node, bool on) {
        const bool changes = node != nullptr && (on || node->flags.draining);
        if (changes) {
            node->flags.draining = on;
        }
        return changes;
    }
    QCborValue deployToAll(const std::string &function) {
        const auto count = std::count_if(fleet_.nodes.begin(), fleet_.nodes.end(),
                                         [&](Node &one) { return deploy(&one, function); });
        return qint64{count};
    }
    QCborValue undeployFromAll(const std::string &function) {
        const auto count = std::count_if(fleet_.nodes.begin(), fleet_.nodes.end(),
                                         [&](Node &one) { return undeploy(one, function); });
        return qint64{count};
    }
    QCborValue deployLeastLoaded(const std::string &function) {
        const Node *chosen = leastLoaded(fleet_, function, {});
        if (chosen == nullptr) {
            return nullptr;
        }
        deploy(node(chosen->id), function);
        return QString::fromStdString(chosen->id);
    }
    QCborValue leave(const std::string &id) {
        return std::erase_if(fleet_.nodes, [&](const Node &one) { return one.id == id; }) > 0;
    }
    QCborValue holders(const std::string &function) const {
        QCborArray ids;
        for (const Node &one : fleet_.nodes) {
            if (one.revisions.contains(function)) {
                ids.append(QString::fromStdString(one.id));
            }
        }
        return ids;
    }

    Fleet fleet_;
};

QCborValue Cluster::perform(const QCborValue &op) {
    const QString verb = op[0].toString();
    const std::string first = op[1].toString().toStdString();
    const std::string second = op[2].toString().toStdString();
    if (verb == u"deploy_to_all") {
        return deployToAll(first);
    }
    if (verb == u"undeploy_from_all") {
        return undeployFromAll(first);
    }
    if (verb == u"deploy_least_loaded") {
        return deployLeastLoaded(first);
    }
    if (verb == u"status") {
        return holders(first);
    }
    if (verb == u"deregister") {
        return leave(first);
    }
    if (verb == u"deploy_to_node") {
        return deploy(node(first), second);
    }
    if (verb == u"rt_undeploy") {
        Node *const known = node(first);
        return known ? QCborValue(undeploy(*known, second)) : QCborValue(u"no-runtime"_qs);
    }
    if (verb == u"drain" || verb == u"undrain") {
        return drain(node(first), verb == u"drain");
    }
    if (verb == u"register") {
        join(first);
        return nullptr;
    }
    if (verb == u"invoke") {
        return node(first) ? QCborValue(u"out of scope"_qs) : QCborValue(u"no-runtime"_qs);
    }
    if (Node *const known = node(first)) {
        known->status = verb == u"heartbeat" ? NodeStatus::Online : NodeStatus::Offline;
    }
    return nullptr;
}

QCborMap Cluster::health() const {
    qint64 online = 0;
    qint64 draining = 0;
    qint64 functions = 0;
    for (const Node &one : fleet_.nodes) {
        online += one.status == NodeStatus::Online ? 1 : 0;
        draining += one.flags.draining ? 1 : 0;
        functions += one.usage.services;
    }
    return {{u"total_nodes"_qs, static_cast<qint64>(fleet_.nodes.size())},
            {u"online"_qs, online},
            {u"draining"_qs, draining},
            {u"total_functions"_qs, functions}};
}

QCborArray Cluster::rows() const {
    QCborArray rows;
    for (const Node &one : fleet_.nodes) {
        const bool online = one.status == NodeStatus::Online;
        rows.append(QCborArray{QString::fromStdString(one.id),
                               online ? u"online"_qs : u"offline"_qs, qint64{one.usage.services},
                               one.flags.draining});
    }
    return rows;
}

QCborValue answer(const QCborMap &input) {
    Cluster cluster(static_cast<int>(input.value(u"nodes"_qs).toInteger()));
    QCborArray returns;
    for (const auto &op : input.value(u"ops"_qs).toArray()) {
        returns.append(cluster.perform(op));
    }
    return QCborMap{
        {u"returns"_qs, returns}, {u"health"_qs, cluster.health()}, {u"nodes"_qs, cluster.rows()}};
}

// Counts of invocations belong to what functions compute.
QCborValue reduced(const QCborValue &value) {
    QCborMap health = value[u"health"_qs].toMap();
    health.remove(u"total_invocations"_qs);
    QCborMap result = value.toMap();
    result[u"health"_qs] = health;
    return result;
}

// ---- Facts about a case: the reference's cluster, walked as far as the first weakness.

enum class Weakness : quint8 { None, Invoked, OfflineTouched, ReplacedWithFunctions };

struct Known {
    bool offline = false, draining = false;
    std::set<QString> functions;
};

class Walk {
public:
    explicit Walk(int nodes) {
        for (int i = 0; i < nodes; ++i) {
            add(u'n' + QString::number(i));
        }
    }
    Weakness step(const QCborValue &op);

private:
    void add(const QString &id) {
        order_.append(id);
        nodes_[id] = {};
    }
    Weakness deployTo(const QString &id, const QString &function) {
        Known &known = nodes_[id];
        known.functions.insert(function);
        return known.offline ? Weakness::OfflineTouched : Weakness::None;
    }
    Weakness undeployFrom(const QString &id, const QString &function) {
        Known &known = nodes_[id];
        const bool there = known.functions.erase(function) > 0;
        return there && known.offline ? Weakness::OfflineTouched : Weakness::None;
    }
    QString leastLoaded() const;

    QStringList order_;
    std::map<QString, Known> nodes_;
};

QString Walk::leastLoaded() const {
    QString best;
    for (const QString &id : order_) {
        const Known &known = nodes_.at(id);
        const bool fewer =
            best.isEmpty() || known.functions.size() < nodes_.at(best).functions.size();
        best = !known.draining && fewer ? id : best;
    }
    return best;
}

Weakness Walk::step(const QCborValue &op) {
    const QString verb = op[0].toString();
    const QString first = op[1].toString();
    const bool known = nodes_.contains(first);
    if (verb == u"deploy_to_all" || verb == u"undeploy_from_all") {
        Weakness worst = Weakness::None;
        for (const QString &id : order_) {
            const bool deploys = verb == u"deploy_to_all";
            if (deploys && nodes_[id].draining) {
                continue;
            }
            const Weakness one = deploys ? deployTo(id, first) : undeployFrom(id, first);
            worst = one == Weakness::None ? worst : one;
        }
        return worst;
    }
    if (verb == u"deploy_least_loaded") {
        const QString id = leastLoaded();
        return id.isEmpty() ? Weakness::None : deployTo(id, first);
    }
    if (verb == u"register") {
        const bool had = known && !nodes_[first].functions.empty();
        if (known) {
            nodes_[first].offline = false;
        } else {
            add(first);
        }
        return had ? Weakness::ReplacedWithFunctions : Weakness::None;
    }
    if (!known) {
        return Weakness::None;
    }
    if (verb == u"deploy_to_node") {
        return nodes_[first].draining ? Weakness::None : deployTo(first, op[2].toString());
    }
    if (verb == u"rt_undeploy") {
        return undeployFrom(first, op[2].toString());
    }
    if (verb == u"deregister") {
        nodes_.erase(first);
        order_.removeAll(first);
    } else if (verb == u"drain" || verb == u"undrain") {
        nodes_[first].draining = verb == u"drain";
    } else if (verb == u"mark_offline" || verb == u"heartbeat") {
        nodes_[first].offline = verb == u"mark_offline";
    }
    return verb == u"invoke" ? Weakness::Invoked : Weakness::None;
}

std::function<bool(const QCborMap &)> firstIs(Weakness wanted) {
    return [wanted](const QCborMap &input) {
        Walk walk(static_cast<int>(input.value(u"nodes"_qs).toInteger()));
        for (const auto &op : input.value(u"ops"_qs).toArray()) {
            if (const Weakness weakness = walk.step(op); weakness != Weakness::None) {
                return weakness == wanted;
            }
        }
        return false;
    };
}

} // namespace

Family edgeClusterFamily() {
    return {
        u"edge_cluster"_qs,
        answer,
        {{u"what functions compute is out of scope"_qs,
          u"Strategies: a request compiles into a plan of steps"_qs, firstIs(Weakness::Invoked)},
         {u"an offline node is not touched"_qs,
          u"Draining, maintenance, offline, incapable and excluded nodes are not touched"_qs,
          firstIs(Weakness::OfflineTouched)},
         {u"a node that joins again keeps what runs on it"_qs,
          u"Build what they document and what an operator would expect, never those defects"_qs,
          firstIs(Weakness::ReplacedWithFunctions)}},
        {},
        reduced};
}

} // namespace aviary::conformance
