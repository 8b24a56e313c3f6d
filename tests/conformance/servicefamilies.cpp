// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/conformance/family.h"
#include "tests/conformance/servicerun.h"

#include <algorithm>
#include <cmath>

// Strategies over one service, whose traffic is all that moves.
namespace aviary::conformance {
namespace {

using namespace kernel;

Weight weightOf(const QCborValue &percent, Weight by_default) {
    return percent.isUndefined() ? by_default
                                 : static_cast<Weight>(std::llround(percent.toDouble() * 100));
}

Strategy rollingOf(const QCborValue &params) {
    const qint64 count = params[u"batch_count"_qs].toInteger(4);
    return RollingTraffic{static_cast<std::uint32_t>(std::max<qint64>(count, 0)),
                          std::llround(params[u"pause_seconds"_qs].toDouble() * 1'000)};
}

Strategy canaryOf(const QCborValue &params) {
    const qint64 steps = params[u"max_steps"_qs].toInteger(5);
    return CanaryTraffic{weightOf(params[u"initial_percentage"_qs], 1'000),
                         weightOf(params[u"step"_qs], 2'000),
                         static_cast<std::uint32_t>(std::max<qint64>(steps, 0)), 0, 0};
}

Strategy blueGreenOf(const QCborValue &) {
    return BlueGreen{false, 0, 0};
}

Strategy flagOf(const QCborValue &params) {
    FeatureFlag flag;
    flag.flag_name = params[u"flag_name"_qs].toString().toStdString();
    flag.initial_rollout = weightOf(params[u"initial_rollout"_qs], 0);
    return flag;
}

QString wordOf(const ServiceRun &run) {
    if (run.wentBack() && run.status() == Status::Completed) {
        return u"rolled_back"_qs;
    }
    const std::string_view name = nameOf(run.status());
    return QString::fromLatin1(name.data(), static_cast<qsizetype>(name.size()));
}

QCborMap stateOf(const ServiceRun &run) {
    return {{u"status"_qs, wordOf(run)},
            {u"traffic_percentage"_qs, run.traffic()},
            {u"metadata"_qs, run.metadata()},
            {u"has_completed_at"_qs, isEnd(run.status())}};
}

QCborValue answer(const QCborMap &input, const Strategy &strategy) {
    ServiceRun run(input.value(u"service"_qs).toString(), u"before"_qs);
    QCborArray steps;
    for (const auto &member : input.value(u"ops"_qs).toArray()) {
        const QString op = member.toString();
        bool done = false;
        if (op == u"execute") {
            done = run.execute(strategy, input.value(u"version"_qs).toString());
        } else if (op == u"rollback") {
            done = run.goBack();
        } else {
            done = run.fail() == Refusal::None;
        }
        QCborMap step{{u"op"_qs, op}, {u"state"_qs, stateOf(run)}};
        step[u"traffic"_qs] = run.takeTraffic();
        step[u"waits"_qs] = run.takeWaits();
        if (!done) {
            step[u"refused"_qs] = run.refusals();
        }
        steps.append(step);
    }
    return QCborMap{{u"steps"_qs, steps}};
}

// In hundredths of a percent, as weights are, and once where the same is said twice.
QCborArray weightsIn(const QCborValue &percentages) {
    QCborArray weights;
    for (const auto &percent : percentages.toArray()) {
        const auto weight = static_cast<qint64>(std::floor(percent.toDouble() * 100 + 1e-6));
        if (weights.isEmpty() || weights.last().toInteger() != weight) {
            weights.append(weight);
        }
    }
    return weights;
}

QCborValue reduced(const QCborValue &value) {
    QCborArray steps;
    for (const auto &member : value[u"steps"_qs].toArray()) {
        QCborMap step = member.toMap();
        step[u"traffic"_qs] = weightsIn(member[u"traffic"_qs]);
        step.remove(u"status"_qs); // the words on the way; the end is in the state
        QCborMap state = member[u"state"_qs].toMap();
        for (const auto &name : {u"service"_qs, u"version"_qs, u"strategy"_qs}) {
            state.remove(name);
        }
        step[u"state"_qs] = state;
        steps.append(step);
    }
    return steps;
}

// ---- Facts about a case

QStringList opsOf(const QCborMap &input) {
    QStringList ops;
    for (const auto &op : input.value(u"ops"_qs).toArray()) {
        ops.append(op.toString().section(u':', 0, 0));
    }
    return ops;
}

bool executes(const QCborMap &input) {
    return opsOf(input).contains(u"execute"_qs);
}

bool revisionIsBlank(const QCborMap &input) {
    return executes(input) && input.value(u"version"_qs).toString().isEmpty();
}

bool goesBackFromNothing(const QCborMap &input) {
    const QStringList ops = opsOf(input);
    return !ops.isEmpty() && ops.first() == u"rollback";
}

bool goesBackTwice(const QCborMap &input) {
    return opsOf(input).count(u"rollback"_qs) > 1;
}

bool failsAfterTheEnd(const QCborMap &input) {
    return opsOf(input).contains(u"fail"_qs);
}

std::vector<Deviation> rules() {
    const QString validated = u"what a person gives on the CLI, in a form or over the API is "
                              "validated first, and all errors are collected"_qs;
    const QString ungated = u"With no active rollout it is an ungated rollout of that stable "
                            "revision over the listed targets"_qs;
    return {
        {u"a revision without a name is refused"_qs, validated, revisionIsBlank},
        {u"nothing was deployed: there is nothing to go back to"_qs, ungated, goesBackFromNothing},
        {u"a second way back is not the first one again"_qs, ungated, goesBackTwice},
        {u"a rollout that ended is not failed afterwards"_qs, u"history is never rewritten"_qs,
         failsAfterTheEnd}};
}

bool lastWaitIsLeftOut(const QCborMap &input) {
    const QCborValue params = input.value(u"params"_qs);
    return executes(input) && params[u"pause_seconds"_qs].toDouble() > 0 &&
           params[u"batch_count"_qs].toInteger(4) > 0;
}

bool batchesAreRefused(const QCborMap &input) {
    const qint64 count = input.value(u"params"_qs)[u"batch_count"_qs].toInteger(4);
    return executes(input) && (count < 1 || count > static_cast<qint64>(stages_max));
}

// The reference jumps to 100 % whatever initial_rollout says.
bool flagIsNotFull(const QCborMap &input) {
    return executes(input) && input.value(u"params"_qs)[u"initial_rollout"_qs].toDouble(0) != 100;
}

bool stepsAreRefused(const QCborMap &input) {
    const QCborValue params = input.value(u"params"_qs);
    const double initial = params[u"initial_percentage"_qs].toDouble(10);
    const qint64 steps = params[u"max_steps"_qs].toInteger(5);
    return executes(input) &&
           (initial < 0.01 || initial > 100 || steps < 1 ||
            params[u"step"_qs].toDouble(20) < 0.01 || params[u"step"_qs].toDouble(20) > 100);
}

} // namespace

Family serviceRollingFamily() {
    auto all = rules();
    all.push_back({u"no pause after the last shift"_qs,
                   u"delay between waves, not after the last"_qs, lastWaitIsLeftOut});
    all.push_back(
        {u"fewer batches than one are refused"_qs, all.front().sentence, batchesAreRefused});
    return {u"service_rolling"_qs,
            [](const QCborMap &input) { return answer(input, rollingOf(input[u"params"_qs])); },
            all,
            {},
            reduced};
}

Family serviceCanaryFamily() {
    auto all = rules();
    all.push_back({u"steps that do not rise from above 0 to 100 % are refused"_qs,
                   all.front().sentence, stepsAreRefused});
    return {u"service_canary"_qs,
            [](const QCborMap &input) { return answer(input, canaryOf(input[u"params"_qs])); },
            all,
            {},
            reduced};
}

Family serviceBlueGreenFamily() {
    return {u"service_blue_green"_qs,
            [](const QCborMap &input) { return answer(input, blueGreenOf(input[u"params"_qs])); },
            rules(),
            {},
            reduced};
}

Family serviceFeatureFlagFamily() {
    auto all = rules();
    all.push_back({u"a flag stays at initial_rollout until somebody raises it"_qs,
                   u"dark update, flag at initial_rollout, ramp by steps"_qs, flagIsNotFull});
    return {u"service_feature_flag"_qs,
            [](const QCborMap &input) { return answer(input, flagOf(input[u"params"_qs])); },
            all,
            {},
            reduced};
}

} // namespace aviary::conformance
