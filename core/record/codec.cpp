// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/codec.h"

#include "core/record/words.h"

#include <array>
#include <limits>
#include <type_traits>

namespace aviary::record {
namespace {

// ---- Members

template <class T>
concept Listed = requires {
    T::fields();
};

template <class T>
void put(const T &value, Writer &out);
template <class T>
void get(Reader &in, T &value);

template <class T>
void putFields(const T &value, Writer &out) {
    std::apply([&](const auto &...field) { (put(value.*field.member, out), ...); }, T::fields());
}
template <class T>
void getFields(Reader &in, T &value) {
    std::apply([&](const auto &...field) { (get(in, value.*field.member), ...); }, T::fields());
}

template <class V>
void putAlternative(const V &variant, Writer &out) {
    std::visit(
        [&](const auto &value) {
            using T = std::remove_cvref_t<decltype(value)>;
            static_assert(code_of<T> != 0, "give the new alternative a code in words.h");
            out.byte(code_of<T>);
            putFields(value, out);
        },
        variant);
}

// For each code the function that reads the alternative which it stands for.
template <class V>
using Get = void (*)(Reader &, V &);

template <class V, std::size_t... I>
constexpr std::array<Get<V>, code_space> alternativesOf(std::index_sequence<I...>) {
    std::array<Get<V>, code_space> table{};
    ((table[code_of<std::variant_alternative_t<I, V>>] =
          [](Reader &in, V &out) {
              getFields(in, out.template emplace<std::variant_alternative_t<I, V>>());
          }),
     ...);
    return table;
}
template <class V>
constexpr auto alternatives = alternativesOf<V>(std::make_index_sequence<std::variant_size_v<V>>{});

template <class V>
bool getAlternative(Reader &in, std::uint8_t code, V &out) {
    const Get<V> get = code < code_space ? alternatives<V>[code] : nullptr;
    if (get == nullptr) {
        in.refuse("no such event, command or request");
        return false;
    }
    get(in, out);
    return in.ok();
}

template <class T>
void put(const T &value, Writer &out) {
    if constexpr (Listed<T>) {
        putFields(value, out);
    } else if constexpr (std::is_same_v<T, kernel::Request>) {
        putAlternative(value, out);
    } else if constexpr (std::is_same_v<T, bool>) {
        out.byte(value ? 1 : 0);
    } else if constexpr (std::is_enum_v<T>) {
        out.byte(codeOf(value));
    } else if constexpr (std::is_floating_point_v<T>) {
        out.real(value);
    } else if constexpr (std::is_signed_v<T>) {
        out.integer(value);
    } else {
        out.whole(value);
    }
}

template <class T>
void get(Reader &in, T &value) {
    if constexpr (Listed<T>) {
        getFields(in, value);
    } else if constexpr (std::is_same_v<T, kernel::Request>) {
        getAlternative(in, in.byte(), value);
    } else if constexpr (std::is_same_v<T, bool>) {
        value = in.truth();
    } else if constexpr (std::is_enum_v<T>) {
        const auto known = valueOf<T>(std::uint64_t{in.byte()});
        if (!known) {
            in.refuse("a word has no such code");
        }
        value = known.value_or(T{});
    } else if constexpr (std::is_floating_point_v<T>) {
        value = in.real();
    } else if constexpr (std::is_signed_v<T>) {
        using Limits = std::numeric_limits<T>;
        value = static_cast<T>(in.integer(Limits::min(), Limits::max()));
    } else {
        value = static_cast<T>(in.whole(std::numeric_limits<T>::max()));
    }
}

} // namespace

void encode(const kernel::Event &event, Writer &out) {
    putAlternative(event, out);
}
void encode(const kernel::Command &command, Writer &out) {
    putAlternative(command, out);
}

Kind decode(Reader &in, kernel::Event &event, kernel::Command &command) {
    const std::uint8_t code = in.byte();
    if (code >= command_code_min) {
        return getAlternative(in, code, command) ? Kind::Command : Kind::None;
    }
    return getAlternative(in, code, event) ? Kind::Event : Kind::None;
}

} // namespace aviary::record
