// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/nomad/eventstream.h"

#include <QPointer>

namespace aviary::clusters::nomad {
namespace {

constexpr qsizetype refusal_bytes_max = 64 * 1024;

} // namespace

EventStream::~EventStream() {
    close();
}

bool EventStream::isGood() const {
    return reply_->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt() == 200;
}

void EventStream::open(Index from) {
    close();
    Request request{.path = QStringLiteral("/v1/event/stream"),
                    .query = {{QStringLiteral("topic"), QStringLiteral("Deployment")},
                              {QStringLiteral("topic"), QStringLiteral("Node")},
                              {QStringLiteral("topic"), QStringLiteral("Job")}}};
    if (from > 0) {
        request.query.append({QStringLiteral("index"), QString::number(from)});
    }
    reply_ = connection_.stream(request);
    connect(reply_.get(), &QNetworkReply::readyRead, this, &EventStream::read);
    connect(reply_.get(), &QNetworkReply::finished, this, &EventStream::finish);
}

void EventStream::close() {
    if (reply_) {
        reply_->disconnect(this);
        reply_->abort();
        reply_.release()->deleteLater(); // it may be inside its signal
    }
    buffer_.clear();
    searched_ = 0;
}

bool EventStream::say(const QByteArray &line) {
    const QPointer<EventStream> self = this;
    const QNetworkReply *mine = reply_.get();
    const auto read = readStreamLine(line);
    Q_EMIT said(read);
    if (!self || reply_.get() != mine) {
        return false; // what was said ended it
    }
    if (!read) {
        close();
    }
    return read.has_value();
}

void EventStream::read() {
    buffer_ += reply_->readAll();
    if (!isGood()) { // it says why not
        buffer_.truncate(refusal_bytes_max);
        return;
    }
    qsizetype begin = 0;
    for (qsizetype end = buffer_.indexOf('\n', searched_); end >= 0;
         end = buffer_.indexOf('\n', begin)) {
        const QByteArray line = buffer_.mid(begin, end - begin);
        begin = end + 1;
        if (!line.isEmpty() && !say(line)) {
            return;
        }
    }
    buffer_.remove(0, begin);
    searched_ = buffer_.size();
    if (buffer_.size() > line_bytes_max) {
        close();
        Q_EMIT said(fail(ErrorCode::Unreachable, QObject::tr("a line that does not end")));
    }
}

void EventStream::finish() {
    if (isGood() && reply_->isOpen()) {
        const QPointer<EventStream> self = this;
        const QNetworkReply *mine = reply_.get();
        read();
        if (!self || reply_.get() != mine) {
            return;
        }
    }
    // The last words have no end of line.
    if (isGood() && !buffer_.trimmed().isEmpty() && !say(buffer_)) {
        return;
    }
    Failure why = connection_.failureOf(*reply_, isGood() ? QByteArray() : buffer_);
    if (isGood() && reply_->error() == QNetworkReply::NoError) {
        why.error.what = QObject::tr("the server ended it");
    }
    close();
    Q_EMIT ended(why);
}

} // namespace aviary::clusters::nomad
