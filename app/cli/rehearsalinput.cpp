// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/rehearsalinput.h"

#include "app/cli/commandline.h"
#include "core/plans/exchange/import.h"
#include "core/plans/fleetfile.h"
#include "core/plans/planfile.h"
#include "core/rehearsal/fit.h"
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

// What a cluster and its history would add, a rehearsal from files presumes, and says so.
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
                                      fromStd(request.from) % u", which the fleet runs"_qs));
    }
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
    presume(request, reading.file->router_given, fleet->fleet, QFileInfo(path).fileName(),
            presumed);
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

GivenFleet fleetOfService(const QString &cluster, const std::vector<api::NodeRow> &nodes,
                          const QString &service) {
    std::vector<api::NodeRow> running;
    std::ranges::copy_if(nodes, std::back_inserter(running), [&service](const auto &row) {
        return std::ranges::find(row.services, service, &api::ServiceOnNode::service) !=
               row.services.end();
    });
    return fleetOf(cluster, running.empty() ? nodes : running);
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

// The scenario, and what is common to all that is rehearsed.
Result<Prepared> begun(const RehearseOptions &options, const std::optional<GivenFleet> &fleet) {
    Prepared prepared;
    auto scenario = readScenarioFor(options);
    if (!scenario) {
        return tl::unexpected(scenario.error());
    }
    prepared.findings.scenario = *scenario;
    prepared.findings.fleet = fleet ? fleet->words : QString();
    rehearsal::Setup &setup = prepared.setup;
    setup.fleet = fleet ? fleet->fleet : kernel::Fleet{};
    setup.scenario = std::move(*scenario);
    setup.seed = options.seed;
    setup.futures = options.futures;
    setup.worst = options.worst;
    return prepared;
}

// As a plan has one instance a node, each of theirs is a node of the model, in turn where they run.
GivenFleet withInstances(const GivenFleet &given, std::uint32_t count) {
    const std::vector<kernel::Node> &nodes = given.fleet.nodes;
    if (count == 0 || nodes.empty()) {
        return given;
    }
    GivenFleet made;
    for (std::uint32_t i = 0; i < count; ++i) {
        kernel::Node &node = made.fleet.nodes.emplace_back(nodes[i % nodes.size()]);
        node.id += '/' + std::to_string(i / nodes.size() + 1);
    }
    made.words = countedText(count, u"1 instance on "_qs, u"%1 instances on "_qs) % given.words;
    return made;
}

// A scenario of a file is what the person wants; the ones with a name give way to what was seen.
void learnStarts(Prepared &prepared, const RehearseOptions &options,
                 const PlannedVersion &planned) {
    if (!rehearsal::scenarioNamed(fromStd(options.scenario))) {
        return;
    }
    const QString part = fromStd(options.part);
    const bool only = part.isEmpty() && planned.starts_ms.size() == 1;
    const QJsonArray seen =
        (only ? planned.starts_ms.begin().value() : planned.starts_ms.value(part)).toArray();
    std::vector<kernel::Millis> times;
    for (const QJsonValue &time : seen) {
        times.push_back(time.toInteger());
    }
    const rehearsal::Spread learned = rehearsal::spreadOf(times);
    const QString of = u"of %1 starts that the cluster remembers"_qs.arg(times.size());
    if (learned == rehearsal::Spread{}) {
        prepared.findings.presumed.append(of % u": too few to learn from; starts take what the "
                                               "scenario says");
        return;
    }
    for (rehearsal::Scenario *scenario : {&prepared.setup.scenario, &prepared.findings.scenario}) {
        scenario->start.latency = learned;
        scenario->start.slow = 0; // slow ones are among them
    }
    prepared.findings.presumed.append(of % u": half take less than " % ageText(learned.median_ms) %
                                      u", 95 of 100 less than " % ageText(learned.p95_ms));
}

} // namespace

Result<Prepared> prepareNext(const RehearseOptions &options, const PlannedVersion &planned,
                             const GivenFleet &given) {
    const QString next =
        planned.version.isEmpty() ? u"0"_qs : QString::number(planned.version.toULongLong() + 1);
    plans::ImportReading reading = plans::importPlan(
        QJsonDocument(planned.document).toJson(), {fromStd(options.part), planned.version, next});
    if (!reading.import) {
        return tl::unexpected(toError(reading.flaws, planned.service));
    }
    const GivenFleet fleet = withInstances(given, reading.import->instances);
    auto prepared = begun(options, fleet);
    if (!prepared) {
        return prepared;
    }
    auto &request = std::get<kernel::PlanRequest>(reading.import->plan.content);
    request.service = planned.service.toStdString();
    QStringList &presumed = prepared->findings.presumed;
    presumed.append(planned.service %
                    u": the cluster rolls it out itself; this is a model of it, with the steps of "
                    "its update block"_qs);
    learnStarts(*prepared, options, planned);
    for (const plans::Unmapped &one : reading.import->unmapped) {
        presumed.append(u"not in the model: "_qs % one.path % u": "_qs % one.why);
    }
    presume(request, reading.import->plan.router_given, fleet.fleet, planned.service, presumed);
    kernel::Compiled compiled = kernel::compile(request, fleet.fleet);
    if (const auto *problems = std::get_if<std::vector<kernel::Problem>>(&compiled); problems) {
        return tl::unexpected(toError(plans::flawsOf(*problems, {}), planned.service));
    }
    const auto plan =
        std::make_shared<const kernel::Plan>(std::get<kernel::Plan>(std::move(compiled)));
    prepared->plans.push_back(plan);
    prepared->findings.plans.push_back({planned.service % u' ' % next, plan, {}});
    prepared->setup.plan = plan;
    return prepared;
}

Result<Prepared> prepare(const RehearseOptions &options, const std::optional<GivenFleet> &fleet,
                         std::optional<LiveStart> live) {
    auto made = begun(options, fleet);
    if (!made) {
        return made;
    }
    Prepared &prepared = *made;
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
    return made;
}

} // namespace aviary::cli
