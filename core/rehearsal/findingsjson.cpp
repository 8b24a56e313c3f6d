// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/fieldsjson.h"
#include "core/rehearsal/scenariofile.h"
#include "core/rehearsal/telling.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace aviary::rehearsal {

namespace {

QString text(std::string_view utf8) {
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

QJsonObject totalsOf(const Answers &answers) {
    QJsonArray weights;
    for (const HypothesisAnswer &one : answers.hypotheses) {
        weights.append(QJsonObject{{u"name"_qs, text(one.name)}, {u"weight"_qs, one.weight}});
    }
    QJsonArray endings;
    for (std::size_t i = 0; i < ending_count; ++i) {
        const auto ending = static_cast<Ending>(i);
        const Total total = totalOf(answers, ending, assumedWeights(answers));
        endings.append(QJsonObject{{u"ending"_qs, text(nameOf(ending))},
                                   {u"share"_qs, total.share},
                                   {u"low"_qs, total.low},
                                   {u"high"_qs, total.high}});
    }
    return {{u"assumed_weights"_qs, weights}, {u"endings"_qs, endings}};
}

QJsonObject toJson(const Findings::OfPlan &one) {
    QJsonArray steps;
    for (const kernel::Step &step : one.plan->steps) {
        steps.append(text(kernel::toText(step)));
    }
    QJsonArray sites;
    for (const kernel::Site &site : one.plan->sites) {
        sites.append(text(site.name));
    }
    return {{u"name"_qs, one.name},
            {u"service"_qs, text(one.plan->service)},
            {u"from"_qs, text(one.plan->revisions[one.plan->from])},
            {u"to"_qs, text(one.plan->revisions[one.plan->to])},
            {u"nodes"_qs, static_cast<qint64>(one.plan->active)},
            {u"steps"_qs, steps},
            {u"sites"_qs, sites},
            {u"answers"_qs, QJsonDocument::fromJson(toJson(one.answers)).object()},
            {u"totals"_qs, totalsOf(one.answers)}};
}

QJsonArray toJson(const std::vector<Difference> &differences) {
    QJsonArray list;
    for (const Difference &one : differences) {
        list.append(record::toObject(one));
    }
    return list;
}

QJsonObject toJson(const Change &change) {
    return {{u"kind"_qs, text(nameOf(change.kind))},
            {u"words"_qs, text(change.words)},
            {u"caught_before"_qs, change.caught_before},
            {u"caught_after"_qs, change.caught_after},
            {u"failed_before"_qs, change.failed_before},
            {u"failed_after"_qs, change.failed_after},
            {u"completes_before"_qs, change.completes_before},
            {u"completes_after"_qs, change.completes_after},
            {u"median_before_ms"_qs, static_cast<qint64>(change.median_before_ms)},
            {u"median_after_ms"_qs, static_cast<qint64>(change.median_after_ms)},
            {u"hypothesis"_qs, text(change.hypothesis)}};
}

QJsonObject toJson(const Advice &advice) {
    QJsonArray tried;
    for (const Change &change : advice.tried) {
        tried.append(toJson(change));
    }
    return {{u"helps"_qs, advice.helps}, {u"tried"_qs, tried}};
}

} // namespace

QByteArray toJson(const Findings &findings) {
    QJsonArray plans;
    for (const Findings::OfPlan &one : findings.plans) {
        plans.append(toJson(one));
    }
    QJsonArray differences;
    for (const std::vector<Difference> &one : findings.differences) {
        differences.append(toJson(one));
    }
    QJsonObject object{{u"format"_qs, u"aviary-rehearsal/1"_qs},
                       {u"fleet"_qs, findings.fleet},
                       {u"scenario"_qs, text(findings.scenario.name)},
                       {u"scenario_yaml"_qs, QString::fromUtf8(writeScenario(findings.scenario))},
                       {u"presumed"_qs, QJsonArray::fromStringList(findings.presumed)},
                       {u"plans"_qs, plans},
                       {u"differences"_qs, differences}};
    if (findings.advice) {
        object.insert(u"advice"_qs, toJson(*findings.advice));
    }
    return QJsonDocument(object).toJson(QJsonDocument::Indented);
}

} // namespace aviary::rehearsal
