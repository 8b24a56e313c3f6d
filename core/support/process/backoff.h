// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <deque>
#include <optional>

namespace aviary {

// When a process that ended by itself is started again.
struct BackoffLimits {
    int attempts = 5; // inside the window; then it stays down
    qint64 window_ms = 60'000;
    qint64 delay_ms = 1'000; // doubled with each attempt in the window, up to the window
    bool operator==(const BackoffLimits &) const = default;
};

class Backoff {
public:
    explicit Backoff(BackoffLimits limits = {}) : limits_(limits) {}

    // The process ended at `now_ms` of any clock: how long to wait; none: no more attempts.
    std::optional<int> next(qint64 now_ms);

private:
    BackoffLimits limits_;
    std::deque<qint64> attempts_ms_; // those in the window
};

} // namespace aviary
