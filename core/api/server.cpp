// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/server.h"

#include <QLoggingCategory>

#include <pwd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>

Q_LOGGING_CATEGORY(logServer, "aviary.server", QtInfoMsg)

namespace aviary::api {

using namespace Qt::Literals;

namespace {

QString userName(uid_t uid) {
    std::array<char, 4096> buffer{};
    struct passwd entry {};
    struct passwd *found = nullptr;
    getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found);
    return found == nullptr ? QString::number(uid) : QString::fromLocal8Bit(found->pw_name);
}

} // namespace

QString ownUser() {
    return userName(geteuid());
}

Result<QString> peerUser(qintptr descriptor, bool others) {
    struct ucred peer {};
    socklen_t size = sizeof peer;
    if (getsockopt(int(descriptor), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) {
        return fail(ErrorCode::Refused, u"the kernel does not say who this client is"_qs);
    }
    if (!others && peer.uid != geteuid() && peer.uid != 0) {
        return fail(ErrorCode::Refused, u"%1 may not use this daemon"_qs.arg(userName(peer.uid)),
                    {}, u"start aviaryd with --group, for a group with this user"_qs);
    }
    return userName(peer.uid);
}

Server::Server(Provider &provider, const ConnectionLimits &limits, QObject *parent)
    : QObject(parent), provider_(provider), limits_(limits) {
    connect(&server_, &QLocalServer::newConnection, this, [this] {
        while (QLocalSocket *socket = server_.nextPendingConnection()) {
            welcome(socket);
        }
    });
    connect(&provider_, &Provider::changed, this,
            [this](const QString &topic, const QJsonObject &change) {
                for (Connection *connection : connections_) {
                    connection->deliver(topic, change);
                }
            });
}

Server::~Server() {
    close(u"the daemon ends"_qs);
}

Result<void> Server::listen(const QString &path, const QString &group) {
    Result<SocketClaim> claim = SocketClaim::take(path, group);
    if (!claim) {
        return tl::unexpected<Error>(claim.error());
    }
    claim_ = std::make_unique<SocketClaim>(std::move(*claim));
    group_ = !group.isEmpty();
    if (!server_.listen(qintptr(claim_->listener()))) {
        return fail(ErrorCode::Storage, server_.errorString(), path);
    }
    return {};
}

void Server::close(const QString &reason) {
    server_.close();
    const std::vector<Connection *> present = connections_;
    for (Connection *connection : present) {
        connection->drop(reason);
    }
    claim_.reset();
}

void Server::welcome(QLocalSocket *socket) {
    const Result<QString> user = peerUser(socket->socketDescriptor(), group_);
    const bool full = clientCount() >= clients_max;
    if (!user || full) {
        const QString reason =
            user ? u"%1 clients are connected"_qs.arg(clients_max) : aviary::toText(user.error());
        qCWarning(logServer).noquote() << "a client was turned away:" << reason;
        socket->write(rpc::toLine(rpc::Notice{u"dropped"_qs, {{u"reason"_qs, reason}}}));
        connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
        return socket->disconnectFromServer();
    }
    auto *connection =
        new Connection(socket, provider_, {*user, {}, next_client_++}, limits_, this);
    connections_.push_back(connection);
    connect(connection, &Connection::ended, this, [this, connection] { forget(connection); });
    provider_.arrived(connection->caller());
    Q_EMIT clientCountChanged(clientCount());
}

void Server::forget(Connection *connection) {
    std::erase(connections_, connection);
    provider_.left(connection->caller());
    // Its socket may still be telling the reason; both go together.
    QTimer::singleShot(2'000, connection, &QObject::deleteLater);
    Q_EMIT clientCountChanged(clientCount());
}

} // namespace aviary::api
