// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/deployments/deploymentid.h"
#include "tests/conformance/family.h"

// How a deployment's id begins; its end is a number there and a ULID here.
namespace aviary::conformance {
namespace {

QCborValue answer(const QCborMap &input) {
    const QString id = deploymentId(input.value(u"key"_qs).toString(), 0, {});
    return QCborMap{{u"prefix"_qs, id.chopped(ulid(0, {}).size())}};
}

} // namespace

Family idsFamily() {
    return {u"id"_qs, answer, {}, {}};
}

} // namespace aviary::conformance
