// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <cstdint>

// How numbers and times are written on screen, in the language and format of the desktop.
namespace aviary {

// 1/100 % to "25 %" or "12.5 %", with a no-break space.
QString percentText(int weight);
// 0 to 1 to "0.34 %"; `decimals` of the percentage, trailing zeros cut.
QString rateText(double share, int decimals = 2);
// 12402 to "12,402".
QString countText(std::int64_t count);
// "1 node", "12 nodes".
QString nodesText(std::int64_t count);
// "1 node", "48 nodes": `one` for 1, else `many` with the number in place of %1.
QString countedText(std::int64_t count, const QString &one, const QString &many);
// Time taken: "0:42", "12:08", "1:02:03". Negative counts as 0.
QString clockText(std::int64_t duration_ms);
// Time expected: "~40 s", "~2 min", "~3 h", "~2 d".
QString aboutText(std::int64_t duration_ms);
// Age of something: "0.2 s", "31 s", "4 min", "3 h", "2 d".
QString ageText(std::int64_t age_ms);

// Text from outside made fit for one line of screen: control characters and those that turn the
// direction of what follows are taken out, line ends become spaces, and what is longer than
// `length_max` characters ends in an ellipsis.
QString boundedText(const QString &text, int length_max = 200);

} // namespace aviary
