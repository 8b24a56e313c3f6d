// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/record/words.h"

#include <rapidcheck.h>

#include <cmath>
#include <limits>
#include <tuple>
#include <variant>

// Any event, command, request: every alternative, every member over its whole range, with the
// awkward values more often than chance would have them.
namespace aviary::tests {

template <class T>
concept Listed = requires {
    T::fields();
};

template <class V>
rc::Gen<V> anyAlternative();
template <class T>
rc::Gen<T> anyFields();

template <class T>
rc::Gen<T> any() {
    if constexpr (Listed<T>) {
        return anyFields<T>();
    } else if constexpr (!record::kind_of<T>.empty()) {
        return anyAlternative<T>();
    } else if constexpr (std::is_enum_v<T>) {
        constexpr std::size_t count = record::Words<T>::all.size();
        return rc::gen::map(rc::gen::inRange<std::size_t>(0, count),
                            [](std::size_t i) { return record::Words<T>::all[i].value; });
    } else if constexpr (std::is_same_v<T, bool>) {
        return rc::gen::arbitrary<bool>();
    } else if constexpr (std::is_floating_point_v<T>) {
        using L = std::numeric_limits<T>;
        return rc::gen::weightedOneOf<T>(
            {{3, rc::gen::arbitrary<T>()},
             {1, rc::gen::element<T>(0.0, -0.0, L::infinity(), -L::infinity(), L::quiet_NaN(),
                                     L::max(), L::denorm_min(), 0.1, 1e300, 3.0)}});
    } else {
        using L = std::numeric_limits<T>;
        return rc::gen::weightedOneOf<T>(
            {{3, rc::gen::arbitrary<T>()},
             {1, rc::gen::element<T>(0, 1, 127, static_cast<T>(128), L::max(), L::min())}});
    }
}

template <class T>
rc::Gen<T> anyFields() {
    return rc::gen::exec([] {
        T value;
        std::apply(
            [&](const auto &...field) {
                ((value.*field.member =
                      *any<std::remove_reference_t<decltype(value.*field.member)>>()),
                 ...);
            },
            T::fields());
        return value;
    });
}

template <class V, std::size_t... I>
rc::Gen<V> anyOf(std::index_sequence<I...>) {
    return rc::gen::oneOf(rc::gen::map(anyFields<std::variant_alternative_t<I, V>>(),
                                       [](const auto &value) { return V(value); })...);
}
template <class V>
rc::Gen<V> anyAlternative() {
    return anyOf<V>(std::make_index_sequence<std::variant_size_v<V>>{});
}

} // namespace aviary::tests
