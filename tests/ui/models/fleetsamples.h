// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/values.h"

// Nodes as an operator would meet them, the same on every run.
namespace aviary::samples {

// "eu-west-n0007" at eu-west, healthy, checkout-api v41; which of the other things a node has
// follows from its number.
api::NodeRow node(quint32 number);
std::vector<api::NodeRow> nodes(quint32 count, quint32 first = 0);
// A new state of the node: `round` decides which.
api::NodeRow changedNode(quint32 number, quint32 round);

} // namespace aviary::samples
