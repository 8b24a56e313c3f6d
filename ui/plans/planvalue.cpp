// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plans/planvalue.h"

#include "core/api/presentation.h"
#include "core/kernel/analysis/detectable.h"
#include "core/kernel/rollout/step.h"
#include "core/plans/documentedit.h"
#include "core/support/words.h"

#include <QCoreApplication>

#include <cmath>

namespace aviary {

using namespace kernel;
using namespace Qt::Literals;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(aviary::Plans)
};

constexpr double power = 0.8; // a check "sees" what it finds four times in five
constexpr std::size_t faults_shown_max = 25;

QStringList path(const char *text) {
    return QString::fromLatin1(text).split(u'.');
}

void addStrategy(const QString &kind, std::vector<PlanField> &fields) {
    fields.push_back({path("strategy.kind"),
                      Words::tr("Strategy"),
                      {},
                      u"rolling"_qs,
                      {u"rolling"_qs, u"canary"_qs, u"blue-green"_qs, u"feature-flag"_qs},
                      false,
                      {}});
    const auto add = [&fields](const char *at, const QString &label, const QString &placeholder,
                               bool list = false) {
        fields.push_back({path(at), label, {}, placeholder, {}, list, {}});
    };
    if (kind == u"canary") {
        add("strategy.stages", Words::tr("Stages"), u"10 %, 25 %, 50 %, 100 %"_qs, true);
        add("strategy.bake", Words::tr("Bake"), u"1 min"_qs);
        add("strategy.hold", Words::tr("Hold"), u"until promoted"_qs);
    } else if (kind == u"blue-green" || kind == u"blue_green") {
        add("strategy.warm_up", Words::tr("Warm up"), u"0"_qs);
        add("strategy.retire_delay", Words::tr("Retire the old after"), u"30 s"_qs);
    } else if (kind == u"feature-flag" || kind == u"feature_flag") {
        add("strategy.initial_rollout", Words::tr("First share"), u"0 %"_qs);
        add("strategy.ramp", Words::tr("Ramp"), Words::tr("what a person sets"), true);
        add("strategy.bake", Words::tr("Bake"), u"0"_qs);
    } else {
        add("strategy.delay", Words::tr("Between waves"), u"5 s"_qs);
    }
}

void addPolicy(std::vector<PlanField> &fields) {
    const auto add = [&fields](const char *at, const QString &label, const QString &placeholder,
                               const QStringList &choices = {}) {
        fields.push_back({path(at), label, {}, placeholder, choices, false, {}});
    };
    add("policy.max_parallel", Words::tr("At once"), u"1"_qs);
    add("policy.max_unavailable", Words::tr("Down at once, a site"), Words::tr("as many"));
    add("policy.max_load", Words::tr("Load of a node, times"), u"2"_qs);
    add("policy.min_healthy", Words::tr("Healthy for"), u"10 s"_qs);
    add("policy.healthy_deadline", Words::tr("Healthy within"), u"5 min"_qs);
    add("policy.on_failure", Words::tr("On failure"), u"rollback"_qs,
        {u"rollback"_qs, u"stop"_qs, u"continue"_qs});
}

// A check's traffic: requests to each side until its bake time is over.
std::uint64_t requestsOf(double requests_per_s, double share, Millis bake_ms) {
    return static_cast<std::uint64_t>(requests_per_s * share * static_cast<double>(bake_ms) /
                                      1'000.0);
}

} // namespace

std::vector<PlanField> fieldsOf(const plans::YamlNode &document, const Flaws &flaws) {
    std::vector<PlanField> fields{
        {path("service"), Words::tr("Service"), {}, {}, {}, false, {}},
        {path("from"), Words::tr("From"), {}, Words::tr("first deployment"), {}, false, {}},
        {path("to"), Words::tr("Revision"), {}, {}, {}, false, {}}};
    addStrategy(plans::memberText(document, path("strategy")), fields);
    addPolicy(fields);
    fields.push_back(
        {path("targets"), Words::tr("Targets"), {}, Words::tr("every online node"), {}, true, {}});
    for (PlanField &field : fields) {
        const bool kind = field.path == path("strategy.kind");
        field.text = plans::memberText(document, kind ? path("strategy") : field.path);
        for (const Flaw &flaw : flaws) {
            const QString at = flaw.field();
            const QString own = field.path.join(u'.');
            if (at == own || at.startsWith(own + u'[') || at.startsWith(own + u'.')) {
                field.fault = flaw.message;
            }
        }
    }
    return fields;
}

std::vector<PlanFault> faultsOf(const Flaws &flaws) {
    std::vector<PlanFault> faults;
    for (const Flaw &flaw : flaws) {
        if (faults.size() == faults_shown_max) {
            break;
        }
        QString text = boundedText(flaw.message, 300);
        if (!flaw.allowed.isEmpty()) {
            text = Words::tr("%1. Allowed: %2").arg(text, boundedText(flaw.allowed, 200));
        }
        if (flaw.line > 0) {
            text = Words::tr("line %1: %2").arg(QString::number(flaw.line), text);
        }
        faults.push_back({flaw.line, flaw.column, text});
    }
    return faults;
}

StepTrackValue trackOf(const Plan &plan, const std::map<std::size_t, QString> &notes) {
    StepTrackValue track;
    track.now = Sign::Draft;
    const State state = begin(plan);
    const std::vector<api::StepRow> rows = api::stepRows(plan, state, {});
    for (std::size_t i = 0; i < rows.size(); ++i) {
        TrackStep step;
        step.label = rows[i].text;
        if (rows[i].expected_ms > 0) {
            step.expected_ms = rows[i].expected_ms;
        }
        if (const auto note = notes.find(i); note != notes.end()) {
            step.note = note->second;
        }
        if (rows[i].weight >= 0) {
            step.group = Words::tr("Stage %1").arg(percentText(rows[i].weight));
        }
        track.steps.push_back(std::move(step));
    }
    return track;
}

std::map<std::size_t, QString> sightsOf(const Plan &plan, double requests_per_s,
                                        double error_rate) {
    std::map<std::size_t, QString> notes;
    Weight weight = 0;
    for (std::size_t i = 0; i < plan.steps.size(); ++i) {
        if (const auto *shift = std::get_if<ShiftStep>(&plan.steps[i])) {
            weight = shift->weight;
        }
        const auto *check = std::get_if<CheckStep>(&plan.steps[i]);
        if (!check) {
            continue;
        }
        const double share = static_cast<double>(weight) / full_weight;
        for (std::uint32_t judge = check->judges_begin; judge < check->judges_end; ++judge) {
            const auto *not_worse = std::get_if<NotWorse>(&plan.judges[judge]);
            if (!not_worse) {
                continue;
            }
            const auto rise = detectableRise(
                *not_worse, error_rate, requestsOf(requests_per_s, share, check->bake_ms),
                requestsOf(requests_per_s, 1 - share, check->bake_ms), power);
            notes[i] = rise ? Words::tr("sees +%1").arg(rateText(*rise, 1)) : Words::tr("blind");
        }
    }
    return notes;
}

QStringList planTemplates() {
    return {u"canary"_qs,      u"canary, one stage"_qs,     u"canary, traffic only"_qs,
            u"rolling"_qs,     u"rolling, traffic only"_qs, u"blue-green"_qs,
            u"feature-flag"_qs};
}

QString planTemplate(const QString &name) {
    static const std::map<QString, QString> strategies{
        {u"canary"_qs, u"  kind: canary\n  stages: [10 %, 25 %, 50 %, 100 %]\n"
                       "  bake: 5 min        # how long each check looks\n"
                       "  hold: until promoted\n"_qs},
        {u"canary, one stage"_qs, u"  kind: canary\n  canary_percent: 10 %  # then the rest\n"
                                  "  bake: 5 min\n  hold: until promoted\n"_qs},
        {u"canary, traffic only"_qs,
         u"  kind: canary\n  traffic_only: true  # both revisions run everywhere already\n"
         "  initial: 10 %\n  step: 20 %\n  max_steps: 5\n  bake: 5 min\n"_qs},
        {u"rolling"_qs, u"  kind: rolling\n  delay: 5 s\n"_qs},
        {u"rolling, traffic only"_qs,
         u"  kind: rolling\n  traffic_only: true  # both revisions run everywhere already\n"
         "  batch_count: 4\n  pause: 1 min\n"_qs},
        {u"blue-green"_qs, u"  kind: blue-green\n  warm_up: 0\n  retire_delay: 30 s\n"_qs},
        {u"feature-flag"_qs,
         u"  kind: feature-flag\n  ramp: [5 %, 25 %, 100 %]\n  bake: 5 min\n"_qs}};
    const auto strategy = strategies.find(name);
    return u"format: aviary-plan/1\nservice: my-service\nfrom: v1\nto: v2\nstrategy:\n"_qs +
           (strategy == strategies.end() ? QString() : strategy->second) +
           u"policy:\n  max_parallel: 4\n  on_failure: rollback\n"_qs;
}

QStringList planWords() {
    QStringList words{u"format: aviary-plan/1"_qs,
                      u"service:"_qs,
                      u"from:"_qs,
                      u"to:"_qs,
                      u"strategy:"_qs,
                      u"policy:"_qs,
                      u"judges:"_qs,
                      u"targets:"_qs,
                      u"mode: beside"_qs,
                      u"mode: in_place"_qs,
                      u"kind: rolling"_qs,
                      u"kind: canary"_qs,
                      u"kind: blue-green"_qs,
                      u"kind: feature-flag"_qs,
                      u"stages: [10 %, 25 %, 50 %, 100 %]"_qs,
                      u"bake: 5 min"_qs,
                      u"holds: [until promoted, 10 min, 1 h]"_qs,
                      u"hold: until promoted"_qs,
                      u"delay: 5 s"_qs,
                      u"warm_up: 0"_qs,
                      u"retire_delay: 30 s"_qs,
                      u"ramp: [100 %]"_qs,
                      u"max_parallel:"_qs,
                      u"max_unavailable:"_qs,
                      u"max_load: 2"_qs,
                      u"min_healthy: 10 s"_qs,
                      u"healthy_deadline: 5 min"_qs,
                      u"progress_deadline: 10 min"_qs,
                      u"retries: 0"_qs,
                      u"success_threshold: 95 %"_qs,
                      u"on_failure: rollback"_qs,
                      u"on_failure: stop"_qs,
                      u"on_failure: continue"_qs,
                      u"auto_promote: false"_qs,
                      u"auto_revert: false"_qs,
                      u"catch_up: ask"_qs,
                      u"service_definition:"_qs};
    words.sort();
    return words;
}

} // namespace aviary
