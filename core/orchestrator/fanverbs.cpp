// SPDX-License-Identifier: GPL-3.0-or-later
// fan.watch: a live rollout beside what was rehearsed of it.
#include "core/api/valuesjson.h"
#include "core/orchestrator/liveprovider.h"

namespace aviary::orchestrator {

LiveProvider::Reply LiveProvider::watchFan(const Call &call) {
    return rolloutIn(call).and_then([&](LiveRollout *rollout) -> Reply {
        if (!rollout->active()) {
            return fail(ErrorCode::Refused, tr("the rollout has ended"), rollout->card().id,
                        tr("an active rollout"));
        }
        const auto watched = fans_.watch(rollout->card().id, call.parameters[u"fan"].toObject(),
                                         call.parameters[u"since_ms"].toInteger());
        if (!watched) {
            return tl::unexpected(watched.error());
        }
        fan_timer_.start();
        rolloutChanged(rollout->card().id);
        return QJsonObject{};
    });
}

// A rollout that stands still leaves its fan as well, and nothing happens to it that would tell.
void LiveProvider::lookAtFans() {
    const std::vector<QString> ids = fans_.watched();
    for (const QString &id : ids) {
        const LiveRollout *rollout = orchestrator_.find(id);
        if (rollout && lookAtFan(*rollout)) {
            rolloutChanged(id);
        }
    }
    if (ids.empty()) {
        fan_timer_.stop();
    }
}

bool LiveProvider::lookAtFan(const LiveRollout &rollout) {
    const auto left = fans_.look(rollout, rollout.clockAt(clock_.monotonicMs()));
    if (!left) {
        return false;
    }
    api::Happening happening;
    happening.sequence = journal_.head().records;
    happening.wall_ms = clock_.wallMs();
    happening.who = tr("rehearsal");
    happening.text = tr("Left what was predicted: %1").arg(*left);
    happenings_[rollout.card().id].push_back(std::move(happening));
    if (const auto raised = alerts_.leftFan(rollout, *left); !raised) {
        qWarning("%s", qPrintable(toText(raised.error())));
    }
    return true;
}

} // namespace aviary::orchestrator
