// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/conformance/scenariostory.h"

#include "core/deployments/waybackrequest.h"

#include <algorithm>

namespace aviary::conformance {

using namespace kernel;

namespace {

QStringList textsOf(const QCborValue &list) {
    QStringList texts;
    for (const auto &member : list.toArray()) {
        texts.append(member.isString() ? member.toString() : u"error"_qs);
    }
    return texts;
}

QString textOf(const QCborValue &value) {
    return value.isInteger() ? QString::number(value.toInteger()) : value.toString().trimmed();
}

Bundle bundleOf(const QCborValue &manifest) {
    Bundle bundle;
    bundle.manifest.content = manifest.toMap();
    bundle.fingerprint = fingerprintOf(bundle.manifest);
    return bundle;
}

QStringList nodesOf(const Bundle &bundle) {
    QStringList ids;
    for (const auto &node : bundle.manifest.content[u"flow"_qs][u"nodes"_qs].toArray()) {
        ids.append(node[u"node_id"_qs].toString());
    }
    return ids;
}

} // namespace

void ScenarioStory::tell(const DeploymentEvent &event) {
    static_cast<void>(ledger_.fold(event));
}

const DeploymentRecord *ScenarioStory::recordOf(const QCborValue &op) const {
    const QString ref = op[u"ref"_qs].toString();
    const int number = ref.startsWith(u"DEP") ? ref.mid(3).toInt() : 0;
    return number >= 1 && number <= ids_.size() ? ledger_.find(ids_.at(number - 1))
                                                : ledger_.findIdOrKey(ref);
}

QString ScenarioStory::deploy(const QCborValue &op) {
    const Bundle bundle = bundleOf(op[u"manifest"_qs]);
    const QCborMap given = op[u"update_policy"_qs].toMap();
    if (!flawsOf(bundle.manifest).empty() || !flawsOfGivenPolicy(given).empty()) {
        return u"error"_qs;
    }
    const UpdatePolicy policy = normalisedPolicy(updateOf(bundle.manifest), given);
    return roll(deploymentKey(bundle.manifest, op[u"key"_qs].toString()), bundle, {},
                Purpose::Deploy, policy);
}

bool ScenarioStory::sourceRuns(const QString &key) const {
    static const QStringList running = {u"pending"_qs, u"running"_qs, u"paused"_qs};
    const auto at = job_of_.find(key);
    return at != job_of_.end() &&
           running.contains(jobs_[static_cast<std::size_t>(at->second)].status);
}

QString ScenarioStory::roll(const QString &key, const Bundle &bundle, const QString &revision,
                            Purpose purpose, const UpdatePolicy &policy) {
    const JobType type = jobTypeOf(bundle.manifest);
    if (ledger_.changesNothing(key, bundle.fingerprint, type) && sourceRuns(key)) {
        return purpose == Purpose::Deploy ? u"no change"_qs : u"error"_qs;
    }
    if (const auto at = active_.find(key); at != active_.end()) {
        at->second->run->ask(Supersede{});
        settle(*at->second);
        active_.erase(key);
    }
    auto rollout = std::make_unique<Rollout>();
    rollout->key = key;
    rollout->policy = policy;
    rollout->version = ledger_.nextVersion(key);
    rollout->revision = revision.isEmpty() ? u'v' + QString::number(rollout->version) : revision;
    const QString source = ledger_.running(key);
    if (source.isEmpty()) {
        rollout->route = {UpdatePath::WholeJob, nodesOf(bundle)};
        rollout->policy.canary = 0;
        rollout->policy.strategy = u"rolling"_qs; // there is nothing to compare a canary with
    } else {
        // What serves has the shape of the stable revision, also where a canary stands in it.
        const auto *stable = ledger_.stable(key);
        const QString shape = stable ? stable->opened.revision : source;
        rollout->route = chooseRoute(bundles_[key][shape], bundle, sourceRuns(key), policy);
        rollout->old_job = job_of_[key];
        if (rollout->route.path == UpdatePath::Nothing) {
            rollout->route.path = UpdatePath::Agents; // half of it is something else
        }
    }
    bundles_[key].try_emplace(rollout->revision, bundle);
    if (rollout->route.path == UpdatePath::Rerun && !source.isEmpty()) {
        return rerun(*rollout, bundle);
    }
    return start(std::move(rollout), bundle, purpose);
}

void ScenarioStory::open(Rollout &rollout, Purpose purpose, const Bundle &bundle) {
    DeploymentOpened opened;
    opened.id = QStringLiteral("%1#%2").arg(rollout.key).arg(rollout.version);
    opened.key = rollout.key;
    opened.version = rollout.version;
    opened.revision = rollout.revision;
    opened.source = ledger_.running(rollout.key);
    opened.purpose = purpose;
    opened.job_type = jobTypeOf(bundle.manifest);
    opened.fingerprint = bundle.fingerprint;
    opened.wall_ms = ++now_;
    rollout.id = opened.id;
    policies_[opened.id] = rollout.policy;
    ids_.append(opened.id);
    tell(opened);
}

QString ScenarioStory::rerun(Rollout &rollout, const Bundle &bundle) {
    open(rollout, Purpose::Rerun, bundle);
    rollout.job = -1;
    startJob(rollout);
    tell(DeploymentMoved{rollout.id, Status::Completed, {}, {}, ++now_});
    return referenceWord(*ledger_.find(rollout.id));
}

std::vector<ScenarioAgent> ScenarioStory::placed(const Bundle &bundle, const QString &revision,
                                                 quint32 version, const QString &role) const {
    std::vector<ScenarioAgent> agents;
    const JobType type = jobTypeOf(bundle.manifest);
    const bool everywhere = type == JobType::System || type == JobType::Sysbatch;
    for (const QString &machine : everywhere ? machines_ : QStringList{QString()}) {
        for (const QString &node : nodesOf(bundle)) {
            const QString id = everywhere ? node + u'@' + machine : node;
            agents.push_back({id, node, revision, version, role});
        }
    }
    return agents;
}

QStringList ScenarioStory::staleIn(const ScenarioJob &job, const Bundle &target) const {
    std::vector<AgentStanding> standings;
    const auto &bundles = bundles_.at(job.key);
    for (const auto &agent : job.agents) {
        standings.push_back({agent.id, agent.source, &bundles.at(agent.revision).manifest});
    }
    const QStringList stale = staleAgents(standings, target.manifest);
    QStringList everyone;
    for (const auto &agent : job.agents) {
        everyone.append(agent.id);
    }
    return stale.isEmpty() ? everyone : stale;
}

PlanRequest ScenarioStory::requestOf(const Rollout &rollout, const QStringList &agents,
                                     Purpose purpose) const {
    const bool whole = rollout.route.path != UpdatePath::Agents;
    Strategy strategy = kernelStrategy(rollout.policy, agents.size());
    if (whole) {
        strategy = BlueGreen{canaryCount(rollout.policy, 1) > 0, 0, 0};
    }
    PlanRequest request = plainRequest(strategy, static_cast<std::uint32_t>(agents.size()));
    const Policy own = kernelPolicy(rollout.policy);
    request.policy.on_failure = OnFailure::RollBack;
    request.policy.auto_promote = own.auto_promote;
    request.policy.max_parallel = whole ? request.policy.max_parallel : own.max_parallel;
    request.policy.max_load_percent = 100'000;
    request.router = whole ? RouterKind::Weights : RouterKind::None;
    request.from = ledger_.running(rollout.key).toStdString();
    request.to = rollout.revision.toStdString();
    if (request.from == request.to) {
        request.from.clear(); // half of it is there already
    }
    request.targets.emplace();
    for (const QString &agent : agents) {
        request.targets->push_back(agent.toStdString());
    }
    return purpose == Purpose::WayBack ? wayBackRequest(request, request.to) : request;
}

QString ScenarioStory::start(std::unique_ptr<Rollout> rollout, const Bundle &bundle,
                             Purpose purpose) {
    const bool whole = rollout->route.path != UpdatePath::Agents;
    QStringList agents = rollout->route.agents;
    if (!whole) {
        rollout->job = rollout->old_job;
        rollout->before = jobs_[static_cast<std::size_t>(rollout->job)].agents;
        agents = staleIn(jobs_[static_cast<std::size_t>(rollout->job)], bundle);
    }
    PlanRequest request = requestOf(*rollout, agents, purpose);
    if (purpose == Purpose::WayBack) {
        request.from = ledger_.running(rollout->key).toStdString();
        request.from = request.from == request.to ? "" : request.from;
    }
    Fleet fleet;
    for (const QString &agent : agents) {
        Node node;
        node.id = agent.toStdString();
        node.heartbeat_age = 0;
        if (!ledger_.running(rollout->key).isEmpty()) {
            node.revisions[request.service] = request.from;
        }
        fleet.nodes.push_back(std::move(node));
    }
    auto compiled = compile(request, fleet);
    if (!std::holds_alternative<Plan>(compiled)) {
        return u"error"_qs;
    }
    const AgentBatches batches = batchesOf(agents, rollout->policy);
    for (const QString &agent : batches.first) {
        rollout->batch_of[agent] = 0;
    }
    for (std::size_t i = 0; i < batches.rest.size(); ++i) {
        for (const QString &agent : batches.rest[i]) {
            rollout->batch_of[agent] = i + 1;
        }
    }
    open(*rollout, purpose, bundle);
    Rollout &kept = *(active_[rollout->key] = std::move(rollout));
    kept.run.emplace(std::move(std::get<Plan>(compiled)), worldOf(kept));
    kept.run->ask(Start{});
    const QString id = kept.id;
    settle(kept);
    return referenceWord(*ledger_.find(id));
}

RolloutRun::World ScenarioStory::worldOf(Rollout &rollout) {
    Rollout *const told = &rollout;
    const auto idOf = [told](TargetIndex target) {
        return QString::fromStdString(told->run->plan().targets[target].node);
    };
    RolloutRun::World world;
    world.update = [this, told, idOf](TargetIndex target) -> std::optional<Cause> {
        if (told->route.path == UpdatePath::Agents) {
            return updateAgent(*told, idOf(target));
        }
        return startJob(*told) ? std::nullopt : std::optional(Cause::StartFailed);
    };
    world.restore = [this, told, idOf](TargetIndex target) { restoreAgent(*told, idOf(target)); };
    world.retire = [this, told](TargetIndex) {
        if (told->route.path != UpdatePath::Agents && told->old_job >= 0) {
            calls_.append(u"cancel"_qs);
            jobs_[static_cast<std::size_t>(told->old_job)].status = u"cancelled"_qs;
            jobs_[static_cast<std::size_t>(told->old_job)].stopped = true;
            told->old_job = -1;
        }
    };
    return world;
}

std::optional<Cause> ScenarioStory::updateAgent(Rollout &rollout, const QString &id) {
    const std::size_t batch = rollout.batch_of[id];
    if (!rollout.batch_fails.contains(batch)) {
        rollout.batch_fails[batch] =
            !batch_results_.isEmpty() && batch_results_.takeFirst() != u"ok";
    }
    const State &state = rollout.run->state();
    const bool canary = rollout.run->plan().strategy == StrategyKind::Canary && state.step == 0;
    calls_.append(QString(id + u" v" + QString::number(rollout.version)));
    for (auto &agent : jobs_[static_cast<std::size_t>(rollout.job)].agents) {
        if (agent.id == id) {
            agent.revision = rollout.revision;
            agent.version = rollout.version;
            agent.role = canary ? u"canary"_qs : u"primary"_qs;
            agent.runs = !rollout.batch_fails[batch];
        }
    }
    return rollout.batch_fails[batch] ? std::optional(Cause::StartFailed) : std::nullopt;
}

// Once for the whole job; answers whether it runs.
bool ScenarioStory::startJob(Rollout &rollout) {
    static const QStringList fine = {u"running"_qs, u"completed"_qs};
    if (rollout.job < 0) {
        const bool waits = rollout.route.path == UpdatePath::WholeJob && rollout.run &&
                           canaryCount(rollout.policy, 1) > 0;
        ScenarioJob job;
        job.number = static_cast<int>(jobs_.size()) + 1;
        job.key = rollout.key;
        job.status = start_statuses_.isEmpty() ? u"running"_qs : start_statuses_.takeFirst();
        job.agents = placed(bundles_[rollout.key][rollout.revision], rollout.revision,
                            rollout.version, waits ? u"candidate"_qs : u"primary"_qs);
        job.stopped = job.status == u"completed";
        job.revision = rollout.revision;
        job.version = rollout.version;
        job.role = waits ? u"candidate"_qs : u"primary"_qs;
        calls_.append(QString(u"start v" + QString::number(rollout.version)));
        rollout.job = static_cast<int>(jobs_.size());
        jobs_.push_back(std::move(job));
    }
    return fine.contains(jobs_[static_cast<std::size_t>(rollout.job)].status);
}

void ScenarioStory::restoreAgent(Rollout &rollout, const QString &id) {
    auto &job = jobs_[static_cast<std::size_t>(rollout.job)];
    if (rollout.route.path != UpdatePath::Agents) {
        job.status = u"cancelled"_qs;
        job.stopped = true;
        return;
    }
    for (std::size_t i = 0; i < job.agents.size(); ++i) {
        if (job.agents[i].id == id) {
            job.agents[i] = rollout.before[i];
        }
    }
}

// Writes down where the rollout stands. One that went back leaves a second record.
void ScenarioStory::settle(Rollout &rollout) {
    const Status status = rollout.run->state().status;
    tell(DeploymentMoved{rollout.id, status, {}, {}, ++now_});
    if (status == Status::Completed) {
        job_of_[rollout.key] = rollout.job;
        auto known = instances();
        promoteVersion(known, rollout.key, QString::number(rollout.version));
        for (auto &agent : jobs_[static_cast<std::size_t>(rollout.job)].agents) {
            const bool promoted = std::any_of(known.begin(), known.end(), [&](const auto &one) {
                return one.agent == agent.id && one.role == u"primary";
            });
            agent.role = promoted ? u"primary"_qs : agent.role;
        }
        auto &job = jobs_[static_cast<std::size_t>(rollout.job)];
        job.revision = rollout.revision;
        job.version = rollout.version;
        job.role = u"primary"_qs;
    }
    const auto *stable = ledger_.stable(rollout.key);
    if (status == Status::RolledBack && stable != nullptr) {
        Rollout back;
        back.key = rollout.key;
        back.revision = stable->opened.revision;
        back.version = ledger_.nextVersion(rollout.key);
        open(back, Purpose::WayBack, bundles_[rollout.key][back.revision]);
        tell(DeploymentMoved{back.id, Status::Completed, {}, {}, ++now_});
    }
    if (isEnd(status)) {
        auto ended = std::move(active_[rollout.key]);
        active_.erase(ended->key);
    }
}

QString ScenarioStory::rollBack(const QCborValue &op) {
    const auto *newest = recordOf(op);
    if (newest == nullptr) {
        return u"error"_qs;
    }
    const QString key = newest->opened.key;
    const WayBackChoice choice{textOf(op[u"version"_qs]), textOf(op[u"tag"_qs])};
    if (active_.contains(key) && choice.version.isEmpty() && choice.tag.isEmpty()) {
        return request(op, RollBack{});
    }
    const auto way = ledger_.wayBack(key, choice);
    if (!way) {
        return u"error"_qs;
    }
    const QString revision = way->record->opened.revision;
    UpdatePolicy policy = policies_[way->record->opened.id];
    policy.canary = 0;
    policy.strategy = u"rolling"_qs; // past all gates
    return roll(key, bundles_[key][revision], revision, Purpose::WayBack, policy);
}

QString ScenarioStory::request(const QCborValue &op, const Request &request) {
    const auto *record = recordOf(op);
    const auto at = record ? active_.find(record->opened.key) : active_.end();
    if (at == active_.end() || at->second->id != record->opened.id) {
        return u"error"_qs;
    }
    const QString id = record->opened.id;
    if (at->second->run->ask(request) != Refusal::None) {
        return u"error"_qs;
    }
    settle(*at->second);
    if (ledger_.find(id)->status == Status::Failed && policies_[id].auto_revert) {
        rollBack(QCborMap{{u"ref"_qs, ledger_.find(id)->opened.key}});
    }
    return referenceWord(*ledger_.find(id));
}

QCborMap ScenarioStory::step(const QCborValue &op) {
    calls_ = {};
    const QString verb = op[u"op"_qs].toString();
    QString result = u"ok"_qs;
    if (verb == u"deploy" || verb == u"update") {
        result = deploy(op);
    } else if (verb == u"rollback") {
        result = rollBack(op);
    } else if (verb == u"promote") {
        result = request(op, Promote{0});
    } else if (verb == u"pause") {
        result = request(op, Pause{});
    } else if (verb == u"resume") {
        result = request(op, Resume{});
    } else if (verb == u"fail") {
        result = request(op, Fail{});
    } else if (verb == u"status") {
        const auto *record = recordOf(op);
        result = record ? referenceWord(*record) : u"error"_qs;
    } else if (verb == u"list") {
        result = list(op[u"query"_qs]);
    } else if (verb == u"resolve") {
        QStringList ids;
        for (const auto &one : resolveService(instances(), op[u"name"_qs].toString(),
                                              scenarioFilter(op[u"opts"_qs]))) {
            ids.append(one.id + u' ' + one.deployment_version);
        }
        ids.sort();
        result = ids.join(u", ");
    } else if (verb == u"set_start_statuses") {
        start_statuses_ = textsOf(op[u"statuses"_qs]);
    } else if (verb == u"set_deploy_results") {
        batch_results_ = textsOf(op[u"results"_qs]);
    } else if (verb == u"set_system_targets") {
        machines_ = textsOf(op[u"targets"_qs]);
    } else if (verb == u"set_job_status") {
        const int number = op[u"job"_qs].toString().section(u'-', 1).toInt();
        if (number >= 1 && number <= static_cast<int>(jobs_.size())) {
            jobs_[static_cast<std::size_t>(number - 1)].status = op[u"status"_qs].toString();
        }
    }
    QCborMap step = standing();
    step[u"result"_qs] = result;
    step[u"calls"_qs] = calls_;
    return step;
}

} // namespace aviary::conformance
