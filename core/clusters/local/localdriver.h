// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clusters/hosting/hostingdriver.h"
#include "core/clusters/local/localcluster.h"
#include "core/clusters/local/localnode.h"

namespace aviary::clusters {

// A cluster on this machine, in one directory:
//   DIRECTORY/cluster.json    its nodes (LocalCluster)
//   DIRECTORY/nodes/ID/       one node (LocalNode)
class LocalDriver : public HostingDriver {
    Q_OBJECT
public:
    explicit LocalDriver(const QString &directory, routing::RouterSettings router = {},
                         QObject *parent = nullptr);

    ~LocalDriver() override;

    void readLog(quint64 token, const QString &node, const QString &service, int lines) override;

    // Cuts a node off, or brings it back: for rehearsals of the real thing, demos and tests.
    Result<void> setOffline(const QString &node, bool offline);

protected:
    Result<Frame> read() override;
    void makeNodes(routing::Router &router) override;
    void openNodes(const std::function<void(const Result<void> &)> &done) override;
    bool look() override;

private:
    routing::RouterSettings router_;
    LocalCluster cluster_;
    LogKeeper logs_;
    Surroundings surroundings_;
    std::map<QString, LocalNode *> local_; // owned by the base
};

} // namespace aviary::clusters
