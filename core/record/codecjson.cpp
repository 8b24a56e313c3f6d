// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/codec.h"
#include "core/record/jsonvalue.h"

namespace aviary::record {
namespace {

using kernel::Command;
using kernel::Event;
using kernel::Request;

template <class T>
concept Listed = requires {
    T::fields();
};

template <class V>
constexpr QLatin1StringView kindOf() {
    if constexpr (std::is_same_v<V, Event>) {
        return QLatin1StringView("event");
    } else if constexpr (std::is_same_v<V, Command>) {
        return QLatin1StringView("command");
    } else {
        return QLatin1StringView("request");
    }
}

// "target" of all requests and turns whose target may be every one is left out then.
template <class T>
bool leftOut(std::string_view name, const T &value) {
    if constexpr (std::is_same_v<T, kernel::TargetIndex>) {
        return name == "target" && value == kernel::every_target;
    }
    return false;
}

template <class T>
void putFields(QJsonObject &out, const T &value);
template <class V>
QJsonObject alternativeToJson(const V &variant);

template <class T>
QJsonValue memberToJson(const T &value) {
    if constexpr (Listed<T>) {
        QJsonObject nested;
        putFields(nested, value);
        return nested;
    } else if constexpr (std::is_same_v<T, Request>) {
        return alternativeToJson(value);
    } else {
        return json(value);
    }
}

template <class T>
void putMember(QJsonObject &out, std::string_view name, const T &value) {
    if (!leftOut(name, value)) {
        out.insert(latin(name), memberToJson(value));
    }
}

template <class T>
void putFields(QJsonObject &out, const T &value) {
    std::apply(
        [&](const auto &...field) { (putMember(out, field.name, value.*field.member), ...); },
        T::fields());
}

template <class V>
QJsonObject alternativeToJson(const V &variant) {
    QJsonObject out;
    std::visit(
        [&](const auto &value) {
            out.insert(kindOf<V>(), QString(latin(value.name)));
            putFields(out, value);
        },
        variant);
    return out;
}

template <class T>
void getFields(JsonReader &in, T &value);
template <class V>
void getAlternative(JsonReader &in, V &variant);

template <class T>
void getMember(JsonReader &in, std::string_view name, T &value) {
    if constexpr (Listed<T>) {
        in.nested(latin(name), [&](JsonReader &inner) { getFields(inner, value); });
    } else if constexpr (std::is_same_v<T, Request>) {
        in.nested(latin(name), [&](JsonReader &inner) { getAlternative(inner, value); });
    } else {
        if constexpr (std::is_same_v<T, kernel::TargetIndex>) {
            if (name == "target" && !in.has(latin(name))) {
                value = kernel::every_target;
                return;
            }
        }
        in.member(latin(name), value);
        if (leftOut(name, value)) {
            in.refuse(latin(name), QStringLiteral("every target is said by leaving it out"));
        }
    }
}

template <class T>
void getFields(JsonReader &in, T &value) {
    std::apply([&](const auto &...field) { (getMember(in, field.name, value.*field.member), ...); },
               T::fields());
}

template <class V, std::size_t... I>
bool emplaceByName(JsonReader &in, const QString &name, V &variant, std::index_sequence<I...>) {
    return ((name == latin(std::variant_alternative_t<I, V>::name)
                 ? (getFields(in, variant.template emplace<I>()), true)
                 : false) ||
            ...);
}

template <class V>
void getAlternative(JsonReader &in, V &variant) {
    QString name;
    in.member(kindOf<V>(), name);
    if (in.ok() &&
        !emplaceByName(in, name, variant, std::make_index_sequence<std::variant_size_v<V>>{})) {
        in.refuse(kindOf<V>(), QStringLiteral("\"%1\" is not known").arg(shown(name)));
    }
}

template <class V>
Result<V> alternativeFromJson(const QJsonObject &object, const QString &where) {
    JsonReader in(object, where);
    V variant;
    getAlternative(in, variant);
    return in.end(std::move(variant));
}

} // namespace

QJsonObject toJson(const Event &event) {
    return alternativeToJson(event);
}
QJsonObject toJson(const Command &command) {
    return alternativeToJson(command);
}
QJsonObject toJson(const Request &request) {
    return alternativeToJson(request);
}

void read(JsonReader &in, Event &event) {
    getAlternative(in, event);
}
void read(JsonReader &in, Command &command) {
    getAlternative(in, command);
}

Result<Event> eventFromJson(const QJsonObject &json, const QString &where) {
    return alternativeFromJson<Event>(json, where);
}
Result<Command> commandFromJson(const QJsonObject &json, const QString &where) {
    return alternativeFromJson<Command>(json, where);
}
Result<Request> requestFromJson(const QJsonObject &json, const QString &where) {
    return alternativeFromJson<Request>(json, where);
}

} // namespace aviary::record
