// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/local/localdriver.h"

#include <QFile>

namespace aviary::clusters {
namespace {

constexpr int log_lines_max = 10'000;

} // namespace

LocalDriver::LocalDriver(const QString &directory, routing::RouterSettings router, QObject *parent)
    : HostingDriver(directory, parent), router_(std::move(router)) {
    surroundings_.logs = &logs_;
}

LocalDriver::~LocalDriver() {
    removeNodes(); // their instances know the logs
}

Result<HostingDriver::Frame> LocalDriver::read() {
    const QString path = directory() + u"/cluster.json";
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
    return Frame{cluster_.ports, cluster_.flags, router_};
}

void LocalDriver::makeNodes(routing::Router &router) {
    surroundings_.router = &router;
    for (const kernel::Node &facts : cluster_.nodes) {
        const QString id = QString::fromStdString(facts.id);
        auto node =
            std::make_unique<LocalNode>(facts, directory() + u"/nodes/" + id, surroundings_);
        local_[id] = node.get();
        addNode(id, std::move(node));
    }
}

void LocalDriver::openNodes(const std::function<void(const Result<void> &)> &done) {
    Result<void> all;
    for (const auto &[id, node] : local_) {
        if (const Result<void> adopted = node->open(); !adopted) {
            all = adopted;
        }
    }
    done(all);
}

bool LocalDriver::look() {
    for (const auto &[id, node] : local_) {
        node->look();
    }
    return true; // this machine
}

void LocalDriver::readLog(quint64 token, const QString &node, const QString &service, int lines) {
    const auto found = local_.find(node);
    const QString path = found == local_.end() ? QString() : found->second->logPath(service);
    Result<std::vector<LogLine>> answer;
    if (path.isEmpty()) {
        answer = fail(ErrorCode::NotFound, u"\"" + service + u"\" does not run there", node,
                      QStringLiteral("choose a node that runs it"));
    } else {
        for (const QString &line : tailOf(path, std::clamp(lines, 0, log_lines_max))) {
            answer->push_back({0, line});
        }
    }
    answerLog(token, answer);
}

Result<void> LocalDriver::setOffline(const QString &node, bool offline) {
    const auto found = local_.find(node);
    if (found == local_.end()) {
        return tl::unexpected(unknownNode(node));
    }
    QFile marker(directory() + u"/nodes/" + node + u"/offline");
    if (offline ? !marker.open(QIODevice::WriteOnly) : marker.exists() && !marker.remove()) {
        return fail(ErrorCode::Storage, marker.errorString(), marker.fileName(),
                    QStringLiteral("make the directory writable"));
    }
    found->second->look();
    return {};
}

} // namespace aviary::clusters
