// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/health/probe.h"

#include <QTcpSocket>

namespace aviary::health {

class TcpProbe : public Probe {
    Q_OBJECT
public:
    TcpProbe(const Check &check, TcpCheck question, const Endpoint &endpoint);

protected:
    void ask() override;
    void abandon() override;

private:
    TcpCheck question_;
    QTcpSocket socket_;
};

} // namespace aviary::health
