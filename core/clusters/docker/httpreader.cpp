// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/docker/httpreader.h"

#include <utility>

namespace aviary::clusters {
namespace {

tl::unexpected<Error> garbled(const char *what) {
    return fail(ErrorCode::Unreachable, QString::fromLatin1(what), {},
                QStringLiteral("check that a Docker or Podman engine listens there"));
}

} // namespace

void HttpReader::begin(bool bodiless) {
    state_ = State::Head;
    bodiless_ = bodiless;
    body_.clear();
    headers_.clear();
    status_ = 0;
}

QByteArray HttpReader::header(const QByteArray &lower_case_name) const {
    for (const auto &[name, value] : headers_) {
        if (name == lower_case_name) {
            return value;
        }
    }
    return {};
}

bool HttpReader::closes() const {
    const QByteArray connection = header("connection").toLower();
    return connection == "close" || (version_ == "HTTP/1.0" && connection != "keep-alive");
}

Result<void> HttpReader::feed(const QByteArray &bytes) {
    if (state_ == State::Done && !bytes.isEmpty()) {
        return garbled("the engine said more than it was asked");
    }
    buffer_ += bytes;
    for (;;) {
        const Result<bool> more = advance();
        if (!more) {
            return tl::unexpected<Error>(more.error());
        }
        if (!*more) {
            return {};
        }
    }
}

Result<void> HttpReader::feedEnd() {
    if (state_ == State::ToEnd || state_ == State::Done) {
        state_ = State::Done;
        return {};
    }
    return garbled("the connection was closed in the middle of an answer");
}

std::optional<QByteArray> HttpReader::takeLine() {
    const qsizetype end = buffer_.indexOf("\r\n");
    if (end < 0) {
        return std::nullopt;
    }
    QByteArray line = buffer_.left(end);
    buffer_.remove(0, end + 2);
    return line;
}

bool HttpReader::takeSome() {
    const qsizetype some = std::min<qint64>(left_, buffer_.size());
    body_ += buffer_.left(some);
    buffer_.remove(0, some);
    left_ -= some;
    return left_ == 0;
}

Result<bool> HttpReader::advance() {
    switch (state_) {
    case State::Head:
        return readHead();
    case State::Length:
        if (!takeSome()) {
            return false;
        }
        state_ = State::Done;
        return false;
    case State::ToEnd:
        body_ += std::exchange(buffer_, {});
        return false;
    case State::ChunkSize:
        return readChunkSize();
    case State::Chunk:
        if (!takeSome()) {
            return false;
        }
        state_ = State::ChunkEnd;
        return true;
    case State::ChunkEnd: {
        const auto line = takeLine();
        if (line && !line->isEmpty()) {
            return garbled("a chunk of the answer is longer than it said");
        }
        state_ = line ? State::ChunkSize : state_;
        return line.has_value();
    }
    case State::Trailer: {
        const auto line = takeLine();
        state_ = line && line->isEmpty() ? State::Done : state_;
        return line.has_value() && state_ != State::Done;
    }
    case State::Done:
        break;
    }
    return false;
}

Result<bool> HttpReader::readHead() {
    const qsizetype end = buffer_.indexOf("\r\n\r\n");
    if (end < 0) {
        if (buffer_.size() > head_bytes_max) {
            return garbled("the head of the answer is too long");
        }
        if (!QByteArray("HTTP/").startsWith(buffer_.left(5))) {
            return garbled("this is no HTTP");
        }
        return false;
    }
    const QList<QByteArray> lines = buffer_.left(end).split('\n');
    buffer_.remove(0, end + 4);
    const QList<QByteArray> words = lines.first().trimmed().split(' ');
    version_ = words.value(0);
    status_ = words.value(1).toInt();
    if (!version_.startsWith("HTTP/1.") || status_ < 100 || status_ > 599) {
        return garbled("this is no HTTP");
    }
    for (qsizetype i = 1; i < lines.size(); ++i) {
        const qsizetype colon = lines[i].indexOf(':');
        if (colon > 0) {
            headers_.append(
                {lines[i].left(colon).trimmed().toLower(), lines[i].mid(colon + 1).trimmed()});
        }
    }
    if (status_ < 200) {
        begin(bodiless_); // 100 Continue: the answer comes after it
        return true;
    }
    bool number = true;
    const QByteArray length = header("content-length");
    left_ = length.isEmpty() ? -1 : length.toLongLong(&number);
    if (!number || left_ < -1) {
        return garbled("the length of the answer is no number");
    }
    const bool chunked = header("transfer-encoding").toLower().contains("chunked");
    state_ = bodiless_ || status_ == 204 || status_ == 304 ? State::Done
             : chunked                                     ? State::ChunkSize
             : left_ < 0                                   ? State::ToEnd
             : left_ == 0                                  ? State::Done
                                                           : State::Length;
    return state_ != State::Done;
}

Result<bool> HttpReader::readChunkSize() {
    const auto line = takeLine();
    if (!line) {
        return buffer_.size() > head_bytes_max
                   ? Result<bool>(garbled("the size of a chunk is too long"))
                   : Result<bool>(false);
    }
    bool number = false;
    left_ = line->split(';').first().trimmed().toLongLong(&number, 16);
    if (!number || left_ < 0) {
        return garbled("the size of a chunk is no number");
    }
    state_ = left_ == 0 ? State::Trailer : State::Chunk;
    return true;
}

} // namespace aviary::clusters
