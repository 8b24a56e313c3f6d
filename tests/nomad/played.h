// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/nomad/nomaddesk.h"
#include "tests/replay/replayserver.h"

#include <QDir>

namespace aviary::tests {

inline const QString canary_id = QStringLiteral("e3e46729-a191-8226-2431-f069f44957ba");
inline const QByteArray canary_path = "/v1/deployment/" + canary_id.toLatin1();
inline const QByteArray promote_path = "/v1/deployment/promote/" + canary_id.toLatin1();
inline const QByteArray pause_path = "/v1/deployment/pause/" + canary_id.toLatin1();
inline const QString secret = QStringLiteral("11111111-2222-3333-4444-555555555555");

// With a Nomad that is played from recordings of a real one.
struct Played : NomadDesk {
    ReplayServer nomad_;

    // Four nodes, nothing that is rolled out; and a daemon.
    bool begin() {
        nomad_.put(196);
        nomad_.put("/v1/allocations", "[]", 20);
        nomad_.put("/v1/agent/self", recorded(1), 0);
        nomad_.put("/v1/namespaces", recorded(4), 1);
        return startDaemon();
    }
    bool addCluster() { return NomadDesk::addCluster(nomad_.address(), 4); }
    bool awaitStatus(const QString &status, const QString &rollout = canary_id) {
        return NomadDesk::awaitStatus(status, rollout);
    }
    void show(const QList<int> &deployments, quint64 index) {
        QList<QByteArray> rows;
        for (const int number : deployments) {
            rows << recorded(number);
        }
        nomad_.put("/v1/deployments", "[" + rows.join(',') + "]", index);
    }
    // The nodes as they are listed, changed at that index: edge-1 drains or not.
    QByteArray nodes(bool draining, int index) const {
        QJsonArray nodes = QJsonDocument::fromJson(recorded(196)).array();
        for (QJsonValueRef one : nodes) {
            QJsonObject node = one.toObject();
            node[u"Drain"] = draining && node[u"Name"].toString() == u"edge-1";
            node[u"ModifyIndex"] = index;
            one = node;
        }
        return QJsonDocument(nodes).toJson();
    }
};

} // namespace aviary::tests
