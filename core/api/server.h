// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/connection.h"
#include "core/api/socketclaim.h"

#include <QLocalServer>

#include <memory>
#include <vector>

namespace aviary::api {

// Serves one Provider to clients on a local socket. Who they are, the kernel says.
class Server : public QObject {
    Q_OBJECT
public:
    static constexpr int clients_max = 64;

    // The provider outlives the server.
    explicit Server(Provider &provider, const ConnectionLimits &limits = {},
                    QObject *parent = nullptr);
    ~Server() override;

    // With a group its members may connect too, each under the own name.
    Result<void> listen(const QString &path, const QString &group = {});
    int clientCount() const { return int(connections_.size()); }

    // Takes no more clients and says good-bye to those that are there.
    void close(const QString &reason);

Q_SIGNALS:
    void clientCountChanged(int count);

private:
    void welcome(QLocalSocket *socket);
    void forget(Connection *connection);

    Provider &provider_;
    ConnectionLimits limits_;
    std::unique_ptr<SocketClaim> claim_;
    QLocalServer server_;
    std::vector<Connection *> connections_;
    quint64 next_client_ = 1;
    bool group_ = false;
};

// The name of the user at the other end of a local socket, as the kernel knows it; an error when it
// is neither this user nor root, unless `others`.
Result<QString> peerUser(qintptr descriptor, bool others);
// The name of the user who runs this process.
QString ownUser();

} // namespace aviary::api
