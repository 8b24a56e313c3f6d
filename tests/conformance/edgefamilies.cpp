// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/deployments/deploymentresult.h"
#include "tests/conformance/calltrace.h"
#include "tests/conformance/edgecase.h"
#include "tests/conformance/family.h"
#include "tests/conformance/rolloutrun.h"

#include <algorithm>

// Strategies over the nodes of an edge cluster.
namespace aviary::conformance {
namespace {

using namespace kernel;

// The cluster as the calls leave it, and the rollout that an execute starts.
class EdgeWorld {
public:
    EdgeWorld(const EdgeCase &scripted, const Strategy &strategy) : scripted_(scripted) {
        PlanRequest request = plainRequest(strategy, static_cast<std::uint32_t>(scripted.nodes));
        request.service = "f";
        request.to = "new";
        request.from = scripted.preinstalled.isEmpty() ? "" : "old";
        request.needs = scripted.needs();
        request.policy.success_threshold = ppm_one;
        request.policy.on_failure =
            scripted.rollback_on_error ? OnFailure::RollBack : OnFailure::Continue;
        if (scripted.targets) {
            request.targets.emplace();
            for (const QString &id : *scripted.targets) {
                request.targets->push_back(id.toStdString());
            }
        }
        if (std::holds_alternative<Rolling>(strategy)) {
            request.policy.max_parallel = 1;
        }
        for (int i = 0; i < scripted.nodes; ++i) {
            function_[i] = scripted.preinstalled.contains(i) ? u"old"_qs : u"null"_qs;
        }
        prepare(compile(request, scripted.fleet()));
    }

    QCborValue answer() {
        if (!refused_.isEmpty()) {
            return QCborMap{{u"refused"_qs, refused_}};
        }
        QCborMap answer{{u"plan_targets"_qs, targets()}, {u"plan_state"_qs, u"pending"_qs}};
        QCborArray steps;
        for (const QString &op : scripted_.ops) {
            steps.append(stepOf(op));
        }
        answer[u"steps"_qs] = steps;
        answer[u"function_on"_qs] = functions();
        return answer;
    }

private:
    void prepare(Compiled compiled) {
        if (const auto *problems = std::get_if<std::vector<Problem>>(&compiled)) {
            for (const Problem &problem : *problems) {
                refused_.append(QString::fromStdString(problem.field + " " + problem.what));
            }
            return;
        }
        RolloutRun::World world;
        world.update = [this](TargetIndex target) { return update(target); };
        world.restore = [this](TargetIndex target) { restore(target); };
        world.turn = [](RevisionIndex) { return true; };
        run_.emplace(std::move(std::get<Plan>(compiled)), std::move(world));
    }

    int indexOf(TargetIndex target) const {
        return edgeIndexOf(QString::fromStdString(run_->plan().targets[target].node));
    }

    std::optional<Cause> update(TargetIndex target) {
        const int index = indexOf(target);
        const qint64 call = ++deployments_[index];
        const bool raises =
            scripted_.deploy_raise.contains(index) || call <= scripted_.raise_first.value(index);
        calls_.call(QLatin1StringView("D"), u'n' + QString::number(index),
                    QLatin1StringView(raises ? "!" : "+"));
        if (raises) {
            return Cause::StartFailed;
        }
        function_[index] = u"new"_qs;
        return std::nullopt;
    }

    void restore(TargetIndex target) {
        const int index = indexOf(target);
        const auto previous = run_->plan().targets[target].previous;
        const bool had_new = function_[index] == u"new";
        calls_.call(QLatin1StringView("U"), u'n' + QString::number(index),
                    QLatin1StringView(had_new ? "+" : "-"));
        function_[index] = previous == no_revision
                               ? u"null"_qs
                               : QString::fromStdString(run_->plan().revisions[previous]);
    }

    QCborArray targets() const {
        QCborArray ids;
        const Plan &plan = run_->plan();
        for (TargetIndex i = 0; i < plan.active; ++i) {
            ids.append(QString::fromStdString(plan.targets[i].node));
        }
        return ids;
    }

    // A second execute, and a way back after the end, are requests that the rollout refuses.
    QCborMap stepOf(const QString &op) {
        calls_ = {};
        QCborMap step{{u"op"_qs, op}};
        if (op == u"execute") {
            run_->ask(Start{});
        } else if (op == u"rollback") {
            run_->ask(RollBack{});
        } else {
            step[u"returned"_qs] = function_.remove(edgeIndexOf(op.section(u':', 1))) > 0;
        }
        const State &state = run_->state();
        const std::string_view name = nameOf(state.status);
        step[u"calls"_qs] = calls_.text();
        step[u"state"_qs] =
            state.status == Status::Draft
                ? u"pending"_qs
                : QString::fromLatin1(name.data(), static_cast<qsizetype>(name.size()));
        step[u"deployed"_qs] = inPhase(Phase::Healthy);
        step[u"failed"_qs] = inPhase(Phase::Failed);
        return step;
    }

    QCborArray inPhase(Phase phase) const {
        QCborArray ids;
        const State &state = run_->state();
        for (std::size_t i = 0; i < state.cells.size(); ++i) {
            if (state.cells[i].phase == phase) {
                ids.append(QString::fromStdString(run_->plan().targets[i].node));
            }
        }
        return ids;
    }

    QCborMap functions() const {
        QCborMap by_function;
        for (auto at = function_.begin(); at != function_.end(); ++at) {
            QCborArray nodes = by_function.value(at.value()).toArray();
            nodes.append(QString(u'n' + QString::number(at.key())));
            by_function[at.value()] = nodes;
        }
        return by_function;
    }

    EdgeCase scripted_;
    QCborArray refused_;
    QMap<int, QString> function_;
    QMap<int, qint64> deployments_;
    CallTrace calls_;
    std::optional<RolloutRun> run_;
};

// Calls as promised; what a strategy notes beside them is not compared.
QCborValue reduced(const QCborValue &value) {
    QCborMap result = value.toMap();
    QCborArray steps;
    for (const auto &member : value[u"steps"_qs].toArray()) {
        QCborMap step = member.toMap();
        step[u"calls"_qs] = canonicalCalls(step.value(u"calls"_qs).toString());
        step.remove(u"metadata"_qs);
        steps.append(step);
    }
    result[u"steps"_qs] = steps;
    return result;
}

// ---- Facts about a case

bool touchesNobody(const QCborMap &input) {
    const EdgeCase read(input);
    const QStringList listed = read.listed();
    return (read.targets && read.targets->isEmpty()) || listed.isEmpty();
}

bool listsUnknownOrTwice(const QCborMap &input) {
    const EdgeCase read(input);
    QStringList listed = read.targets.value_or(QStringList());
    const bool unknown = std::any_of(listed.begin(), listed.end(),
                                     [&read](const QString &id) { return !read.isKnown(id); });
    return unknown || listed.removeDuplicates() > 0;
}

bool listsWhatMayNotBeTouched(const QCborMap &input) {
    const EdgeCase read(input);
    const QStringList listed = read.listed();
    return std::any_of(listed.begin(), listed.end(), [&read](const QString &id) {
        return read.isKnown(id) && !read.isTouchable(id);
    });
}

bool executesTwice(const QCborMap &input) {
    return EdgeCase(input).ops.count(u"execute"_qs) > 1;
}

bool rollsBackAsked(const QCborMap &input) {
    return EdgeCase(input).ops.contains(u"rollback"_qs);
}

bool failureRollsBack(const QCborMap &input) {
    const EdgeCase read(input);
    const QStringList listed = read.listed();
    return read.rollback_on_error && read.ops.contains(u"execute"_qs) &&
           std::any_of(listed.begin(), listed.end(), [&read](const QString &id) {
               return read.isTouchable(id) && read.raises(id);
           });
}

bool percentIsRefused(const QCborMap &input) {
    const qint64 percent = EdgeCase(input).canary_percent;
    return percent < 1 || percent > 100;
}

std::vector<Deviation> rules() {
    const QString errors =
        u"an empty list, an unknown or a duplicate node is an error at compile"_qs;
    return {
        {u"a plan for nobody is refused"_qs, errors, touchesNobody},
        {u"an unknown or repeated node is refused"_qs, errors, listsUnknownOrTwice},
        {u"a node that may not be touched is left alone"_qs,
         u"Draining, maintenance, offline, incapable and excluded nodes are not touched: they are "
         "recorded as behind"_qs,
         listsWhatMayNotBeTouched},
        {u"a rollout that ended does not run again"_qs, u"history is never rewritten"_qs,
         executesTwice},
        {u"a way back after the end is a rollout of its own"_qs,
         u"With no active rollout it is an ungated rollout of that stable revision over the listed "
         "targets"_qs,
         rollsBackAsked},
        {u"after a failure all that was touched is brought back, newest first"_qs,
         u"it undoes what was touched, newest first, back to the revision that each node had, past "
         "all gates"_qs,
         failureRollsBack},
    };
}

QCborValue answerRolling(const QCborMap &input) {
    return EdgeWorld(EdgeCase(input), Rolling{0}).answer();
}

QCborValue answerBlueGreen(const QCborMap &input) {
    return EdgeWorld(EdgeCase(input), BlueGreen{false, 0, 0}).answer();
}

QCborValue answerCanary(const QCborMap &input) {
    const EdgeCase read(input);
    CanarySingle canary;
    canary.percent = static_cast<Weight>(std::clamp<qint64>(read.canary_percent, -1, 1'000) * 100);
    canary.bake_ms = 0;
    canary.hold_ms = 0;
    return EdgeWorld(read, canary).answer();
}

} // namespace

Family edgeRollingFamily() {
    return {u"edge_rolling"_qs, answerRolling, rules(), {}, reduced};
}

Family edgeBlueGreenFamily() {
    return {u"edge_blue_green"_qs, answerBlueGreen, rules(), {}, reduced};
}

Family edgeCanaryFamily() {
    auto with_percent = rules();
    with_percent.push_back({u"a percentage out of range is refused"_qs,
                            u"what a person gives on the CLI, in a form or over the API is "
                            "validated first, and all errors are collected"_qs,
                            percentIsRefused});
    return {u"edge_canary"_qs, answerCanary, with_percent, {}, reduced};
}

} // namespace aviary::conformance
