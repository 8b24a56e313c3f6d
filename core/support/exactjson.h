// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/support/error.h"

#include <QByteArray>
#include <QCborMap>
#include <QCborValue>
#include <QStringList>

namespace aviary {

// JSON read without loss, where QJsonDocument would lose what matters to content: 1 and 1.0 stay
// apart, integers are exact, a key given twice is refused instead of dropped. The value is Qt's own
// QCborValue with the keys of every object sorted, so that equal content is equal and hashes alike.

struct JsonLimits {
    qsizetype bytes_max = 16 * 1024 * 1024;
    qsizetype members_max = 10'000; // in one object
    int depth_max = 64;
};

// `where` names the document in errors ("manifest.json"); the line and column are added.
Result<QCborValue> readJson(const QByteArray &text, const QString &where = {},
                            const JsonLimits &limits = {});

// Compact text with sorted keys; reading it back gives an equal value. Values that JSON cannot
// hold are written as null.
QByteArray writeJson(const QCborValue &value);

// An integer that does not fit 64 bits is kept as its digits, under CBOR's tag for embedded JSON,
// and never calculated with.
inline constexpr auto huge_integer_tag = QCborTag(262);
bool isHugeInteger(const QCborValue &value);
QString digitsOf(const QCborValue &huge); // with its sign; empty for any other value

// Copy in which numbers that are equal are the same value: 1.0 becomes 1.
QCborValue withPlainNumbers(const QCborValue &value);

// The line, from 1, on which the member at `path` (object keys and array positions) begins in a
// text that readJson accepts; the line of the nearest part that exists when it is absent.
int lineOf(const QByteArray &text, const QStringList &path);

} // namespace aviary
