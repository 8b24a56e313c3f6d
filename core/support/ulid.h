// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <array>

namespace aviary {

// 26 characters of Crockford's base 32: 48 bits of milliseconds since 1970, then 80 random bits.
// Sorts as text by time. Time and randomness are the caller's, so that a test and a replay can give
// them. Source: github.com/ulid/spec.
using UlidRandom = std::array<quint8, 10>;
QString ulid(qint64 wall_ms, const UlidRandom &random);

} // namespace aviary
