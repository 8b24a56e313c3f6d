// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rehearsal/nextversion.h"

#include "core/plans/exchange/import.h"
#include "core/plans/planfile.h"
#include "core/rehearsal/fit.h"
#include "core/support/words.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>
#include <map>

namespace aviary::rehearsal {

using namespace Qt::Literals;

namespace {

// What most nodes run of the service beside the new revision; empty: nothing else runs.
std::string stableOf(const kernel::Fleet &fleet, const kernel::PlanRequest &request) {
    std::map<std::string, int> counts;
    for (const kernel::Node &node : fleet.nodes) {
        const auto found = node.revisions.find(request.service);
        if (found != node.revisions.end() && found->second != request.to) {
            ++counts[found->second];
        }
    }
    const auto most = std::ranges::max_element(
        counts, [](const auto &a, const auto &b) { return a.second < b.second; });
    return most == counts.end() ? std::string() : most->first;
}

kernel::Fleet thatRun(const std::string &service, const kernel::Fleet &fleet) {
    kernel::Fleet running;
    std::ranges::copy_if(fleet.nodes, std::back_inserter(running.nodes),
                         [&](const auto &node) { return node.revisions.contains(service); });
    return running.nodes.empty() ? fleet : running;
}

// Each instance a node of the model, in turn where they run.
kernel::Fleet withInstances(const kernel::Fleet &fleet, std::uint32_t count) {
    const std::vector<kernel::Node> &nodes = fleet.nodes;
    if (count == 0 || nodes.empty()) {
        return fleet;
    }
    kernel::Fleet made;
    for (std::uint32_t i = 0; i < count; ++i) {
        kernel::Node &node = made.nodes.emplace_back(nodes[i % nodes.size()]);
        node.id += '/' + std::to_string(i / nodes.size() + 1);
    }
    return made;
}

void learnStarts(const PlannedVersion &planned, const QString &part, NextVersion &next) {
    const bool only = part.isEmpty() && planned.starts_ms.size() == 1;
    const QJsonArray seen =
        (only ? planned.starts_ms.begin().value() : planned.starts_ms.value(part)).toArray();
    std::vector<Millis> times;
    for (const QJsonValue &time : seen) {
        times.push_back(time.toInteger());
    }
    const Spread learned = spreadOf(times);
    const QString of = u"of %1 starts that the cluster remembers"_qs.arg(times.size());
    if (learned == Spread{}) {
        next.starts = of % u": too few to learn from; starts take what the scenario says"_qs;
        return;
    }
    next.scenario.start.latency = learned;
    next.scenario.start.slow = 0; // slow ones are among them
    next.starts = of % u": half take less than "_qs % ageText(learned.median_ms) %
                  u", 95 of 100 less than "_qs % ageText(learned.p95_ms);
}

} // namespace

PlannedVersion plannedVersionOf(const QJsonObject &answer) {
    return {answer.value(u"service"_qs).toString(), answer.value(u"version"_qs).toString(),
            answer.value(u"document"_qs).toObject(), answer.value(u"starts_ms"_qs).toObject()};
}

Result<NextVersion> nextVersionOf(const PlannedVersion &planned, const kernel::Fleet &fleet,
                                  Scenario scenario, const QString &part, bool learns) {
    const QString number =
        planned.version.isEmpty() ? u"0"_qs : QString::number(planned.version.toULongLong() + 1);
    plans::ImportReading reading = plans::importPlan(QJsonDocument(planned.document).toJson(),
                                                     {part, planned.version, number});
    if (!reading.import) {
        return tl::unexpected(toError(reading.flaws, planned.service));
    }
    NextVersion next;
    next.name = planned.service % u' ' % number;
    next.instances = reading.import->instances;
    next.nodes = thatRun(planned.service.toStdString(), fleet);
    next.fleet = withInstances(next.nodes, next.instances);
    next.scenario = std::move(scenario);
    next.presumed.append(planned.service %
                         u": the cluster rolls it out itself; this is a model of it, with the "
                         "steps of its update block"_qs);
    if (learns) {
        learnStarts(planned, part, next);
    }
    for (const plans::Unmapped &one : reading.import->unmapped) {
        next.presumed.append(u"not in the model: "_qs % one.path % u": "_qs % one.why);
    }
    auto &request = std::get<kernel::PlanRequest>(reading.import->plan.content);
    request.service = planned.service.toStdString();
    presume(request, reading.import->plan.router_given, next.fleet, planned.service, next.presumed);
    kernel::Compiled compiled = kernel::compile(request, next.fleet);
    if (const auto *problems = std::get_if<std::vector<kernel::Problem>>(&compiled); problems) {
        return tl::unexpected(toError(plans::flawsOf(*problems, {}), planned.service));
    }
    next.plan = std::make_shared<const kernel::Plan>(std::get<kernel::Plan>(std::move(compiled)));
    return next;
}

void presume(kernel::PlanRequest &request, bool router_given, const kernel::Fleet &fleet,
             const QString &name, QStringList &presumed) {
    if (!router_given) {
        request.router = std::holds_alternative<kernel::FeatureFlag>(request.strategy)
                             ? kernel::RouterKind::Flag
                             : kernel::RouterKind::Weights;
        presumed.append(name % u": a router splits the traffic; the plan does not say"_qs);
    }
    if (request.from.empty()) {
        request.from = stableOf(fleet, request);
        presumed.append(request.from.empty()
                            ? QString(name % u": nothing of the service runs yet"_qs)
                            : QString(name % u": the stable revision is "_qs %
                                      QString::fromStdString(request.from) %
                                      u", which the fleet runs"_qs));
    }
}

} // namespace aviary::rehearsal
