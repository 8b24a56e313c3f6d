// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/nomad/connection.h"

#include "core/clusters/nomad/members.h"
#include "core/clusters/nomad/once.h"
#include "core/support/wholefile.h"

#include <QDirIterator>
#include <QSslCertificate>
#include <QSslKey>
#include <QTimer>
#include <QUrlQuery>

#include <algorithm>

namespace aviary::clusters::nomad {
namespace {

using Kind = Failure::Kind;
constexpr qint64 pem_bytes_max = 4 * 1024 * 1024;
constexpr qsizetype failure_bytes_max = 64 * 1024; // of a body that says why

Result<QByteArray> contentOf(const QString &path) {
    return readWhole(path, pem_bytes_max).map_error([](Error error) {
        error.remedy = QObject::tr("give a PEM file that the daemon may read");
        return error;
    });
}

Result<QList<QSslCertificate>> certificatesIn(const QString &path) {
    return contentOf(path).and_then([&](const QByteArray &text) -> Result<QList<QSslCertificate>> {
        const QList<QSslCertificate> read = QSslCertificate::fromData(text, QSsl::Pem);
        if (read.isEmpty()) {
            return fail(ErrorCode::Invalid, QObject::tr("there is no certificate in it"), path,
                        QObject::tr("give a PEM file"));
        }
        return read;
    });
}

Result<void> addIdentity(const Settings &settings, QSslConfiguration &tls) {
    if (settings.certificate.isEmpty()) {
        return {};
    }
    const auto chain = certificatesIn(settings.certificate);
    const auto text = contentOf(settings.key);
    if (!chain || !text) {
        return tl::unexpected(chain ? text.error() : chain.error());
    }
    QSslKey key(*text, QSsl::Ec);
    if (key.isNull()) {
        key = QSslKey(*text, QSsl::Rsa);
    }
    if (key.isNull()) {
        return fail(ErrorCode::Invalid, QObject::tr("there is no plain private key in it"),
                    settings.key, QObject::tr("give a PEM file without a passphrase"));
    }
    tls.setLocalCertificateChain(*chain);
    tls.setPrivateKey(key);
    return {};
}

Result<QSslConfiguration> tlsOf(const Settings &settings) {
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setProtocol(QSsl::TlsV1_2OrLater);
    if (!settings.ca.isEmpty()) {
        const auto authorities = certificatesIn(settings.ca);
        if (!authorities) {
            return tl::unexpected(authorities.error());
        }
        tls.setCaCertificates(*authorities);
    } else if (!settings.ca_directory.isEmpty()) {
        tls.setCaCertificates({});
        QDirIterator files(settings.ca_directory, QDir::Files);
        while (files.hasNext()) {
            tls.addCaCertificates(files.next());
        }
    }
    tls.setPeerVerifyMode(settings.skip_verify ? QSslSocket::VerifyNone : QSslSocket::VerifyPeer);
    return addIdentity(settings, tls).map([&] { return tls; });
}

Failure broken(Kind kind, ErrorCode code, const QString &what, const QString &remedy) {
    return {kind, {code, what, {}, remedy}};
}

QString again() {
    return QObject::tr("it is tried again");
}

} // namespace

struct Connection::Exchange {
    std::unique_ptr<QNetworkReply> network;
    Reply reply;
    QByteArray body;
    bool acts = false, late = false, too_long = false;
};

Result<std::unique_ptr<Connection>> Connection::make(const Settings &settings) {
    return tlsOf(settings).map([&](const QSslConfiguration &tls) {
        return std::unique_ptr<Connection>(new Connection(settings, tls));
    });
}

Connection::Connection(Settings settings, QSslConfiguration tls)
    : settings_(std::move(settings)), tls_(std::move(tls)) {}

Connection::~Connection() {
    for (const auto &exchange : exchanges_) {
        exchange->network->disconnect(this);
        exchange->network->abort();
    }
}

QNetworkRequest Connection::requestFor(const Request &request) const {
    QUrl url = settings_.address;
    url.setPath(url.path().endsWith(u'/') ? url.path().chopped(1) : url.path());
    url.setPath(url.path(QUrl::FullyEncoded) + request.path, QUrl::TolerantMode);
    QUrlQuery query;
    const auto add = [&query](const QString &name, const QString &value) {
        query.addQueryItem(name, QString::fromLatin1(QUrl::toPercentEncoding(value)));
    };
    for (const auto &[name, value] : request.query) {
        add(name, value);
    }
    if (!settings_.region.isEmpty()) {
        add(QStringLiteral("region"), settings_.region);
    }
    if (request.spaced && !query.hasQueryItem(QStringLiteral("namespace"))) {
        add(QStringLiteral("namespace"), settings_.space);
    }
    url.setQuery(query);
    QNetworkRequest made(url);
    made.setAttribute(QNetworkRequest::RedirectPolicyAttribute,
                      QNetworkRequest::ManualRedirectPolicy);
    made.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    made.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    made.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    made.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    made.setDecompressedSafetyCheckThreshold(body_bytes_max);
    made.setSslConfiguration(tls_);
    if (!settings_.tls_name.isEmpty()) {
        made.setPeerVerifyName(settings_.tls_name);
    }
    if (!secrets_.token.isEmpty()) {
        made.setRawHeader("X-Nomad-Token", secrets_.token.toUtf8());
    }
    if (!secrets_.basic.isEmpty()) {
        made.setRawHeader("Authorization", "Basic " + secrets_.basic.toUtf8().toBase64());
    }
    return made;
}

void Connection::ask(const Request &request, Reply reply) {
    const qint64 left_ms = quiet_.isValid() ? quiet_ms_ - quiet_.elapsed() : 0;
    if (left_ms > act_ms_max && request.verb != "GET") {
        // Nobody expects it any more when that is over.
        const Failure busy =
            broken(Kind::TooMany, ErrorCode::Unreachable,
                   QObject::tr("Nomad asked for a pause, and nothing was sent to it"),
                   QObject::tr("ask again in %1 s").arg(left_ms / 1'000));
        QTimer::singleShot(0, this, [reply, busy] { reply(tl::unexpected(busy)); });
    } else if (left_ms > 0) {
        QTimer::singleShot(static_cast<int>(left_ms), this,
                           [this, request, reply] { ask(request, reply); });
    } else {
        send(request, std::move(reply));
    }
}

void Connection::send(const Request &request, Reply reply) {
    QNetworkRequest made = requestFor(request);
    QNetworkAccessManager &network = request.waits ? waiting_ : asking_;
    auto exchange = std::make_unique<Exchange>();
    Exchange *at = exchange.get();
    at->acts = request.verb != "GET" && !request.asks_only;
    at->reply = std::move(reply);
    if (request.verb != "GET") {
        made.setHeader(QNetworkRequest::ContentTypeHeader, QByteArray("application/json"));
        made.setHeader(QNetworkRequest::ContentLengthHeader, request.body.size());
        made.setAttribute(QNetworkRequest::DoNotBufferUploadDataAttribute, true);
        auto *body = new Once(request.body, nullptr);
        at->network.reset(network.sendCustomRequest(made, request.verb, body));
        body->setParent(at->network.get());
    } else {
        at->network.reset(network.get(made));
    }
    connect(at->network.get(), &QNetworkReply::readyRead, this, [at] {
        at->body += at->network->readAll();
        if (at->body.size() > body_bytes_max) {
            at->too_long = true;
            at->network->abort();
        }
    });
    connect(at->network.get(), &QNetworkReply::finished, this, [this, at] { finish(at); });
    auto *deadline = new QTimer(at->network.get());
    connect(deadline, &QTimer::timeout, this, [at] {
        at->late = true;
        at->network->abort();
    });
    deadline->start(at->acts ? std::min(request.timeout_ms, act_ms_max) : request.timeout_ms);
    exchanges_.push_back(std::move(exchange));
}

void Connection::hangUp() {
    for (const auto &exchange : std::exchange(exchanges_, {})) {
        exchange->network->disconnect(this);
        exchange->network->abort();
        const Kind kind = exchange->acts ? Kind::Unknown : Kind::Unreachable;
        const ErrorCode code = exchange->acts ? ErrorCode::TimedOut : ErrorCode::Unreachable;
        exchange->reply(tl::unexpected(
            broken(kind, code, QObject::tr("the connection was given up"), again())));
    }
}

void Connection::finish(Exchange *exchange) {
    QNetworkReply &network = *exchange->network;
    if (network.isOpen()) { // it was not given up
        exchange->body += network.readAll();
    }
    if (exchange->too_long) {
        end(exchange,
            tl::unexpected(broken(exchange->acts ? Kind::Unknown : Kind::NotNomad,
                                  ErrorCode::Unreachable, QObject::tr("the answer does not end"),
                                  QObject::tr("narrow what is watched: set namespace"))));
        return;
    }
    const int status = network.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (network.error() == QNetworkReply::NoError && status >= 200 && status < 300) {
        end(exchange, Answer{exchange->body, network.rawHeader("X-Nomad-Index").toULongLong()});
        return;
    }
    Failure failure = failureOf(network, exchange->body, exchange->acts);
    if (exchange->late) {
        failure = exchange->acts ? broken(Kind::Unknown, ErrorCode::TimedOut,
                                          QObject::tr("no answer came in time; it may have been "
                                                      "done"),
                                          QObject::tr("look at the cluster before asking again"))
                                 : broken(Kind::Unreachable, ErrorCode::Unreachable,
                                          QObject::tr("no answer came in time"), again());
    }
    if (failure.retry_after_ms > 0) {
        quiet_.start();
        quiet_ms_ = failure.retry_after_ms;
    }
    end(exchange, tl::unexpected(failure));
}

void Connection::end(Exchange *exchange, const Outcome<Answer> &answer) {
    const auto at =
        std::ranges::find_if(exchanges_, [&](const auto &one) { return one.get() == exchange; });
    std::unique_ptr<Exchange> kept = std::move(*at);
    exchanges_.erase(at);
    kept->network->disconnect(this);
    kept->network.release()->deleteLater(); // it may be inside its signal
    if (answer || (answer.error().kind != Kind::Unreachable &&
                   answer.error().kind != Kind::Unknown && answer.error().kind != Kind::Tls)) {
        Q_EMIT heard();
    }
    kept->reply(answer); // last: it may destroy this
}

std::unique_ptr<QNetworkReply> Connection::stream(const Request &request) {
    QNetworkRequest made = requestFor(request);
    made.setRawHeader("Accept-Encoding", "identity"); // each line as soon as it comes
    return std::unique_ptr<QNetworkReply>(streaming_.get(made));
}

Failure Connection::failureOf(QNetworkReply &reply, const QByteArray &body, bool acts) const {
    const int status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    const QString place = settings_.address.toString(QUrl::RemoveUserInfo);
    if (status >= 300) {
        Failure failure =
            nomad::failureOf(status, body.left(failure_bytes_max), reply.rawHeader("Retry-After"),
                             reply.rawHeader("Location"));
        failure.error.where = place;
        return failure;
    }
    const QString words = bounded(reply.errorString());
    Failure failure;
    switch (reply.error()) {
    case QNetworkReply::SslHandshakeFailedError:
        failure = broken(Kind::Tls, ErrorCode::Unreachable,
                         QObject::tr("the TLS connection fails: %1").arg(words),
                         QObject::tr("set ca to the authority that signed its certificate, "
                                     "tls_server_name to the name in it, certificate and key if "
                                     "it wants yours"));
        break;
    case QNetworkReply::ProtocolFailure:
    case QNetworkReply::ProtocolUnknownError:
    case QNetworkReply::ProtocolInvalidOperationError:
        failure = broken(acts ? Kind::Unknown : Kind::NotNomad,
                         acts ? ErrorCode::TimedOut : ErrorCode::Unreachable,
                         QObject::tr("what answers speaks no HTTP: %1").arg(words),
                         QObject::tr("check the port, and http or https"));
        break;
    case QNetworkReply::ConnectionRefusedError:
    case QNetworkReply::HostNotFoundError:
        failure = broken(Kind::Unreachable, ErrorCode::Unreachable,
                         QObject::tr("nobody answers there: %1").arg(words),
                         QObject::tr("check the address, and that Nomad runs"));
        break;
    default: // it broke off; a port that speaks no HTTP looks the same
        failure = acts ? broken(Kind::Unknown, ErrorCode::TimedOut,
                                QObject::tr("the connection broke before the answer; it may have "
                                            "been done: %1")
                                    .arg(words),
                                QObject::tr("look at the cluster before asking again"))
                       : broken(Kind::Unreachable, ErrorCode::Unreachable,
                                QObject::tr("the answer broke off: %1").arg(words),
                                status == 0 ? QObject::tr("it is tried again; if it goes on, check "
                                                          "the port, and http or https")
                                            : again());
    }
    failure.error.where = place;
    return failure;
}

} // namespace aviary::clusters::nomad
