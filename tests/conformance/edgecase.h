// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/fleet/fleet.h"

#include <QCborMap>
#include <QMap>
#include <QSet>
#include <QStringList>

#include <optional>

namespace aviary::conformance {

// The input of an edge_* case, read. The deployed function is "f"; its new revision is "new", the
// one that some nodes had before is "old".
struct EdgeCase {
    explicit EdgeCase(const QCborMap &input);

    kernel::Fleet fleet() const;
    kernel::Needs needs() const; // one capability, when some nodes lack it
    // The nodes that the reference deploys to: those listed, or all that are online.
    QStringList listed() const;
    bool isKnown(const QString &id) const;
    bool isTouchable(const QString &id) const; // by the product's rules, as a listed node
    bool raises(const QString &id) const;      // at its first deployment

    int nodes = 0;
    QMap<int, QString> status;
    QSet<int> draining, incapable, preinstalled, deploy_raise;
    QMap<int, qint64> raise_first;
    std::optional<QStringList> targets;
    bool rollback_on_error = true;
    QStringList ops;
    qint64 canary_percent = 10;
};

inline int edgeIndexOf(const QString &id) {
    return id.mid(1).toInt();
}

} // namespace aviary::conformance
