// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plans/exchange/argosteps.h"

#include <algorithm>
#include <functional>

namespace aviary::plans {

using namespace kernel;

namespace {

constexpr qint64 percent_max = 100;

QString percent(Weight weight) {
    return QString::fromStdString(weightText(weight));
}

} // namespace

void ArgoSteps::read(std::vector<ForeignMap> steps) {
    for (ForeignMap &step : steps) {
        readStep(step);
    }
    finish();
}

void ArgoSteps::readStep(ForeignMap &step) {
    setScale(step);
    setWeight(step);
    pause(step);
    if (ForeignMap analysis = step.map(u"analysis"_qs); analysis) {
        analysis_.read(analysis);
        analysis.finish();
        if (stages_.empty()) {
            step.note(u"analysis"_qs, u"there is nothing to check before the first stage"_qs);
        } else {
            stages_.back().checked = true;
        }
    }
    step.leave(u"experiment"_qs, u"a plan runs no experiments"_qs);
    step.leave(u"setHeaderRoute"_qs, u"a plan's router splits by weight alone"_qs);
    step.leave(u"setMirrorRoute"_qs, u"a plan's router mirrors nothing"_qs);
    step.leave(u"plugin"_qs, u"a plan runs no foreign code"_qs);
    step.finish(u"no plan has such a step"_qs);
}

void ArgoSteps::setWeight(ForeignMap &step) {
    const auto value = step.count(u"setWeight"_qs, percent_max);
    if (!value) {
        return;
    }
    const auto weight = static_cast<Weight>(*value * 100);
    const Weight before = stages_.empty() ? 0 : stages_.back().weight;
    if (weight <= before) {
        step.note(u"setWeight"_qs,
                  weight == 0 ? u"a stage has at least one node; nothing serves before the first"_qs
                              : QString(u"stages rise; this is not above the " + percent(before) +
                                        u" before it"));
        return;
    }
    if (stages_.size() >= stages_max) {
        step.flaw(u"setWeight"_qs, u"is one stage too many"_qs, u"at most 1,000 stages"_qs);
        return;
    }
    if (scale_ && *scale_ != weight) {
        findings_.leave(scale_path_, percent(*scale_),
                        u"a stage updates as many nodes as it shifts traffic, here "_qs +
                            percent(weight));
    }
    scale_.reset();
    stages_.push_back({weight, 0, false, step.pathOf(u"setWeight"_qs)});
}

void ArgoSteps::pause(ForeignMap &step) {
    const YamlNode *given = step.take(u"pause"_qs);
    if (!given) {
        return;
    }
    ForeignMap pause = step.map(u"pause"_qs);
    const QString text = pause.text(u"duration"_qs);
    bool is_seconds = false;
    const qint64 seconds = text.toLongLong(&is_seconds);
    std::optional<Millis> time_ms;
    if (!text.isEmpty()) {
        const auto time = is_seconds && seconds >= 0 ? Result<ForeignDuration>(ofSeconds(seconds))
                                                     : goDuration(text);
        if (!time) {
            pause.flaw(u"duration"_qs, u"is "_qs + time.error().what,
                       u"seconds, or a time such as 10m"_qs);
            return;
        }
        time_ms = kept(*time, pause, u"duration"_qs);
    }
    pause.finish();
    if (stages_.empty()) {
        step.note(u"pause"_qs, u"a plan begins with its first stage: start it later"_qs);
        return;
    }
    Stage &stage = stages_.back();
    if (!stage.hold_ms || (!time_ms && *stage.hold_ms > 0)) {
        step.note(u"pause"_qs, u"a stage has one hold, here until promoted"_qs);
    }
    stage.hold_ms = time_ms && stage.hold_ms
                        ? std::optional(std::min(*stage.hold_ms + *time_ms, duration_ms_max))
                        : std::nullopt;
}

void ArgoSteps::setScale(ForeignMap &step) {
    ForeignMap scale = step.map(u"setCanaryScale"_qs);
    if (!scale) {
        return;
    }
    scale_path_ = scale.path();
    scale_.reset();
    const auto share = scale.count(u"weight"_qs, percent_max);
    const auto replicas = scale.count(u"replicas"_qs, targets_max);
    const bool matches = scale.boolean(u"matchTrafficWeight"_qs).value_or(false);
    if (share) {
        scale_ = static_cast<Weight>(*share * 100);
    } else if (replicas) {
        scale_ = static_cast<Weight>(std::min<qint64>(
            *replicas * full_weight / std::max<qint64>(replicas_, 1), full_weight));
    } else if (!matches) {
        step.note(u"setCanaryScale"_qs, u"it sets nothing"_qs);
    }
    scale.finish();
}

void ArgoSteps::finish() {
    if (scale_ && (stages_.empty() || *scale_ != stages_.back().weight)) {
        findings_.leave(scale_path_, percent(*scale_),
                        u"a stage updates as many nodes as it shifts traffic"_qs);
    }
    if (stages_.empty()) {
        return;
    }
    Stage &last = stages_.back();
    if (last.weight == full_weight && (!last.hold_ms || *last.hold_ms > 0)) {
        findings_.leave(last.path, percent(last.weight), u"no hold follows the last stage"_qs);
    }
    const auto checked = std::ranges::count_if(stages_, &Stage::checked);
    if (checked > 0 && static_cast<std::size_t>(checked) < stages_.size()) {
        findings_.leave(
            u"spec.strategy.canary.steps"_qs,
            QStringLiteral("%1 of %2 stages are analysed").arg(checked).arg(stages_.size()),
            u"a plan checks at every stage, each for the same bake time"_qs);
    }
}

Canary ArgoSteps::canary() const {
    Canary canary;
    canary.stages.clear();
    for (const Stage &stage : stages_) {
        canary.stages.push_back(stage.weight);
        canary.holds.push_back(stage.hold_ms);
    }
    if (canary.stages.back() == full_weight) {
        canary.holds.pop_back();
    } else {
        canary.stages.push_back(full_weight);
    }
    const bool alike =
        std::ranges::adjacent_find(canary.holds, std::ranges::not_equal_to()) == canary.holds.end();
    if (alike) {
        canary.hold_ms = canary.holds.empty() ? Millis{0} : canary.holds.front();
        canary.holds.clear();
    }
    return canary;
}

} // namespace aviary::plans
