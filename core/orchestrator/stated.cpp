// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/orchestrator/stated.h"

#include <QObject>

namespace aviary::orchestrator {

Error changedMeanwhile(const QStringList &now) {
    return {ErrorCode::Conflict, QObject::tr("what it would do changed after you looked"),
            QStringLiteral("effect"), QObject::tr("look again: %1").arg(now.join(u"; "))};
}

Result<void> stillStated(const QString &stated, const api::EffectRow &now) {
    return stated.isEmpty() || stated == now.token
               ? Result<void>()
               : tl::unexpected(changedMeanwhile(now.sentences));
}

} // namespace aviary::orchestrator
