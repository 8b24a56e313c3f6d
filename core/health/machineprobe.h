// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/health/probe.h"

namespace aviary::health {

// Memory and disk of this machine: read at once.
class MachineProbe : public Probe {
    Q_OBJECT
public:
    using Probe::Probe;

protected:
    void ask() override;
    void abandon() override {}
};

// Share of memory in use from the text of /proc/meminfo, in percent; none when it does not say.
std::optional<double> memoryPercent(const QByteArray &meminfo);
Health healthOfPercent(double percent, double warning, double critical);

} // namespace aviary::health
