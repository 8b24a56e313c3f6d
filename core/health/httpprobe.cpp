// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/health/httpprobe.h"

#include <QNetworkProxy>
#include <QUrl>

#include <algorithm>

namespace aviary::health {
namespace {

constexpr qsizetype head_bytes_max = 64 * 1024;
constexpr qsizetype body_bytes_max = 64 * 1024;

QString describe(const std::vector<StatusRange> &statuses) {
    QStringList texts;
    for (const StatusRange &range : statuses) {
        texts += range.first == range.last
                     ? QString::number(range.first)
                     : QStringLiteral("%1-%2").arg(range.first).arg(range.last);
    }
    return texts.join(u", ");
}

// 0 when this is not the status line of HTTP/1.x.
int statusOf(const QByteArray &head) {
    const bool http = head.startsWith("HTTP/1.") && head.size() >= 12 && head.at(8) == ' ';
    return http ? head.mid(9, 3).toInt() : 0;
}

// Announced length of the body; -1: until the connection ends.
qint64 lengthOf(const QByteArray &head) {
    for (const QByteArray &line : head.split('\n')) {
        if (line.left(15).toLower() == "content-length:") {
            return line.mid(15).trimmed().toLongLong();
        }
    }
    return -1;
}

} // namespace

HttpProbe::HttpProbe(const Check &check, HttpCheck question, const Endpoint &endpoint)
    : Probe(check), question_(std::move(question)) {
    question_.host = question_.host.isEmpty() ? endpoint.host : question_.host;
    question_.port = question_.port == 0 ? endpoint.port : question_.port;
    socket_.setProxy(QNetworkProxy::NoProxy);
    connect(&socket_, &QTcpSocket::connected, this, [this] {
        const QByteArray path =
            QUrl::toPercentEncoding(question_.path, "/?&=:@!$'()*+,;%~", QByteArray());
        const bool v6 = question_.host.contains(u':');
        const QString host = v6 ? u'[' + question_.host + u']' : question_.host;
        socket_.write("GET " + path + " HTTP/1.1\r\nHost: " + host.toLatin1() + ':' +
                      QByteArray::number(question_.port) +
                      "\r\nUser-Agent: aviary-check\r\nConnection: close\r\n\r\n");
    });
    connect(&socket_, &QTcpSocket::readyRead, this, &HttpProbe::read);
    connect(&socket_, &QTcpSocket::errorOccurred, this, [this] {
        if (socket_.error() == QAbstractSocket::RemoteHostClosedError) {
            read();
            judge(true);
        } else {
            answer(Health::Unhealthy, socket_.errorString());
        }
    });
}

void HttpProbe::ask() {
    if (question_.port == 0) {
        answer(Health::Unknown, QStringLiteral("no port to ask"));
        return;
    }
    socket_.connectToHost(question_.host, question_.port);
}

void HttpProbe::abandon() {
    socket_.abort();
}

void HttpProbe::read() {
    received_ += socket_.read(head_bytes_max + body_bytes_max - received_.size());
    judge(received_.size() >= head_bytes_max + body_bytes_max);
}

void HttpProbe::judge(bool ended) {
    const qsizetype end = received_.indexOf("\r\n\r\n");
    if (end < 0 && !ended && received_.size() < head_bytes_max) {
        return;
    }
    const QByteArray head = received_.left(std::max<qsizetype>(0, end));
    const int status = statusOf(head);
    if (status == 0) {
        answer(Health::Unhealthy, QStringLiteral("the answer is not HTTP/1.1"));
        abandon();
        return;
    }
    const bool expected = std::any_of(question_.statuses.begin(), question_.statuses.end(),
                                      [status](const StatusRange &range) {
                                          return status >= range.first && status <= range.last;
                                      });
    if (!expected) {
        answer(Health::Unhealthy, QStringLiteral("%1 answered %2 instead of %3")
                                      .arg(question_.path)
                                      .arg(status)
                                      .arg(describe(question_.statuses)));
        abandon();
        return;
    }
    const QByteArray body = received_.mid(end + 4);
    const qint64 length = lengthOf(head);
    const bool found = body.contains(question_.body_contains.toUtf8());
    if (found) {
        answer(Health::Healthy, QStringLiteral("%1 answered %2").arg(question_.path).arg(status));
        abandon();
    } else if (ended || body.size() >= body_bytes_max || (length >= 0 && body.size() >= length)) {
        answer(Health::Unhealthy, QStringLiteral("%1 answered without \"%2\"")
                                      .arg(question_.path, question_.body_contains.left(64)));
        abandon();
    }
}

} // namespace aviary::health
