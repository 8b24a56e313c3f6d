// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/deployments/deploymentid.h"

namespace aviary {
namespace {

bool isSafe(QChar c) {
    return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9') ||
           c == u'_' || c == u'.' || c == u'-';
}

} // namespace

QString safeKey(const QString &key) {
    QString safe;
    bool in_run = false;
    for (const QChar c : key) {
        if (isSafe(c)) {
            safe.append(c);
        } else if (!in_run) {
            safe.append(u'-');
        }
        in_run = !isSafe(c);
    }
    while (safe.startsWith(u'-')) {
        safe.remove(0, 1);
    }
    while (safe.endsWith(u'-')) {
        safe.chop(1);
    }
    return safe;
}

QString deploymentId(const QString &key, qint64 wall_ms, const UlidRandom &random) {
    return u"dep_" + safeKey(key) + u'_' + ulid(wall_ms, random);
}

} // namespace aviary
