// SPDX-License-Identifier: GPL-3.0-or-later
// A Deployment of apps/v1.
#include "core/plans/exchange/podspec.h"

namespace aviary::plans {

using namespace kernel;

namespace {

// All pods at once, the old ones first.
void recreate(Pods pods, Reading &reading) {
    reading.request.mode = UpdateMode::InPlace;
    reading.request.policy.max_parallel = std::max(pods.replicas, 1U);
    reading.request.policy.max_unavailable = NodeLimit{100, true};
}

} // namespace

void readDeployment(const YamlNode &document, Reading &reading) {
    ForeignMap top(&document, {}, reading.findings);
    top.take(u"apiVersion"_qs);
    top.take(u"kind"_qs);
    readMetadata(top, reading);
    ForeignMap spec = top.map(u"spec"_qs);
    Pods pods = readPodSpec(spec, reading);
    ForeignMap strategy = spec.map(u"strategy"_qs);
    const QString type = strategy.text(u"type"_qs);
    reading.request.strategy = Rolling{0};
    // The controller waits for ever where we would act: it never goes back by itself.
    reading.request.policy.on_failure = OnFailure::Stop;
    if (type == u"Recreate") {
        recreate(pods, reading);
        strategy.leave(u"rollingUpdate"_qs, u"Recreate has no pace"_qs);
    } else if (type.isEmpty() || type == u"RollingUpdate") {
        ForeignMap pace = strategy.map(u"rollingUpdate"_qs);
        readPace(pace, pods, reading);
        pace.finish();
    } else {
        strategy.flaw(u"type"_qs, QStringLiteral("is \"%1\"").arg(type.left(40)),
                      u"RollingUpdate, Recreate"_qs);
    }
    strategy.finish();
    spec.finish();
    top.finish();
}

} // namespace aviary::plans
