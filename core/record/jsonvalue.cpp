// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/jsonvalue.h"

#include <algorithm>
#include <cmath>

namespace aviary::record {
namespace {

constexpr std::int64_t exact_max = std::numeric_limits<std::int64_t>::max();

// Qt answers the default for a number that is not whole or does not fit; two defaults tell.
std::optional<std::int64_t> wholeOf(const QJsonValue &value) {
    const std::int64_t number = value.toInteger(0);
    return value.isDouble() && (number != 0 || value.toInteger(1) == 0) ? std::optional(number)
                                                                        : std::nullopt;
}

} // namespace

QString shown(const QString &text) {
    QString out;
    for (const QChar &c : text.left(64)) {
        out += c.isPrint() ? c : QChar(0xfffd);
    }
    return text.size() > 64 ? out + QChar(0x2026) : out;
}

QJsonValue json(double value) {
    if (std::isnan(value)) {
        return QStringLiteral("nan");
    }
    if (std::isinf(value)) {
        return value > 0 ? QStringLiteral("inf") : QStringLiteral("-inf");
    }
    if (value == 0.0 && std::signbit(value)) {
        return QStringLiteral("-0");
    }
    return value;
}

QJsonValue json(std::uint64_t value) {
    if (value > static_cast<std::uint64_t>(exact_max)) {
        return QString::number(value);
    }
    return QJsonValue(static_cast<qint64>(value));
}

QString JsonReader::place() const {
    if (parent_ == nullptr) {
        return root_;
    }
    QString text = parent_->place();
    text += (text.isEmpty() ? QString() : QStringLiteral(".")) + key_;
    return index_ < 0 ? text : text + QStringLiteral("[%1]").arg(index_);
}

void JsonReader::refuse(QLatin1StringView key, const QString &what) {
    JsonReader *outer = this;
    while (outer->parent_ != nullptr) {
        outer = outer->parent_;
    }
    if (outer->fault_.isEmpty()) {
        outer->fault_ = QStringLiteral("\"%1\" %2").arg(key, what);
        outer->place_ = place();
    }
}

void JsonReader::close() {
    if (!ok() || object_.size() == 0) {
        return;
    }
    for (auto it = object_.constBegin(); it != object_.constEnd(); ++it) {
        const QString key = it.key();
        if (std::none_of(asked_.cbegin(), asked_.cend(),
                         [&](auto asked) { return asked == key; })) {
            const QByteArray name = shown(key).toLatin1();
            refuse(QLatin1StringView(name), QStringLiteral("is not known here"));
            return;
        }
    }
}

QJsonArray JsonReader::array(QLatin1StringView key, qsizetype count_max) {
    asked_.append(key);
    const QJsonValue value = object_.value(key);
    if (value.isUndefined()) {
        return {};
    }
    const QJsonArray items = value.toArray();
    if (!value.isArray()) {
        refuse(key, QStringLiteral("is no list"));
    } else if (items.size() > count_max) {
        refuse(key, QStringLiteral("has over %1 items").arg(count_max));
        return {};
    }
    return items;
}

void JsonReader::object(QLatin1StringView key, QJsonObject &out) {
    asked_.append(key);
    const QJsonValue value = object_.value(key);
    out = value.toObject();
    if (!value.isObject() && !value.isUndefined()) {
        refuse(key, QStringLiteral("is no object"));
    }
}

void JsonReader::takeText(QLatin1StringView key, const QJsonValue &value, QString &out) {
    out = value.toString();
    if (!value.isString()) {
        refuse(key, QStringLiteral("is no text"));
    }
}

void JsonReader::takeReal(QLatin1StringView key, const QJsonValue &value, double &out) {
    if (value.isDouble()) {
        out = value.toDouble();
        if (out == 0.0 && std::signbit(out)) {
            refuse(key, QStringLiteral("negative zero is written \"-0\""));
        }
        return;
    }
    for (const double known :
         {std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity(),
          std::numeric_limits<double>::quiet_NaN(), -0.0}) {
        if (value.isString() && json(known) == value) {
            out = known;
            return;
        }
    }
    refuse(key, QStringLiteral("is no number"));
}

void JsonReader::takeWhole(QLatin1StringView key, const QJsonValue &value, std::uint64_t &out) {
    if (value.isString()) {
        bool whole = false;
        out = value.toString().toULongLong(&whole);
        if (!whole || json(out) != value) {
            refuse(key, QStringLiteral("is no number; only one over %1 is a text of its digits")
                            .arg(exact_max));
        }
        return;
    }
    out = static_cast<std::uint64_t>(takeInteger(key, value, 0, exact_max));
}

std::int64_t JsonReader::takeInteger(QLatin1StringView key, const QJsonValue &value,
                                     std::int64_t min, std::int64_t max) {
    const auto number = wholeOf(value);
    if (!number) {
        refuse(key, QStringLiteral("is no whole number"));
        return 0;
    }
    if (*number < min || *number > max) {
        refuse(key, QStringLiteral("is outside %1 to %2").arg(min).arg(max));
        return 0;
    }
    return *number;
}

} // namespace aviary::record
