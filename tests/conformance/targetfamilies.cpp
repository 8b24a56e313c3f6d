// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/conformance/canarymodel.h"
#include "tests/conformance/family.h"
#include "tests/conformance/rolloutrun.h"
#include "tests/conformance/targetrun.h"

#include <cmath>

// Strategies over a list of targets, each updated by a call and checked by another.
namespace aviary::conformance {
namespace {

using namespace kernel;

const char *const empty_or_twice =
    "an empty list, an unknown or a duplicate node is an error at compile";
const char *const counts_as_done = "A node that is healthy on the target revision counts as done";
const char *const validated = "what a person gives on the CLI, in a form or over the API is "
                              "validated first, and all errors are collected";

Deviation nobodyListed() {
    return {u"a list of no targets is refused"_qs, QString::fromLatin1(empty_or_twice),
            listsNobody};
}
Deviation listedTwice() {
    return {u"a target listed twice is refused"_qs, QString::fromLatin1(empty_or_twice),
            listsTwice};
}
Deviation alreadyDone() {
    return {u"a target that is healthy on the version is not deployed to again"_qs,
            QString::fromLatin1(counts_as_done), someCarryTheVersion};
}

Millis millis(const QCborValue &seconds) {
    return static_cast<Millis>(std::llround(seconds.toDouble() * 1'000));
}

QCborValue answerRolling(const QCborMap &input) {
    TargetCase scripted(input);
    const auto nodes = static_cast<std::uint32_t>(scripted.n);
    const auto size = scripted.params.value(u"batch_size"_qs).toInteger(1);
    PlanRequest request =
        plainRequest(Rolling{millis(scripted.params.value(u"delay_seconds"_qs))}, nodes);
    request.policy.max_parallel = size < 1 ? 0 : static_cast<std::uint32_t>(size);
    return runTargets(scripted, std::move(request), u"completed"_qs);
}

bool batchIsNotPositive(const QCborMap &input) {
    return input.value(u"params"_qs)[u"batch_size"_qs].toInteger(1) < 1;
}

QCborValue answerBlueGreen(const QCborMap &input) {
    TargetCase scripted(input);
    PlanRequest request =
        plainRequest(BlueGreen{false, 0, 0}, static_cast<std::uint32_t>(scripted.n));
    request.router = scripted.turn.isEmpty() ? RouterKind::None : RouterKind::Weights;
    request.policy.on_failure = OnFailure::Stop;
    request.policy.max_load_percent = 100'000;
    return runTargets(scripted, std::move(request),
                      scripted.rolls_back ? u"rolled_back"_qs : u"completed"_qs);
}

bool turnsBack(const QCborMap &input) {
    return TargetCase(input).rolls_back;
}

// Asked for, all targets are fine, and the router does not do it.
bool turnIsRefused(const QCborMap &input) {
    TargetCase read(input);
    bool fine = !read.rolls_back && !read.order.empty();
    for (const int target : read.order) {
        fine = fine && read.deploy.call(target) == '+' &&
               (!read.health.given() || read.health.call(target) == '+');
    }
    return fine && !read.turn.isEmpty() && read.turn != u"ok";
}

QCborValue answerCanary(const QCborMap &input) {
    TargetCase scripted(input);
    const auto nodes = static_cast<std::uint32_t>(scripted.n);
    if (scripted.rolls_back) {
        scripted.health = Script({}); // a way back passes no gate
        return runTargets(scripted, plainRequest(Rolling{0}, nodes), u"rolled_back"_qs);
    }
    Canary canary;
    canary.bake_ms = 0;
    canary.hold_ms = millis(scripted.params.value(u"stage_duration_seconds"_qs));
    const QCborArray stages = scripted.params.value(u"stages"_qs).toArray();
    if (!stages.isEmpty()) {
        canary.stages.clear();
    }
    for (const auto &stage : stages) {
        canary.stages.push_back(static_cast<Weight>(std::llround(stage.toDouble() * 100)));
    }
    PlanRequest request = plainRequest(canary, nodes);
    request.policy.on_failure = OnFailure::Stop;
    const double threshold = scripted.params.value(u"success_threshold"_qs).toDouble(0.95);
    request.policy.success_threshold = static_cast<Ppm>(std::llround(threshold * ppm_one));
    return runTargets(scripted, std::move(request), u"completed"_qs);
}

bool thresholdIsRefused(const QCborMap &input) {
    return !TargetCase(input).rolls_back &&
           input.value(u"params"_qs)[u"success_threshold"_qs].toDouble(0) > 1;
}

bool wayBackFails(const QCborMap &input) {
    TargetCase read(input);
    if (!read.rolls_back) {
        return false;
    }
    bool failed = false;
    for (const int target : read.order) {
        failed = read.deploy.call(target) != '+' || failed;
    }
    return failed;
}

} // namespace

Family targetRollingFamily() {
    return {u"target_rolling"_qs,
            answerRolling,
            {nobodyListed(),
             listedTwice(),
             alreadyDone(),
             {u"a batch of less than one is refused"_qs, QString::fromLatin1(validated),
              batchIsNotPositive}},
            {},
            reducedTargets};
}

Family targetBlueGreenFamily() {
    return {u"target_blue_green"_qs,
            answerBlueGreen,
            {nobodyListed(),
             listedTwice(),
             alreadyDone(),
             {u"the way back brings back what each target had, and counts what it did"_qs,
              u"back to the revision that each node had"_qs, turnsBack},
             {u"a switch that the router refuses is tried again and then waits for a person"_qs,
              u"Never a false green: each action shows asked, applied, refused or unknown"_qs,
              turnIsRefused}},
            {},
            reducedTargets};
}

Family targetCanaryFamily() {
    return {u"target_canary"_qs,
            answerCanary,
            {nobodyListed(),
             listedTwice(),
             {u"stages that do not rise to 100 % are refused"_qs, QString::fromLatin1(validated),
              stagesAreRefused},
             {u"a threshold over 100 % is refused"_qs, QString::fromLatin1(validated),
              thresholdIsRefused},
             {u"a stage that rounds to nobody takes one"_qs,
              u"update its nodes (cumulative, rounded down, at least one)"_qs, stageRoundsToNobody},
             {u"targets that carry the version count towards every stage"_qs,
              QString::fromLatin1(counts_as_done), doneCountsTowardsStages},
             {u"a target that failed in a stage that passed stays failed"_qs,
              u"A wave settles when each node is healthy, failed or skipped; it passes when "
              "healthy/(healthy+failed) >= success_threshold"_qs,
              failsInStageThatPasses},
             {u"a way back that fails says so"_qs,
              u"must never be told that something is fine when it is not"_qs, wayBackFails}},
            {},
            reducedTargets};
}

} // namespace aviary::conformance
