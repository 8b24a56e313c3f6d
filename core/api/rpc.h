// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/support/error.h"

#include <QJsonObject>

#include <optional>
#include <variant>

// JSON-RPC 2.0, one message a line. Both ends read with the same limits; what breaks them is
// answered by an error with the place, never by silence.
namespace aviary::api::rpc {

inline constexpr qsizetype line_bytes_max = 8 * 1024 * 1024;
inline constexpr int depth_max = 32;

enum class Fault {
    Parse = -32700,
    Shape = -32600,
    Verb = -32601,
    Parameters = -32602,
    Server = -32000
};

struct Call {
    QJsonValue id; // a number or a text
    QString method;
    QJsonObject parameters;
};
struct Notice {
    QString method;
    QJsonObject parameters;
};
struct Reply {
    QJsonValue id;
    Result<QJsonObject> result;
};
struct Malformed {
    QJsonValue id; // null when it could not be read
    Fault fault = Fault::Parse;
    QString text;
};
using Message = std::variant<Call, Notice, Reply, Malformed>;

// Total. `line` has no line end.
Message parse(const QByteArray &line);

QByteArray toLine(const Call &call);
QByteArray toLine(const Notice &notice);
QByteArray toLine(const Reply &reply);
QByteArray toLine(const Malformed &malformed);

// Cuts a stream into lines and never keeps more than one line of line_bytes_max: the rest of a
// longer one is thrown away up to its end.
class Lines {
public:
    struct Line {
        QByteArray text;
        bool too_long = false; // then text is empty
    };
    void append(const QByteArray &bytes);
    std::optional<Line> next();

private:
    QByteArray buffer_;
    qsizetype start_ = 0;   // of the line that is being read
    qsizetype scanned_ = 0; // no line end before here
    bool skipping_ = false;
};

} // namespace aviary::api::rpc
