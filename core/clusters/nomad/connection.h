// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clusters/nomad/failures.h"
#include "core/clusters/nomad/settings.h"
#include "core/clusters/nomad/values.h"

#include <QElapsedTimer>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QSslConfiguration>

#include <functional>
#include <memory>

namespace aviary::clusters::nomad {

struct Request {
    QByteArray verb = "GET";                       // or POST, DELETE; what is no GET acts
    QString path;                                  // "/v1/nodes"; encoded
    QList<std::pair<QString, QString>> query = {}; // beside region and namespace
    QByteArray body = {};
    int timeout_ms = 30'000; // for the whole answer; what acts is looked after sooner
    bool waits = false;      // a blocking query, which must not hold up what is asked now
    bool spaced = true;      // it takes a namespace
    bool asks_only = false;  // a POST that changes nothing
};

struct Answer {
    QByteArray body;
    Index index = 0; // of the table that was read
};

// Requests to one Nomad. The token goes in a header, to this address only: redirects are not
// followed. A request that acts is sent at most once.
class Connection : public QObject {
    Q_OBJECT
public:
    using Reply = std::function<void(const Outcome<Answer> &)>;
    static constexpr int act_ms_max = 8'000; // then the cluster is asked what became of it
    static constexpr qsizetype body_bytes_max = 256 * 1024 * 1024;

    // Fails when a certificate or a key cannot be read.
    static Result<std::unique_ptr<Connection>> make(const Settings &settings);
    ~Connection() override;

    const Settings &settings() const { return settings_; }
    void setSecrets(const Secrets &secrets) { secrets_ = secrets; }
    bool hasToken() const { return !secrets_.token.isEmpty(); }

    // Answered once, a turn later at the earliest; not at all once the connection is gone. After
    // Nomad asked for a pause (Retry-After), nothing is sent before it is over; what acts is
    // refused when that takes longer than act_ms_max.
    void ask(const Request &request, Reply reply);
    // Ends all that is under way; it is answered Unreachable.
    void hangUp();

    // A request whose answer is read as it comes, over connections of its own. The caller owns the
    // reply.
    std::unique_ptr<QNetworkReply> stream(const Request &request);
    // Why such a reply ended.
    Failure failureOf(QNetworkReply &reply, const QByteArray &body, bool acts = false) const;

Q_SIGNALS:
    void heard(); // an answer came, whatever it says

private:
    struct Exchange; // one request under way

    Connection(Settings settings, QSslConfiguration tls);
    QNetworkRequest requestFor(const Request &request) const;
    void send(const Request &request, Reply reply);
    void finish(Exchange *exchange);
    void end(Exchange *exchange, const Outcome<Answer> &answer);

    Settings settings_;
    QSslConfiguration tls_;
    Secrets secrets_;
    QNetworkAccessManager asking_, waiting_, streaming_; // each has six connections to a host
    std::vector<std::unique_ptr<Exchange>> exchanges_;
    QElapsedTimer quiet_; // since Nomad asked for a pause
    qint64 quiet_ms_ = 0;
};

} // namespace aviary::clusters::nomad
