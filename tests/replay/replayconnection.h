// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/replay/replayserver.h"

#include <QTcpSocket>
#include <QTimer>

namespace aviary::tests {

// One connection of a client: reads requests, writes answers and mishaps.
class ReplayConnection : public QObject {
    Q_OBJECT
public:
    ReplayConnection(QTcpSocket *socket, QObject *parent);

    void answer(const Scripted &answer);
    // Waits for something: `finish` is called with what is known after `wait_ms`, unless the
    // connection was answered before.
    void waitFor(const QByteArray &path, int wait_ms, const std::function<void()> &finish);
    bool waitsFor(const QByteArray &path) const { return waited_path_ == path; }

    void startStream();
    bool isStream() const { return streams_; }
    void send(const QByteArray &line); // of the stream, with its end
    void endStream(const QByteArray &last_words);
    void cut();

Q_SIGNALS:
    void asked(const aviary::tests::Asked &request);
    void ended();

private:
    void read();
    bool readOne();
    void write(const Scripted &answer);
    void chunk(const QByteArray &bytes);

    QTcpSocket *socket_;
    QByteArray buffer_;
    QByteArray waited_path_;
    QTimer later_, drip_;
    bool streams_ = false;
};

} // namespace aviary::tests
