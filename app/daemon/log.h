// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace aviary::daemon {

// One line a message on standard error: with the time, or, under systemd, with the priority that
// journald reads. Control characters are taken out, so that a message is one line.
void logToStandardError();

} // namespace aviary::daemon
