// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clusters/nomad/connection.h"
#include "core/clusters/selfrunning.h"

namespace aviary::clusters::nomad {

// Tries the address, the token and what it may see, one after the other, and answers with what was
// found, unless the connection goes first. `streams`: events come in now.
void check(Connection &connection, std::optional<bool> streams, const SelfRunning::Checked &answer);

} // namespace aviary::clusters::nomad
