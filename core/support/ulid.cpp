// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/support/ulid.h"

namespace aviary {

QString ulid(qint64 wall_ms, const UlidRandom &random) {
    static constexpr char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    QString text(26, u'0');
    auto time = static_cast<quint64>(wall_ms) & 0xffff'ffff'ffffULL;
    for (int i = 9; i >= 0; --i, time >>= 5) {
        text[i] = QLatin1Char(digits[time & 31U]);
    }
    for (int i = 0; i < 16; ++i) {
        unsigned digit = 0;
        for (int bit = i * 5; bit < i * 5 + 5; ++bit) {
            const unsigned byte = random[static_cast<std::size_t>(bit / 8)];
            digit = digit * 2 + ((byte >> (7 - bit % 8)) & 1U);
        }
        text[10 + i] = QLatin1Char(digits[digit]);
    }
    return text;
}

} // namespace aviary
