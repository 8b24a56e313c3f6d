// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/hash.h"

#include <QCryptographicHash>
#include <QStringList>

#include <algorithm>

namespace aviary::record {

QByteArrayView bytesOf(const Hash &hash) {
    return QByteArrayView(hash.data(), static_cast<qsizetype>(hash.size()));
}

QString hexOf(const Hash &hash) {
    return QString::fromLatin1(bytesOf(hash).toByteArray().toHex());
}

std::optional<Hash> hashFromHex(const QString &hex) {
    const auto good = [](QChar c) { return (c >= u'0' && c <= u'9') || (c >= u'a' && c <= u'f'); };
    if (hex.size() != 64 || !std::all_of(hex.begin(), hex.end(), good)) {
        return std::nullopt;
    }
    return hashFromBytes(QByteArray::fromHex(hex.toLatin1()));
}

std::optional<Hash> hashFromBytes(QByteArrayView bytes) {
    Hash hash;
    if (bytes.size() != static_cast<qsizetype>(hash.size())) {
        return std::nullopt;
    }
    std::copy(bytes.begin(), bytes.end(), hash.begin());
    return hash;
}

Hash sha256(std::initializer_list<QByteArrayView> parts) {
    QCryptographicHash hash(QCryptographicHash::Sha256);
    for (const QByteArrayView &part : parts) {
        hash.addData(part);
    }
    return *hashFromBytes(hash.resultView());
}

Hash genesisOf(QByteArrayView header) {
    return sha256({"aviary run 1\n", header});
}

Hash entryHash(const Hash &previous, QByteArrayView entry) {
    return sha256({"aviary entry 1\n", bytesOf(previous), entry});
}

QString toText(const Anchor &anchor) {
    return QStringLiteral("aviary-anchor:1:%1:%2").arg(anchor.records).arg(hexOf(anchor.head));
}

std::optional<Anchor> anchorFromText(const QString &text) {
    const QStringList parts = text.trimmed().split(u':');
    if (parts.size() != 4 || parts[0] != u"aviary-anchor" || parts[1] != u"1") {
        return std::nullopt;
    }
    bool whole = false;
    const quint64 records = parts[2].toULongLong(&whole);
    const auto head = hashFromHex(parts[3]);
    return whole && head ? std::optional(Anchor{records, *head}) : std::nullopt;
}

} // namespace aviary::record
