// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/basics.h"
#include "core/support/error.h"

#include <QString>

// Quantities as people write them in files and on the command line, and back. Exact: "12.34 %" is
// 1234, nothing is rounded; what is finer than the unit of the value is refused.
namespace aviary::plans {

// "500 ms", "5 s", "10 min", "2 h", "1 d", with or without the blank; "0" alone.
Result<kernel::Millis> durationFromText(const QString &text);
// "25 %" or "25", to 0.01 %. Negative and over 100 % is left to whoever knows the limits.
Result<kernel::Weight> weightFromText(const QString &text);
// A share: "95 %", or "0.95" as a part of 1, to 0.0001 %.
Result<kernel::Ppm> shareFromText(const QString &text);
// "2" or "1.5" times, or "150 %": in percent.
Result<std::uint32_t> timesFromText(const QString &text);
// 0, 1, 2, ... below 2^63.
Result<std::uint64_t> countFromText(const QString &text);

QString shareText(kernel::Ppm share);     // "95 %", "0.5 %"
QString timesText(std::uint32_t percent); // "2", "1.5"

} // namespace aviary::plans
