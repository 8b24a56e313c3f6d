// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/health/probe.h"

#include <QTcpSocket>

namespace aviary::health {

// Speaks HTTP/1.1 itself: one request, one connection, nothing kept alive that a service which is
// being drained would have to wait for.
class HttpProbe : public Probe {
    Q_OBJECT
public:
    HttpProbe(const Check &check, HttpCheck question, const Endpoint &endpoint);

protected:
    void ask() override;
    void abandon() override;

private:
    void read();
    void judge(bool ended);

    HttpCheck question_;
    QTcpSocket socket_;
    QByteArray received_;
};

} // namespace aviary::health
