// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clusters/docker/engineconnection.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonObject>

#include <deque>
#include <optional>
#include <vector>

namespace aviary::clusters {

// What one engine says of itself.
struct EngineFacts {
    QString version, api_version; // "20.10.24", "1.41"
    QString name;                 // of the product: "Docker Engine", "Podman Engine"
    qint64 memory_mib = 0;
    qint64 clock_ahead_ms = 0; // of the engine's clock, seen from ours
    QString root;              // where it keeps images and containers
    bool operator==(const EngineFacts &) const = default;
};

// One Docker or Podman engine: requests in turn over a few connections, what happens there as it
// happens, and whether it is there at all. A lost engine is tried again by itself, at growing
// intervals. API version 1.40 is spoken (Docker 19.03 and later, Podman 3 and later).
class Engine : public QObject {
    Q_OBJECT
public:
    using Reply = EngineConnection::Reply;
    static constexpr int connections_max = 3; // beside the one for events

    // `label`: only events of objects with it ("org.aviary.cluster=edge-eu").
    Engine(EngineAddress address, QString docker, QString label, QObject *parent = nullptr);
    ~Engine() override;

    const EngineAddress &address() const { return address_; }
    void open(); // ends with cameUp() or wentDown(), again and again
    bool isUp() const { return up_; }
    bool isOpening() const { return opening_; }
    const EngineFacts &facts() const { return facts_; }
    const std::optional<Error> &trouble() const { return trouble_; } // why it is not up
    qint64 silentForMs() const { return since_heard_.elapsed(); }
    void tryNow(); // without waiting for the next try

    // Answered once, also when the engine is lost on the way: then with Unreachable, and what was
    // asked may have been done. A status of 400 and above is an answer, no error.
    void ask(EngineRequest request, Reply reply);

    // The engine's own words about a status of 400 and above.
    static QString messageOf(const EngineAnswer &answer);
    static QJsonObject objectOf(const EngineAnswer &answer);
    static QJsonArray listOf(const EngineAnswer &answer);

Q_SIGNALS:
    void cameUp();
    void wentDown(const aviary::Error &why);
    void happened(const QJsonObject &event);

private:
    struct Asked {
        EngineRequest request;
        Reply reply;
        bool again = false; // it was sent once on a connection that turned out to be closed
    };

    void greet();
    void noteVersion(const EngineAnswer &answer);
    void noteSystem(const EngineAnswer &answer);
    void listen();
    void noteEvents(const QByteArray &bytes);
    void serve();
    void sendOn(EngineConnection &connection, Asked asked);
    EngineConnection *newConnection();
    void look(); // is it still there?
    void goDown(const Error &why);

    EngineAddress address_;
    QString docker_, label_;
    std::deque<Asked> waiting_;
    std::vector<std::unique_ptr<EngineConnection>> connections_;
    std::unique_ptr<EngineConnection> events_;
    QByteArray event_line_;
    qint64 last_event_ns_ = 0; // by the engine's clock
    EngineFacts facts_;
    std::optional<Error> trouble_;
    QElapsedTimer since_heard_;
    QTimer again_, look_;
    int tries_ = 0;
    bool up_ = false, opening_ = false;
};

} // namespace aviary::clusters
