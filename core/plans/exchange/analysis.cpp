// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plans/exchange/analysis.h"

#include <algorithm>

namespace aviary::plans {

using namespace kernel;

namespace {

constexpr Millis bake_default_ms = 60'000;
constexpr qint64 measurements_max = 1'000'000;

const YamlNode *find(const std::vector<const YamlNode *> &documents, const QString &name) {
    for (const YamlNode *document : documents) {
        const YamlNode *kind = document->find(u"kind"_qs);
        const YamlNode *metadata = document->find(u"metadata"_qs);
        const YamlNode *own = metadata ? metadata->find(u"name"_qs) : nullptr;
        if (kind && kind->text.endsWith(u"AnalysisTemplate") && own && own->text == name) {
            return document;
        }
    }
    return nullptr;
}

Millis timeOf(ForeignMap &map, const QString &key) {
    const QString text = map.text(key);
    const auto time = text.isEmpty() ? Result<ForeignDuration>() : goDuration(text);
    if (!time) {
        map.flaw(key, u"is "_qs + time.error().what, time.error().remedy);
        return 0;
    }
    return time->duration_ms;
}

} // namespace

void Analysis::read(ForeignMap &analysis) {
    named = true;
    for (ForeignMap &use : analysis.maps(u"templates"_qs)) {
        const QString name = use.text(u"templateName"_qs);
        use.take(u"clusterScope"_qs);
        use.finish();
        if (!read_.contains(name)) {
            read_.append(name);
            readTemplate(name, use.path());
        }
    }
    analysis.leave(u"args"_qs, u"arguments of queries that a plan does not ask"_qs);
    analysis.leave(u"dryRun"_qs, u"every judge of a plan counts"_qs);
    analysis.leave(u"measurementRetention"_qs, u"a rollout keeps all its evidence"_qs);
    bake_ms = bake_ms == 0 ? bake_default_ms : bake_ms;
}

void Analysis::readTemplate(const QString &name, const QString &path) {
    const YamlNode *document = find(documents_, name);
    if (!document) {
        findings_.leave(path, name,
                        u"the template is not in this file: the check bakes for 1 min and judges "
                        "by errors and latency of new and old"_qs);
        return;
    }
    findings_.leave(path, name,
                    u"its queries and conditions are not read: the check judges by errors and "
                    "latency of new and old, for as long as the template measures"_qs);
    ForeignMap spec = ForeignMap(document, {}, findings_).map(u"spec"_qs);
    Millis longest_ms = 0;
    for (ForeignMap &metric : spec.maps(u"metrics"_qs)) {
        readMetric(metric, longest_ms);
    }
    bake_ms = std::max(bake_ms, std::min(longest_ms, duration_ms_max));
}

// count measurements, interval apart, after initialDelay.
void Analysis::readMetric(ForeignMap &metric, Millis &longest_ms) {
    const auto count = metric.count(u"count"_qs, measurements_max);
    const Millis interval_ms = timeOf(metric, u"interval"_qs);
    const Millis delay_ms = timeOf(metric, u"initialDelay"_qs);
    if (!count && interval_ms > 0) {
        metric.note(u"interval"_qs, u"it measures for ever there; a check ends when it is sure"_qs);
    }
    const double whole_ms =
        double(delay_ms) + double(std::max<qint64>(count.value_or(1), 1) - 1) * double(interval_ms);
    longest_ms =
        std::max(longest_ms, Millis(std::min(whole_ms, static_cast<double>(duration_ms_max))));
}

} // namespace aviary::plans
