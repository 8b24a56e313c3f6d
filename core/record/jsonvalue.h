// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/record/words.h"
#include "core/support/error.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QJsonValue>
#include <QLatin1StringView>
#include <QVarLengthArray>

#include <limits>
#include <optional>
#include <string>
#include <type_traits>

// Single values as JSON, without loss, and a reader of objects that takes nothing for granted.
namespace aviary::record {

inline QLatin1StringView latin(std::string_view text) {
    return QLatin1StringView(text.data(), static_cast<qsizetype>(text.size()));
}
// A text from outside, for an error: printable, at most 64 characters.
QString shown(const QString &text);

QJsonValue json(double value);
QJsonValue json(std::uint64_t value);

template <class T>
QJsonValue json(const T &value) {
    if constexpr (std::is_same_v<T, bool>) {
        return value;
    } else if constexpr (std::is_enum_v<T>) {
        return QString(latin(wordOf(value)));
    } else if constexpr (std::is_same_v<T, std::string>) {
        return QString::fromStdString(value);
    } else if constexpr (std::is_same_v<T, QString>) {
        return value;
    } else {
        static_assert(std::is_integral_v<T>);
        return QJsonValue(static_cast<qint64>(value));
    }
}

// Reads the members of one object. The first thing that is wrong is kept and the rest is skipped;
// end() answers with it, or with the value when every member was asked for.
class JsonReader {
public:
    JsonReader(const QJsonObject &object, const QString &where) : object_(object), root_(where) {}

    bool ok() const { return whole().fault_.isEmpty(); }
    bool has(QLatin1StringView key) const { return object_.contains(key); }
    qsizetype size() const { return object_.size(); }

    // A member that must be there.
    template <class T>
    void member(QLatin1StringView key, T &value) {
        take(key, object_.value(key), value);
    }
    // A member that may be absent, and then has `absent`, which is never written.
    template <class T>
    void member(QLatin1StringView key, T &value, const T &absent) {
        if (has(key)) {
            member(key, value);
        } else {
            value = absent;
        }
    }
    template <class T>
    void member(QLatin1StringView key, std::optional<T> &value) {
        value.reset();
        if (has(key)) {
            member(key, value.emplace());
        }
    }
    // An object that is taken as it is; absent is empty.
    void object(QLatin1StringView key, QJsonObject &out);
    // An object inside this one.
    template <class Read>
    void nested(QLatin1StringView key, const Read &read) {
        const QJsonValue value = object_.value(key);
        asked_.append(key);
        if (!value.isObject()) {
            refuse(key, has(key) ? QStringLiteral("is no object") : QStringLiteral("is missing"));
            return;
        }
        descend(value.toObject(), key, -1, read);
    }
    // A list of objects inside this one; absent is empty.
    template <class Read>
    void list(QLatin1StringView key, qsizetype count_max, const Read &read) {
        const QJsonArray items = array(key, count_max);
        for (qsizetype i = 0; i < items.size() && ok(); ++i) {
            const QJsonValue item = items.at(i);
            if (!item.isObject()) {
                refuse(key, QStringLiteral("item %1 is no object").arg(i));
                return;
            }
            descend(item.toObject(), key, i, read);
        }
    }
    // A list of plain values; absent is empty.
    template <class T>
    void values(QLatin1StringView key, qsizetype count_max, std::vector<T> &out) {
        const QJsonArray items = array(key, count_max);
        out.clear();
        for (qsizetype i = 0; i < items.size() && ok(); ++i) {
            take(key, items.at(i), out.emplace_back());
        }
    }

    void refuse(QLatin1StringView key, const QString &what);
    // Every member was asked for: else the surplus one is refused.
    void close();

    template <class T>
    Result<T> end(T value) {
        close();
        if (!ok()) {
            return fail(ErrorCode::Invalid, fault_, place_);
        }
        return value;
    }

private:
    JsonReader(const QJsonObject &object, JsonReader *parent, QLatin1StringView key,
               qsizetype index)
        : object_(object), parent_(parent), key_(key), index_(index) {}

    const JsonReader &whole() const { return parent_ == nullptr ? *this : parent_->whole(); }
    QString place() const;
    QJsonArray array(QLatin1StringView key, qsizetype count_max);

    template <class Read>
    void descend(const QJsonObject &object, QLatin1StringView key, qsizetype index,
                 const Read &read) {
        JsonReader inner(object, this, key, index);
        read(inner);
        inner.close();
    }

    template <class T>
    void take(QLatin1StringView key, const QJsonValue &value, T &out) {
        asked_.append(key);
        if (value.isUndefined()) {
            refuse(key, QStringLiteral("is missing"));
        } else if constexpr (std::is_enum_v<T>) {
            QString name;
            takeText(key, value, name);
            if (const auto known = valueOf<T>(std::string_view(name.toStdString()))) {
                out = *known;
            } else {
                refuse(key, QStringLiteral("\"%1\" is not known").arg(shown(name)));
            }
        } else if constexpr (std::is_same_v<T, bool>) {
            out = value.toBool();
            if (!value.isBool()) {
                refuse(key, QStringLiteral("is neither true nor false"));
            }
        } else if constexpr (std::is_same_v<T, QString>) {
            takeText(key, value, out);
        } else if constexpr (std::is_same_v<T, std::string>) {
            QString text;
            takeText(key, value, text);
            out = text.toStdString();
        } else if constexpr (std::is_same_v<T, double>) {
            takeReal(key, value, out);
        } else if constexpr (std::is_same_v<T, std::uint64_t>) {
            takeWhole(key, value, out);
        } else {
            using Limits = std::numeric_limits<T>;
            out = static_cast<T>(takeInteger(key, value, Limits::min(), Limits::max()));
        }
    }
    void takeText(QLatin1StringView key, const QJsonValue &value, QString &out);
    void takeReal(QLatin1StringView key, const QJsonValue &value, double &out);
    void takeWhole(QLatin1StringView key, const QJsonValue &value, std::uint64_t &out);
    std::int64_t takeInteger(QLatin1StringView key, const QJsonValue &value, std::int64_t min,
                             std::int64_t max);

    QJsonObject object_;
    QString root_; // where the whole stands; only in the outermost
    JsonReader *parent_ = nullptr;
    QLatin1StringView key_;
    qsizetype index_ = -1;
    QVarLengthArray<QLatin1StringView, 16> asked_;
    QString fault_, place_; // only in the outermost
};

} // namespace aviary::record
