// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/support/error.h"

namespace aviary::cli {

// Copies standard input to the daemon's socket and the socket to standard output, byte for byte,
// until either side ends. Blocks; a reader at the far end that is slow slows the copying, and the
// daemon then sends fewer changes.
Result<void> pump(const QString &socket_path);

} // namespace aviary::cli
