// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clusters/docker/dockernode.h"
#include "core/clusters/hosting/hostingdriver.h"

namespace aviary::clusters {

// Edge nodes that run Docker or Podman, one engine each, driven by Aviary's own engine. In one
// directory:
//   DIRECTORY/cluster.json    its nodes (DockerCluster)
//   DIRECTORY/nodes/ID/       what is known of one node (DockerNode)
class DockerDriver : public HostingDriver {
    Q_OBJECT
public:
    static constexpr int openings_max = 16; // engines that are connected to at once

    // `id`: of the cluster, part of every label.
    DockerDriver(QString id, const QString &directory, routing::RouterSettings router = {},
                 QObject *parent = nullptr);
    ~DockerDriver() override;

    void readLog(quint64 token, const QString &node, const QString &service, int lines) override;
    std::vector<Trouble> troubles() const override;

protected:
    Result<Frame> read() override;
    void makeNodes(routing::Router &router) override;
    void openNodes(const std::function<void(const Result<void> &)> &done) override;
    bool look() override;

private:
    void openSome();

    QString id_;
    routing::RouterSettings router_;
    DockerCluster cluster_;
    std::map<QString, DockerNode *> docker_; // owned by the base
    std::vector<DockerNode *> unopened_;
    int looks_ = 0;
};

} // namespace aviary::clusters
