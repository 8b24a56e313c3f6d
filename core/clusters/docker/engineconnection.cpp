// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/docker/engineconnection.h"

#include <QPointer>

namespace aviary::clusters {
namespace {

constexpr qint64 piece_bytes = 256 * 1024;

} // namespace

EngineConnection::EngineConnection(const EngineAddress &address, const QString &docker,
                                   QObject *parent)
    : QObject(parent), address_(address), wire_(makeWire(address, docker)) {
    silence_.setSingleShot(true);
    connect(&silence_, &QTimer::timeout, this,
            [this] { die(explainFailure(QStringLiteral("timed out"), address_)); });
    connect(wire_.get(), &Wire::opened, this, [this] {
        open_ = true;
        if (busy_) {
            write();
        }
    });
    connect(wire_.get(), &Wire::received, this, &EngineConnection::take);
    connect(wire_.get(), &Wire::written, this, &EngineConnection::writeFile);
    connect(wire_.get(), &Wire::closed, this, [this](const Error &why) {
        const bool ended = busy_ && reader_.hasHead() && reader_.feedEnd();
        dead_ = true;
        if (ended) {
            finish(EngineAnswer{reader_.status(), body_ + reader_.takeBody()});
        } else {
            die(why);
        }
    });
    wire_->open();
}

void EngineConnection::send(const EngineRequest &request, Reply reply, Part part) {
    request_ = request;
    reply_ = std::move(reply);
    part_ = std::move(part);
    busy_ = true;
    body_.clear();
    reader_.begin();
    silence_.start(request.timeout_ms);
    if (open_) {
        write();
    }
}

void EngineConnection::write() {
    QByteArray head =
        request_.method + ' ' + request_.path.toUtf8() + " HTTP/1.1\r\nHost: docker\r\n";
    if (!request_.body_file.isEmpty()) {
        file_.setFileName(request_.body_file);
        if (!file_.open(QIODevice::ReadOnly)) {
            finish(fail(ErrorCode::NotFound, file_.errorString(), file_.fileName()));
            return;
        }
        head += "Content-Type: application/x-tar\r\nContent-Length: " +
                QByteArray::number(file_.size()) + "\r\n\r\n";
        wire_->write(head);
        writeFile();
        return;
    }
    if (!request_.body.isEmpty()) {
        head += "Content-Type: application/json\r\n";
    }
    if (request_.method != "GET") {
        head += "Content-Length: " + QByteArray::number(request_.body.size()) + "\r\n";
    }
    wire_->write(head + "\r\n" + request_.body);
}

void EngineConnection::writeFile() {
    if (!busy_ || !file_.isOpen()) {
        return;
    }
    silence_.start(); // bytes went out
    while (wire_->unwritten() < piece_bytes) {
        const QByteArray piece = file_.read(piece_bytes);
        if (piece.isEmpty()) {
            file_.close();
            return;
        }
        wire_->write(piece);
    }
}

void EngineConnection::take(const QByteArray &bytes) {
    if (!busy_) {
        die(explainFailure(QStringLiteral("the engine said more than it was asked"), address_));
        return;
    }
    const QPointer<EngineConnection> self = this;
    Q_EMIT heard();
    silence_.start();
    if (const Result<void> fed = reader_.feed(bytes); !fed) {
        die(fed.error());
        return;
    }
    handBody();
    if (self && busy_ && reader_.isDone()) {
        dead_ = dead_ || reader_.closes();
        used_ = true;
        finish(EngineAnswer{reader_.status(), std::exchange(body_, {})});
    }
}

void EngineConnection::handBody() {
    const QByteArray body = reader_.takeBody();
    if (part_ && reader_.hasHead() && reader_.status() < 300) {
        if (!body.isEmpty()) {
            part_(body);
        }
    } else if (body_.size() + body.size() > body_bytes_max) {
        die({ErrorCode::Unreachable,
             QStringLiteral("the engine's answer is too long"),
             address_.text(),
             {}});
    } else {
        body_ += body;
    }
}

void EngineConnection::finish(const Result<EngineAnswer> &result) {
    silence_.stop();
    file_.close();
    busy_ = false;
    const Reply reply = std::exchange(reply_, {});
    part_ = {};
    const QPointer<EngineConnection> self = this;
    if (reply) {
        reply(result);
    }
    if (self) {
        Q_EMIT freed();
    }
}

void EngineConnection::die(const Error &why) {
    dead_ = true;
    if (busy_) {
        finish(tl::unexpected<Error>(why));
    } else {
        Q_EMIT freed();
    }
}

} // namespace aviary::clusters
