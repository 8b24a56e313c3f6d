// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/support/flaw.h"

namespace aviary {

namespace {

QString placeText(const Flaw &flaw) {
    if (flaw.line <= 0) {
        return {};
    }
    return flaw.column > 0 ? QStringLiteral(" (line %1, column %2)").arg(flaw.line).arg(flaw.column)
                           : QStringLiteral(" (line %1)").arg(flaw.line);
}

} // namespace

Error toError(const Flaws &flaws, const QString &document) {
    QStringList lines;
    QStringList remedies;
    for (const Flaw &flaw : flaws) {
        lines.append(flaw.message + placeText(flaw));
        if (!flaw.allowed.isEmpty()) {
            remedies.append(flaw.field() + u": " + flaw.allowed);
        }
    }
    return {ErrorCode::Invalid, lines.join(u'\n'), document, remedies.join(u'\n')};
}

} // namespace aviary
