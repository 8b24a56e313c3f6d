// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDateTime>

#include <chrono>

namespace aviary::orchestrator {

// Where the shell gets its time from; a test gives its own.
class Clock {
public:
    virtual ~Clock() = default;
    virtual qint64 monotonicMs() const = 0; // never jumps; from an arbitrary start
    virtual qint64 wallMs() const = 0;      // since 1970; for display and records only
};

class SystemClock : public Clock {
public:
    qint64 monotonicMs() const override {
        const auto now = std::chrono::steady_clock::now().time_since_epoch();
        return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
    }
    qint64 wallMs() const override { return QDateTime::currentMSecsSinceEpoch(); }
};

} // namespace aviary::orchestrator
