// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/connection.h"

#include "core/support/words.h"

#include <QLoggingCategory>
#include <QPointer>

Q_LOGGING_CATEGORY(logConnection, "aviary.connection", QtInfoMsg)

namespace aviary::api {

using namespace Qt::Literals;

namespace {

constexpr int read_bytes_max = 256 * 1024;
constexpr int topic_length_max = 200;
constexpr int display_name_max = 80;
constexpr int farewell_ms = 1'000;

} // namespace

Connection::Connection(QLocalSocket *socket, Provider &provider, Caller caller,
                       const ConnectionLimits &limits, QObject *parent)
    : QObject(parent)
    , socket_(socket)
    , provider_(provider)
    , caller_(std::move(caller))
    , limits_(limits) {
    socket_->setParent(this);
    socket_->setReadBufferSize(read_bytes_max);
    feed_timer_.setSingleShot(true);
    feed_timer_.setInterval(limits_.feed_interval_ms);
    stall_timer_.setSingleShot(true);
    stall_timer_.setInterval(limits_.stall_ms_max);
    connect(&feed_timer_, &QTimer::timeout, this, &Connection::feed);
    connect(&stall_timer_, &QTimer::timeout, this, [this] {
        drop(u"the client read nothing for %1 s"_qs.arg(limits_.stall_ms_max / 1000));
    });
    connect(socket_, &QLocalSocket::readyRead, this, &Connection::readSome);
    connect(socket_, &QLocalSocket::disconnected, this, [this] { end(u"closed"_qs); });
    connect(socket_, &QLocalSocket::bytesWritten, this, [this] {
        if (socket_->bytesToWrite() == 0) {
            stall_timer_.stop();
        } else {
            stall_timer_.start();
        }
    });
    QMetaObject::invokeMethod(this, &Connection::readSome, Qt::QueuedConnection);
}

void Connection::readSome() {
    if (ended_) {
        return;
    }
    lines_.append(socket_->read(read_bytes_max));
    while (const std::optional<rpc::Lines::Line> line = lines_.next()) {
        if (line->too_long) {
            take(rpc::Malformed{{},
                                rpc::Fault::Shape,
                                u"the line is longer than %1 bytes"_qs.arg(rpc::line_bytes_max)});
        } else if (!line->text.trimmed().isEmpty()) {
            take(rpc::parse(line->text));
        }
        if (ended_) {
            return;
        }
    }
    if (socket_->bytesAvailable() > 0) { // let the others have their turn
        QMetaObject::invokeMethod(this, &Connection::readSome, Qt::QueuedConnection);
    }
}

void Connection::take(const rpc::Message &message) {
    if (const auto *malformed = std::get_if<rpc::Malformed>(&message)) {
        write(rpc::toLine(*malformed));
    } else if (const auto *called = std::get_if<rpc::Call>(&message)) {
        call(*called);
    }
    // Notices and answers of a client mean nothing here, and JSON-RPC forbids to answer them.
}

void Connection::call(const rpc::Call &call) {
    const QString topic = call.parameters.value(u"topic"_qs).toString();
    if (call.method == u"subscribe"_qs) {
        return write(rpc::toLine(rpc::Reply{call.id, subscribe(topic)}));
    }
    if (call.method == u"unsubscribe"_qs) {
        feeds_.erase(topic);
        return write(rpc::toLine(rpc::Reply{call.id, QJsonObject()}));
    }
    if (calls_ >= limits_.calls_max) {
        const auto refused =
            fail(ErrorCode::Refused, u"%1 calls of this client are not answered yet"_qs.arg(calls_),
                 call.method, u"wait for an answer"_qs);
        return write(rpc::toLine(rpc::Reply{call.id, refused}));
    }
    if (call.parameters.contains(u"as"_qs)) {
        caller_.as = boundedText(call.parameters.value(u"as"_qs).toString(), display_name_max);
    }
    ++calls_;
    const auto answered = std::make_shared<bool>(false);
    provider_.handle(caller_, call.method, call.parameters,
                     [self = QPointer<Connection>(this), id = call.id,
                      answered](const Result<QJsonObject> &result) {
                         if (self && !std::exchange(*answered, true)) {
                             self->answer(id, result);
                         }
                     });
}

void Connection::answer(const QJsonValue &id, const Result<QJsonObject> &result) {
    --calls_;
    QByteArray line = rpc::toLine(rpc::Reply{id, result});
    if (line.size() > rpc::line_bytes_max) {
        line = rpc::toLine(rpc::Reply{id, fail(ErrorCode::Invalid,
                                               u"the answer is longer than a message may be"_qs, {},
                                               u"ask for fewer at once"_qs)});
    }
    write(line);
}

Result<QJsonObject> Connection::subscribe(const QString &topic) {
    if (topic.isEmpty() || topic.size() > topic_length_max) {
        return fail(ErrorCode::Invalid,
                    u"\"topic\" must be a text of 1 to %1"_qs.arg(topic_length_max));
    }
    if (int(feeds_.size()) >= limits_.topics_max && !feeds_.contains(topic)) {
        return fail(ErrorCode::Refused, u"%1 topics are subscribed"_qs.arg(feeds_.size()), topic,
                    u"unsubscribe one first"_qs);
    }
    Result<QJsonObject> whole = provider_.whole(topic);
    if (!whole) {
        return whole;
    }
    whole->insert(u"whole"_qs, true);
    feeds_.insert_or_assign(topic, ChangeFeed(topic));
    deliver(topic, *whole);
    return QJsonObject();
}

void Connection::deliver(const QString &topic, const QJsonObject &change) {
    const auto feed = feeds_.find(topic);
    if (ended_ || feed == feeds_.end()) {
        return;
    }
    feed->second.add(change);
    if (!feed_timer_.isActive()) {
        feed_timer_.start(change.value(u"whole"_qs).toBool() ? 0 : limits_.feed_interval_ms);
    }
}

void Connection::feed() {
    bool waiting = false;
    for (auto &[topic, feed] : feeds_) {
        while (!feed.isEmpty() && socket_->bytesToWrite() < limits_.unread_feed_bytes_max) {
            write(rpc::toLine(rpc::Notice{u"changed"_qs, feed.take()}));
            if (ended_) {
                return;
            }
        }
        waiting = waiting || !feed.isEmpty();
    }
    if (waiting) {
        feed_timer_.start(limits_.feed_interval_ms);
    }
}

void Connection::write(const QByteArray &line) {
    if (ended_) {
        return;
    }
    if (socket_->bytesToWrite() + line.size() > limits_.unread_bytes_max) {
        return drop(u"the client left %1 MiB unread"_qs.arg(limits_.unread_bytes_max >> 20));
    }
    if (socket_->bytesToWrite() == 0) {
        stall_timer_.start();
    }
    socket_->write(line);
}

void Connection::drop(const QString &reason) {
    if (ended_) {
        return;
    }
    qCInfo(logConnection).noquote()
        << "client" << caller_.client << "of" << caller_.user << "was dropped:" << reason;
    // It is told, if it reads at all, and not waited for.
    socket_->write(rpc::toLine(rpc::Notice{u"dropped"_qs, {{u"reason"_qs, reason}}}));
    end(reason);
    socket_->disconnectFromServer();
    QTimer::singleShot(farewell_ms, socket_, [socket = socket_] { socket->abort(); });
}

void Connection::end(const QString &reason) {
    if (std::exchange(ended_, true)) {
        return;
    }
    feed_timer_.stop();
    stall_timer_.stop();
    Q_EMIT ended(reason);
}

} // namespace aviary::api
