// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/rpc.h"

#include "core/api/valuesjson.h"

#include <QJsonDocument>

namespace aviary::api::rpc {

using namespace Qt::Literals;

namespace {

// Looked at before Qt's parser, which allows 1,024 levels and recurses for each.
bool tooDeep(const QByteArray &line) {
    int depth = 0;
    bool in_text = false;
    for (qsizetype i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (in_text) {
            i += c == '\\' ? 1 : 0;
            in_text = c != '"';
        } else if (c == '"') {
            in_text = true;
        } else if (c == '{' || c == '[') {
            if (++depth > depth_max) {
                return true;
            }
        } else if (c == '}' || c == ']') {
            --depth;
        }
    }
    return false;
}

Fault faultOf(ErrorCode code) {
    return code == ErrorCode::Invalid ? Fault::Parameters : Fault::Server;
}

Message readReply(const QJsonObject &json) {
    const QJsonValue id = json.value(u"id"_qs);
    if (json.contains(u"error"_qs)) {
        const QJsonObject error = json.value(u"error"_qs).toObject();
        Error read = errorFromJson(error.value(u"data"_qs).toObject());
        if (read.what.isEmpty()) {
            read.what = error.value(u"message"_qs).toString();
        }
        return Reply{id, tl::unexpected<Error>(read)};
    }
    if (!json.value(u"result"_qs).isObject()) {
        return Malformed{id, Fault::Shape, u"an answer needs an object \"result\" or \"error\""_qs};
    }
    return Reply{id, json.value(u"result"_qs).toObject()};
}

QByteArray toLine(QJsonObject json) {
    json.insert(u"jsonrpc"_qs, u"2.0"_qs);
    return QJsonDocument(json).toJson(QJsonDocument::Compact) + '\n';
}

} // namespace

Message parse(const QByteArray &line) {
    if (line.size() > line_bytes_max) {
        return Malformed{
            {}, Fault::Shape, u"the line is longer than %1 bytes"_qs.arg(line_bytes_max)};
    }
    if (tooDeep(line)) {
        return Malformed{{}, Fault::Shape, u"deeper than %1 levels"_qs.arg(depth_max)};
    }
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(line, &error);
    if (document.isNull()) {
        return Malformed{
            {}, Fault::Parse, u"byte %1: %2"_qs.arg(error.offset).arg(error.errorString())};
    }
    const QJsonObject json = document.object();
    if (!document.isObject() || json.value(u"jsonrpc"_qs) != u"2.0"_qs) {
        return Malformed{
            {}, Fault::Shape, u"one object a line is expected, with \"jsonrpc\": \"2.0\""_qs};
    }
    const QJsonValue id = json.value(u"id"_qs);
    const bool id_fits = id.isDouble() || (id.isString() && id.toString().size() <= 100);
    if (!id.isUndefined() && !id.isNull() && !id_fits) {
        return Malformed{{}, Fault::Shape, u"\"id\" must be a number or a text of at most 100"_qs};
    }
    if (!json.contains(u"method"_qs)) {
        return readReply(json);
    }
    const QJsonValue parameters = json.value(u"params"_qs);
    const QString method = json.value(u"method"_qs).toString();
    if (method.isEmpty() || method.size() > 100) {
        return Malformed{id, Fault::Shape, u"\"method\" must be a text of 1 to 100"_qs};
    }
    if (!parameters.isUndefined() && !parameters.isObject()) {
        return Malformed{id, Fault::Parameters, u"\"params\" must be an object"_qs};
    }
    if (!id_fits) {
        return Notice{method, parameters.toObject()};
    }
    return Call{id, method, parameters.toObject()};
}

QByteArray toLine(const Call &call) {
    return toLine(QJsonObject{
        {u"id"_qs, call.id}, {u"method"_qs, call.method}, {u"params"_qs, call.parameters}});
}

QByteArray toLine(const Notice &notice) {
    return toLine(QJsonObject{{u"method"_qs, notice.method}, {u"params"_qs, notice.parameters}});
}

QByteArray toLine(const Reply &reply) {
    if (reply.result) {
        return toLine(QJsonObject{{u"id"_qs, reply.id}, {u"result"_qs, *reply.result}});
    }
    const Error &error = reply.result.error();
    const QJsonObject body{{u"code"_qs, int(faultOf(error.code))},
                           {u"message"_qs, aviary::toText(error)},
                           {u"data"_qs, toJson(error)}};
    return toLine(QJsonObject{{u"id"_qs, reply.id}, {u"error"_qs, body}});
}

QByteArray toLine(const Malformed &malformed) {
    const Error error{ErrorCode::Invalid, malformed.text, u"the message"_qs,
                      u"send JSON-RPC 2.0, one message a line"_qs};
    const QJsonObject body{{u"code"_qs, int(malformed.fault)},
                           {u"message"_qs, malformed.text},
                           {u"data"_qs, toJson(error)}};
    const QJsonValue id = malformed.id.isUndefined() ? QJsonValue() : malformed.id;
    return toLine(QJsonObject{{u"id"_qs, id}, {u"error"_qs, body}});
}

void Lines::append(const QByteArray &bytes) {
    if (start_ > 0) {
        buffer_.remove(0, start_);
        scanned_ -= start_;
        start_ = 0;
    }
    buffer_.append(bytes);
}

std::optional<Lines::Line> Lines::next() {
    const qsizetype end = buffer_.indexOf('\n', scanned_);
    if (end < 0) {
        scanned_ = buffer_.size();
        if (scanned_ - start_ > line_bytes_max || skipping_) {
            const bool first = !skipping_;
            skipping_ = true;
            buffer_.clear();
            start_ = scanned_ = 0;
            return first ? std::optional(Line{{}, true}) : std::nullopt;
        }
        return std::nullopt;
    }
    const qsizetype begin = std::exchange(start_, end + 1);
    scanned_ = start_;
    if (std::exchange(skipping_, false)) {
        return next(); // the end of the line that was too long; at most one level
    }
    if (end - begin > line_bytes_max) {
        return Line{{}, true};
    }
    return Line{buffer_.mid(begin, end - begin), false};
}

} // namespace aviary::api::rpc
