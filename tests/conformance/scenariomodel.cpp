// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/conformance/scenariomodel.h"

#include "core/deployments/topology.h"

#include <QCborArray>
#include <QStringList>

#include <map>
#include <optional>

namespace aviary::conformance {
namespace {

QString textOf(const QCborValue &value) {
    return value.isInteger() ? QString::number(value.toInteger()) : value.toString().trimmed();
}

struct Version {
    int manifest = 0; // in the list of manifests
    int revision = 0; // the version that brought this content first
    UpdatePolicy policy;
    bool stable = false;
};

enum class Standing : quint8 { Successful, Awaiting, Paused, Failed };

struct Key {
    Standing standing = Standing::Successful;
    std::vector<Version> versions; // [0] is version 1
    int current = 1;               // number of the one that serves
    int pending = 0;               // number of the one that waits
    bool whole = false;            // it waits as a job of its own
    bool rerun = false;            // the newest was run beside
    int job = 0, candidate = 0;    // numbers of jobs
    QString job_status = u"running"_qs;
    int job_manifest = 0;          // what the reference takes for running
    std::map<QString, int> agents; // what runs, by agent
    std::vector<Placement> placements;
    qsizetype batches_left = 0;
    std::vector<QStringList> rest;
};

class Model {
public:
    Weakness step(const QCborValue &op);

private:
    Weakness deploy(const QCborValue &op);
    Weakness first(const QString &name, int manifest, const UpdatePolicy &policy);
    Weakness move(Key &key, int manifest, int revision, const UpdatePolicy &policy, bool back);
    Weakness moveAgents(Key &key, Version version, bool back);
    Weakness moveWhole(Key &key, Version version, bool back);
    Weakness promote(Key &key);
    Weakness rollBack(Key &key, const QCborValue &op);
    Weakness label(Key &key, const QString &verb, bool newest);
    bool started();
    bool batchesHold(qsizetype count);
    void place(Key &key, int manifest);
    void finish(Key &key, int number);
    Key *find(const QCborValue &op, bool &newest);
    const Manifest &at(int manifest) const {
        return manifests_[static_cast<std::size_t>(manifest)].manifest;
    }

    std::vector<Bundle> manifests_;
    std::map<QString, Key> keys_;
    QStringList owners_; // keys, by number of the deployment
    QStringList starts_, results_;
    QStringList machines_ = {u"n1"_qs, u"n2"_qs};
    int jobs_ = 0;
    bool cancel_fails_ = false;
    bool machines_changed_ = false;
};

bool Model::started() {
    const QString status = starts_.isEmpty() ? u"running"_qs : starts_.takeFirst();
    ++jobs_;
    return status == u"running" || status == u"completed";
}

bool Model::batchesHold(qsizetype count) {
    for (; count > 0 && !results_.isEmpty(); --count) {
        if (results_.takeFirst() != u"ok") {
            return false;
        }
    }
    return true;
}

void Model::place(Key &key, int manifest) {
    key.placements.clear();
    key.agents.clear();
    const JobType type = jobTypeOf(at(manifest));
    const bool everywhere = type == JobType::System || type == JobType::Sysbatch;
    for (const QString &machine : everywhere ? machines_ : QStringList{QString()}) {
        for (const auto &node : at(manifest).content[u"flow"_qs][u"nodes"_qs].toArray()) {
            const QString source = node[u"node_id"_qs].toString();
            const QString agent = everywhere ? source + u'@' + machine : source;
            key.placements.push_back({agent, source});
            key.agents[agent] = manifest;
        }
    }
}

Weakness Model::first(const QString &name, int manifest, const UpdatePolicy &policy) {
    Key key;
    if (!started()) {
        return Weakness::StartFails;
    }
    key.job = jobs_;
    key.job_manifest = manifest;
    key.versions.push_back({manifest, 1, policy, true});
    place(key, manifest);
    keys_[name] = std::move(key);
    owners_.append(name);
    return Weakness::None;
}

Weakness Model::deploy(const QCborValue &op) {
    Bundle bundle;
    bundle.manifest.content = op[u"manifest"_qs].toMap();
    bundle.fingerprint = fingerprintOf(bundle.manifest);
    const QCborMap given = op[u"update_policy"_qs].toMap();
    if (!flawsOf(bundle.manifest).empty()) {
        return Weakness::None; // refused there and here
    }
    if (!flawsOfGivenPolicy(given).empty()) {
        return Weakness::OverrideReplaced;
    }
    const UpdatePolicy policy = normalisedPolicy(updateOf(bundle.manifest), given);
    const QString name = deploymentKey(bundle.manifest, op[u"key"_qs].toString());
    manifests_.push_back(std::move(bundle));
    const int manifest = static_cast<int>(manifests_.size()) - 1;
    const auto known = keys_.find(name);
    if (known == keys_.end()) {
        return first(name, manifest, policy);
    }
    Key &key = known->second;
    if (key.standing == Standing::Awaiting || key.standing == Standing::Paused) {
        return Weakness::OlderIsLeftBehind;
    }
    owners_.append(name);
    return move(key, manifest, static_cast<int>(key.versions.size()) + 1, policy, false);
}

Weakness Model::move(Key &key, int manifest, int revision, const UpdatePolicy &policy, bool back) {
    static const QStringList active = {u"pending"_qs, u"running"_qs, u"paused"_qs};
    const bool rolled = rolls(jobTypeOf(at(key.job_manifest)));
    if (rolled != rolls(jobTypeOf(at(manifest)))) {
        return Weakness::TypeOfTheOldJob;
    }
    const Version version{manifest, revision, policy, false};
    if (!rolled) {
        key.versions.push_back(version);
        key.current = static_cast<int>(key.versions.size());
        key.rerun = true;
        return started() ? Weakness::None : Weakness::StartFails;
    }
    const bool same = topologyOf(at(key.job_manifest)) == topologyOf(at(manifest));
    return same && active.contains(key.job_status) ? moveAgents(key, version, back)
                                                   : moveWhole(key, version, back);
}

Weakness Model::moveAgents(Key &key, Version version, bool back) {
    const QStringList changed = changedAgents(at(key.job_manifest), at(version.manifest));
    if (changed.isEmpty()) {
        return Weakness::NoChangeIsAVersion;
    }
    if (version.policy.strategy == u"blue-green" && !back) {
        return Weakness::BlueGreenIgnored;
    }
    std::vector<AgentStanding> standings;
    for (const auto &placement : key.placements) {
        standings.push_back({placement.agent, placement.source, &at(key.agents[placement.agent])});
    }
    const QStringList agents = runningAgents(changed, key.placements);
    if (agents != staleAgents(standings, at(version.manifest))) {
        return Weakness::HalfUpdatedIsTakenAsWhole;
    }
    if (key.job_status == u"pending") {
        return Weakness::PendingIsRefused;
    }
    if (machines_changed_) {
        return Weakness::FleetChanged;
    }
    const AgentBatches batches = batchesOf(agents, version.policy);
    const qint64 canary = canaryCount(version.policy, agents.size());
    const bool waits = canary > 0 && !version.policy.auto_promote;
    const qsizetype all = 1 + static_cast<qsizetype>(batches.rest.size());
    if (!batchesHold(waits ? 1 : all)) {
        return Weakness::BatchFails;
    }
    if (waits && back) {
        return Weakness::WayBackIsGated;
    }
    if (waits && canary >= agents.size()) {
        return Weakness::CanaryOfAll;
    }
    const bool offers = !at(version.manifest).content[u"services"_qs].toArray().isEmpty();
    if (waits && offers) {
        return Weakness::JobServiceIsHidden;
    }
    key.rerun = false;
    key.whole = false;
    key.job_manifest = version.manifest;
    key.rest = batches.rest;
    key.versions.push_back(version);
    const int number = static_cast<int>(key.versions.size());
    for (const QString &agent : waits ? batches.first : agents) {
        key.agents[agent] = version.manifest;
    }
    key.pending = number;
    key.standing = Standing::Awaiting;
    if (!waits) {
        finish(key, number);
    }
    return Weakness::None;
}

Weakness Model::moveWhole(Key &key, Version version, bool back) {
    const bool waits = canaryCount(version.policy, 1) > 0;
    if (!started()) {
        return Weakness::StartFails;
    }
    if (waits && back) {
        return Weakness::WayBackIsGated;
    }
    if (waits && version.policy.auto_promote) {
        return Weakness::AutoPromoteIgnored;
    }
    if (!waits && cancel_fails_) {
        return Weakness::CancelFails;
    }
    key.rerun = false;
    key.whole = true;
    key.candidate = jobs_;
    key.versions.push_back(version);
    key.pending = static_cast<int>(key.versions.size());
    key.standing = Standing::Awaiting;
    if (!waits) {
        finish(key, key.pending);
    }
    return Weakness::None;
}

void Model::finish(Key &key, int number) {
    const Version &version = key.versions[static_cast<std::size_t>(number - 1)];
    key.versions[static_cast<std::size_t>(number - 1)].stable = true;
    key.current = number;
    key.standing = Standing::Successful;
    if (key.whole) {
        key.job = key.candidate;
        key.job_status = u"running"_qs;
        key.job_manifest = version.manifest;
        place(key, version.manifest);
    }
}

Weakness Model::promote(Key &key) {
    if (key.standing != Standing::Awaiting) {
        return Weakness::None; // refused there and here
    }
    if (key.whole && cancel_fails_) {
        return Weakness::CancelFails;
    }
    if (!key.whole && !batchesHold(static_cast<qsizetype>(key.rest.size()))) {
        return Weakness::BatchFails;
    }
    for (const QStringList &batch : key.rest) {
        for (const QString &agent : key.whole ? QStringList() : batch) {
            key.agents[agent] = key.versions[static_cast<std::size_t>(key.pending - 1)].manifest;
        }
    }
    finish(key, key.pending);
    return Weakness::None;
}

Weakness Model::rollBack(Key &key, const QCborValue &op) {
    if (key.standing == Standing::Awaiting || key.standing == Standing::Paused) {
        return Weakness::RollBackDuringRollout;
    }
    if (!textOf(op[u"tag"_qs]).isEmpty()) {
        return Weakness::None; // no version has a tag
    }
    const int running = key.standing == Standing::Failed ? key.pending : key.current;
    const int left_out =
        key.rerun ? 0 : key.versions[static_cast<std::size_t>(running - 1)].revision;
    const QString named = textOf(op[u"version"_qs]);
    int theirs = 0;
    int ours = 0;
    for (int number = 1; number <= static_cast<int>(key.versions.size()); ++number) {
        const Version &version = key.versions[static_cast<std::size_t>(number - 1)];
        const bool meant = named == QString::number(number);
        const bool any = named.isEmpty() && version.stable;
        theirs = meant || (any && number != key.current) ? number : theirs;
        ours = meant || (any && version.revision != left_out) ? number : ours;
    }
    if (theirs == 0 || ours == 0) {
        return theirs == ours ? Weakness::None : Weakness::OtherTarget;
    }
    const Version &target = key.versions[static_cast<std::size_t>(theirs - 1)];
    if (target.revision != key.versions[static_cast<std::size_t>(ours - 1)].revision) {
        return Weakness::OtherTarget;
    }
    const Version chosen = target; // move() makes the list longer
    return move(key, chosen.manifest, chosen.revision, chosen.policy, true);
}

Weakness Model::label(Key &key, const QString &verb, bool newest) {
    const bool waits = key.standing == Standing::Awaiting && newest;
    if (verb == u"resume") {
        return key.standing == Standing::Paused ? Weakness::ResumeLosesTheWait
                                                : Weakness::LabelsWithoutGuard;
    }
    if (verb == u"pause" && waits) {
        key.standing = Standing::Paused;
        return Weakness::None;
    }
    if (verb == u"fail" && newest && (waits || key.standing == Standing::Paused)) {
        key.standing = Standing::Failed;
        const auto &pending = key.versions[static_cast<std::size_t>(key.pending - 1)];
        return pending.policy.auto_revert ? Weakness::RevertIsIgnored : Weakness::None;
    }
    return Weakness::LabelsWithoutGuard;
}

Key *Model::find(const QCborValue &op, bool &newest) {
    QString name = op[u"ref"_qs].toString();
    newest = true;
    const int number = name.startsWith(u"DEP") ? name.mid(3).toInt() : 0;
    if (number >= 1 && number <= owners_.size()) {
        name = owners_.at(number - 1);
        newest = owners_.lastIndexOf(name) == number - 1;
    }
    const auto known = keys_.find(name);
    return known == keys_.end() ? nullptr : &known->second;
}

QStringList textsOf(const QCborValue &list) {
    QStringList texts;
    for (const auto &member : list.toArray()) {
        texts.append(member.isString() ? member.toString() : u"error"_qs);
    }
    return texts;
}

Weakness Model::step(const QCborValue &op) {
    const QString verb = op[u"op"_qs].toString();
    bool newest = true;
    Key *const key = find(op, newest);
    if (verb == u"deploy" || verb == u"update") {
        return deploy(op);
    }
    if (verb == u"set_start_statuses") {
        starts_ = textsOf(op[u"statuses"_qs]);
    } else if (verb == u"set_deploy_results") {
        results_ = textsOf(op[u"results"_qs]);
    } else if (verb == u"set_system_targets") {
        machines_ = textsOf(op[u"targets"_qs]);
        machines_changed_ = !keys_.empty();
    } else if (verb == u"set_cancel_fails") {
        cancel_fails_ = true;
    } else if (verb == u"delete_job") {
        return keys_.empty() ? Weakness::None : Weakness::JobIsGone;
    } else if (verb == u"set_job_status") {
        for (auto &[name, one] : keys_) {
            const bool meant = op[u"job"_qs].toString() == u"job-" + QString::number(one.job);
            one.job_status = meant ? op[u"status"_qs].toString() : one.job_status;
        }
    } else if (key != nullptr && verb == u"promote") {
        return newest ? promote(*key) : Weakness::None;
    } else if (key != nullptr && verb == u"rollback") {
        const qsizetype before = static_cast<qsizetype>(key->versions.size());
        const QString name = op[u"ref"_qs].toString();
        const Weakness weakness = rollBack(*key, op);
        if (static_cast<qsizetype>(key->versions.size()) > before) {
            owners_.append(keys_.contains(name) ? name : owners_.at(name.mid(3).toInt() - 1));
        }
        return weakness;
    } else if (key != nullptr && (verb == u"pause" || verb == u"resume" || verb == u"fail")) {
        return label(*key, verb, newest);
    }
    return Weakness::None;
}

} // namespace

Weakness firstWeakness(const QCborMap &input) {
    Model model;
    for (const auto &op : input.value(u"ops"_qs).toArray()) {
        if (const Weakness weakness = model.step(op); weakness != Weakness::None) {
            return weakness;
        }
    }
    return Weakness::None;
}

} // namespace aviary::conformance
