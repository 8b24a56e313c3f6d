// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/samples/world.h"

#include <algorithm>
#include <cmath>

namespace aviary::samples {

using namespace Qt::Literals;

namespace {

constexpr qint64 second_ms = 1'000;
constexpr qint64 minute_ms = 60 * second_ms;

api::StepRow done(const QString &text, qint64 took_ms, kernel::Weight weight) {
    return {text, api::StepSign::Done, took_ms, took_ms, weight};
}

api::StepRow ahead(const QString &text, qint64 expected_ms, kernel::Weight weight) {
    return {text, api::StepSign::ToCome, -1, expected_ms, weight};
}

std::vector<api::StepRow> canarySteps(qint64 held_ms) {
    std::vector<api::StepRow> steps{done(u"Update 4 nodes"_qs, 42 * second_ms, 1'000),
                                    done(u"Shift 10 %"_qs, second_ms, 1'000),
                                    done(u"Check 5 min"_qs, 5 * minute_ms, 1'000),
                                    {u"Hold for you"_qs, api::StepSign::Now, held_ms, -1, 1'000}};
    struct Stage {
        kernel::Weight weight;
        int nodes;
    };
    for (const Stage stage : {Stage{2'500, 8}, Stage{5'000, 12}, Stage{10'000, 23}}) {
        steps.push_back(ahead(u"Update %1 nodes"_qs.arg(stage.nodes), 2 * minute_ms, stage.weight));
        steps.push_back(ahead(u"Shift %1 %"_qs.arg(stage.weight / 100), second_ms, stage.weight));
        steps.push_back(ahead(u"Check 5 min"_qs, 5 * minute_ms, stage.weight));
        if (stage.weight < kernel::full_weight) {
            steps.push_back(ahead(u"Hold for you"_qs, -1, stage.weight));
        }
    }
    steps.push_back(ahead(u"Retire v41"_qs, minute_ms, -1));
    return steps;
}

// 20 minutes of traffic, a point every 10 s; the shift came 15 minutes ago.
std::vector<api::TrafficPoint> traffic(qint64 now_wall_ms, double share, double fresh_error) {
    std::vector<api::TrafficPoint> points;
    for (int i = 0; i <= 120; ++i) {
        const double minute = i / 6.0;
        api::TrafficPoint point;
        point.wall_ms = now_wall_ms - (120 - i) * 10 * second_ms;
        point.requests = 346 + 12 * std::sin(minute);
        point.stable_error = 0.0032 + 0.0004 * std::sin(minute * 1.7);
        point.stable_slow = 0.011 + 0.002 * std::sin(minute * 0.9);
        if (minute >= 5) {
            const double look = minute - 4.8;
            point.share = std::min(share, share * look);
            point.fresh_error = fresh_error + 0.0006 * std::cos(minute * 1.3);
            point.fresh_slow = point.stable_slow + 0.001;
            const double wide = 0.006 / std::sqrt(look);
            const double middle = point.fresh_error - point.stable_error;
            point.band = {middle - wide, middle + wide};
        }
        points.push_back(point);
    }
    return points;
}

std::vector<api::TargetRow> targets() {
    struct Site {
        QString name;
        int nodes, fresh;
    };
    std::vector<api::TargetRow> rows;
    for (const Site &site :
         {Site{u"eu-west"_qs, 18, 2}, Site{u"eu-north"_qs, 16, 1}, Site{u"eu-south"_qs, 14, 1}}) {
        for (int i = 0; i < site.nodes; ++i) {
            api::TargetRow row;
            row.node = u"%1-n%2"_qs.arg(site.name).arg(i + 1, 2, 10, QChar(u'0'));
            row.site = site.name;
            row.previous = u"v41"_qs;
            row.phase = i < site.fresh ? kernel::Phase::Healthy : kernel::Phase::Untouched;
            rows.push_back(row);
        }
    }
    rows[11].status = rows[27].status = kernel::NodeStatus::Degraded;
    rows[41].status = kernel::NodeStatus::Offline;
    rows[41].phase = kernel::Phase::Behind;
    rows[41].text = u"offline; catches up when it returns"_qs;
    return rows;
}

// What the daemon counts: phases, and the sites with their floors.
void countTargets(api::RolloutDetail &detail) {
    detail.targets_total = static_cast<quint32>(detail.targets.size());
    detail.phases.assign(kernel::phase_count, 0);
    detail.sites.clear();
    for (const api::TargetRow &target : detail.targets) {
        ++detail.phases[static_cast<std::size_t>(target.phase)];
        if (detail.sites.empty() || detail.sites.back().site != target.site) {
            detail.sites.push_back({target.site, 0, 0, 0, 0});
        }
        api::SiteRow &site = detail.sites.back();
        ++site.nodes;
        site.fresh += target.phase == kernel::Phase::Healthy;
        site.up += target.status != kernel::NodeStatus::Offline;
        site.floor = site.nodes - std::min(site.nodes, 2U);
    }
}

std::vector<api::Permission> permissions(bool holds) {
    const QString ended = u"it has ended; deploy again, or roll back to a revision"_qs;
    std::vector<api::Permission> all;
    for (const QString &verb :
         {u"approve"_qs, u"start"_qs, u"promote"_qs, u"lower"_qs, u"pause"_qs, u"resume"_qs,
          u"rollback"_qs, u"fail"_qs, u"skip"_qs, u"retry"_qs}) {
        const bool allowed = holds && verb != u"approve" && verb != u"start" && verb != u"resume" &&
                             verb != u"retry";
        const QString reason = !holds              ? ended
                               : verb == u"resume" ? u"it is not paused"_qs
                               : verb == u"retry"  ? u"no node failed and no check waits"_qs
                                                   : u"it has started already"_qs;
        all.push_back({verb, allowed || (verb == u"rollback" && !holds),
                       allowed || verb == u"rollback" ? QString() : reason});
    }
    return all;
}

} // namespace

api::RolloutDetail waitingCanary(qint64 now_wall_ms) {
    const qint64 held_ms = 12 * minute_ms + 8 * second_ms;
    const qint64 held_wall_ms = now_wall_ms - held_ms;
    api::RolloutDetail detail;
    detail.row = {u"01KAWAITING00000000000CHECK"_qs,
                  u"edge-eu"_qs,
                  u"checkout-api"_qs,
                  u"checkout-api-42"_qs,
                  u"v41"_qs,
                  u"v42"_qs,
                  kernel::StrategyKind::Canary,
                  kernel::Status::Waiting,
                  17,
                  1'000,
                  3,
                  16,
                  0,
                  0,
                  4,
                  47,
                  held_wall_ms - 6 * minute_ms,
                  held_wall_ms,
                  0,
                  u"ops"_qs,
                  u"holds at 10 %, verdict not worse"_qs};
    detail.why =
        u"It waits for you: 4 of 4 nodes on v42 are healthy and its errors are not worse."_qs;
    detail.evidence = {u"12,402 requests in 5 min, 42 failed on v42 and 39 on v41"_qs,
                       u"the gate allows 0.5 points more errors"_qs};
    detail.verdict.ruling = kernel::Ruling::Pass;
    detail.verdict_text = u"v42 0.34 %, v41 0.32 %; at most 0.31 points worse, 12,402 requests"_qs;
    detail.gate = 0.005;
    detail.weight_max = detail.promote_max = 5'000;
    detail.load_text = u"the nodes on v42 would carry over 200 % of their usual load"_qs;
    detail.stages = {1'000, 2'500, 5'000, 10'000};
    detail.steps = canarySteps(held_ms);
    detail.targets = targets();
    countTargets(detail);
    detail.permissions = permissions(true);
    detail.traffic = traffic(now_wall_ms, 0.1, 0.0034);
    detail.happenings = {
        {1'482, held_wall_ms, u"engine"_qs, u"holding at 10 % until promoted"_qs},
        {1'481, held_wall_ms, u"gate"_qs, u"passed: 4 of 4 healthy for 5 min, errors not worse"_qs},
        {1'477, held_wall_ms - 5 * minute_ms, u"router"_qs,
         u"v42 0 % \u2192 10 %, confirmed by HAProxy"_qs, 1'000},
        {1'475, held_wall_ms - 5 * minute_ms - 2 * second_ms, u"eu-south-n01"_qs,
         u"healthy after 412 ms"_qs},
        {1'460, held_wall_ms - 6 * minute_ms, u"you"_qs,
         u"started, reason: price rounding fix"_qs}};
    return detail;
}

api::RolloutDetail failedCanary(qint64 now_wall_ms) {
    api::RolloutDetail detail = waitingCanary(now_wall_ms);
    const qint64 ended_wall_ms = now_wall_ms - 3 * minute_ms;
    detail.row.id = u"01KAFAILED000000000000CHECK"_qs;
    detail.row.deployment = u"checkout-api-43"_qs;
    detail.row.to = u"v43"_qs;
    detail.row.status = kernel::Status::RolledBack;
    detail.row.weight = 0;
    detail.row.changed_wall_ms = detail.row.ended_wall_ms = ended_wall_ms;
    detail.row.headline = u"rolled back to v41, errors worse"_qs;
    detail.why = u"v43 answered 21 % errors where v41 answered 0.3 %, "
                 "so the check stopped it after 1 min 54 s."_qs;
    detail.evidence = {
        u"Seen by HAProxy over 2,318 requests at 10 % of traffic; 487 failed. "
        "The gate allows 0.9 %."_qs,
        u"All 4 touched nodes run v41 again, confirmed. Nobody had to press anything."_qs,
        u"eu-south-n08 was offline throughout and keeps v40."_qs};
    detail.verdict.ruling = kernel::Ruling::Fail;
    detail.verdict_text = u"v43 21 %, v41 0.3 %; at least 18.4 points worse, 2,318 requests"_qs;
    detail.steps[2] = {u"Check 5 min"_qs, api::StepSign::Failed, 114 * second_ms, 5 * minute_ms,
                       1'000};
    detail.steps[3] = {u"Hold for you"_qs, api::StepSign::Skipped, -1, -1, 1'000};
    for (api::TargetRow &target : detail.targets) {
        if (target.phase == kernel::Phase::Healthy) {
            target.phase = kernel::Phase::Restored;
        }
    }
    countTargets(detail);
    detail.permissions = permissions(false);
    detail.traffic = traffic(ended_wall_ms, 0.1, 0.21);
    detail.happenings = {
        {1'490, ended_wall_ms, u"engine"_qs, u"all 4 touched nodes run v41 again"_qs},
        {1'486, ended_wall_ms - 27 * second_ms, u"router"_qs,
         u"v43 10 % \u2192 0 %, confirmed by HAProxy"_qs, 0},
        {1'485, ended_wall_ms - 28 * second_ms, u"gate"_qs,
         u"worse: 21 % errors where v41 has 0.3 %; going back"_qs},
        {1'470, ended_wall_ms - 3 * minute_ms, u"you"_qs, u"started, reason: new tax table"_qs}};
    return detail;
}

} // namespace aviary::samples
