// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/routing/haproxysocket.h"

#include <QFile>

#include <fcntl.h>
#include <unistd.h>

namespace aviary::routing {
namespace {

constexpr int silence_ms_max = 3'000;
constexpr qsizetype answer_bytes_max = 8 * 1024 * 1024;

} // namespace

HaproxySocket::HaproxySocket(const QString &directory, QObject *parent)
    : QObject(parent)
    , directory_(
          ::open(QFile::encodeName(directory).constData(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {
    timeout_.setSingleShot(true);
    timeout_.setInterval(silence_ms_max);
    connect(&timeout_, &QTimer::timeout, this,
            [this] { giveUp(ErrorCode::TimedOut, QStringLiteral("HAProxy does not answer")); });
}

HaproxySocket::~HaproxySocket() {
    socket_.reset();
    ::close(directory_);
}

void HaproxySocket::ask(const QByteArrayList &commands, Reply<QByteArray> reply) {
    asked_.push_back({commands.join(';') + '\n', std::move(reply)});
    QMetaObject::invokeMethod(this, &HaproxySocket::next, Qt::QueuedConnection);
}

void HaproxySocket::next() {
    if (asked_.empty() || socket_) {
        return;
    }
    received_.clear();
    socket_ = std::make_unique<QLocalSocket>();
    QLocalSocket *socket = socket_.get();
    connect(socket, &QLocalSocket::connected, socket,
            [socket, line = asked_.front().line] { socket->write(line); });
    connect(socket, &QLocalSocket::readyRead, this, [this] {
        received_ += socket_->readAll();
        if (received_.size() > answer_bytes_max) {
            giveUp(ErrorCode::Unreachable, QStringLiteral("HAProxy's answer has no end"));
        }
    });
    connect(socket, &QLocalSocket::errorOccurred, this,
            [this](QLocalSocket::LocalSocketError error) {
                if (error == QLocalSocket::PeerClosedError) {
                    received_ += socket_->readAll();
                    finish(received_);
                } else {
                    giveUp(ErrorCode::Unreachable,
                           u"HAProxy is not reached: " + socket_->errorString());
                }
            });
    timeout_.start();
    socket->connectToServer(QStringLiteral("/proc/self/fd/%1/sock").arg(directory_));
}

void HaproxySocket::giveUp(ErrorCode code, const QString &what) {
    finish(fail(code, what, {}, QStringLiteral("it is started again by itself")));
}

void HaproxySocket::finish(const Result<QByteArray> &result) {
    timeout_.stop();
    socket_->disconnect(this);
    socket_.release()->deleteLater(); // it may be inside its signal
    const Asked done = std::move(asked_.front());
    asked_.pop_front();
    QMetaObject::invokeMethod(this, &HaproxySocket::next, Qt::QueuedConnection);
    done.reply(result);
}

} // namespace aviary::routing
