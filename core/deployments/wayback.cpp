// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/deployments/wayback.h"

#include <algorithm>

namespace aviary {
namespace {

bool matches(const VersionStanding &standing, const WayBackChoice &choice) {
    const bool version =
        choice.version.isEmpty() || choice.version == QString::number(standing.version);
    return version && (choice.tag.isEmpty() || standing.tags.contains(choice.tag));
}

} // namespace

std::optional<std::size_t> chooseWayBack(std::span<const VersionStanding> versions,
                                         const QString &running, const WayBackChoice &choice) {
    const bool named = !choice.version.isEmpty() || !choice.tag.isEmpty();
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < versions.size(); ++i) {
        const VersionStanding &standing = versions[i];
        const bool fits = named ? matches(standing, choice)
                                : standing.stable && !standing.bad && standing.revision != running;
        const bool better = !best || (named ? standing.version < versions[*best].version
                                            : standing.version > versions[*best].version);
        if (fits && better) {
            best = i;
        }
    }
    return best;
}

QString noWayBackText(const QString &key) {
    return QStringLiteral("no rollback target found for deployment %1").arg(key);
}

quint32 nextVersion(std::span<const VersionStanding> versions) {
    quint32 highest = 0;
    for (const VersionStanding &standing : versions) {
        highest = std::max(highest, standing.version);
    }
    return highest + 1;
}

} // namespace aviary
