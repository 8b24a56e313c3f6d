// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/support/error.h"

#include <QStringList>

#include <optional>
#include <span>

namespace aviary {

// One version of a key, as far as the choice of a way back must know it.
struct VersionStanding {
    quint32 version = 0;
    QString revision;
    bool stable = false; // its rollout completed
    bool bad = false;
    QStringList tags;
};

// Which version a person names; both empty: none.
struct WayBackChoice {
    QString version; // compared as text: "1" is version 1, "01" is none
    QString tag;
};

// The position of the version to go back to, or none.
//   neither given  the newest stable one whose revision is not `running` and is not bad
//   version        exactly that one: stable or not, bad or not, running or not
//   tag            the first in order of version that has it
//   both           the one that is both
std::optional<std::size_t> chooseWayBack(std::span<const VersionStanding> versions,
                                         const QString &running, const WayBackChoice &choice);

// "no rollback target found for deployment <key>"
QString noWayBackText(const QString &key);

// One more than the highest.
quint32 nextVersion(std::span<const VersionStanding> versions);

} // namespace aviary
