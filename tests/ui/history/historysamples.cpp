// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/history/historysamples.h"

#include "tests/ui/samples.h"

namespace aviary::samples {

using namespace Qt::Literals;
using kernel::Status;

namespace {

constexpr qint64 minute_ms = 60'000;

HistoryLine line(const QString &id, const QString &service, const QString &revision,
                 const QString &strategy, Status status, const QString &state, qint64 began_ms,
                 qint64 took_min) {
    HistoryLine line;
    line.row.id = id;
    line.row.key = service;
    line.row.revision = line.row.to = revision;
    line.row.version = static_cast<quint32>(revision.mid(1).toUInt());
    line.row.strategy = strategy;
    line.row.status = status;
    line.row.who = id == u"camera"_qs || id == u"gateway"_qs ? u"ci"_qs : u"you"_qs;
    line.row.started_wall_ms = began_ms;
    line.row.ended_wall_ms = kernel::isEnd(status) ? began_ms + took_min * minute_ms : 0;
    line.row.stable = status == Status::Completed;
    line.cluster_name = u"edge-eu"_qs;
    line.state = state;
    line.done = 4;
    line.nodes = 48;
    return line;
}

} // namespace

HistoryValue history(bool live) {
    HistoryValue value;
    value.scrubber = scrubber(live);
    value.span = u"Today"_qs;
    value.subtitle = u"1,284 deployments, all clusters"_qs;
    const qint64 nine = value.scrubber.begin_ms;
    value.instant_wall_ms = value.scrubber.playhead_ms.value_or(value.scrubber.end_ms);
    value.lines = {
        line(u"checkout"_qs, u"checkout-api"_qs, u"v42"_qs, u"canary"_qs, Status::Waiting,
             u"holds at 10 %"_qs, nine + 35 * minute_ms, 0),
        line(u"camera"_qs, u"camera-agent"_qs, u"v17"_qs, u"rolling"_qs, Status::InProgress,
             u"wave 3 of 8"_qs, nine + 20 * minute_ms, 0),
        line(u"gateway"_qs, u"gateway"_qs, u"v9"_qs, u"rolling"_qs, Status::Paused,
             u"wave 1, 2 of 3 degraded"_qs, nine + 40 * minute_ms, 0),
        line(u"v41"_qs, u"checkout-api"_qs, u"v41"_qs, u"canary"_qs, Status::Completed,
             u"completed"_qs, nine - 90 * minute_ms, 47),
        line(u"v40"_qs, u"checkout-api"_qs, u"v40"_qs, u"canary"_qs, Status::RolledBack,
             u"rolled back: errors 2.1 % against 0.3 %"_qs, nine - 180 * minute_ms, 16),
    };
    return value;
}

DeploymentPane pane() {
    DeploymentPane pane;
    pane.id = u"gateway"_qs;
    pane.title = u"gateway v9, as of 09:48:12"_qs;
    pane.sign = Sign::Paused;
    pane.facts = {{u"reason"_qs, u"certificate renewal"_qs},
                  {u"plan"_qs, u"rolling, 3 at a time, first failure rolls back"_qs},
                  {u"changed"_qs, u"image gateway:9, env TLS_DIR"_qs},
                  {u"now"_qs, u"n11, n12 answer 2 of 3 checks for 1 min 40 s"_qs},
                  {u"next"_qs, u"healthy deadline in 3 min 20 s"_qs}};
    pane.happenings = {{2, 1'790'000'000'000, u"gate"_qs, u"n11 is not ready"_qs},
                       {1, 1'789'999'000'000, u"ci"_qs, u"started"_qs}};
    pane.compare = u"Compare with v8"_qs;
    pane.open = u"Open the rollout at 09:48:12"_qs;
    pane.roll_back = u"Roll back to v9\u2026"_qs;
    pane.bad = u"Mark v9 bad\u2026"_qs;
    pane.tags = {u"last-good"_qs};
    pane.off = u"go back to live first"_qs;
    return pane;
}

DeploymentComparison comparison() {
    DeploymentComparison value;
    value.a = u"gateway v8"_qs;
    value.b = u"gateway v9"_qs;
    value.rows = {{u"state"_qs, u"completed"_qs, u"rolled back"_qs},
                  {u"took"_qs, u"31 min"_qs, u"8 min"_qs}};
    value.steps = {{u"Update 3 nodes"_qs, 60'000, 65'000, 58'000},
                   {u"Check 5 min"_qs, 300'000, -1, 300'000}};
    value.difference = {u"  {"_qs, u"-   \"image\": \"gateway:8\""_qs,
                        u"+   \"image\": \"gateway:9\""_qs, u"  }"_qs};
    return value;
}

HistoryValue hostileHistory() {
    HistoryValue value = history(true);
    value.lines[0].row.key = u"<b>bold</b>\u202egnp.exe"_qs;
    value.lines[0].state = u"a very long state that goes on and on "_qs.repeated(10);
    value.lines[1].row.key = u"=HYPERLINK(\"http://example.org\",\"x\")"_qs;
    value.lines[1].row.reason = u"+1\n\"quoted\", and <script>alert(1)</script>"_qs;
    value.lines[2].row.who = u"@SUM(A1)"_qs;
    return value;
}

} // namespace aviary::samples
