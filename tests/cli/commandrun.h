// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/cli/daemonhouse.h"

#include <QJsonDocument>
#include <QProcess>

namespace aviary::tests {

// One run of the command line to its end, with no daemon, no terminal and no colours.
struct CommandRun {
    int code = -1;
    QByteArray out, err;
    QJsonObject json() const { return QJsonDocument::fromJson(out).object(); }
};

inline CommandRun runCommand(const QStringList &arguments, int limit_ms = 60'000) {
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    // A verb that asks for a daemon all the same cannot have one.
    environment.insert(QStringLiteral("AVIARY_STATE_DIR"), QStringLiteral("/nonexistent/aviary"));
    process.setProcessEnvironment(environment);
    process.start(DaemonHouse::program(), arguments);
    if (!process.waitForFinished(limit_ms)) {
        process.kill();
        process.waitForFinished();
        return {};
    }
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

} // namespace aviary::tests
