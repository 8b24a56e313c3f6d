// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/docker/wire.h"

#include <QLocalSocket>
#include <QProcess>
#include <QTcpSocket>
#include <QUrl>

#include <array>

namespace aviary::clusters {
namespace {

constexpr qsizetype said_max = 4'096;

// Unix sockets and plain tcp.
template <class Socket, class Connect>
class SocketWire : public Wire {
public:
    SocketWire(EngineAddress address, Connect connect)
        : address_(std::move(address)), connect_(std::move(connect)) {
        QObject::connect(&socket_, &Socket::connected, this, &Wire::opened);
        QObject::connect(&socket_, &QIODevice::readyRead, this,
                         [this] { Q_EMIT received(socket_.readAll()); });
        QObject::connect(&socket_, &QIODevice::bytesWritten, this, &Wire::written);
        QObject::connect(&socket_, &Socket::errorOccurred, this, [this] {
            // A turn later: a socket may fail inside open().
            QMetaObject::invokeMethod(
                this, [this] { end(socket_.errorString()); }, Qt::QueuedConnection);
        });
        QObject::connect(&socket_, &Socket::disconnected, this,
                         [this] { end(QStringLiteral("the connection was closed")); });
    }
    // A socket says that it is closed while it is destroyed: nobody is left who could hear it.
    ~SocketWire() override { socket_.disconnect(this); }
    void open() override { connect_(socket_); }
    void write(const QByteArray &bytes) override { socket_.write(bytes); }
    qint64 unwritten() const override { return socket_.bytesToWrite(); }

private:
    void end(const QString &why) {
        if (!std::exchange(ended_, true)) {
            Q_EMIT closed(explainFailure(why, address_));
        }
    }
    EngineAddress address_;
    Connect connect_;
    Socket socket_;
    bool ended_ = false;
};

// Whatever the Docker CLI reaches.
class CliWire : public Wire {
public:
    CliWire(EngineAddress address, const QString &docker) : address_(std::move(address)) {
        QStringList arguments = address_.context.isEmpty()
                                    ? QStringList{QStringLiteral("-H"), address_.host}
                                    : QStringList{QStringLiteral("--context"), address_.context};
        process_.setProgram(docker);
        process_.setArguments(arguments +
                              QStringList{QStringLiteral("system"), QStringLiteral("dial-stdio")});
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        for (const char *name : {"DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_TLS_VERIFY"}) {
            environment.remove(QString::fromLatin1(name)); // they would win over what was given
        }
        if (!address_.certificates.isEmpty()) {
            environment.insert(QStringLiteral("DOCKER_TLS_VERIFY"), QStringLiteral("1"));
            environment.insert(QStringLiteral("DOCKER_CERT_PATH"), address_.certificates);
        }
        process_.setProcessEnvironment(environment);
        connect(&process_, &QProcess::started, this, &Wire::opened);
        connect(&process_, &QProcess::readyReadStandardOutput, this,
                [this] { Q_EMIT received(process_.readAllStandardOutput()); });
        connect(&process_, &QProcess::readyReadStandardError, this, [this] {
            said_ += process_.readAllStandardError();
            said_ = said_.right(said_max);
        });
        connect(&process_, &QIODevice::bytesWritten, this, &Wire::written);
        connect(&process_, &QProcess::finished, this, [this] { end(QString::fromUtf8(said_)); });
        connect(&process_, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
            if (error == QProcess::FailedToStart) {
                end(process_.program() + u": " + process_.errorString());
            }
        });
    }
    ~CliWire() override {
        process_.disconnect(this);
        process_.kill();
        process_.waitForFinished(1'000);
    }
    void open() override { process_.start(); }
    void write(const QByteArray &bytes) override { process_.write(bytes); }
    qint64 unwritten() const override { return process_.bytesToWrite(); }

private:
    void end(const QString &why) {
        if (!std::exchange(ended_, true)) {
            const QString said =
                why.trimmed().isEmpty() ? QStringLiteral("the connection was closed") : why;
            Q_EMIT closed(explainFailure(said.trimmed(), address_));
        }
    }
    EngineAddress address_;
    QProcess process_;
    QByteArray said_;
    bool ended_ = false;
};

struct Meaning {
    const char *sign; // in the message, lower case
    const char *what, *remedy;
};
// The first that is in the message counts.
constexpr std::array meanings{
    Meaning{".pem", "TLS: the certificates cannot be read", "check ca.pem, cert.pem and key.pem"},
    Meaning{"context not found", "there is no such context",
            "docker context ls shows what there is"},
    Meaning{"deadline exceeded", "no answer in time", "check the network; it is tried again"},
    Meaning{"permission denied", "permission denied",
            "let this user speak with the engine (group docker), or give it another key"},
    Meaning{"host key verification failed", "the host key is not known",
            "connect once with ssh and check the key"},
    Meaning{"certificate", "TLS: the certificates do not fit",
            "check ca.pem, cert.pem and key.pem, and the name of the host"},
    Meaning{"tls", "TLS: the handshake failed", "check the certificates and the port"},
    Meaning{"http response to https", "the engine speaks no TLS there",
            "leave the certificates out, or use the TLS port"},
    Meaning{"no such host", "the name of the host is not known", "check the address"},
    Meaning{"could not resolve", "the name of the host is not known", "check the address"},
    Meaning{"host not found", "the name of the host is not known", "check the address"},
    Meaning{"no route", "there is no route to the host", "check the network and the address"},
    Meaning{"unreachable", "there is no route to the host", "check the network and the address"},
    Meaning{"refused", "nothing listens there", "start the engine, or check the port"},
    Meaning{"invalid name", "there is no such socket", "start the engine, or check the path"},
    Meaning{"no such file", "there is no such file or program", "check the path"},
    Meaning{"timed out", "no answer in time", "check the network; it is tried again"},
};

} // namespace

QString objectionTo(const EngineAddress &address) {
    if (address.context.isEmpty() == address.host.isEmpty()) {
        return QStringLiteral("give either \"host\" or \"context\"");
    }
    if (address.context.startsWith(u'-') || address.host.startsWith(u'-')) {
        return QStringLiteral("this would be taken for an option");
    }
    const QString scheme = QUrl(address.host).scheme();
    const bool known = scheme == QStringLiteral("unix") || scheme == QStringLiteral("tcp") ||
                       scheme == QStringLiteral("ssh");
    if (!address.host.isEmpty() && !known) {
        return QStringLiteral("\"host\" begins with unix://, tcp:// or ssh://");
    }
    return {};
}

std::unique_ptr<Wire> makeWire(const EngineAddress &address, const QString &docker) {
    const QUrl url(address.host);
    if (url.scheme() == QStringLiteral("unix")) {
        const auto connect = [path = url.path()](QLocalSocket &socket) {
            socket.connectToServer(path);
        };
        return std::make_unique<SocketWire<QLocalSocket, decltype(connect)>>(address, connect);
    }
    if (url.scheme() == QStringLiteral("tcp") && address.certificates.isEmpty()) {
        constexpr int plain_port = 2'375;
        const auto connect = [host = url.host(), port = url.port(plain_port)](QTcpSocket &socket) {
            socket.connectToHost(host, static_cast<quint16>(port));
        };
        return std::make_unique<SocketWire<QTcpSocket, decltype(connect)>>(address, connect);
    }
    return std::make_unique<CliWire>(address, docker);
}

Error explainFailure(const QString &raw, const EngineAddress &address) {
    const QString lower = raw.toLower();
    for (const Meaning &meaning : meanings) {
        if (lower.contains(QLatin1String(meaning.sign))) {
            return {ErrorCode::Unreachable,
                    QLatin1String(meaning.what) + u" (" + raw.left(300) + u')', address.text(),
                    QLatin1String(meaning.remedy)};
        }
    }
    return {ErrorCode::Unreachable, raw.left(300), address.text(),
            QStringLiteral("check that an engine listens there; it is tried again")};
}

} // namespace aviary::clusters
