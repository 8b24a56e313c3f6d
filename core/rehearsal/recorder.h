// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/rehearsal/future.h"

namespace aviary::rehearsal {

// Runs the future again and writes it down as a run of its own.
Result<record::Run> recordedFuture(const World &world, std::uint32_t future);

} // namespace aviary::rehearsal
