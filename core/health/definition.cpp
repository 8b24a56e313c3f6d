// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/health/check.h"

namespace aviary::health {
namespace {

Question questionOf(const CheckDefinition &definition) {
    using Kind = CheckDefinition::Kind;
    switch (definition.kind) {
    case Kind::Http:
        return HttpCheck{{},
                         definition.port,
                         definition.path,
                         {{definition.status, definition.status}},
                         definition.contains};
    case Kind::Tcp:
        return TcpCheck{{}, definition.port};
    case Kind::Command:
        return CommandCheck{QStringList{definition.command} + definition.args, 0,
                            definition.contains};
    case Kind::Memory:
        return MemoryCheck{static_cast<double>(definition.warning_percent),
                           static_cast<double>(definition.critical_percent)};
    case Kind::Disk:
        break;
    }
    return DiskCheck{definition.path, static_cast<double>(definition.warning_percent),
                     static_cast<double>(definition.critical_percent)};
}

} // namespace

std::vector<Check> checksOf(const ServiceDefinition &definition) {
    std::vector<Check> checks;
    for (const CheckDefinition &check : definition.checks) {
        checks.push_back({check.name, questionOf(check), static_cast<int>(check.timeout_ms),
                          static_cast<int>(check.interval_ms), check.critical});
    }
    return checks;
}

} // namespace aviary::health
