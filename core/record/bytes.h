// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <bit>
#include <cstdint>
#include <cstring>

// Bytes of the canonical encoding. Each value has exactly one form, so equal values hash alike:
// whole numbers are the shortest LEB128, signed ones zigzagged; a bool is 0 or 1; a real number is
// its 8 bytes, little-endian, with one NaN; a text is its length and its UTF-8.
namespace aviary::record {

inline constexpr std::uint64_t canonical_nan = 0x7ff8'0000'0000'0000ull;

class Writer {
public:
    void byte(std::uint8_t value) {
        room(1);
        at_[used_++] = static_cast<char>(value);
    }
    void whole(std::uint64_t value) {
        room(10);
        while (value >= 0x80) {
            at_[used_++] = static_cast<char>(value | 0x80);
            value >>= 7;
        }
        at_[used_++] = static_cast<char>(value);
    }
    void integer(std::int64_t value) {
        whole((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
    }
    void real(double value) {
        const auto bits = value != value ? canonical_nan : std::bit_cast<std::uint64_t>(value);
        room(8);
        for (int i = 0; i < 8; ++i) {
            at_[used_++] = static_cast<char>(bits >> (8 * i));
        }
    }
    void raw(QByteArrayView bytes) {
        if (bytes.isEmpty()) {
            return; // memcpy may not be given the null of an empty view
        }
        room(bytes.size());
        std::memcpy(at_ + used_, bytes.data(), static_cast<std::size_t>(bytes.size()));
        used_ += bytes.size();
    }
    void text(QByteArrayView utf8) {
        whole(static_cast<std::uint64_t>(utf8.size()));
        raw(utf8);
    }

    qsizetype size() const { return used_; }
    // The bytes so far; the writer begins anew.
    QByteArray take() {
        bytes_.resize(used_);
        used_ = 0;
        room_ = 0;
        at_ = nullptr;
        return std::exchange(bytes_, {});
    }

private:
    void room(qsizetype more) {
        if (used_ + more > room_) {
            room_ = std::max<qsizetype>(256, 2 * (used_ + more));
            bytes_.resize(room_);
            at_ = bytes_.data();
        }
    }
    QByteArray bytes_;
    char *at_ = nullptr;
    qsizetype used_ = 0, room_ = 0;
};

// Total: whatever the bytes are, a read ends, and after the first wrong one all further reads
// answer 0. The bytes must outlive the reader.
class Reader {
public:
    explicit Reader(QByteArrayView bytes)
        : begin_(reinterpret_cast<const std::uint8_t *>(bytes.data()))
        , at_(begin_)
        , end_(begin_ + bytes.size()) {}

    bool ok() const { return problem_ == nullptr; }
    bool atEnd() const { return at_ == end_; }
    qsizetype left() const { return end_ - at_; }
    // What was wrong, and where: byte `position` from 0. Null when all was well.
    const char *problem() const { return problem_; }
    qsizetype position() const { return ok() ? at_ - begin_ : wrong_at_; }

    void refuse(const char *problem) {
        if (problem_ == nullptr) {
            problem_ = problem;
            wrong_at_ = at_ - begin_;
            at_ = end_;
        }
    }

    std::uint8_t byte() {
        if (at_ == end_) {
            refuse("the bytes end too early");
            return 0;
        }
        return *at_++;
    }
    std::uint64_t whole(std::uint64_t max) {
        if (at_ != end_ && *at_ < 0x80 && *at_ <= max) {
            return *at_++;
        }
        return longWhole(max);
    }
    std::int64_t integer(std::int64_t min, std::int64_t max) {
        const std::uint64_t raw = whole(~std::uint64_t{0});
        const auto value = static_cast<std::int64_t>((raw >> 1) ^ (~(raw & 1) + 1));
        if (value < min || value > max) {
            refuse("a number is out of range");
            return 0;
        }
        return value;
    }
    bool truth() {
        const std::uint8_t value = byte();
        if (value > 1) {
            refuse("a yes or no is neither");
        }
        return value == 1;
    }
    double real();
    QByteArrayView raw(qsizetype count);
    // At most `bytes_max` of valid UTF-8.
    QByteArrayView text(qsizetype bytes_max);

private:
    std::uint64_t longWhole(std::uint64_t max);

    const std::uint8_t *begin_, *at_, *end_;
    const char *problem_ = nullptr;
    qsizetype wrong_at_ = 0;
};

} // namespace aviary::record
