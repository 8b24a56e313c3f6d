// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/conformance/targetrun.h"

#include "core/deployments/deploymentresult.h"
#include "tests/conformance/calltrace.h"
#include "tests/conformance/rolloutrun.h"

#include <QCborArray>

#include <algorithm>

namespace aviary::conformance {
namespace {

using namespace kernel;

std::string idOf(int target) {
    return "t" + std::to_string(target);
}

Fleet fleetOf(const TargetCase &scripted, const std::string &service) {
    Fleet fleet;
    for (int i = 0; i < scripted.n; ++i) {
        Node node;
        node.id = idOf(i);
        node.heartbeat_age = 0;
        const QString &version = scripted.initial[static_cast<std::size_t>(i)];
        if (!version.isEmpty() && !scripted.unhealthy.contains(i)) {
            node.revisions[service] = version.toStdString();
        }
        fleet.nodes.push_back(std::move(node));
    }
    return fleet;
}

// The stable revision: what most of the targets run besides the new one.
std::string stableOf(const TargetCase &scripted) {
    QMap<QString, int> counts;
    for (const int target : scripted.order) {
        const QString &version = scripted.initial[static_cast<std::size_t>(target)];
        if (!version.isEmpty() && version != scripted.version) {
            ++counts[version];
        }
    }
    QString most;
    for (auto at = counts.begin(); at != counts.end(); ++at) {
        most = most.isEmpty() || at.value() > counts[most] ? at.key() : most;
    }
    return most.toStdString();
}

// Number of checks before each step: the stage that it belongs to.
std::vector<int> stagesOf(const Plan &plan) {
    std::vector<int> stages;
    int stage = 0;
    for (const Step &step : plan.steps) {
        stages.push_back(stage);
        stage += std::holds_alternative<CheckStep>(step) ? 1 : 0;
    }
    return stages;
}

class TargetWorld {
public:
    TargetWorld(TargetCase &scripted, Plan plan, QCborArray percents, Status standing)
        : scripted_(scripted)
        , after_(scripted.initial)
        , stages_(stagesOf(plan))
        , percents_(percents) {
        RolloutRun::World world;
        world.update = [this](TargetIndex target) { return update(target); };
        world.turn = [this](RevisionIndex to) { return turn(to); };
        world.wait = [this](Millis ms) { calls_.wait(ms); };
        world.enter = [this](std::uint32_t step) { enter(step); };
        run_.emplace(std::move(plan), std::move(world), standing);
    }

    Refusal start() { return run_->ask(Start{}); }

    QCborValue answer(const QString &completed) const {
        const DeploymentResult result = resultOf(run_->plan(), run_->state());
        const std::string_view name = nameOf(result.state);
        const QString state = QString::fromLatin1(name.data(), static_cast<qsizetype>(name.size()));
        QCborMap versions;
        for (int i = 0; i < scripted_.n; ++i) {
            const QString &version = after_[static_cast<std::size_t>(i)];
            const QString key = version.isEmpty() ? u"null"_qs : version;
            QCborArray members = versions.value(key).toArray();
            members.append(i);
            versions[key] = members;
        }
        return QCborMap{{u"raised"_qs, nullptr},
                        {u"success"_qs, result.success},
                        {u"updated"_qs, result.targets_updated},
                        {u"failed"_qs, result.targets_failed},
                        {u"state"_qs, result.state == Status::Completed ? completed : state},
                        {u"calls"_qs, calls_.text()},
                        {u"version_after"_qs, versions}};
    }

private:
    int indexOf(TargetIndex target) const {
        return std::stoi(run_->plan().targets[target].node.substr(1));
    }

    static QLatin1StringView endOf(char result) {
        return result == '+'   ? QLatin1StringView("+")
               : result == '-' ? QLatin1StringView("-")
                               : QLatin1StringView("!");
    }

    std::optional<Cause> update(TargetIndex target) {
        const int index = indexOf(target);
        const char deployed = scripted_.deploy.call(index);
        calls_.call(QLatin1StringView("D"), QString::number(index), endOf(deployed));
        if (deployed != '+') {
            return Cause::StartFailed;
        }
        after_[static_cast<std::size_t>(index)] = scripted_.version;
        if (!scripted_.health.given()) {
            return std::nullopt;
        }
        const char healthy = scripted_.health.call(index);
        calls_.call(QLatin1StringView("H"), QString::number(index), endOf(healthy));
        return healthy == '+' ? std::nullopt : std::optional(Cause::ChecksFailed);
    }

    bool turn(RevisionIndex to) {
        const bool applied = scripted_.turn == u"ok";
        calls_.turn(QString::fromStdString(run_->plan().revisions[to]),
                    endOf(applied                      ? '+'
                          : scripted_.turn == u"false" ? '-'
                                                       : '!'));
        return applied;
    }

    // A stage begins with its update, or with its check when it updates nobody.
    void enter(std::uint32_t step) {
        const auto &steps = run_->plan().steps;
        if (step >= steps.size() || std::holds_alternative<HoldStep>(steps[step]) ||
            stages_[step] == stage_ || stages_[step] >= percents_.size()) {
            return;
        }
        stage_ = stages_[step];
        const QCborValue percent = percents_.at(stage_);
        calls_.stage(percent.isInteger() ? QString::number(percent.toInteger())
                                         : QString::number(percent.toDouble(), 'g', 12));
    }

    TargetCase &scripted_;
    std::vector<QString> after_;
    std::vector<int> stages_;
    QCborArray percents_;
    int stage_ = -1;
    CallTrace calls_;
    std::optional<RolloutRun> run_;
};

QCborArray percentsOf(const TargetCase &scripted, const PlanRequest &request) {
    const QCborArray given = scripted.params.value(u"stages"_qs).toArray();
    if (!std::holds_alternative<Canary>(request.strategy)) {
        return {};
    }
    return given.isEmpty() ? QCborArray{10, 25, 50, 100} : given;
}

} // namespace

QCborValue runTargets(TargetCase &scripted, PlanRequest request, const QString &completed,
                      Status standing) {
    request.to = scripted.version.toStdString();
    request.from = stableOf(scripted);
    std::vector<std::string> targets;
    for (const int target : scripted.order) {
        targets.push_back(idOf(target));
    }
    request.targets = std::move(targets);
    auto compiled = compile(request, fleetOf(scripted, request.service));
    if (const auto *problems = std::get_if<std::vector<Problem>>(&compiled)) {
        QCborArray refused;
        for (const Problem &problem : *problems) {
            refused.append(QString::fromStdString(problem.field + " " + problem.what));
        }
        return QCborMap{{u"refused"_qs, refused}};
    }
    TargetWorld world(scripted, std::move(std::get<Plan>(compiled)), percentsOf(scripted, request),
                      standing);
    if (world.start() != Refusal::None) {
        return QCborMap{{u"raised"_qs, true}};
    }
    return world.answer(completed);
}

QCborValue reducedTargets(const QCborValue &value) {
    static const QStringList promised = {u"raised"_qs,       u"refused"_qs, u"success"_qs,
                                         u"updated"_qs,      u"failed"_qs,  u"state"_qs,
                                         u"version_after"_qs};
    QCborMap reduced;
    for (const auto &[key, member] : value.toMap()) {
        if (promised.contains(key.toString())) {
            reduced[key] = member;
        }
    }
    reduced[u"calls"_qs] = canonicalCalls(value[u"calls"_qs].toString());
    return reduced;
}

} // namespace aviary::conformance
