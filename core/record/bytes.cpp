// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/bytes.h"

#include <QUtf8StringView>

namespace aviary::record {

std::uint64_t Reader::longWhole(std::uint64_t max) {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
        const std::uint8_t part = byte();
        if (!ok()) {
            return 0;
        }
        if (shift == 63 && part > 1) {
            break;
        }
        value |= std::uint64_t{part & 0x7fu} << shift;
        if (part < 0x80) {
            if (part == 0 && shift > 0) {
                refuse("a number is longer than it need be");
                return 0;
            }
            if (value > max) {
                refuse("a number is out of range");
                return 0;
            }
            return value;
        }
    }
    refuse("a number has more than 64 bits");
    return 0;
}

double Reader::real() {
    const QByteArrayView bytes = raw(8);
    if (!ok()) {
        return 0.0;
    }
    std::uint64_t bits = 0;
    for (int i = 7; i >= 0; --i) {
        bits = bits << 8 | static_cast<std::uint8_t>(bytes[i]);
    }
    const double value = std::bit_cast<double>(bits);
    if (value != value && bits != canonical_nan) {
        refuse("a number has two forms, and this is not the one in use");
        return 0.0;
    }
    return value;
}

QByteArrayView Reader::raw(qsizetype count) {
    if (count < 0 || count > left()) {
        refuse("the bytes end too early");
        return {};
    }
    const QByteArrayView bytes(at_, count);
    at_ += count;
    return bytes;
}

QByteArrayView Reader::text(qsizetype bytes_max) {
    const std::uint64_t size = whole(static_cast<std::uint64_t>(bytes_max));
    const QByteArrayView bytes = raw(static_cast<qsizetype>(size));
    if (ok() && !QUtf8StringView(bytes.data(), bytes.size()).isValidUtf8()) {
        refuse("a text is not UTF-8");
        return {};
    }
    return bytes;
}

} // namespace aviary::record
