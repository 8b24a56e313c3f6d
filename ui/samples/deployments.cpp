// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/samples/world.h"

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

} // namespace

std::vector<api::DeploymentRow> pastDeployments(qint64 now_wall_ms) {
    using kernel::Status;
    const Past past[] = {
        {"checkout-api", "v41", "v42", "canary", 9, Status::Waiting, 0, 0, "ops",
         "price rounding fix", ""},
        {"checkout-api", "v40", "v41", "canary", 8, Status::Completed, 30, 71, "ops",
         "new receipts", "48 of 48 nodes"},
        {"checkout-api", "v41", "v40", "canary", 7, Status::RolledBack, 53, 9, "engine",
         "errors worse", "4 of 4 nodes back"},
        {"gateway", "v8", "v9", "blue-green", 4, Status::Paused, 2, 0, "mara", "tls 1.3", ""},
        {"camera-agent", "v10", "v11", "rolling", 12, Status::Failed, 27, 40, "ops", "night mode",
         "11 of 96 nodes failed"},
        {"telemetry", "v29", "v30", "rolling", 3, Status::Superseded, 80, 12, "mara", "batching",
         "a newer request"}};
    std::vector<api::DeploymentRow> rows;
    for (const Past &each : past) {
        rows.push_back(rowOf(each, now_wall_ms));
    }
    rows[1].tags = {u"last-good"_qs};
    rows[2].bad = true;
    return rows;
}

} // namespace aviary::samples
