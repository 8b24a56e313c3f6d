// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clusters/docker/httpreader.h"
#include "core/clusters/docker/wire.h"

#include <QFile>
#include <QTimer>

#include <functional>

namespace aviary::clusters {

struct EngineRequest {
    QByteArray method = "GET";
    QString path; // with its query, encoded
    QByteArray body = {};
    QString body_file = {};  // sent as a tar archive in place of `body`
    int timeout_ms = 15'000; // between two signs of life of the answer
};

struct EngineAnswer {
    int status = 0;
    QByteArray body; // at most EngineConnection::body_bytes_max; empty when it was streamed
};

// One keep-alive connection to an engine, one request at a time.
class EngineConnection : public QObject {
    Q_OBJECT
public:
    static constexpr qsizetype body_bytes_max = 64 * 1024 * 1024;
    using Reply = std::function<void(const Result<EngineAnswer> &)>;
    using Part = std::function<void(const QByteArray &)>;

    EngineConnection(const EngineAddress &address, const QString &docker,
                     QObject *parent = nullptr);

    bool isIdle() const { return !busy_; }
    bool isDead() const { return dead_; }
    // True when an earlier request was answered on it: the engine may have closed it since.
    bool wasUsed() const { return used_; }

    // `part`: takes the body as it comes, and the answer then has none.
    void send(const EngineRequest &request, Reply reply, Part part = {});
    // Ends what is under way with this error; it is dead then.
    void abandon(const Error &why) { die(why); }

Q_SIGNALS:
    void freed(); // idle again, or dead
    void heard(); // any byte came

private:
    void write();
    void writeFile();
    void take(const QByteArray &bytes);
    void handBody();
    void finish(const Result<EngineAnswer> &result);
    void die(const Error &why);

    EngineAddress address_;
    std::unique_ptr<Wire> wire_;
    HttpReader reader_;
    EngineRequest request_;
    QFile file_;
    QByteArray body_;
    Reply reply_;
    Part part_;
    QTimer silence_;
    bool open_ = false, busy_ = false, dead_ = false, used_ = false;
};

} // namespace aviary::clusters
