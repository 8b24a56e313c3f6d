// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>

// The chain of records. Each record's hash covers the hash before it, so that a record which was
// changed, lost, added or moved shows: the chain breaks there. Whoever can rewrite the whole can
// rewrite the chain too; an exported head (Anchor) shows that.
namespace aviary::record {

using Hash = std::array<std::uint8_t, 32>;

QByteArrayView bytesOf(const Hash &hash);
QString hexOf(const Hash &hash);
std::optional<Hash> hashFromHex(const QString &hex); // 64 lower-case digits
std::optional<Hash> hashFromBytes(QByteArrayView bytes);

// SHA-256 of the parts, one after the other.
Hash sha256(std::initializer_list<QByteArrayView> parts);

// What the first entry of a run follows: its header line, byte for byte.
Hash genesisOf(QByteArrayView header);
// The hash of a run's entry: of the one before it, and of its bytes.
Hash entryHash(const Hash &previous, QByteArrayView entry);

// The head of a chain, to be kept elsewhere: "aviary-anchor:1:<records>:<hash>".
struct Anchor {
    std::uint64_t records = 0;
    Hash head{};
    bool operator==(const Anchor &) const = default;
};
QString toText(const Anchor &anchor);
std::optional<Anchor> anchorFromText(const QString &text);

} // namespace aviary::record
