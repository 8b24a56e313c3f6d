// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace aviary::api {

// A new id for a request (a ULID), from this computer's clock and the system's random numbers.
QString newRequestId();

} // namespace aviary::api
