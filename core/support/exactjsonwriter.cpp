// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/support/exactjson.h"

#include <QCborArray>
#include <QLocale>

#include <cmath>
#include <map>

namespace aviary {
namespace {

void writeString(const QString &text, QByteArray &out) {
    out.append('"');
    for (const char c : text.toUtf8()) {
        if (c == '"' || c == '\\') {
            out.append('\\').append(c);
        } else if (static_cast<unsigned char>(c) < 0x20) {
            out.append("\\u00").append(
                QByteArray::number(static_cast<int>(c), 16).rightJustified(2, '0'));
        } else {
            out.append(c);
        }
    }
    out.append('"');
}

void writeDouble(double number, QByteArray &out) {
    if (!std::isfinite(number)) {
        out.append("null");
        return;
    }
    const QByteArray digits = QByteArray::number(number, 'g', QLocale::FloatingPointShortest);
    out.append(digits);
    if (!digits.contains('.') && !digits.contains('e')) {
        out.append(".0"); // stays apart from the integer when read again
    }
}

void writeValue(const QCborValue &value, QByteArray &out);

void writeMap(const QCborMap &map, QByteArray &out) {
    std::map<QString, QCborValue> sorted;
    for (const auto &[key, value] : map) {
        sorted.emplace(key.toString(), value);
    }
    out.append('{');
    for (auto at = sorted.begin(); at != sorted.end(); ++at) {
        out.append(at == sorted.begin() ? "" : ",");
        writeString(at->first, out);
        out.append(':');
        writeValue(at->second, out);
    }
    out.append('}');
}

void writeArray(const QCborArray &array, QByteArray &out) {
    out.append('[');
    for (qsizetype i = 0; i < array.size(); ++i) {
        out.append(i == 0 ? "" : ",");
        writeValue(array.at(i), out);
    }
    out.append(']');
}

void writeValue(const QCborValue &value, QByteArray &out) {
    if (value.isMap()) {
        writeMap(value.toMap(), out);
    } else if (value.isArray()) {
        writeArray(value.toArray(), out);
    } else if (value.isString()) {
        writeString(value.toString(), out);
    } else if (value.isInteger()) {
        out.append(QByteArray::number(value.toInteger()));
    } else if (value.isDouble()) {
        writeDouble(value.toDouble(), out);
    } else if (value.isBool()) {
        out.append(value.toBool() ? "true" : "false");
    } else if (isHugeInteger(value)) {
        out.append(value.taggedValue().toByteArray());
    } else {
        out.append("null");
    }
}

} // namespace

QByteArray writeJson(const QCborValue &value) {
    QByteArray out;
    writeValue(value, out);
    return out;
}

bool isHugeInteger(const QCborValue &value) {
    return value.isTag() && value.tag() == huge_integer_tag;
}

QString digitsOf(const QCborValue &huge) {
    return isHugeInteger(huge) ? QString::fromLatin1(huge.taggedValue().toByteArray()) : QString();
}

QCborValue withPlainNumbers(const QCborValue &value) {
    if (value.isMap()) {
        QCborMap map;
        for (const auto &[key, member] : value.toMap()) {
            map.insert(key.toString(), withPlainNumbers(member));
        }
        return map;
    }
    if (value.isArray()) {
        QCborArray array;
        for (const auto &member : value.toArray()) {
            array.append(withPlainNumbers(member));
        }
        return array;
    }
    constexpr double exact_max = 9'007'199'254'740'992.0; // 2^53
    const double number = value.isDouble() ? value.toDouble() : 0.5;
    if (std::abs(number) <= exact_max && number == std::floor(number)) {
        return QCborValue(static_cast<qint64>(number));
    }
    return value;
}

} // namespace aviary
