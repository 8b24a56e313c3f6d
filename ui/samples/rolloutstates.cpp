// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/samples/rolloutstates.h"

#include "ui/samples/stories.h"

#include <array>
#include <cmath>

namespace aviary::samples {

using namespace Qt::Literals;
using api::RolloutDetail;
using kernel::Phase;
using kernel::Status;

namespace {

constexpr qint64 second_ms = 1'000;
constexpr qint64 minute_ms = 60 * second_ms;
constexpr int minutes_seen = 20;

struct SampleSite {
    QString name;
    int nodes = 0, fresh = 0;
};

std::vector<SampleSite> edgeSites() {
    return {{u"eu-west"_qs, 18, 2}, {u"eu-north"_qs, 16, 1}, {u"eu-south"_qs, 14, 1}};
}

// The share at `second` before now: 10 % from minute 16.7 on.
double shareAt(int second, kernel::Weight weight) {
    return second > 1'000 ? 0.0 : weight / 10'000.0;
}

std::vector<api::TrafficPoint> trafficOf(kernel::Weight weight, double fresh_error) {
    std::vector<api::TrafficPoint> points;
    for (int second = minutes_seen * 60; second >= 0; second -= 2) {
        api::TrafficPoint point;
        const double at = second;
        point.wall_ms = sampled_wall_ms - second * second_ms;
        point.share = shareAt(second, weight);
        point.requests = 347 + 9 * std::sin(at / 37);
        point.stable_error = 0.0032 + 0.0003 * std::sin(at / 41) + 0.0002 * std::sin(at / 7);
        point.fresh_error = fresh_error * (1 + 0.12 * std::sin(at / 53));
        point.stable_slow = 0.011 + 0.002 * std::sin(at / 61);
        point.fresh_slow = 0.012 + 0.002 * std::sin(at / 47);
        if (point.share > 0 && second < 990) {
            const double width = 0.0055 / std::sqrt(1 + (990 - at) / 60);
            const double middle = fresh_error - 0.0032;
            point.band = {middle - width, middle + width};
        }
        points.push_back(point);
    }
    return points;
}

void addStage(std::vector<api::StepRow> &steps, const QString &nodes, kernel::Weight weight,
              const QString &share) {
    using api::StepSign;
    steps.push_back({u"Update "_qs + nodes, StepSign::ToCome, -1, 2 * minute_ms, weight});
    steps.push_back({u"Shift to "_qs + share, StepSign::ToCome, -1, second_ms, weight});
    steps.push_back({u"Check 5 min"_qs, StepSign::ToCome, -1, 5 * minute_ms, weight});
    if (weight < kernel::full_weight) {
        steps.push_back({u"Hold for you"_qs, StepSign::ToCome, -1, -1, weight});
    }
}

std::vector<api::StepRow> canarySteps() {
    std::vector<api::StepRow> steps;
    addStage(steps, u"4 nodes"_qs, 1'000, u"10\u00a0%"_qs);
    addStage(steps, u"8 nodes"_qs, 2'500, u"25\u00a0%"_qs);
    addStage(steps, u"12 nodes"_qs, 5'000, u"50\u00a0%"_qs);
    addStage(steps, u"23 nodes"_qs, 10'000, u"100\u00a0%"_qs);
    steps.push_back({u"Retire v41"_qs, api::StepSign::ToCome, -1, minute_ms, -1});
    return steps;
}

// Steps before `now` are done, with the times that they took.
void standAt(RolloutDetail &detail, std::size_t now, api::StepSign sign) {
    const std::array<qint64, 5> took{42 * second_ms, second_ms, 5 * minute_ms, 728 * second_ms,
                                     61 * second_ms};
    for (std::size_t i = 0; i <= now && i < detail.steps.size(); ++i) {
        detail.steps[i].sign = i < now ? api::StepSign::Done : sign;
        detail.steps[i].took_ms = took[i % took.size()];
    }
    if (sign == api::StepSign::Now) { // nothing has changed since it began
        detail.row.changed_wall_ms = sampled_wall_ms - detail.steps[now].took_ms;
        detail.steps[now].took_ms = 0;
    }
    detail.row.step = static_cast<quint32>(now);
}

void addTargets(RolloutDetail &detail, const std::vector<SampleSite> &sites) {
    detail.targets.clear();
    detail.sites.clear();
    for (const SampleSite &site : sites) {
        for (int i = 0; i < site.nodes; ++i) {
            api::TargetRow row;
            row.node = u"%1-n%2"_qs.arg(site.name).arg(i + 1, 2, 10, QChar(u'0'));
            row.site = site.name;
            row.previous = u"v41"_qs;
            row.phase = i < site.fresh ? Phase::Healthy : Phase::Untouched;
            detail.targets.push_back(row);
        }
        api::SiteRow row;
        row.site = site.name;
        row.nodes = static_cast<quint32>(site.nodes);
        row.fresh = static_cast<quint32>(site.fresh);
        row.up = row.nodes;
        row.floor = row.nodes - 2;
        detail.sites.push_back(row);
    }
    detail.targets_total = static_cast<quint32>(detail.targets.size());
}

void allow(RolloutDetail &detail, const QStringList &verbs, const QString &reason) {
    detail.permissions.clear();
    for (const char *verb : {"approve", "start", "promote", "lower", "pause", "resume", "rollback",
                             "fail", "skip", "retry"}) {
        const QString name = QString::fromLatin1(verb);
        const bool allowed = verbs.contains(name);
        detail.permissions.push_back({name, allowed, allowed ? QString() : reason});
    }
}

} // namespace

void recount(RolloutDetail &detail) {
    detail.phases.assign(kernel::phase_count, 0);
    for (const api::TargetRow &target : detail.targets) {
        ++detail.phases[static_cast<std::size_t>(target.phase)];
    }
    detail.row.nodes_done = detail.phases[static_cast<std::size_t>(Phase::Healthy)];
    detail.row.nodes =
        detail.targets_total - detail.phases[static_cast<std::size_t>(Phase::Behind)];
}

RolloutDetail waitingRollout() {
    RolloutDetail detail;
    detail.row = {u"01JD5Q6T8Y0000000000000001"_qs,
                  u"edge-eu"_qs,
                  u"checkout-api"_qs,
                  u"01JD5Q6T8Y0000000000000101"_qs,
                  u"v41"_qs,
                  u"v42"_qs,
                  kernel::StrategyKind::Canary,
                  Status::Waiting,
                  12,
                  1'000,
                  3,
                  16,
                  0,
                  0,
                  4,
                  48,
                  sampled_wall_ms - 17 * minute_ms,
                  sampled_wall_ms - 12 * minute_ms,
                  0,
                  u"ops"_qs,
                  u"holds at 10\u00a0%, verdict not worse"_qs};
    detail.verdict.ruling = kernel::Ruling::Pass;
    detail.verdict.fresh = {12'402, 42, 12'402, 149};
    detail.verdict.stable = {111'600, 357, 111'600, 1'228};
    detail.verdict.errors = {-0.0005, 0.0031};
    detail.verdict_text = u"v42 0.34\u00a0%, v41 0.32\u00a0%; between -0.05 and 0.31 points worse, "
                          "12,402 requests"_qs;
    detail.gate = 0.005;
    detail.promote_max = 5'000;
    detail.load_text = u"the nodes on v42 would carry over 200\u00a0% of their usual load"_qs;
    detail.stages = {1'000, 2'500, 5'000, 10'000};
    detail.steps = canarySteps();
    standAt(detail, 3, api::StepSign::Now);
    addTargets(detail, edgeSites());
    detail.targets[11].status = kernel::NodeStatus::Degraded;
    detail.targets[28].status = kernel::NodeStatus::Degraded;
    detail.targets[41].status = kernel::NodeStatus::Offline;
    detail.targets[41].phase = Phase::Behind;
    detail.targets[41].text = u"it was offline when the plan was made"_qs;
    detail.sites[2].up = 13;
    detail.sites[2].floor = 12;
    recount(detail);
    allow(detail, {u"promote"_qs, u"lower"_qs, u"pause"_qs, u"rollback"_qs, u"fail"_qs, u"skip"_qs},
          u"it is not paused"_qs);
    detail.traffic = trafficOf(1'000, 0.0034);
    tellFirstStage(detail);
    tell(detail,
         {{344, "gate", u"passed"_qs}, {344, "engine", u"holding at 10\u00a0% for a person"_qs}});
    return detail;
}

RolloutDetail runningRollout() {
    RolloutDetail detail = waitingRollout();
    detail.row.status = Status::InProgress;
    detail.row.headline = u"update 8 nodes"_qs;
    standAt(detail, 4, api::StepSign::Now);
    for (const std::size_t node : {2U, 3U, 19U}) {
        detail.targets[node].phase = Phase::Healthy;
    }
    for (const std::size_t node : {4U, 20U, 35U}) {
        detail.targets[node].phase = node == 4 ? Phase::Proving : Phase::Updating;
    }
    recount(detail);
    detail.promote_max = kernel::full_weight;
    allow(detail, {u"lower"_qs, u"pause"_qs, u"rollback"_qs, u"fail"_qs, u"skip"_qs},
          u"it waits for nobody now; promote when it holds"_qs);
    tell(detail, {{946, "ops", u"promoted to 25\u00a0%"_qs},
                  {946, "engine", u"Update 8 nodes"_qs},
                  {968, "eu-west-n03", u"healthy after 395 ms"_qs}});
    return detail;
}

RolloutDetail pausedRollout() {
    RolloutDetail detail = runningRollout();
    detail.row.status = Status::Paused;
    detail.row.headline = u"paused at 10\u00a0%"_qs;
    allow(detail, {u"lower"_qs, u"resume"_qs, u"rollback"_qs, u"fail"_qs},
          u"it is paused already; resume it"_qs);
    tell(detail, {{990, "ops", u"paused, reason: the payment provider is slow"_qs}});
    return detail;
}

RolloutDetail rollingBackRollout() {
    RolloutDetail detail = runningRollout();
    detail.row.status = Status::RollingBack;
    detail.row.to = u"v43"_qs;
    detail.row.headline = u"rolling back, 2 nodes restored"_qs;
    detail.why = u"v43 answered 21\u00a0% errors where v41 answered 0.32\u00a0%, so the check "
                 u"stopped it."_qs;
    detail.evidence = {u"Seen by the router over 2,318 requests to v43 and 20,877 to v41."_qs,
                       u"The way back to v41 is under way."_qs};
    detail.verdict.ruling = kernel::Ruling::Fail;
    detail.verdict_text = u"v43 21\u00a0%, v41 0.32\u00a0%; between 18.6 and 22.9 points worse, "
                          u"2,318 requests"_qs;
    detail.steps = canarySteps();
    standAt(detail, 2, api::StepSign::Failed);
    detail.targets[0].phase = detail.targets[18].phase = Phase::Restoring;
    detail.targets[1].phase = detail.targets[34].phase = Phase::Restored;
    for (const std::size_t node : {2U, 3U, 4U, 19U, 20U, 35U}) {
        detail.targets[node].phase = Phase::Untouched;
    }
    recount(detail);
    allow(detail, {u"pause"_qs, u"fail"_qs},
          u"it is rolling back; wait for its end, then deploy again"_qs);
    detail.traffic = trafficOf(1'000, 0.21);
    tellFirstStage(detail);
    tell(detail, {{64, "gate", u"failed: 21\u00a0% errors where v41 answered 0.32\u00a0%"_qs},
                  {64, "engine", u"rolling back to v41"_qs},
                  {65, "router", u"v43 10\u00a0% to 0\u00a0%, confirmed"_qs, 0}});
    return detail;
}

RolloutDetail rolledBackRollout() {
    RolloutDetail detail = rollingBackRollout();
    detail.row.status = Status::RolledBack;
    detail.row.weight = 0;
    detail.row.ended_wall_ms = sampled_wall_ms - 3 * minute_ms;
    detail.row.headline = u"back on v41"_qs;
    detail.evidence = {u"Seen by the router over 2,318 requests to v43 and 20,877 to v41."_qs,
                       u"Errors differ by 18.6 to 22.9 points, whenever one looks."_qs,
                       u"What was touched runs what it had before, confirmed: 4 nodes."_qs};
    for (const std::size_t node : {0U, 1U, 18U, 34U}) {
        detail.targets[node].phase = Phase::Restored;
    }
    recount(detail);
    allow(detail, {u"rollback"_qs}, u"it has ended; deploy again, or roll back to a revision"_qs);
    tell(detail, {{96, "engine", u"back on v41, 4 nodes restored"_qs}});
    return detail;
}

RolloutDetail failedRollout() {
    RolloutDetail detail = waitingRollout();
    detail.row.service = u"telemetry"_qs;
    detail.row.strategy = kernel::StrategyKind::Rolling;
    detail.row.status = Status::Failed;
    detail.row.weight = 0;
    detail.row.ended_wall_ms = sampled_wall_ms - minute_ms;
    detail.row.headline = u"failed: too few nodes became healthy"_qs;
    detail.why =
        u"3 of 5 nodes became healthy on v42 where 95\u00a0% are needed, so it stopped."_qs;
    detail.evidence = {u"Failed: 2 nodes."_qs,
                       u"It ended where it stood, with 3 nodes on the new revision."_qs};
    detail.gate = -1;
    detail.verdict = {};
    detail.verdict.healthy = 3;
    detail.verdict.failed = 2;
    detail.verdict.ruling = kernel::Ruling::Fail;
    detail.verdict_text = u"3 of 5 healthy"_qs;
    detail.stages.clear();
    detail.traffic.clear();
    detail.steps = {{u"Update 48 nodes"_qs, api::StepSign::Failed, 312 * second_ms, -1, -1}};
    detail.targets[0].phase = Phase::Failed;
    detail.targets[0].text = u"its checks failed"_qs;
    detail.targets[18].phase = Phase::Failed;
    detail.targets[18].text = u"it ended by itself"_qs;
    detail.happenings.clear();
    tell(detail, {{0, "ops", u"started, reason: batching"_qs},
                  {0, "engine", u"Update 48 nodes"_qs},
                  {31, "eu-west-n02", u"healthy after 380 ms"_qs},
                  {72, "eu-west-n01", u"failed: its checks failed"_qs},
                  {104, "eu-north-n01", u"failed: it ended by itself"_qs},
                  {312, "engine", u"failed: 3 of 5 nodes became healthy"_qs}});
    recount(detail);
    allow(detail, {u"rollback"_qs}, u"it has ended; deploy again, or roll back to a revision"_qs);
    return detail;
}

RolloutDetail draftRollout() {
    RolloutDetail detail = waitingRollout();
    detail.row.status = Status::Draft;
    detail.row.weight = 0;
    detail.row.headline = u"not started"_qs;
    detail.verdict = {};
    detail.verdict_text.clear();
    detail.traffic.clear();
    detail.steps = canarySteps();
    for (api::TargetRow &target : detail.targets) {
        target.phase = target.phase == Phase::Healthy ? Phase::Untouched : target.phase;
    }
    recount(detail);
    detail.happenings.clear();
    tell(detail, {{960, "ops", u"wrote the plan"_qs}});
    allow(detail, {u"approve"_qs, u"start"_qs, u"fail"_qs},
          u"it has not started; start it first"_qs);
    return detail;
}

RolloutDetail supersededRollout() {
    RolloutDetail detail = pausedRollout();
    detail.row.status = Status::Superseded;
    detail.row.headline = u"superseded by a newer request"_qs;
    detail.why = u"A newer request for the service took over."_qs;
    detail.row.ended_wall_ms = sampled_wall_ms - minute_ms;
    allow(detail, {u"rollback"_qs}, u"it has ended; deploy again, or roll back to a revision"_qs);
    return detail;
}

RolloutDetail completedRollout() {
    RolloutDetail detail = waitingRollout();
    detail.row.status = Status::Completed;
    detail.row.weight = kernel::full_weight;
    detail.row.ended_wall_ms = sampled_wall_ms - minute_ms;
    detail.row.headline = u"v42 on 47 nodes"_qs;
    standAt(detail, detail.steps.size() - 1, api::StepSign::Done);
    for (api::TargetRow &target : detail.targets) {
        target.phase = target.phase == Phase::Untouched ? Phase::Healthy : target.phase;
    }
    recount(detail);
    allow(detail, {u"rollback"_qs}, u"it has ended; deploy again, or roll back to a revision"_qs);
    for (api::TrafficPoint &point : detail.traffic) {
        if (point.wall_ms >= detail.row.started_wall_ms + 955 * second_ms) {
            point.share = 1;
        }
    }
    tell(detail,
         {{946, "ops", u"promoted to the end"_qs},
          {955, "router", u"v42 10\u00a0% to 100\u00a0%, confirmed"_qs, kernel::full_weight},
          {960, "engine", u"completed: v42 on 47 nodes"_qs}});
    return detail;
}

RolloutDetail undecidedRollout() {
    RolloutDetail detail = waitingRollout();
    tellFirstStage(detail);
    tell(detail, {{344, "gate", u"cannot decide: no requests reached v42"_qs}});
    detail.row.headline = u"the check cannot decide: no requests reached v42"_qs;
    detail.why = u"The check cannot decide: no requests reached v42."_qs;
    detail.verdict = {};
    detail.verdict.ruling = kernel::Ruling::NoTraffic;
    detail.verdict_text = u"no requests reached v42"_qs;
    standAt(detail, 2, api::StepSign::Now);
    return detail;
}

RolloutDetail firstRollout() {
    RolloutDetail detail = runningRollout();
    detail.row.service = u"camera-agent"_qs;
    detail.row.from.clear();
    detail.row.strategy = kernel::StrategyKind::Rolling;
    detail.row.weight = 0;
    detail.row.headline = u"wave 3 of 8"_qs;
    detail.stages.clear();
    detail.traffic.clear();
    detail.gate = -1;
    detail.verdict = {};
    detail.verdict_text.clear();
    detail.steps = {{u"Update 48 nodes"_qs, api::StepSign::Now, 74 * second_ms, 4 * minute_ms, -1}};
    for (api::TargetRow &target : detail.targets) {
        target.previous.clear();
    }
    detail.happenings.clear();
    tell(detail, {{946, "ops", u"started"_qs}, {946, "engine", u"Update 48 nodes"_qs}});
    return detail;
}

RolloutDetail largeRollout(int nodes) {
    RolloutDetail detail = waitingRollout();
    const std::array names{u"eu-west"_qs, u"eu-north"_qs, u"us-east"_qs, u"ap-south"_qs,
                           u"depots"_qs};
    std::vector<SampleSite> sites;
    for (std::size_t i = 0; i < names.size(); ++i) {
        const int count = nodes / 5 + (i == 0 ? nodes % 5 : 0);
        sites.push_back({names[i], count, i < 2 ? count / 3 : 0});
    }
    addTargets(detail, sites);
    for (std::size_t i = 0; i < detail.targets.size(); i += 97) {
        detail.targets[i].status =
            i % 2 == 0 ? kernel::NodeStatus::Degraded : kernel::NodeStatus::Offline;
    }
    recount(detail);
    return detail;
}

std::vector<api::RolloutRow> manyRollouts(int count) {
    const std::array services{u"checkout-api"_qs, u"camera-agent"_qs, u"gateway"_qs,
                              u"telemetry"_qs,    u"price-sync"_qs,   u"till"_qs};
    const std::array clusters{u"edge-eu"_qs, u"factory-7"_qs, u"prod"_qs, u"local"_qs};
    const std::array strategies{kernel::StrategyKind::Canary, kernel::StrategyKind::Rolling,
                                kernel::StrategyKind::BlueGreen, kernel::StrategyKind::FeatureFlag};
    const std::array details{waitingRollout(),     runningRollout(),   completedRollout(),
                             pausedRollout(),      completedRollout(), rolledBackRollout(),
                             rollingBackRollout(), completedRollout(), draftRollout(),
                             failedRollout(),      supersededRollout()};
    std::vector<api::RolloutRow> rows;
    for (int i = 0; i < count; ++i) {
        const auto at = static_cast<std::size_t>(i);
        api::RolloutRow row = details[at % details.size()].row;
        row.id = u"01JD5Q6T8Y%1"_qs.arg(i + 1, 16, 10, QChar(u'0'));
        row.service = services[at % services.size()];
        row.cluster = clusters[at / 3 % clusters.size()];
        row.strategy = strategies[at / 2 % strategies.size()];
        row.from = u"v%1"_qs.arg(30 + i % 20);
        row.to = u"v%1"_qs.arg(31 + i % 20);
        row.changed_wall_ms = sampled_wall_ms - i * 7 * minute_ms;
        rows.push_back(row);
    }
    return rows;
}

api::EffectRow promoteEffect() {
    api::EffectRow effect;
    effect.epoch = 12;
    effect.token = u"5d41402abc4b2a76"_qs;
    effect.weight_from = 1'000;
    effect.weight_to = 2'500;
    effect.nodes = 8;
    effect.sites = {
        {u"eu-west"_qs, 3, 18, 16}, {u"eu-north"_qs, 3, 16, 14}, {u"eu-south"_qs, 2, 13, 12}};
    effect.requests_per_minute = 3'120;
    effect.raises_exposure = true;
    effect.way_back = u"roll back to v41, past all gates"_qs;
    effect.sentences = {
        u"traffic on v42: 10\u00a0% to 25\u00a0%, about 3,120 more requests a minute"_qs,
        u"touches 8 nodes: eu-west 3, eu-north 3, eu-south 2"_qs};
    return effect;
}

} // namespace aviary::samples
