// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/values.h"

// What a kind of cluster does not know, so that it is not offered there.
namespace aviary::api {

// Why its nodes cannot be excluded from rollouts, and what can be done; empty: they can.
QString exclusionRefusal(ClusterKind kind);
// Why no version is started there in the cluster's own words, and what is done instead; empty: one
// is.
QString ownStartRefusal(ClusterKind kind);

} // namespace aviary::api
