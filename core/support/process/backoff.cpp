// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/support/process/backoff.h"

#include <algorithm>

namespace aviary {

std::optional<int> Backoff::next(qint64 ran_ms) {
    if (ran_ms >= policy_.calm_ms) {
        attempts_ = 0;
    }
    if (attempts_ >= policy_.attempts_max) {
        return std::nullopt;
    }
    qint64 wait_ms = policy_.first_ms;
    for (int i = 0; i < attempts_ && wait_ms < policy_.longest_ms; ++i) {
        wait_ms *= 2;
    }
    ++attempts_;
    return static_cast<int>(std::min<qint64>(wait_ms, policy_.longest_ms));
}

} // namespace aviary
