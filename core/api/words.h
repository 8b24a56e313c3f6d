// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/values.h"

#include <span>

// The word of each enumerator, as JSON, the command line and the filter language write it:
// "blue-green", "in_progress", "not_worse". The same word is read back.
namespace aviary::api {

template <class E>
std::span<const std::string_view> words(); // in the order of the enumerators

template <class E>
QString wordOf(E value) {
    const std::span<const std::string_view> all = words<E>();
    const auto index = static_cast<std::size_t>(value);
    return index < all.size() ? QString::fromUtf8(all[index].data(), qsizetype(all[index].size()))
                              : QStringLiteral("unknown");
}

template <class E>
std::optional<E> fromWord(QStringView word) {
    const std::span<const std::string_view> all = words<E>();
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (word == QLatin1String(all[i].data(), qsizetype(all[i].size()))) {
            return static_cast<E>(i);
        }
    }
    return std::nullopt;
}

} // namespace aviary::api
