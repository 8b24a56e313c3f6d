// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/replay/replayconnection.h"

#include <QSslSocket>

namespace aviary::tests {
namespace {

constexpr int drip_ms = 20, flood_ms = 5;
constexpr qsizetype flood_bytes = 256 * 1024;
constexpr qint64 unsent_bytes_max = 4 * 1024 * 1024;

QByteArray headOf(const Scripted &answer, bool with_length) {
    QByteArray head = "HTTP/1.1 " + QByteArray::number(answer.status) + " Replayed\r\n";
    for (const auto &[name, value] : answer.headers) {
        if (name.toLower() != "transfer-encoding" && name.toLower() != "content-length") {
            head += name + ": " + value + "\r\n";
        }
    }
    head += with_length ? "Content-Length: " + QByteArray::number(answer.body.size())
                        : QByteArray("Connection: close"); // else nobody expects a body
    return head + "\r\n\r\n";
}

} // namespace

ReplayConnection::ReplayConnection(QTcpSocket *socket, QObject *parent)
    : QObject(parent), socket_(socket) {
    socket_->setParent(this);
    later_.setSingleShot(true);
    connect(socket_, &QTcpSocket::readyRead, this, &ReplayConnection::read);
    connect(socket_, &QTcpSocket::disconnected, this, &ReplayConnection::ended);
}

void ReplayConnection::read() {
    buffer_ += socket_->readAll();
    while (readOne()) {
    }
}

bool ReplayConnection::readOne() {
    const qsizetype end = buffer_.indexOf("\r\n\r\n");
    if (end < 0) {
        return false;
    }
    Asked request;
    const QList<QByteArray> lines = buffer_.left(end).split('\n');
    const QList<QByteArray> first = lines[0].trimmed().split(' ');
    request.method = first.value(0);
    request.target = first.value(1);
    for (const QByteArray &line : lines.mid(1)) {
        const qsizetype colon = line.indexOf(':');
        request.headers[line.left(colon).trimmed().toLower()] = line.mid(colon + 1).trimmed();
    }
    const qsizetype length = request.headers.value("content-length").toLongLong();
    if (buffer_.size() < end + 4 + length) {
        return false;
    }
    request.body = buffer_.mid(end + 4, length);
    buffer_.remove(0, end + 4 + length);
    Q_EMIT asked(request);
    return true;
}

void ReplayConnection::answer(const Scripted &answer) {
    waited_path_.clear();
    later_.disconnect();
    if (answer.delay_ms > 0) {
        connect(&later_, &QTimer::timeout, this, [this, answer] { write(answer); });
        later_.start(answer.delay_ms);
    } else {
        write(answer);
    }
}

void ReplayConnection::write(const Scripted &answer) {
    using Fault = Scripted::Fault;
    switch (answer.fault) {
    case Fault::None:
        socket_->write(headOf(answer, true) + answer.body);
        break;
    case Fault::Cut:
        cut();
        break;
    case Fault::CutInBody:
        socket_->write(headOf(answer, true) + answer.body.left(answer.body.size() / 2));
        socket_->disconnectFromHost();
        break;
    case Fault::Silent:
        break;
    case Fault::Dribble:
        socket_->write(headOf(answer, false));
        connect(&drip_, &QTimer::timeout, socket_, [this] { socket_->write(" "); });
        drip_.start(drip_ms);
        break;
    case Fault::NoHttp:
        socket_->write("SSH-2.0-OpenSSH_9.2\r\n");
        socket_->disconnectFromHost();
        break;
    case Fault::Endless:
        socket_->write(headOf(answer, false));
        connect(&drip_, &QTimer::timeout, socket_, [this] {
            if (socket_->bytesToWrite() < unsent_bytes_max) {
                socket_->write(QByteArray(flood_bytes, ' '));
            }
        });
        drip_.start(flood_ms);
        break;
    }
}

void ReplayConnection::waitFor(const QByteArray &path, int wait_ms,
                               const std::function<void()> &finish) {
    waited_path_ = path;
    later_.disconnect();
    connect(&later_, &QTimer::timeout, this, finish);
    later_.start(wait_ms);
}

void ReplayConnection::startStream() {
    streams_ = true;
    socket_->write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                   "Transfer-Encoding: chunked\r\n\r\n");
    send("{}");
}

void ReplayConnection::send(const QByteArray &line) {
    chunk(line);
    chunk("\n"); // as Nomad does
}

void ReplayConnection::chunk(const QByteArray &bytes) {
    socket_->write(QByteArray::number(bytes.size(), 16) + "\r\n" + bytes + "\r\n");
}

void ReplayConnection::endStream(const QByteArray &last_words) {
    streams_ = false;
    if (last_words.isEmpty()) {
        cut();
        return;
    }
    chunk(last_words);
    socket_->write("0\r\n\r\n");
}

void ReplayConnection::cut() {
    streams_ = false;
    socket_->abort();
}

} // namespace aviary::tests
