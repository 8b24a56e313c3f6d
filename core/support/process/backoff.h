// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <optional>

namespace aviary {

// When a process that ended by itself is started again.
struct RestartPolicy {
    int first_ms = 500; // doubled with each crash
    int longest_ms = 30'000;
    int attempts_max = 5; // then it stays down
    int calm_ms = 60'000; // a process that ran for so long begins with a clean slate
    bool operator==(const RestartPolicy &) const = default;
};

class Backoff {
public:
    explicit Backoff(RestartPolicy policy = {}) : policy_(policy) {}

    // The process ended after it ran for `ran_ms`: how long to wait; none: no more attempts.
    std::optional<int> next(qint64 ran_ms);
    int attempts() const { return attempts_; }

private:
    RestartPolicy policy_;
    int attempts_ = 0;
};

} // namespace aviary
