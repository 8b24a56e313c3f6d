// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plans/units.h"
#include "core/plans/yaml.h"
#include "core/rehearsal/scenariofile.h"

#include <QLocale>
#include <QTime>

namespace aviary::rehearsal {

namespace {

using plans::plain;
using plans::put;
using plans::YamlNode;

YamlNode duration(Millis value) {
    return plain(QString::fromStdString(kernel::durationText(value)));
}
YamlNode share(Ppm value) {
    return plain(plans::shareText(value));
}
YamlNode real(double value) {
    return plain(QString::number(value, 'g', QLocale::FloatingPointShortest));
}
YamlNode count(std::uint64_t value) {
    return plain(QString::number(value));
}
YamlNode text(const std::string &value) {
    return plans::scalar(QString::fromStdString(value));
}

YamlNode spread(const Spread &spread) {
    YamlNode map;
    put(map, u"median"_qs, duration(spread.median_ms));
    put(map, u"p95"_qs, duration(spread.p95_ms));
    return map;
}

YamlNode trouble(const Trouble &trouble) {
    YamlNode map;
    put(map, u"per_day"_qs, real(trouble.per_day));
    put(map, u"length"_qs, spread(trouble.length));
    return map;
}

YamlNode start(const Start &start) {
    YamlNode map;
    put(map, u"latency"_qs, spread(start.latency));
    put(map, u"failed"_qs, share(start.failed));
    put(map, u"refused"_qs, share(start.refused));
    put(map, u"silent"_qs, share(start.silent));
    put(map, u"slow"_qs, share(start.slow));
    put(map, u"slow_times"_qs, count(start.slow_times));
    put(map, u"stop"_qs, spread(start.stop));
    put(map, u"back"_qs, spread(start.back));
    put(map, u"back_failed"_qs, share(start.back_failed));
    return map;
}

YamlNode flapping(const Flapping &flapping) {
    YamlNode map;
    put(map, u"nodes"_qs, share(flapping.nodes));
    put(map, u"up_mean"_qs, duration(flapping.up_mean_ms));
    put(map, u"down_mean"_qs, duration(flapping.down_mean_ms));
    return map;
}

YamlNode sites(const Sites &sites) {
    YamlNode map;
    put(map, u"outages"_qs, trouble(sites.outages));
    put(map, u"node_outages"_qs, trouble(sites.node_outages));
    put(map, u"drains"_qs, trouble(sites.drains));
    return map;
}

YamlNode router(const Router &router) {
    YamlNode map;
    put(map, u"delay"_qs, spread(router.delay));
    put(map, u"refused"_qs, share(router.refused));
    return map;
}

YamlNode clock(Millis since_midnight_ms) {
    constexpr Millis minute_ms = 60'000;
    if (since_midnight_ms % minute_ms != 0) {
        return duration(since_midnight_ms);
    }
    const QTime time = QTime::fromMSecsSinceStartOfDay(static_cast<int>(since_midnight_ms));
    return plans::scalar(time.toString(u"hh:mm"_qs));
}

YamlNode traffic(const Traffic &traffic) {
    YamlNode map;
    put(map, u"requests_per_s"_qs, real(traffic.requests_per_s));
    if (!traffic.day_shape.empty()) {
        YamlNode list;
        list.kind = YamlNode::Kind::List;
        for (const std::uint32_t percent : traffic.day_shape) {
            list.items.push_back(count(percent));
        }
        put(map, u"day_shape"_qs, std::move(list));
    }
    put(map, u"begins_at"_qs, clock(traffic.begins_at_ms));
    put(map, u"errors"_qs, share(traffic.errors));
    put(map, u"latency"_qs, spread(traffic.latency));
    put(map, u"node_requests_per_s_max"_qs, real(traffic.node_requests_per_s_max));
    put(map, u"look"_qs, duration(traffic.look_ms));
    return map;
}

YamlNode hypothesis(const Hypothesis &hypothesis) {
    YamlNode map;
    put(map, u"name"_qs, text(hypothesis.name));
    put(map, u"weight"_qs, share(hypothesis.weight));
    put(map, u"errors_more"_qs, share(hypothesis.errors_more));
    put(map, u"latency"_qs, plain(plans::timesText(hypothesis.latency_percent)));
    put(map, u"leak_per_hour"_qs, share(hypothesis.leak_per_hour));
    put(map, u"leak_after"_qs, duration(hypothesis.leak_after_ms));
    put(map, u"starts_fail_more"_qs, share(hypothesis.starts_fail_more));
    if (!hypothesis.label.empty()) {
        put(map, u"label"_qs, text(hypothesis.label));
        put(map, u"label_value"_qs, text(hypothesis.label_value));
        put(map, u"label_fails"_qs, share(hypothesis.label_fails));
    }
    return map;
}

YamlNode person(const Operator &person) {
    YamlNode map;
    put(map, u"answer"_qs, spread(person.answer));
    put(map, u"away"_qs, share(person.away));
    const std::string_view doubt = nameOf(person.in_doubt);
    put(map, u"in_doubt"_qs, plain(QString::fromStdString(std::string(doubt))));
    return map;
}

} // namespace

QByteArray writeScenario(const Scenario &scenario) {
    YamlNode root;
    put(root, u"format"_qs, plain(u"aviary-scenario/1"_qs));
    put(root, u"name"_qs, text(scenario.name));
    if (!scenario.note.empty()) {
        put(root, u"note"_qs, text(scenario.note));
    }
    put(root, u"start"_qs, start(scenario.start));
    put(root, u"flapping"_qs, flapping(scenario.flapping));
    put(root, u"sites"_qs, sites(scenario.sites));
    put(root, u"router"_qs, router(scenario.router));
    put(root, u"traffic"_qs, traffic(scenario.traffic));
    YamlNode list;
    list.kind = YamlNode::Kind::List;
    for (const Hypothesis &one : scenario.hypotheses) {
        list.items.push_back(hypothesis(one));
    }
    put(root, u"hypotheses"_qs, std::move(list));
    put(root, u"operator"_qs, person(scenario.person));
    put(root, u"notice"_qs, duration(scenario.notice_ms));
    put(root, u"horizon"_qs, duration(scenario.horizon_ms));
    return plans::writeYaml(root);
}

} // namespace aviary::rehearsal
