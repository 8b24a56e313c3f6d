// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/record/jsonvalue.h"

#include <tuple>
#include <utility>
#include <variant>
#include <vector>

// Kernel values to and from JSON objects, member by member as fields() lists them. An optional that
// is empty is left out; so is a "target" that is every one. Alternatives of a variant say in the
// member kind_of what they are.
namespace aviary::record {

inline constexpr qsizetype items_max = 1'000'000; // in one list

template <class T>
concept Listed = requires {
    T::fields();
};
template <class T>
concept Alternatives = !kind_of<T>.empty();

template <class T>
inline constexpr bool is_list = false;
template <class T>
inline constexpr bool is_list<std::vector<T>> = true;
template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

// ---- Writing

template <Listed T>
QJsonObject toObject(const T &value);
template <Alternatives V>
QJsonObject toObject(const V &variant);

template <class T>
QJsonValue toValue(const T &value) {
    if constexpr (Listed<T> || Alternatives<T>) {
        return toObject(value);
    } else if constexpr (is_list<T>) {
        QJsonArray items;
        for (const auto &item : value) {
            items.append(toValue(item));
        }
        return items;
    } else {
        return json(value);
    }
}

template <class T>
bool isEveryTarget(std::string_view name, const T &value) {
    if constexpr (std::is_same_v<T, kernel::TargetIndex>) {
        return name == "target" && value == kernel::every_target;
    } else {
        return false;
    }
}

template <class T>
void putMember(QJsonObject &out, std::string_view name, const T &value) {
    if constexpr (is_optional<T>) {
        if (value) {
            out.insert(latin(name), toValue(*value));
        }
    } else if (!isEveryTarget(name, value)) {
        out.insert(latin(name), toValue(value));
    }
}

template <class T>
void putFields(QJsonObject &out, const T &value) {
    std::apply(
        [&](const auto &...field) { (putMember(out, field.name, value.*field.member), ...); },
        T::fields());
}

template <Listed T>
QJsonObject toObject(const T &value) {
    QJsonObject out;
    putFields(out, value);
    return out;
}

template <Alternatives V>
QJsonObject toObject(const V &variant) {
    QJsonObject out;
    std::visit(
        [&]<class T>(const T &value) {
            out.insert(latin(kind_of<V>), QString(latin(word_of<T>)));
            putFields(out, value);
        },
        variant);
    return out;
}

// ---- Reading

template <Listed T>
void get(JsonReader &in, T &value);
template <Alternatives V>
void get(JsonReader &in, V &variant);

template <class T>
void getMember(JsonReader &in, QLatin1StringView name, T &value) {
    if constexpr (Listed<T> || Alternatives<T>) {
        in.nested(name, [&](JsonReader &inner) { get(inner, value); });
    } else if constexpr (is_list<T>) {
        using Item = typename T::value_type;
        if constexpr (Listed<Item> || Alternatives<Item>) {
            value.clear();
            in.list(name, items_max, [&](JsonReader &inner) { get(inner, value.emplace_back()); });
        } else {
            in.values(name, items_max, value);
        }
    } else if constexpr (is_optional<T>) {
        value.reset();
        if (in.has(name)) {
            getMember(in, name, value.emplace());
        }
    } else {
        in.member(name, value);
    }
}

template <class T>
void getField(JsonReader &in, std::string_view name, T &value) {
    if constexpr (std::is_same_v<T, kernel::TargetIndex>) {
        if (name == "target" && !in.has(latin(name))) {
            value = kernel::every_target;
            return;
        }
    }
    getMember(in, latin(name), value);
    if (isEveryTarget(name, value)) {
        in.refuse(latin(name), QStringLiteral("is left out when it is every target"));
    }
}

template <Listed T>
void get(JsonReader &in, T &value) {
    std::apply([&](const auto &...field) { (getField(in, field.name, value.*field.member), ...); },
               T::fields());
}

template <class V, std::size_t... I>
bool emplaceByWord(JsonReader &in, const QString &word, V &variant, std::index_sequence<I...>) {
    return ((word == latin(word_of<std::variant_alternative_t<I, V>>)
                 ? (get(in, variant.template emplace<I>()), true)
                 : false) ||
            ...);
}

template <Alternatives V>
void get(JsonReader &in, V &variant) {
    QString word;
    in.member(latin(kind_of<V>), word);
    if (in.ok() &&
        !emplaceByWord(in, word, variant, std::make_index_sequence<std::variant_size_v<V>>{})) {
        in.refuse(latin(kind_of<V>), QStringLiteral("\"%1\" is not known").arg(shown(word)));
    }
}

} // namespace aviary::record
