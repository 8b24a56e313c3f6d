// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace aviary {

// What a rehearsal said of one hypothesis.
struct ChanceValue {
    QString hypothesis; // "errs 2 % more"
    QString headline;   // "caught in 94 %"
    QString text;       // "in 3 min, about 160 failed requests"
    bool operator==(const ChanceValue &) const = default;
};

} // namespace aviary
