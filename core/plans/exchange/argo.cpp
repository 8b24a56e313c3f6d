// SPDX-License-Identifier: GPL-3.0-or-later
// A Rollout of argoproj.io/v1alpha1.
#include "core/plans/exchange/analysis.h"
#include "core/plans/exchange/argosteps.h"

#include <algorithm>

namespace aviary::plans {

using namespace kernel;

namespace {

constexpr qint64 seconds_max = 2'147'483'647;

void judgeBy(const Analysis &analysis, Reading &reading) {
    reading.request.judges = std::vector<Judge>{HealthShare{ppm_one}};
    if (analysis.named) {
        reading.request.judges->push_back(NotWorse{});
    }
}

void readTraffic(ForeignMap &canary, Reading &reading) {
    if (!canary.take(u"trafficRouting"_qs)) {
        // Its share of the traffic is its share of the pods.
        reading.request.mode = UpdateMode::InPlace;
        return;
    }
    canary.leave(u"trafficRouting"_qs, u"a plan says that there is a router, not which one"_qs);
    reading.request.mode = UpdateMode::Beside;
    reading.request.router = RouterKind::Weights;
    reading.router_given = true;
}

void readBackground(ForeignMap &canary, Analysis &analysis) {
    ForeignMap background = canary.map(u"analysis"_qs);
    if (!background) {
        return;
    }
    analysis.read(background);
    background.leave(u"startingStep"_qs, u"a plan checks at every stage"_qs);
    background.finish();
    canary.note(u"analysis"_qs, u"it looks all the time; the plan's check looks at each stage"_qs);
}

void readCanary(ForeignMap &canary, Pods pods, Analysis &analysis, Reading &reading) {
    readPace(canary, pods, reading);
    readTraffic(canary, reading);
    const bool routed = reading.router_given;
    readBackground(canary, analysis);
    ArgoSteps steps(pods.replicas, analysis, reading.findings);
    if (canary.take(u"steps"_qs)) {
        steps.read(canary.maps(u"steps"_qs));
    }
    if (steps.empty()) {
        reading.request.strategy = Rolling{0};
    } else {
        Canary strategy = steps.canary();
        strategy.bake_ms = analysis.bake_ms;
        reading.request.strategy = std::move(strategy);
    }
    if (routed) {
        reading.request.policy.max_parallel = std::max(pods.replicas, 1U);
    }
    judgeBy(analysis, reading);
    canary.leave(u"canaryService"_qs, u"the cluster's own names of services"_qs);
    canary.leave(u"stableService"_qs, u"the cluster's own names of services"_qs);
    canary.finish();
}

void readBlueGreen(ForeignMap &map, Analysis &analysis, Reading &reading) {
    constexpr qint64 retire_default_s = 30;
    BlueGreen blue_green;
    blue_green.preview = !map.boolean(u"autoPromotionEnabled"_qs).value_or(true);
    const qint64 warm_up_s = map.count(u"autoPromotionSeconds"_qs, seconds_max).value_or(0);
    if (blue_green.preview && warm_up_s > 0) {
        map.note(u"autoPromotionSeconds"_qs,
                 u"with autoPromotionEnabled: false nothing is promoted by itself"_qs);
    } else {
        blue_green.warm_up_ms = kept(ofSeconds(warm_up_s), map, u"autoPromotionSeconds"_qs);
    }
    const qint64 retire_s =
        map.count(u"scaleDownDelaySeconds"_qs, seconds_max).value_or(retire_default_s);
    blue_green.retire_delay_ms = kept(ofSeconds(retire_s), map, u"scaleDownDelaySeconds"_qs);
    if (ForeignMap before = map.map(u"prePromotionAnalysis"_qs); before) {
        analysis.read(before);
        before.finish();
        map.note(u"prePromotionAnalysis"_qs,
                 u"before the switch no request reaches the new revision: the check there is by "
                 "health, not by these metrics"_qs);
    }
    map.leave(u"postPromotionAnalysis"_qs, u"a plan has no check after its switch"_qs);
    map.leave(u"previewReplicaCount"_qs, u"a plan brings all targets up before its switch"_qs);
    map.leave(u"activeService"_qs, u"the cluster's own names of services"_qs);
    map.leave(u"previewService"_qs, u"the cluster's own names of services"_qs);
    map.finish();
    reading.request.strategy = blue_green;
    reading.request.judges = std::vector<Judge>{HealthShare{ppm_one}};
}

} // namespace

void readRollout(const YamlNode &document, const std::vector<const YamlNode *> &others,
                 Reading &reading) {
    ForeignMap top(&document, {}, reading.findings);
    top.take(u"apiVersion"_qs);
    top.take(u"kind"_qs);
    readMetadata(top, reading);
    ForeignMap spec = top.map(u"spec"_qs);
    const Pods pods = readPodSpec(spec, reading);
    spec.leave(u"workloadRef"_qs, u"what runs is in another object; --to names the revision"_qs);
    if (!spec.boolean(u"progressDeadlineAbort"_qs).value_or(false)) {
        spec.note(u"progressDeadlineAbort"_qs,
                  u"there, a deadline that passes only marks it degraded; a plan fails by it"_qs);
    }
    // An analysis that fails aborts: all traffic goes back to the stable revision.
    reading.request.policy.on_failure = OnFailure::RollBack;
    Analysis analysis(others, reading.findings);
    ForeignMap strategy = spec.map(u"strategy"_qs);
    ForeignMap canary = strategy.map(u"canary"_qs);
    ForeignMap blue_green = strategy.map(u"blueGreen"_qs);
    if (bool(canary) == bool(blue_green)) {
        spec.flaw(u"strategy"_qs, u"names no strategy, or two"_qs, u"canary or blueGreen"_qs);
    } else if (canary) {
        readCanary(canary, pods, analysis, reading);
    } else {
        readBlueGreen(blue_green, analysis, reading);
    }
    strategy.finish();
    spec.finish();
    top.finish();
}

} // namespace aviary::plans
