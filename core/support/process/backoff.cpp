// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/support/process/backoff.h"

#include <algorithm>

namespace aviary {

std::optional<int> Backoff::next(qint64 now_ms) {
    while (!attempts_ms_.empty() && attempts_ms_.front() <= now_ms - limits_.window_ms) {
        attempts_ms_.pop_front();
    }
    if (static_cast<qint64>(attempts_ms_.size()) >= limits_.attempts) {
        return std::nullopt;
    }
    qint64 wait_ms = limits_.delay_ms;
    for (std::size_t i = 0; i < attempts_ms_.size() && wait_ms < limits_.window_ms; ++i) {
        wait_ms *= 2;
    }
    attempts_ms_.push_back(now_ms);
    return static_cast<int>(std::min(wait_ms, limits_.window_ms));
}

} // namespace aviary
