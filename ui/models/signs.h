// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/values.h"
#include "ui/theme/sign.h"

// Which sign each state of the core wears: the only place that says so.
namespace aviary {

Sign signOf(kernel::Status status);
// The cluster's contact; a file has none.
Sign signOf(const api::ClusterRow &cluster);
Sign signOf(api::Outcome outcome);
// What matters most about a node: its silence, what a person said of it, its trouble, its lag.
// Never heard is unknown, and a service that is not ready is trouble.
Sign signOf(const api::NodeRow &node);
// A node as a rollout's target.
Sign signOf(const api::TargetRow &target);

// "Docker", "this machine"; "production"
QString nameOf(api::ClusterKind kind);
QString nameOf(api::ClusterClass klass);

} // namespace aviary
