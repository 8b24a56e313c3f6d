// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/orchestrator/liverollout.h"
#include "core/rehearsal/fan.h"

#include <QJsonObject>

#include <optional>

namespace aviary::orchestrator {

// What a client's rehearsal predicted of live rollouts, to be compared with how they go. Only the
// comparison is done here: no future ever runs in the daemon. It is kept in memory; a daemon that
// starts anew watches nothing until it is handed a fan again.
class FanWatch {
public:
    static constexpr std::size_t watched_max = 1'000;

    // `since_ms`: the rollout's time at which the fan begins. Takes the place of an earlier one.
    Result<void> watch(const QString &rollout, const QJsonObject &fan, kernel::Millis since_ms);

    // The sentence, once: when the rollout stands outside of its fan for the first time. A rollout
    // that has ended is not looked at again.
    std::optional<QString> look(const LiveRollout &rollout, kernel::Millis now);

    QString leftText(const QString &rollout) const; // empty: inside until now, or not watched
    std::vector<QString> watched() const;           // that may leave it yet

private:
    struct Watched {
        rehearsal::Fans fans;
        kernel::Millis since_ms = 0;
        QString left;
        bool over = false;
    };
    std::map<QString, Watched> watched_;
};

} // namespace aviary::orchestrator
