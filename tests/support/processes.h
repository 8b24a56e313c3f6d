// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/support/process/identity.h"

#include <QDir>
#include <QDirIterator>

#include <signal.h>

namespace aviary::tests {

// Ends what clusters below this directory started here (services, HAProxy), by process records.
inline void endProcessesIn(const QString &directory) {
    QDirIterator files(directory, {QStringLiteral("pid")}, QDir::Files,
                       QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const auto identity = readProcessRecord(files.next());
        if (identity && isAlive(*identity)) {
            ::kill(-identity->pid, SIGKILL);
        }
    }
}

} // namespace aviary::tests
