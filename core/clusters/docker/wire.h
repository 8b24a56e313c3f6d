// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/support/error.h"

#include <QObject>
#include <QString>

#include <memory>

namespace aviary::clusters {

// How an engine is reached. Exactly one of `context` and `host` is given.
struct EngineAddress {
    QString context; // of the Docker CLI, as `docker context ls` names it
    // unix:///run/docker.sock, tcp://10.0.0.7:2375, ssh://user@box
    QString host;
    // For tcp over TLS: the directory with ca.pem, cert.pem and key.pem, as DOCKER_CERT_PATH.
    QString certificates;
    bool operator==(const EngineAddress &) const = default;

    QString text() const { return context.isEmpty() ? host : u"context " + context; }
};
// Why this cannot be an address, and what would be right; empty when it can.
QString objectionTo(const EngineAddress &address);

// A stream of bytes to one engine. Unix sockets and plain tcp are connected to; everything that
// needs TLS, ssh or a context goes through the Docker CLI itself (`docker system dial-stdio`), so
// that its credentials stay where they are.
class Wire : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    // Ends with opened() or closed().
    virtual void open() = 0;
    virtual void write(const QByteArray &bytes) = 0;
    virtual qint64 unwritten() const = 0; // bytes that are still to be sent

Q_SIGNALS:
    void opened();
    void received(const QByteArray &bytes);
    void written(); // some of what was unwritten went out
    // Once. With a sentence of what would help. Nothing comes after it.
    void closed(const aviary::Error &why);
};

// `docker`: the program, for addresses that need it.
std::unique_ptr<Wire> makeWire(const EngineAddress &address, const QString &docker);

// What a raw message of a socket, TLS, ssh or the Docker CLI means for a person.
Error explainFailure(const QString &raw, const EngineAddress &address);

} // namespace aviary::clusters
