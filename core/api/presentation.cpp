// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/presentation.h"

#include "core/kernel/strategy/load.h"
#include "core/support/words.h"

#include <QCoreApplication>
#include <QJsonArray>

#include <algorithm>

namespace aviary::api {
namespace {

using namespace kernel;

struct Presentation {
    Q_DECLARE_TR_FUNCTIONS(Presentation)
};

QString shortTime(Millis duration) {
    return ageText(duration);
}

struct StepWords {
    const Plan &plan;

    QString operator()(const UpdateStep &step) const {
        return Presentation::tr("Update %1").arg(nodesText(step.end - step.begin));
    }
    QString operator()(const ShiftStep &step) const {
        return Presentation::tr("Shift to %1").arg(percentText(step.weight));
    }
    QString operator()(const CheckStep &step) const {
        return step.bake_ms == 0 ? Presentation::tr("Check")
                                 : Presentation::tr("Check %1").arg(shortTime(step.bake_ms));
    }
    QString operator()(const HoldStep &step) const {
        return step.time_ms ? Presentation::tr("Hold %1").arg(shortTime(*step.time_ms))
                            : Presentation::tr("Hold for you");
    }
    QString operator()(const SwitchStep &) const {
        return Presentation::tr("Switch to %1").arg(revisionText(plan, plan.to));
    }
    QString operator()(const RetireStep &) const {
        return Presentation::tr("Retire %1").arg(revisionText(plan, plan.from));
    }
};

// What a step takes when nothing goes wrong and nobody is waited for; -1: unknown.
struct StepExpectation {
    const Plan &plan;

    Millis operator()(const UpdateStep &step) const {
        const auto nodes = static_cast<Millis>(step.end - step.begin);
        if (nodes == 0) {
            return 0;
        }
        const Millis wave = std::max<Millis>(1, step.wave_size);
        const Millis parallel = std::max<Millis>(1, step.parallel);
        const Millis waves = (nodes + wave - 1) / wave;
        const Millis rounds = (std::min(wave, nodes) + parallel - 1) / parallel;
        return waves * rounds * plan.policy.min_healthy_ms + (waves - 1) * step.delay_ms;
    }
    Millis operator()(const ShiftStep &) const { return 1'000; }
    Millis operator()(const CheckStep &step) const { return step.bake_ms; }
    Millis operator()(const HoldStep &step) const { return step.time_ms.value_or(-1); }
    Millis operator()(const SwitchStep &) const { return 1'000; }
    Millis operator()(const RetireStep &step) const { return step.delay_ms; }
};

StepSign signOf(const State &state, std::uint32_t step) {
    if (step < state.step) {
        return StepSign::Done;
    }
    if (step > state.step) {
        return StepSign::ToCome;
    }
    if (state.status == Status::Completed) {
        return StepSign::Done;
    }
    const bool stopped = state.status == Status::Failed || state.status == Status::RolledBack ||
                         state.status == Status::RollingBack;
    if (stopped) {
        return StepSign::Failed;
    }
    return state.status < Status::Pending ? StepSign::ToCome : StepSign::Now;
}

// A stage begins with the update that its shift needs; what switches or retires stands alone.
std::vector<Weight> stageWeights(const Plan &plan) {
    std::vector<Weight> weights(plan.steps.size(), -1);
    Weight stage = -1;
    for (std::size_t i = plan.steps.size(); i-- > 0;) {
        if (const auto *shift = std::get_if<ShiftStep>(&plan.steps[i])) {
            stage = shift->weight;
        } else if (!std::holds_alternative<UpdateStep>(plan.steps[i])) {
            stage = -1;
        }
        weights[i] = stage;
    }
    for (std::size_t i = 1; i < plan.steps.size(); ++i) {
        const bool looks = std::holds_alternative<CheckStep>(plan.steps[i]) ||
                           std::holds_alternative<HoldStep>(plan.steps[i]);
        weights[i] = looks ? weights[i - 1] : weights[i];
    }
    return weights;
}

QString inProgressText(const Plan &plan, const State &state) {
    const auto [wave, waves] = waveOf(plan, state);
    if (waves > 1) {
        return Presentation::tr("wave %1 of %2").arg(wave).arg(waves);
    }
    if (state.step >= plan.steps.size()) {
        return Presentation::tr("finishing");
    }
    const QString words = stepText(plan, plan.steps[state.step]);
    return words.left(1).toLower() + words.mid(1);
}

QString waitingText(const Plan &plan, const State &state) {
    if (state.why.cause == Cause::RouterRefused) {
        return Presentation::tr("the router refused %1").arg(percentText(state.weight_asked));
    }
    const bool at_check =
        state.step < plan.steps.size() && std::holds_alternative<CheckStep>(plan.steps[state.step]);
    if (at_check) {
        return Presentation::tr("the check cannot decide: %1")
            .arg(verdictText(plan, state.verdict));
    }
    return state.verdict.ruling == Ruling::Pass
               ? Presentation::tr("holds at %1, verdict not worse").arg(percentText(state.weight))
               : Presentation::tr("holds at %1").arg(percentText(state.weight));
}

} // namespace

void StepClock::note(const Command &command, Millis now) {
    if (const auto *enter = std::get_if<EnterStep>(&command)) {
        began_.resize(std::max<std::size_t>(began_.size(), enter->step + std::size_t{1}), -1);
        began_[enter->step] = now;
    } else if (const auto *change = std::get_if<ChangeStatus>(&command)) {
        if (isEnd(change->status) || change->status == Status::RollingBack) {
            ended_ = ended_ < 0 ? now : ended_;
        } else if (began_.empty() && change->status >= Status::Pending) {
            began_.push_back(now);
        }
    }
}

Millis StepClock::beganAt(std::uint32_t step) const {
    return step < began_.size() ? began_[step] : -1;
}

Millis StepClock::endedAt(std::uint32_t step) const {
    for (std::size_t next = step + std::size_t{1}; next < began_.size(); ++next) {
        if (began_[next] >= 0) {
            return began_[next];
        }
    }
    return beganAt(step) < 0 ? -1 : ended_;
}

QJsonObject StepClock::memory() const {
    QJsonArray began;
    for (const Millis at : began_) {
        began.append(static_cast<qint64>(at));
    }
    return {{QStringLiteral("began"), began},
            {QStringLiteral("ended"), static_cast<qint64>(ended_)}};
}

void StepClock::recall(const QJsonObject &memory) {
    began_.clear();
    for (const QJsonValue &at : memory[u"began"].toArray()) {
        began_.push_back(at.toInteger(-1));
    }
    ended_ = memory[u"ended"].toInteger(-1);
}

QString text(const std::string &utf8) {
    return QString::fromStdString(utf8);
}

QString revisionText(const Plan &plan, RevisionIndex revision) {
    return revision == no_revision || revision >= plan.revisions.size()
               ? Presentation::tr("nothing")
               : text(plan.revisions[revision]);
}

QString stepText(const Plan &plan, const Step &step) {
    return std::visit(StepWords{plan}, step);
}

std::vector<StepRow> stepRows(const Plan &plan, const State &state, const StepClock &clock) {
    std::vector<StepRow> rows;
    rows.reserve(plan.steps.size());
    const std::vector<Weight> weights = stageWeights(plan);
    for (std::uint32_t i = 0; i < plan.steps.size(); ++i) {
        StepRow row;
        row.text = stepText(plan, plan.steps[i]);
        row.sign = signOf(state, i);
        row.expected_ms = std::visit(StepExpectation{plan}, plan.steps[i]);
        const Millis began = clock.beganAt(i);
        if (began >= 0) {
            const Millis ended = clock.endedAt(i);
            row.took_ms = (ended < 0 ? state.now : ended) - began;
        }
        row.weight = weights[i];
        rows.push_back(row);
    }
    return rows;
}

std::vector<Weight> stagesOf(const Plan &plan) {
    std::vector<Weight> stages;
    for (const Step &step : plan.steps) {
        const auto *shift = std::get_if<ShiftStep>(&step);
        if (shift && (stages.empty() || shift->weight > stages.back())) {
            stages.push_back(shift->weight);
        }
    }
    return stages;
}

Weight weightMaxNow(const Plan &plan, const State &state) {
    if (plan.router == RouterKind::None || plan.from == no_revision) {
        return full_weight;
    }
    std::vector<LoadScope> scopes;
    if (plan.scope == RouterScope::Site) {
        for (std::size_t i = 0; i < state.sites.size(); ++i) {
            scopes.push_back({plan.sites[i].nodes, state.sites[i].fresh, state.sites[i].stable});
        }
    } else {
        LoadScope all{.nodes = plan.active};
        for (const SiteCount &site : state.sites) {
            all.fresh += site.fresh;
            all.stable += site.stable;
        }
        scopes.push_back(all);
    }
    return std::max<Weight>(0, weightRange(plan.policy.max_load_percent, scopes).high);
}

double gateOf(const Plan &plan) {
    for (const Judge &judge : plan.judges) {
        if (const auto *not_worse = std::get_if<NotWorse>(&judge)) {
            return static_cast<double>(not_worse->margin) / ppm_one;
        }
    }
    return -1;
}

std::pair<std::uint32_t, std::uint32_t> waveOf(const Plan &plan, const State &state) {
    if (state.step >= plan.steps.size()) {
        return {0, 0};
    }
    const auto *update = std::get_if<UpdateStep>(&plan.steps[state.step]);
    if (!update) {
        return {0, 0};
    }
    const std::uint32_t size = std::max(1u, update->wave_size);
    return {state.wave + 1, (update->end - update->begin + size - 1) / size};
}

QString headlineOf(const Plan &plan, const State &state) {
    switch (state.status) {
    case Status::Draft:
        return Presentation::tr("not started");
    case Status::Approved:
        return Presentation::tr("approved, not started");
    case Status::Pending:
        return Presentation::tr("starting");
    case Status::InProgress:
        return inProgressText(plan, state);
    case Status::Waiting:
        return waitingText(plan, state);
    case Status::Paused:
        return Presentation::tr("paused at %1").arg(percentText(state.weight));
    case Status::RollingBack:
        return Presentation::tr("rolling back, %1 restored")
            .arg(nodesText(state.count(Phase::Restored)));
    case Status::Completed:
        return Presentation::tr("%1 on %2")
            .arg(revisionText(plan, plan.to), nodesText(state.count(Phase::Healthy)));
    case Status::RolledBack:
        return Presentation::tr("back on %1").arg(revisionText(plan, plan.from));
    case Status::Failed:
        return Presentation::tr("failed: %1").arg(causeText(state.why.cause));
    case Status::Superseded:
        return Presentation::tr("superseded by a newer request");
    }
    return {};
}

void fillRow(RolloutRow &row, const Plan &plan, const State &state) {
    row.service = text(plan.service);
    row.from = plan.from == no_revision ? QString() : revisionText(plan, plan.from);
    row.to = revisionText(plan, plan.to);
    row.strategy = plan.strategy;
    row.status = state.status;
    row.epoch = state.epoch;
    row.weight = state.weight;
    row.step = state.step;
    row.steps = static_cast<quint32>(plan.steps.size());
    std::tie(row.wave, row.waves) = waveOf(plan, state);
    row.nodes_done = state.count(Phase::Healthy);
    row.nodes = plan.active;
    row.headline = headlineOf(plan, state);
}

std::vector<TargetRow> targetRows(const Plan &plan, const State &state, std::uint32_t first,
                                  std::uint32_t count) {
    std::vector<TargetRow> rows;
    const std::size_t end = std::min<std::size_t>(plan.targets.size(), std::size_t{first} + count);
    for (std::size_t i = first; i < end; ++i) {
        const Target &target = plan.targets[i];
        const Cell &cell = state.cells[i];
        rows.push_back(
            {text(target.node), text(plan.sites[target.site].name),
             target.previous == no_revision ? QString() : revisionText(plan, target.previous),
             cell.phase, cell.status,
             cell.cause == Cause::None ? QString() : causeText(cell.cause)});
    }
    return rows;
}

std::vector<SiteRow> siteRows(const Plan &plan, const State &state) {
    const std::vector<SiteStanding> standings = siteStandings(state);
    std::vector<SiteRow> rows(std::min<std::size_t>(standings.size(), page_nodes_max));
    for (const Cell &cell : state.cells) {
        if (cell.site < rows.size()) {
            ++rows[cell.site].nodes;
            rows[cell.site].fresh += cell.phase == Phase::Healthy;
        }
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
        rows[i].site = text(plan.sites[i].name);
        rows[i].up = standings[i].up;
        rows[i].floor = standings[i].floor;
    }
    return rows;
}

QString remarkText(const QString &subject, const QString &text) {
    return subject.isEmpty() ? text : subject + u": "_qs + text;
}

} // namespace aviary::api
