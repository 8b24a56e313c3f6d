// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/docker/dockerdriver.h"

#include <QFile>

#include <algorithm>

namespace aviary::clusters {
namespace {

constexpr int log_lines_max = 10'000;
constexpr int looks_per_usage = 60; // each node in its own turn, so that they do not ask at once

} // namespace

DockerDriver::DockerDriver(QString id, const QString &directory, routing::RouterSettings router,
                           QObject *parent)
    : HostingDriver(directory, parent), id_(std::move(id)), router_(std::move(router)) {}

DockerDriver::~DockerDriver() {
    removeNodes(); // they know the cluster
}

Result<HostingDriver::Frame> DockerDriver::read() {
    const QString path = directory() + u"/cluster.json";
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return fail(ErrorCode::NotFound, QStringLiteral("there is no list of nodes"), path,
                    QStringLiteral("add the cluster with aviary cluster add"));
    }
    DockerReading reading = readDockerCluster(file.readAll());
    if (!reading.cluster) {
        return tl::unexpected(toError(reading.flaws, path));
    }
    cluster_ = std::move(*reading.cluster);
    return Frame{cluster_.ports, cluster_.flags, router_};
}

void DockerDriver::makeNodes(routing::Router &router) {
    for (const DockerPlace &place : cluster_.places) {
        const QString id = QString::fromStdString(place.node.id);
        auto node = std::make_unique<DockerNode>(place, cluster_, id_,
                                                 directory() + u"/nodes/" + id, router);
        docker_[id] = node.get();
        unopened_.push_back(node.get());
        addNode(id, std::move(node));
    }
}

// The first picture is whole when each engine was looked at, or is known to be away.
void DockerDriver::openNodes(const std::function<void(const Result<void> &)> &done) {
    const auto left = std::make_shared<std::size_t>(docker_.size());
    const auto result = std::make_shared<Result<void>>();
    for (const auto &[id, node] : docker_) {
        connect(node, &DockerNode::settled, this, [left, result, done] {
            if (--*left == 0) {
                done(*result);
            }
        });
        if (const Result<void> opened = node->open(); !opened) {
            *result = opened;
        }
    }
    openSome();
}

void DockerDriver::openSome() {
    auto opening =
        std::ranges::count_if(docker_, [](const auto &node) { return node.second->isOpening(); });
    while (opening < openings_max && !unopened_.empty()) {
        DockerNode *node = unopened_.back();
        unopened_.pop_back();
        connect(node, &DockerNode::settled, this, &DockerDriver::openSome);
        node->connectEngine();
        ++opening;
    }
}

bool DockerDriver::look() {
    openSome();
    int turn = ++looks_;
    for (const auto &[id, node] : docker_) {
        if (turn++ % looks_per_usage == 0) {
            node->readMemory();
            node->readDisk();
        }
    }
    return std::ranges::any_of(docker_, [](const auto &node) { return node.second->isUp(); });
}

std::vector<Driver::Trouble> DockerDriver::troubles() const {
    std::vector<Trouble> troubles;
    for (const auto &[id, node] : docker_) {
        if (const std::optional<Error> why = node->trouble()) {
            troubles.push_back({id, *why});
        }
    }
    return troubles;
}

void DockerDriver::readLog(quint64 token, const QString &node, const QString &service, int lines) {
    const auto found = docker_.find(node);
    if (found == docker_.end()) {
        answerLog(token, tl::unexpected(unknownNode(node)));
        return;
    }
    found->second->readLog(service, std::clamp(lines, 0, log_lines_max),
                           [this, token](const auto &answer) { answerLog(token, answer); });
}

} // namespace aviary::clusters
