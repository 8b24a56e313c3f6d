// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clusters/nomad/connection.h"
#include "core/clusters/nomad/reading.h"

// Qt would compare the arguments of signals; a Result of something without == cannot be compared.
template <>
struct QTypeTraits::has_operator_equal<aviary::Result<aviary::clusters::nomad::StreamLine>>
    : std::false_type {};

namespace aviary::clusters::nomad {

// One event stream at a time, cut into lines.
class EventStream : public QObject {
    Q_OBJECT
public:
    // One line carries all that one write changed.
    static constexpr qsizetype line_bytes_max = 64 * 1024 * 1024;

    explicit EventStream(Connection &connection) : connection_(connection) {}
    ~EventStream() override;

    // `from`: the index to go on at; 0: whatever the server still has.
    void open(Index from);
    void close(); // without a word

Q_SIGNALS:
    // A line that cannot be read is the last one; ended() does not follow it.
    void said(const aviary::Result<aviary::clusters::nomad::StreamLine> &line);
    void ended(const aviary::clusters::nomad::Failure &why);

private:
    void read();
    void finish();
    bool say(const QByteArray &line); // false: that was the last
    bool isGood() const;

    Connection &connection_;
    std::unique_ptr<QNetworkReply> reply_;
    QByteArray buffer_;
    qsizetype searched_ = 0; // no end of line before this
};

} // namespace aviary::clusters::nomad
