// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/rehearsalinput.h"

#include "app/cli/commandline.h"
#include "core/plans/fleetfile.h"
#include "core/plans/planfile.h"
#include "core/rehearsal/scenariofile.h"
#include "core/support/words.h"

#include <QBuffer>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>

#include <map>
#include <set>

namespace aviary::cli {

using namespace Qt::Literals;

namespace {

QString wordsOf(const QString &name, const kernel::Fleet &fleet) {
    std::set<std::string> sites;
    for (const kernel::Node &node : fleet.nodes) {
        sites.insert(node.site);
    }
    const QString nodes = nodesText(std::int64_t(fleet.nodes.size()));
    return (name.isEmpty() ? nodes : QString(name % u", "_qs % nodes)) % u" in "_qs %
           countedText(std::int64_t(sites.size()), u"1 site"_qs, u"%1 sites"_qs);
}

Result<std::shared_ptr<const kernel::Plan>>
planFrom(const QString &path, const std::optional<GivenFleet> &fleet, QStringList &presumed) {
    const auto text = readGiven(path);
    if (!text) {
        return tl::unexpected(text.error());
    }
    plans::PlanReading reading = plans::readPlan(*text);
    if (!reading.file) {
        return tl::unexpected(toError(reading.flaws, path));
    }
    if (auto *compiled = std::get_if<kernel::Plan>(&reading.file->content); compiled) {
        return std::make_shared<const kernel::Plan>(std::move(*compiled));
    }
    if (!fleet) {
        return fail(ErrorCode::Invalid, u"a request says nothing of its nodes"_qs, path,
                    u"--fleet with a .fleet.json, or --cluster; or a compiled plan"_qs);
    }
    auto &request = std::get<kernel::PlanRequest>(reading.file->content);
    rehearsal::presume(request, reading.file->router_given, fleet->fleet,
                       QFileInfo(path).fileName(), presumed);
    kernel::Compiled compiled = kernel::compile(request, fleet->fleet);
    if (const auto *problems = std::get_if<std::vector<kernel::Problem>>(&compiled); problems) {
        return tl::unexpected(toError(plans::flawsOf(*problems, reading.document), path));
    }
    return std::make_shared<const kernel::Plan>(std::get<kernel::Plan>(std::move(compiled)));
}

Result<std::vector<rehearsal::Hypothesis>> hypothesesOf(const rehearsal::Scenario &scenario,
                                                        const std::vector<std::string> &asked) {
    std::vector<rehearsal::Hypothesis> chosen;
    QStringList names;
    for (const rehearsal::Hypothesis &one : scenario.hypotheses) {
        names.append(fromStd(one.name));
    }
    for (const std::string &text : asked) {
        if (const qsizetype at = names.indexOf(fromStd(text)); at >= 0) {
            chosen.push_back(scenario.hypotheses[std::size_t(at)]);
            continue;
        }
        if (!text.starts_with('{')) {
            return fail(ErrorCode::Invalid,
                        u"the scenario has no hypothesis \"%1\""_qs.arg(fromStd(text).left(60)),
                        u"--hypothesis"_qs,
                        u"one of "_qs % names.join(u", ") %
                            u"; or its own: \"{name: errs, errors_more: 2 %}\""_qs);
        }
        const auto reading =
            rehearsal::readScenario("hypotheses: [" + QByteArray::fromStdString(text) + "]");
        if (!reading.scenario) {
            return tl::unexpected(toError(reading.flaws, u"--hypothesis"_qs));
        }
        chosen.push_back(reading.scenario->hypotheses.front());
    }
    return chosen;
}

} // namespace

Result<GivenFleet> readFleetFile(const QString &path) {
    const auto text = readGiven(path, plans::fleet_bytes_max);
    if (!text) {
        return tl::unexpected(text.error());
    }
    plans::FleetReading reading = plans::readFleet(*text);
    if (!reading.file) {
        return tl::unexpected(toError(reading.flaws, path));
    }
    const QString words = wordsOf(reading.file->cluster, reading.file->fleet);
    return GivenFleet{std::move(reading.file->fleet), words};
}

GivenFleet fleetOf(const QString &cluster, const std::vector<api::NodeRow> &nodes) {
    kernel::Fleet fleet;
    for (const api::NodeRow &row : nodes) {
        kernel::Node &node = fleet.nodes.emplace_back();
        node.id = row.id.toStdString();
        node.name = row.name.toStdString();
        node.address = row.address.toStdString();
        node.site = row.site.toStdString();
        for (const auto &[label, value] : row.labels) {
            node.labels[label.toStdString()] = value.toStdString();
        }
        node.status = row.status;
        node.flags = row.flags;
        node.capacity = row.capacity;
        node.usage = row.usage;
        node.heartbeat_age =
            row.heard_wall_ms > 0 ? std::optional<kernel::Millis>(0) : std::nullopt;
        for (const api::ServiceOnNode &service : row.services) {
            if (service.ready) {
                node.revisions[service.service.toStdString()] = service.revision.toStdString();
            }
        }
    }
    const QString words = wordsOf(cluster, fleet);
    return {std::move(fleet), words};
}

Result<LiveStart> liveStartOf(const QString &jsonl, api::ClusterKind kind) {
    QByteArray bytes = jsonl.toUtf8();
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::ReadOnly);
    auto run = record::readRun(buffer, u"the rollout"_qs);
    if (!run) {
        return tl::unexpected(run.error());
    }
    auto replay = record::replayOf(*run);
    if (!replay) {
        return tl::unexpected(replay.error());
    }
    if (const auto sought = replay->seek(replay->entries()); !sought) {
        return tl::unexpected(sought.error());
    }
    if (kernel::isEnd(replay->state().status)) {
        return fail(ErrorCode::Refused, u"the rollout has ended: it has one future"_qs,
                    run->header.rollout, u"an active rollout: aviary list"_qs);
    }
    LiveStart live;
    live.plan = std::make_shared<const kernel::Plan>(run->header.plan);
    live.state = replay->state();
    live.run = std::move(*run);
    live.engine = kind == api::ClusterKind::Nomad        ? "nomad"
                  : kind == api::ClusterKind::Kubernetes ? "kubernetes"
                                                         : "";
    return live;
}

Result<rehearsal::Scenario> readScenarioFor(const RehearseOptions &options) {
    const QString name = fromStd(options.scenario);
    auto scenario = rehearsal::scenarioNamed(name);
    if (!scenario) {
        const auto text = readGiven(name);
        if (!text) {
            Error error = text.error();
            error.remedy = u"a file, or one of "_qs % rehearsal::scenarioNames().join(u", ");
            return tl::unexpected(error);
        }
        rehearsal::ScenarioReading reading = rehearsal::readScenario(*text);
        if (!reading.scenario) {
            return tl::unexpected(toError(reading.flaws, name));
        }
        scenario = std::move(reading.scenario);
    }
    if (options.hypotheses.empty()) {
        return std::move(*scenario);
    }
    auto chosen = hypothesesOf(*scenario, options.hypotheses);
    if (!chosen) {
        return tl::unexpected(chosen.error());
    }
    scenario->hypotheses = std::move(*chosen);
    return std::move(*scenario);
}

namespace {

// What is common to all that is rehearsed.
Prepared begun(const RehearseOptions &options, const rehearsal::Scenario &scenario,
               const std::optional<GivenFleet> &fleet) {
    Prepared prepared;
    prepared.findings.scenario = scenario;
    prepared.findings.fleet = fleet ? fleet->words : QString();
    rehearsal::Setup &setup = prepared.setup;
    setup.fleet = fleet ? fleet->fleet : kernel::Fleet{};
    setup.scenario = scenario;
    setup.seed = options.seed;
    setup.futures = options.futures;
    setup.worst = options.worst;
    return prepared;
}

} // namespace

// A scenario of a file is what the person wants; the ones with a name give way to what was seen.
Result<Prepared> prepareNext(const RehearseOptions &options,
                             const rehearsal::PlannedVersion &planned, const QString &cluster,
                             const std::vector<api::NodeRow> &nodes) {
    auto scenario = readScenarioFor(options);
    if (!scenario) {
        return tl::unexpected(scenario.error());
    }
    const bool learns = rehearsal::scenarioNamed(fromStd(options.scenario)).has_value();
    auto next = rehearsal::nextVersionOf(planned, fleetOf(cluster, nodes).fleet,
                                         std::move(*scenario), fromStd(options.part), learns);
    if (!next) {
        return tl::unexpected(next.error());
    }
    QString words = wordsOf(cluster, next->nodes);
    if (next->instances > 0) {
        words = countedText(next->instances, u"1 instance on "_qs, u"%1 instances on "_qs) % words;
    }
    Prepared prepared = begun(options, next->scenario, GivenFleet{next->fleet, words});
    prepared.findings.presumed = next->presumed;
    if (!next->starts.isEmpty()) {
        prepared.findings.presumed.append(next->starts);
    }
    prepared.plans.push_back(next->plan);
    prepared.findings.plans.push_back({next->name, next->plan, {}});
    prepared.setup.plan = next->plan;
    return prepared;
}

Result<Prepared> prepare(const RehearseOptions &options, const std::optional<GivenFleet> &fleet,
                         std::optional<LiveStart> live) {
    const auto scenario = readScenarioFor(options);
    if (!scenario) {
        return tl::unexpected(scenario.error());
    }
    Prepared prepared = begun(options, *scenario, fleet);
    rehearsal::Findings &findings = prepared.findings;
    std::vector<std::string> paths = options.against;
    if (live) {
        prepared.plans.push_back(live->plan);
        findings.plans.push_back({u"from now"_qs, live->plan, {}});
    } else {
        paths.insert(paths.begin(), options.plan);
    }
    for (const std::string &path : paths) {
        const auto plan = planFrom(fromStd(path), fleet, findings.presumed);
        if (!plan) {
            return tl::unexpected(plan.error());
        }
        prepared.plans.push_back(*plan);
        findings.plans.push_back({QFileInfo(fromStd(path)).fileName(), *plan, {}});
    }
    rehearsal::Setup &setup = prepared.setup;
    setup.plan = prepared.plans.front();
    if (live) {
        setup.now = rehearsal::Now{std::move(live->state), std::move(live->run), live->engine};
    }
    if (findings.fleet.isEmpty()) {
        findings.fleet = nodesText(setup.plan->active);
    }
    return prepared;
}

} // namespace aviary::cli
