// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/requestid.h"

#include "core/support/ulid.h"

#include <QDateTime>
#include <QRandomGenerator>

namespace aviary::api {

QString newRequestId() {
    UlidRandom random{};
    for (quint8 &byte : random) {
        byte = quint8(QRandomGenerator::system()->bounded(256));
    }
    return ulid(QDateTime::currentMSecsSinceEpoch(), random);
}

} // namespace aviary::api
