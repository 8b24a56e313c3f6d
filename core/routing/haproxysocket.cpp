// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/routing/haproxysocket.h"

#include <QFile>
#include <QFileInfo>
#include <QLocalSocket>
#include <QTcpSocket>

#include <fcntl.h>
#include <unistd.h>

namespace aviary::routing {
namespace {

constexpr int silence_ms_max = 3'000;
constexpr qsizetype answer_bytes_max = 8 * 1024 * 1024;
constexpr qsizetype line_bytes_max = 12 * 1024; // HAProxy reads lines of up to 16 KiB

QByteArrayList linesOf(const QByteArrayList &commands) {
    QByteArrayList lines;
    for (const QByteArray &command : commands) {
        if (lines.isEmpty() || lines.last().size() + command.size() > line_bytes_max) {
            lines += command;
        } else {
            lines.last() += ';' + command;
        }
    }
    return lines;
}

QString whyNot(const QLocalSocket &socket) {
    switch (socket.error()) {
    case QLocalSocket::ServerNotFoundError:
        return QStringLiteral("there is no such socket");
    case QLocalSocket::ConnectionRefusedError:
        return QStringLiteral("nobody listens at its socket");
    case QLocalSocket::SocketAccessError:
        return QStringLiteral("the user of aviaryd may not use its socket");
    default:
        return socket.errorString();
    }
}

} // namespace

bool isSocketPath(const QString &address) {
    return address.startsWith(u'/');
}

HaproxySocket::HaproxySocket(QString address, QString remedy, QObject *parent)
    : QObject(parent), address_(std::move(address)), remedy_(std::move(remedy)) {
    timeout_.setSingleShot(true);
    timeout_.setInterval(silence_ms_max);
    connect(&timeout_, &QTimer::timeout, this,
            [this] { giveUp(ErrorCode::TimedOut, QStringLiteral("HAProxy does not answer")); });
}

HaproxySocket::~HaproxySocket() {
    drop();
}

void HaproxySocket::ask(const QByteArrayList &commands, Reply<QByteArray> reply) {
    asked_.push_back({linesOf(commands), std::move(reply), {}});
    QMetaObject::invokeMethod(this, &HaproxySocket::next, Qt::QueuedConnection);
}

void HaproxySocket::next() {
    if (asked_.empty() || socket_ != nullptr) {
        return;
    }
    Asked &asked = asked_.front();
    if (asked.lines.isEmpty()) {
        finish(asked.received);
        return;
    }
    const QByteArray line = asked.lines.takeFirst() + '\n';
    timeout_.start();
    isSocketPath(address_) ? connectLocal(line) : connectTcp(line);
}

void HaproxySocket::connectLocal(const QByteArray &line) {
    auto *socket = new QLocalSocket(this);
    socket_ = socket;
    connect(socket, &QLocalSocket::connected, socket, [socket, line] { socket->write(line); });
    connect(socket, &QLocalSocket::readyRead, this, &HaproxySocket::receive);
    connect(socket, &QLocalSocket::errorOccurred, this,
            [this, socket](QLocalSocket::LocalSocketError error) {
                error == QLocalSocket::PeerClosedError ? ended() : notReached(whyNot(*socket));
            });
    // A short way to the socket, whose path may be over 107 bytes. Opened each time: the directory
    // of an operator's HAProxy may be made anew.
    const QFileInfo place(address_);
    directory_ =
        ::open(QFile::encodeName(place.path()).constData(), O_PATH | O_DIRECTORY | O_CLOEXEC);
    socket->connectToServer(
        directory_ < 0
            ? address_
            : QStringLiteral("/proc/self/fd/%1/%2").arg(directory_).arg(place.fileName()));
}

void HaproxySocket::connectTcp(const QByteArray &line) {
    auto *socket = new QTcpSocket(this);
    socket_ = socket;
    connect(socket, &QTcpSocket::connected, socket, [socket, line] { socket->write(line); });
    connect(socket, &QTcpSocket::readyRead, this, &HaproxySocket::receive);
    connect(socket, &QTcpSocket::errorOccurred, this,
            [this, socket](QAbstractSocket::SocketError error) {
                error == QAbstractSocket::RemoteHostClosedError ? ended()
                                                                : notReached(socket->errorString());
            });
    const qsizetype colon = address_.lastIndexOf(u':');
    socket->connectToHost(address_.left(colon).remove(u'[').remove(u']'),
                          address_.mid(colon + 1).toUShort());
}

void HaproxySocket::receive() {
    Asked &asked = asked_.front();
    asked.received += socket_->readAll();
    if (asked.received.size() > answer_bytes_max) {
        giveUp(ErrorCode::Unreachable, QStringLiteral("HAProxy's answer has no end"));
    }
}

void HaproxySocket::ended() {
    asked_.front().received += socket_->readAll();
    drop();
    next();
}

void HaproxySocket::notReached(const QString &why) {
    giveUp(ErrorCode::Unreachable, u"HAProxy is not reached: " + why);
}

void HaproxySocket::giveUp(ErrorCode code, const QString &what) {
    finish(fail(code, what, address_, remedy_));
}

void HaproxySocket::drop() {
    timeout_.stop();
    if (socket_ != nullptr) {
        socket_->disconnect(this);
        std::exchange(socket_, nullptr)->deleteLater();
    }
    if (directory_ >= 0) {
        ::close(std::exchange(directory_, -1));
    }
}

void HaproxySocket::finish(const Result<QByteArray> &result) {
    drop();
    const Asked done = std::move(asked_.front());
    asked_.pop_front();
    QMetaObject::invokeMethod(this, &HaproxySocket::next, Qt::QueuedConnection);
    done.reply(result);
}

} // namespace aviary::routing
