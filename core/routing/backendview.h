// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/routing/haproxyview.h"

namespace aviary::routing {

// One server of a backend of an operator's HAProxy, his or ours.
struct BackendServer {
    QByteArray name;
    QString host;
    quint16 port = 0;
    ServerState state = ServerState::Off;
    int weight = 0;
    bool backup = false; // serves only when no other does
    quint32 open_requests = 0;
    qint64 answers = 0; // also those that HAProxy gave because it did not answer
    qint64 errors = 0;  // of them
    bool operator==(const BackendServer &) const = default;
};

// What an operator's HAProxy says of itself and of one backend.
struct BackendView {
    QString version;  // "2.6.12"
    QByteArray level; // of the socket: "admin"
    qint64 pid = 0;
    bool there = false; // the backend
    QByteArray mode, algorithm;
    std::vector<BackendServer> servers;
    bool operator==(const BackendView &) const = default;
};

QByteArrayList backendQuestions(const QByteArray &backend);
// An answer of another shape gives an error that quotes it.
Result<BackendView> readBackend(const QByteArray &answer, const QByteArray &backend);

// Why revisions cannot be split there, each with its remedy; empty: they can.
std::vector<Error> objectionsTo(const BackendView &view, const QByteArray &backend,
                                const QString &socket);

// Revision and node in the name of a server of ours, "PREFIX.REVISION.NODE".
struct ServerName {
    QString revision, node;
};
std::optional<ServerName> ourName(const QByteArray &name, const QByteArray &prefix);

} // namespace aviary::routing
