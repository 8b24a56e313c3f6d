// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/console/question.h"

namespace aviary {

// To mark a revision of a service bad, so that no plan chooses it unasked; or to take that mark
// away.
Proposal badMark(const QString &cluster, const QString &service, const QString &revision, bool bad);

} // namespace aviary
