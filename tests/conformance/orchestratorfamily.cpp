// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/health/check.h"
#include "tests/conformance/family.h"
#include "tests/conformance/rolloutrun.h"
#include "tests/conformance/targetrun.h"

#include <algorithm>

// A plan from draft to its end, and the health that is asked for afterwards.
namespace aviary::conformance {
namespace {

using namespace kernel;
using health::Health;

// The targets of the case as those of a strategy over targets.
QCborMap targetsOf(const QCborMap &input) {
    const bool calls = !input.value(u"use_default_deploy"_qs).toBool();
    return {{u"n"_qs, input.value(u"n"_qs)},
            {u"version"_qs, u"v2"_qs},
            {u"initial"_qs, QCborMap{{u"default"_qs, u"v1"_qs}}},
            {u"deploy"_qs, QCborMap{{u"fail"_qs, calls ? input.value(u"deploy_fail"_qs)
                                                       : QCborValue(QCborArray())}}}};
}

PlanRequest requestOf(const QCborMap &input) {
    const auto nodes = static_cast<std::uint32_t>(input.value(u"n"_qs).toInteger());
    const QString name = input.value(u"strategy"_qs).toString();
    Strategy strategy = strategyByName(name.toStdString()).value_or(Rolling{});
    if (auto *canary = std::get_if<Canary>(&strategy)) {
        canary->bake_ms = 0;
        canary->hold_ms = 60'000;
    }
    const bool rolling = std::holds_alternative<Rolling>(strategy);
    PlanRequest request = plainRequest(std::move(strategy), nodes);
    request.policy.max_parallel = rolling ? 1 : std::max(nodes, 1U);
    request.policy.on_failure = rolling ? OnFailure::Continue : OnFailure::Stop;
    if (auto *blue_green = std::get_if<BlueGreen>(&request.strategy)) {
        blue_green->retire_delay_ms = 0;
    }
    return request;
}

Status statusOf(const QString &word) {
    if (word == u"executing") {
        return Status::InProgress;
    }
    for (const Status status : {Status::Approved, Status::Completed, Status::Failed}) {
        const std::string_view name = nameOf(status);
        if (word == QLatin1StringView(name.data(), static_cast<qsizetype>(name.size()))) {
            return status;
        }
    }
    return Status::Draft;
}

Health healthOf(const QString &word) {
    return word == u"healthy"     ? Health::Healthy
           : word == u"unhealthy" ? Health::Unhealthy
           : word == u"degraded"  ? Health::Degraded
                                  : Health::Unknown;
}

QString verified(const QCborValue &checks) {
    std::vector<health::CheckResult> results;
    for (const auto &check : checks.toArray()) {
        health::CheckResult result;
        result.health = healthOf(check[0].toString());
        result.critical = check[1].toBool();
        results.push_back(result);
    }
    return health::nameOf(health::aggregate(results));
}

// Calls that nobody sees leave their waits.
QString withoutCalls(const QString &calls) {
    QStringList waits;
    for (const QString &token : calls.split(u' ', Qt::SkipEmptyParts)) {
        if (token.startsWith(u'W')) {
            waits.append(token);
        }
    }
    return waits.join(u' ');
}

QCborValue answer(const QCborMap &input) {
    QString state = input.value(u"initial_state"_qs).toString();
    qint64 completed = 0;
    qint64 failed = 0;
    QCborArray steps;
    for (qint64 i = 0; i < input.value(u"execute_times"_qs).toInteger(); ++i) {
        TargetCase scripted(targetsOf(input));
        QCborMap step =
            runTargets(scripted, requestOf(input), u"completed"_qs, statusOf(state)).toMap();
        if (step.contains(u"state"_qs)) {
            state = step.value(u"state"_qs).toString();
            completed += state == u"completed" ? 1 : 0;
            failed += state == u"failed" ? 1 : 0;
        }
        if (input.value(u"use_default_deploy"_qs).toBool()) {
            step[u"calls"_qs] = withoutCalls(step.value(u"calls"_qs).toString());
        }
        step[u"plan_state"_qs] = state;
        step[u"completed"_qs] = completed;
        step[u"failed_count"_qs] = failed;
        steps.append(step);
    }
    return QCborMap{{u"steps"_qs, steps}, {u"verify"_qs, verified(input.value(u"checks"_qs))}};
}

QCborValue reduced(const QCborValue &value) {
    QCborArray steps;
    for (const auto &member : value[u"steps"_qs].toArray()) {
        QCborMap step = member.toMap();
        QStringList tokens = step.value(u"calls"_qs).toString().split(u' ', Qt::SkipEmptyParts);
        tokens.removeIf([](const QString &token) { return token.startsWith(u'P'); });
        step[u"calls"_qs] = tokens.join(u' ');
        const QCborValue raised = step.value(u"raised"_qs);
        const QCborMap reduced_step = reducedTargets(step).toMap();
        QCborMap kept{{u"plan_state"_qs, step.value(u"plan_state"_qs)},
                      {u"completed"_qs, step.value(u"completed"_qs)},
                      {u"failed_count"_qs, step.value(u"failed_count"_qs)},
                      {u"raised"_qs, !raised.isUndefined() && !raised.isNull()}};
        for (const auto &name : {u"success"_qs, u"updated"_qs, u"failed"_qs, u"state"_qs,
                                 u"calls"_qs, u"refused"_qs}) {
            kept[name] = reduced_step.value(name);
        }
        steps.append(kept);
    }
    return QCborMap{{u"steps"_qs, steps}, {u"verify"_qs, value[u"verify"_qs]}};
}

// ---- Facts about a case

bool startable(const QCborMap &input) {
    const QString state = input.value(u"initial_state"_qs).toString();
    return state == u"draft" || state == u"approved";
}

bool nobodyListed(const QCborMap &input) {
    return input.value(u"n"_qs).toInteger() == 0;
}

bool strategyCrashes(const QCborMap &input) {
    return startable(input) && input.value(u"strategy_raises"_qs).toBool();
}

bool runsCanary(const QCborMap &input) {
    return startable(input) && input.value(u"strategy"_qs).toString() == u"canary" &&
           !input.value(u"use_default_deploy"_qs).toBool() && !nobodyListed(input);
}

bool stageRoundsToNobody(const QCborMap &input) {
    return runsCanary(input) && input.value(u"n"_qs).toInteger() < 10;
}

// The first stage with a failure is taken as passed when nobody in it was updated, or enough were.
bool failureIsPassed(const QCborMap &input) {
    if (!runsCanary(input)) {
        return false;
    }
    const qint64 n = input.value(u"n"_qs).toInteger();
    QSet<qint64> fails;
    for (const auto &target : input.value(u"deploy_fail"_qs).toArray()) {
        fails.insert(target.toInteger());
    }
    qint64 begin = 0;
    for (const qint64 percent : {10, 25, 50, 100}) {
        const qint64 end = n * percent / 100;
        qint64 failed = 0;
        for (qint64 target = begin; target < end; ++target) {
            failed += fails.contains(target) ? 1 : 0;
        }
        const qint64 updated = end - begin - failed;
        if (failed > 0) {
            return updated == 0 || updated * 100 >= 95 * (end - begin);
        }
        begin = end;
    }
    return false;
}

bool unknownCountsAsHealthy(const QCborMap &input) {
    const QCborArray checks = input.value(u"checks"_qs).toArray();
    bool critical_unhealthy = false;
    bool critical_unknown = false;
    bool troubled = false;
    bool unknown = checks.isEmpty();
    for (const auto &check : checks) {
        const QString word = check[0].toString();
        const bool critical = check[1].toBool();
        critical_unhealthy = critical_unhealthy || (critical && word == u"unhealthy");
        critical_unknown = critical_unknown || (critical && word == u"unknown");
        troubled = troubled || word == u"unhealthy" || word == u"degraded";
        unknown = unknown || word == u"unknown";
    }
    return !critical_unhealthy && (critical_unknown || (unknown && !troubled));
}

} // namespace

Family orchestratorFamily() {
    return {
        u"orchestrator"_qs,
        answer,
        {{u"a list of no targets is refused"_qs,
          u"an empty list, an unknown or a duplicate node is an error at compile"_qs, nobodyListed},
         {u"a strategy is data: it cannot crash and leave a plan executing for ever"_qs,
          u"Strategies: a request compiles into a plan of steps"_qs, strategyCrashes},
         {u"a stage that rounds to nobody takes one"_qs,
          u"update its nodes (cumulative, rounded down, at least one)"_qs, stageRoundsToNobody},
         {u"a failure counts in its stage"_qs,
          u"A wave settles when each node is healthy, failed or skipped; it passes when "
          "healthy/(healthy+failed) >= success_threshold"_qs,
          failureIsPassed},
         {u"no check and unknown are not healthy"_qs, u"Unknown is never healthy"_qs,
          unknownCountsAsHealthy}},
        {},
        reduced};
}

} // namespace aviary::conformance
