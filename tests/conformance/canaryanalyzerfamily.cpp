// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernel/analysis/judge.h"
#include "tests/conformance/family.h"

#include <set>

// The judge that compares metrics within a tolerance.
namespace aviary::conformance {
namespace {

using namespace kernel;

std::set<QString> namesIn(const QCborMap &input) {
    std::set<QString> names;
    for (const auto &side : {u"baseline"_qs, u"canary"_qs}) {
        for (const auto &[name, value] : input.value(side).toMap()) {
            names.insert(name.toString());
        }
    }
    return names;
}

std::optional<double> metric(const QCborMap &input, const QString &side, const QString &name) {
    const QCborValue value = input.value(side)[name];
    return value.isDouble() || value.isInteger() ? std::optional(value.toDouble()) : std::nullopt;
}

QCborValue answer(const QCborMap &input) {
    Tolerance judge;
    judge.tolerance = input.value(u"metric_tolerance"_qs).toDouble(judge.tolerance);
    judge.promote_rate = input.value(u"promote_threshold"_qs).toDouble(judge.promote_rate);
    judge.rollback_rate = input.value(u"rollback_threshold"_qs).toDouble(judge.rollback_rate);
    std::vector<MetricPair> pairs;
    for (const QString &name : namesIn(input)) {
        const QCborValue own = input.value(u"tolerances"_qs)[name];
        judge.metrics.push_back(name.toStdString());
        judge.tolerances.push_back(own.isUndefined() ? judge.tolerance : own.toDouble());
        pairs.push_back({metric(input, u"baseline"_qs, name), metric(input, u"canary"_qs, name)});
    }
    const Verdict verdict = judgeTolerance(judge, pairs);
    QString decision = u"no data"_qs;
    if (verdict.ruling == Ruling::Pass) {
        decision = u"promote"_qs;
    } else if (verdict.ruling == Ruling::Fail) {
        decision = u"rollback"_qs;
    } else if (verdict.ruling == Ruling::Undecided) {
        decision = u"continue"_qs;
    }
    return QCborMap{{u"decision"_qs, decision}, {u"pass_rate"_qs, verdict.pass_rate}};
}

QCborValue decisionAndRate(const QCborValue &value) {
    return QCborMap{{u"decision"_qs, value[u"decision"_qs]},
                    {u"pass_rate"_qs, value[u"pass_rate"_qs]}};
}

bool misses(const QCborMap &input) {
    const auto names = namesIn(input);
    bool missing = names.empty();
    for (const QString &name : names) {
        missing =
            missing || !metric(input, u"baseline"_qs, name) || !metric(input, u"canary"_qs, name);
    }
    return missing;
}

} // namespace

Family canaryAnalyzerFamily() {
    return {u"canary_analyzer"_qs,
            answer,
            {{u"no metric, or one that is missing on a side, is no data"_qs,
              u"the reference analyzer's rules but for missing data"_qs, misses}},
            {},
            decisionAndRate};
}

} // namespace aviary::conformance
