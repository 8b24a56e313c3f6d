// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/health/tcpprobe.h"

#include <QNetworkProxy>

namespace aviary::health {

TcpProbe::TcpProbe(const Check &check, TcpCheck question, const Endpoint &endpoint)
    : Probe(check), question_(std::move(question)) {
    question_.host = question_.host.isEmpty() ? endpoint.host : question_.host;
    question_.port = question_.port == 0 ? endpoint.port : question_.port;
    socket_.setProxy(QNetworkProxy::NoProxy);
    connect(&socket_, &QTcpSocket::connected, this, [this] {
        answer(Health::Healthy, QStringLiteral("accepted"));
        abandon();
    });
    connect(&socket_, &QTcpSocket::errorOccurred, this,
            [this] { answer(Health::Unhealthy, socket_.errorString()); });
}

void TcpProbe::ask() {
    if (question_.port == 0) {
        answer(Health::Unknown, QStringLiteral("no port to connect to"));
        return;
    }
    socket_.connectToHost(question_.host, question_.port);
}

void TcpProbe::abandon() {
    socket_.abort();
}

} // namespace aviary::health
