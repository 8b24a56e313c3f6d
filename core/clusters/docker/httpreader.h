// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/support/error.h"

#include <QByteArray>

#include <optional>

namespace aviary::clusters {

// The answers of one HTTP/1.1 connection (RFC 9112), read as their bytes come in. QtNetwork's own
// client cannot speak over a Unix socket or a process. Bounded: a head of at most 64 KiB.
class HttpReader {
public:
    static constexpr qsizetype head_bytes_max = 64 * 1024;

    // Begins with the next answer. `bodiless`: to a HEAD request.
    void begin(bool bodiless = false);
    // Takes what came; what belongs to no answer is an error.
    Result<void> feed(const QByteArray &bytes);
    // The connection was closed: the end of a body without a length, else an error.
    Result<void> feedEnd();

    bool hasHead() const { return state_ != State::Head; }
    bool isDone() const { return state_ == State::Done; }
    int status() const { return status_; }
    QByteArray header(const QByteArray &lower_case_name) const;
    bool closes() const; // the connection cannot be used again
    // What came of the body since the last call.
    QByteArray takeBody() { return std::exchange(body_, {}); }

private:
    enum class State : quint8 { Head, Length, ToEnd, ChunkSize, Chunk, ChunkEnd, Trailer, Done };

    Result<bool> advance(); // false: more bytes are needed
    Result<bool> readHead();
    Result<bool> readChunkSize();
    bool takeSome();
    std::optional<QByteArray> takeLine();

    State state_ = State::Head;
    bool bodiless_ = false;
    QByteArray buffer_, body_;
    int status_ = 0;
    QByteArray version_;
    QList<std::pair<QByteArray, QByteArray>> headers_;
    qint64 left_ = 0; // of the body or the chunk
};

} // namespace aviary::clusters
