// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/health/probe.h"

#include <QPointer>
#include <QProcess>

namespace aviary::health {

class CommandProbe : public Probe {
    Q_OBJECT
public:
    CommandProbe(const Check &check, CommandCheck question, const Endpoint &endpoint);
    ~CommandProbe() override;

protected:
    void ask() override;
    void abandon() override;

private:
    void ended(int exit_code, bool crashed);

    CommandCheck question_;
    QProcess *process_; // outlives a cancelled probe until the system has let it go
    QByteArray output_;
};

} // namespace aviary::health
