// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/replay/recordings.h"

#include <QHash>
#include <QSslConfiguration>
#include <QTcpServer>

#include <deque>
#include <optional>

namespace aviary::tests {

class ReplayConnection;

// What was asked of a replay server.
struct Asked {
    QByteArray method, target;             // with its query
    QHash<QByteArray, QByteArray> headers; // names in lower case
    QByteArray body;

    QByteArray path() const { return target.split('?').first(); } // without its query
    QByteArray query(const QByteArray &name) const;               // decoded; empty: not given
};

struct Scripted {
    enum class Fault : quint8 {
        None,
        Cut,       // closed before the first byte of the answer
        CutInBody, // closed in the middle
        Silent,    // never answered
        Dribble,   // a byte at a time, for ever
        NoHttp,    // something else than HTTP
        Endless,   // a body that does not end
    };
    int status = 200;
    QByteArray body = {};
    QList<std::pair<QByteArray, QByteArray>> headers = {};
    Fault fault = Fault::None;
    int delay_ms = 0;
};

// A server of 127.0.0.1 that answers as a real Nomad did, or as badly as it is told. Answers to a
// request come from the first of: what was scripted for it, what was put there, what was recorded.
class ReplayServer : public QTcpServer {
    Q_OBJECT
public:
    ReplayServer();
    explicit ReplayServer(const QSslConfiguration &tls); // HTTPS
    ~ReplayServer() override;

    QString address() const; // "http://127.0.0.1:40123"

    // The next `times` requests of that path (without a query) are answered so.
    void script(const QByteArray &method, const QByteArray &path, const Scripted &answer,
                int times = 1'000'000);
    void unscript(); // forgets what was scripted
    // A list or an object with the index of its table. Requests that wait for a later index are
    // answered when it comes, or after the time that they gave. Nothing there begins with a prefix
    // that is asked for.
    void put(const QByteArray &path, const QByteArray &body, quint64 index);
    void put(int recording); // as it was recorded, at its path

    // The event stream: its lines so far, and those that come. `{}` is sent first by itself.
    void tell(const QByteArray &line);
    void forgetLines() { lines_.clear(); } // as a buffer that ran over
    void cutStreams(const QByteArray &last_words = {});
    int openStreams() const;
    // Cuts everything that is open; the port goes on listening.
    void cutAll();
    // As a server that is shut down, and started again at the same address.
    void goAway();
    void comeBack();

    const std::deque<Asked> &asked() const { return asked_; }
    int count(const QByteArray &method, const QByteArray &path) const;
    std::optional<Asked> last(const QByteArray &path) const;

Q_SIGNALS:
    void heard(); // a request came

protected:
    void incomingConnection(qintptr handle) override;

private:
    struct Rule {
        QByteArray method, path;
        Scripted answer;
        int left = 0;
    };
    struct Place {
        QByteArray body;
        quint64 index = 0;
    };

    void take(ReplayConnection &connection, const Asked &asked);
    bool answerScripted(ReplayConnection &connection, const Asked &asked);
    bool answerPut(ReplayConnection &connection, const Asked &asked);
    void answerRecorded(ReplayConnection &connection, const Asked &asked);
    void openStream(ReplayConnection &connection);
    static Scripted answerOf(const Place &place);

    std::optional<QSslConfiguration> tls_;
    quint16 port_ = 0; // while it is away
    std::deque<Rule> rules_;
    QHash<QByteArray, Place> places_;
    QList<QByteArray> lines_;
    std::deque<Asked> asked_;
    QList<ReplayConnection *> connections_;
};

} // namespace aviary::tests
