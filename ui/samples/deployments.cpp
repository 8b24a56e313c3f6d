// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/samples/world.h"

#include <algorithm>

namespace aviary::samples {

using namespace Qt::Literals;

namespace {

constexpr qint64 hour_ms = 3'600'000;

struct Past {
    const char *key, *from, *to, *strategy;
    quint32 version;
    kernel::Status status;
    int hours_ago, minutes;
    const char *who, *reason, *outcome;
    quint32 done = 0, nodes = 0; // of the rollout; of one that runs it says them itself
};

api::DeploymentRow rowOf(const Past &past, qint64 now_wall_ms) {
    api::DeploymentRow row;
    row.key = QString::fromLatin1(past.key);
    row.version = past.version;
    row.id = u"%1-%2"_qs.arg(row.key).arg(row.version);
    row.cluster = u"edge-eu"_qs;
    row.rollout = u"past-"_qs + row.id;
    row.revision = row.to = QString::fromLatin1(past.to);
    row.from = QString::fromLatin1(past.from);
    row.strategy = QString::fromLatin1(past.strategy);
    row.status = past.status;
    row.stable = past.status == kernel::Status::Completed;
    row.who = QString::fromLatin1(past.who);
    row.reason = QString::fromLatin1(past.reason);
    row.outcome = QString::fromLatin1(past.outcome);
    row.started_wall_ms = now_wall_ms - past.hours_ago * hour_ms;
    row.ended_wall_ms =
        kernel::isEnd(past.status) ? row.started_wall_ms + past.minutes * 60'000 : 0;
    return row;
}

// The rollout of a deployment, as the daemon still tells of it after its end.
api::RolloutDetail endedOf(const Past &past, const api::DeploymentRow &row) {
    api::RolloutDetail detail;
    detail.row.id = row.rollout;
    detail.row.cluster = row.cluster;
    detail.row.service = row.key;
    detail.row.deployment = row.id;
    detail.row.from = row.from;
    detail.row.to = row.to;
    detail.row.strategy =
        row.strategy == u"canary" ? kernel::StrategyKind::Canary : kernel::StrategyKind::Rolling;
    detail.row.status = row.status;
    detail.row.nodes_done = past.done;
    detail.row.nodes = past.nodes;
    detail.row.started_wall_ms = row.started_wall_ms;
    detail.row.changed_wall_ms = detail.row.ended_wall_ms = row.ended_wall_ms;
    detail.row.who = row.who;
    detail.row.headline = row.outcome;
    return detail;
}

} // namespace

// Deployments and rollouts are one history: what runs has its rollout there already.
void addHistory(World &world, qint64 now_wall_ms) {
    using kernel::Status;
    const Past past[] = {
        {"checkout-api", "v41", "v42", "canary", 9, Status::Waiting, 0, 0, "ops",
         "price rounding fix", ""},
        {"checkout-api", "v40", "v41", "canary", 8, Status::Completed, 30, 71, "ops",
         "new receipts", "48 of 48 nodes", 48, 48},
        {"checkout-api", "v41", "v40", "canary", 7, Status::RolledBack, 53, 9, "engine",
         "errors worse", "4 of 4 nodes back", 0, 48},
        {"gateway", "v8", "v9", "blue-green", 4, Status::Paused, 0, 0, "mara", "tls 1.3", ""},
        {"camera-agent", "v11", "v12", "rolling", 13, Status::InProgress, 0, 0, "ops",
         "night mode, again", ""},
        {"camera-agent", "v11", "v12", "rolling", 12, Status::Failed, 27, 40, "ops", "night mode",
         "11 of 96 nodes failed", 85, 96},
        {"telemetry", "v30", "v31", "rolling", 4, Status::RollingBack, 0, 0, "mara",
         "larger batches", ""},
        {"telemetry", "v30", "v31", "rolling", 3, Status::Superseded, 80, 12, "mara", "batching",
         "a newer request", 12, 60}};
    for (const Past &each : past) {
        api::DeploymentRow row = rowOf(each, now_wall_ms);
        row.tags = row.version == 8 ? QStringList{u"last-good"_qs} : QStringList{};
        row.bad = row.version == 7;
        const auto runs = std::ranges::find_if(world.rollouts, [&row](const auto &rollout) {
            return rollout.row.service == row.key && rollout.row.status == row.status;
        });
        if (runs == world.rollouts.end()) {
            world.rollouts.push_back(endedOf(each, row));
        } else {
            row.rollout = runs->row.id;
            row.cluster = runs->row.cluster;
            row.started_wall_ms = runs->row.started_wall_ms;
        }
        world.deployments.push_back(row);
    }
}

} // namespace aviary::samples
