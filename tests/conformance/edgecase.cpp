// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/conformance/edgecase.h"

#include <QCborArray>

namespace aviary::conformance {
namespace {

using namespace kernel;

QSet<int> indexes(const QCborValue &list) {
    QSet<int> set;
    for (const auto &member : list.toArray()) {
        set.insert(static_cast<int>(member.toInteger()));
    }
    return set;
}

QStringList textsOf(const QCborValue &list) {
    QStringList texts;
    for (const auto &member : list.toArray()) {
        texts.append(member.toString());
    }
    return texts;
}

QString idOf(int index) {
    return u'n' + QString::number(index);
}

// Nodes that synchronise answer, and are not quite online.
NodeStatus statusOf(const QString &word) {
    if (word == u"offline") {
        return NodeStatus::Offline;
    }
    return word == u"degraded" || word == u"syncing" ? NodeStatus::Degraded : NodeStatus::Online;
}

} // namespace

EdgeCase::EdgeCase(const QCborMap &input)
    : nodes(static_cast<int>(input.value(u"nodes"_qs).toInteger()))
    , draining(indexes(input.value(u"draining"_qs)))
    , incapable(indexes(input.value(u"incapable"_qs)))
    , preinstalled(indexes(input.value(u"preinstalled"_qs)))
    , deploy_raise(indexes(input.value(u"deploy_raise"_qs)))
    , rollback_on_error(input.value(u"rollback_on_error"_qs).toBool(true))
    , ops(textsOf(input.value(u"ops"_qs)))
    , canary_percent(input.value(u"canary_percent"_qs).toInteger(10)) {
    for (const auto &[node, word] : input.value(u"status"_qs).toMap()) {
        status[node.toString().toInt()] = word.toString();
    }
    for (const auto &[node, count] : input.value(u"deploy_raise_first_k"_qs).toMap()) {
        raise_first[node.toString().toInt()] = count.toInteger();
    }
    if (input.value(u"target_nodes"_qs).isArray()) {
        targets = textsOf(input.value(u"target_nodes"_qs));
    }
}

Fleet EdgeCase::fleet() const {
    Fleet fleet;
    for (int i = 0; i < nodes; ++i) {
        Node node;
        node.id = idOf(i).toStdString();
        node.heartbeat_age = 0;
        node.status = statusOf(status.value(i));
        node.flags.maintenance = status.value(i) == u"maintenance";
        node.flags.draining = draining.contains(i);
        if (!incapable.contains(i)) {
            node.capabilities = {"gpu"};
        }
        if (preinstalled.contains(i)) {
            node.revisions["f"] = "old";
        }
        fleet.nodes.push_back(std::move(node));
    }
    return fleet;
}

Needs EdgeCase::needs() const {
    Needs needs;
    if (!incapable.isEmpty()) {
        needs.capabilities = {"gpu"};
    }
    return needs;
}

QStringList EdgeCase::listed() const {
    if (targets && !targets->isEmpty()) {
        return *targets;
    }
    QStringList online;
    for (int i = 0; i < nodes; ++i) {
        if (status.value(i, u"online"_qs) == u"online") {
            online.append(idOf(i));
        }
    }
    return online;
}

bool EdgeCase::isKnown(const QString &id) const {
    return id.startsWith(u'n') && edgeIndexOf(id) < nodes;
}

bool EdgeCase::isTouchable(const QString &id) const {
    const int index = edgeIndexOf(id);
    const QString word = status.value(index);
    return isKnown(id) && word != u"offline" && word != u"maintenance" &&
           !draining.contains(index) && !incapable.contains(index);
}

bool EdgeCase::raises(const QString &id) const {
    const int index = edgeIndexOf(id);
    return deploy_raise.contains(index) || raise_first.value(index) > 0;
}

} // namespace aviary::conformance
