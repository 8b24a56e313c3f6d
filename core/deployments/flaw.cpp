// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/deployments/flaw.h"

namespace aviary {

Error toError(const Flaws &flaws, const QString &document) {
    QStringList lines;
    QStringList remedies;
    for (const Flaw &flaw : flaws) {
        const QString line =
            flaw.line > 0 ? QStringLiteral(" (line %1)").arg(flaw.line) : QString();
        lines.append(flaw.message + line);
        if (!flaw.allowed.isEmpty()) {
            remedies.append(flaw.field() + u": " + flaw.allowed);
        }
    }
    return {ErrorCode::Invalid, lines.join(u'\n'), document, remedies.join(u'\n')};
}

} // namespace aviary
