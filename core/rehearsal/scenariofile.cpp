// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rehearsal/scenariofile.h"

#include "core/plans/planfile.h"
#include "core/plans/section.h"

#include <QFile>
#include <QTime>

#include <array>

// Q_INIT_RESOURCE wants to stand outside of every namespace.
static void initScenarios() {
    Q_INIT_RESOURCE(scenarios);
}

namespace aviary::rehearsal {

namespace {

using plans::Section;
using plans::YamlNode;

constexpr QLatin1StringView format_word("aviary-scenario/1");
constexpr std::array names = {QLatin1StringView("calm"), QLatin1StringView("flaky-site"),
                              QLatin1StringView("night"), QLatin1StringView("peak")};

// Reads the map at `key` with `read(section)`; absent leaves everything as it is.
template <class Read>
void part(Section &section, const QString &key, Flaws &flaws, Read read) {
    if (const YamlNode *node = section.take(key); node) {
        Section inner(*node, section.fieldOf(key), flaws);
        read(inner);
        inner.finish();
    }
}

// A map with both, or one time for both.
void readSpread(Section &section, const QString &key, Spread &spread, Flaws &flaws) {
    if (const YamlNode *node = section.take(key); node && node->kind == YamlNode::Kind::Scalar) {
        section.duration(key, spread.median_ms);
        spread.p95_ms = spread.median_ms;
        return;
    }
    part(section, key, flaws, [&spread](Section &inner) {
        for (const QString &member : {u"median"_qs, u"p95"_qs}) {
            if (!inner.has(member)) {
                inner.flaw(member, u"is missing"_qs, u"median and p95, or one time for both"_qs);
            }
        }
        inner.duration(u"median"_qs, spread.median_ms);
        inner.duration(u"p95"_qs, spread.p95_ms);
    });
}

void readTrouble(Section &section, const QString &key, Trouble &trouble, Flaws &flaws) {
    part(section, key, flaws, [&](Section &inner) {
        inner.number(u"per_day"_qs, trouble.per_day);
        readSpread(inner, u"length"_qs, trouble.length, flaws);
    });
}

void readStart(Section &section, Start &start, Flaws &flaws) {
    readSpread(section, u"latency"_qs, start.latency, flaws);
    section.share(u"failed"_qs, start.failed);
    section.share(u"refused"_qs, start.refused);
    section.share(u"silent"_qs, start.silent);
    section.share(u"slow"_qs, start.slow);
    section.count(u"slow_times"_qs, start.slow_times);
    readSpread(section, u"stop"_qs, start.stop, flaws);
    readSpread(section, u"back"_qs, start.back, flaws);
    section.share(u"back_failed"_qs, start.back_failed);
}

// "22:30", or a time since midnight.
void readClock(Section &section, const QString &key, Millis &value) {
    const YamlNode *node = section.take(key);
    if (!node) {
        return;
    }
    if (const QTime clock = QTime::fromString(node->text, u"h:mm"_qs); clock.isValid()) {
        value = clock.msecsSinceStartOfDay();
    } else {
        section.duration(key, value);
    }
}

void readShape(Section &section, std::vector<std::uint32_t> &shape) {
    const QString key = u"day_shape"_qs;
    if (!section.has(key)) {
        section.take(key);
        return;
    }
    std::vector<double> percents;
    section.numbers(key, percents);
    shape.clear();
    for (const double percent : percents) {
        const bool fits = percent >= 0.0 && percent <= 10'000.0;
        const auto whole = fits ? static_cast<std::uint32_t>(percent) : 0U;
        if (static_cast<double>(whole) != percent) {
            return section.flaw(key, u"has a value that is no whole percentage"_qs,
                                u"24 values from 0 to 10000, 100 for the mean of the day"_qs);
        }
        shape.push_back(whole);
    }
}

void readTraffic(Section &section, Traffic &traffic, Flaws &flaws) {
    section.number(u"requests_per_s"_qs, traffic.requests_per_s);
    readShape(section, traffic.day_shape);
    readClock(section, u"begins_at"_qs, traffic.begins_at_ms);
    section.share(u"errors"_qs, traffic.errors);
    readSpread(section, u"latency"_qs, traffic.latency, flaws);
    section.number(u"node_requests_per_s_max"_qs, traffic.node_requests_per_s_max);
    section.duration(u"look"_qs, traffic.look_ms);
}

Hypothesis readHypothesis(const YamlNode &node, const QString &field, Flaws &flaws) {
    Hypothesis hypothesis;
    hypothesis.name.clear();
    Section section(node, field, flaws);
    section.text(u"name"_qs, hypothesis.name);
    section.share(u"weight"_qs, hypothesis.weight);
    section.share(u"errors_more"_qs, hypothesis.errors_more);
    section.times(u"latency"_qs, hypothesis.latency_percent);
    section.share(u"leak_per_hour"_qs, hypothesis.leak_per_hour);
    section.duration(u"leak_after"_qs, hypothesis.leak_after_ms);
    section.share(u"starts_fail_more"_qs, hypothesis.starts_fail_more);
    section.text(u"label"_qs, hypothesis.label);
    section.text(u"label_value"_qs, hypothesis.label_value);
    section.share(u"label_fails"_qs, hypothesis.label_fails);
    section.finish();
    return hypothesis;
}

void readHypotheses(Section &top, std::vector<Hypothesis> &hypotheses, Flaws &flaws) {
    const YamlNode *list = top.take(u"hypotheses"_qs);
    if (!list) {
        return;
    }
    if (list->kind != YamlNode::Kind::List || list->items.empty() ||
        list->items.size() > hypotheses_max) {
        top.flaw(u"hypotheses"_qs, u"is no list, empty or too long"_qs,
                 QStringLiteral("1 to %1 of them").arg(hypotheses_max));
        return;
    }
    hypotheses.clear();
    for (std::size_t i = 0; i < list->items.size(); ++i) {
        hypotheses.push_back(
            readHypothesis(list->items[i], QStringLiteral("hypotheses[%1]").arg(i), flaws));
    }
}

void readMembers(Section &top, Scenario &scenario, Flaws &flaws) {
    top.text(u"name"_qs, scenario.name);
    top.text(u"note"_qs, scenario.note);
    part(top, u"start"_qs, flaws,
         [&](Section &section) { readStart(section, scenario.start, flaws); });
    part(top, u"flapping"_qs, flaws, [&](Section &section) {
        section.share(u"nodes"_qs, scenario.flapping.nodes);
        section.duration(u"up_mean"_qs, scenario.flapping.up_mean_ms);
        section.duration(u"down_mean"_qs, scenario.flapping.down_mean_ms);
    });
    part(top, u"sites"_qs, flaws, [&](Section &section) {
        readTrouble(section, u"outages"_qs, scenario.sites.outages, flaws);
        readTrouble(section, u"node_outages"_qs, scenario.sites.node_outages, flaws);
        readTrouble(section, u"drains"_qs, scenario.sites.drains, flaws);
    });
    part(top, u"router"_qs, flaws, [&](Section &section) {
        readSpread(section, u"delay"_qs, scenario.router.delay, flaws);
        section.share(u"refused"_qs, scenario.router.refused);
    });
    part(top, u"traffic"_qs, flaws,
         [&](Section &section) { readTraffic(section, scenario.traffic, flaws); });
    readHypotheses(top, scenario.hypotheses, flaws);
    part(top, u"operator"_qs, flaws, [&](Section &section) {
        readSpread(section, u"answer"_qs, scenario.person.answer, flaws);
        section.share(u"away"_qs, scenario.person.away);
        section.word(u"in_doubt"_qs, scenario.person.in_doubt,
                     {Doubt::Promote, Doubt::RollBack, Doubt::Retry});
    });
    top.duration(u"notice"_qs, scenario.notice_ms);
    top.duration(u"horizon"_qs, scenario.horizon_ms);
}

} // namespace

ScenarioReading readScenario(const QByteArray &text) {
    ScenarioReading reading;
    const auto root = plans::readYaml(text);
    if (!root) {
        reading.flaws.push_back(plans::flawOfDocument(root.error()));
        return reading;
    }
    Scenario scenario;
    Section top(*root, {}, reading.flaws);
    if (root->kind == YamlNode::Kind::Map) {
        const YamlNode *format = top.take(u"format"_qs);
        if (format && format->text != format_word) {
            top.flaw(u"format"_qs, QStringLiteral("is \"%1\"").arg(format->text.left(40)),
                     QString(format_word));
        }
        readMembers(top, scenario, reading.flaws);
        top.finish();
    }
    if (reading.flaws.empty()) {
        reading.flaws = plans::flawsOf(problemsOf(scenario), *root);
    }
    if (reading.flaws.empty()) {
        reading.scenario = std::move(scenario);
    }
    return reading;
}

QStringList scenarioNames() {
    return {names.begin(), names.end()};
}

std::optional<Scenario> scenarioNamed(const QString &name) {
    if (!scenarioNames().contains(name)) {
        return std::nullopt;
    }
    initScenarios();
    QFile file(QStringLiteral(":/scenarios/%1.scenario.yaml").arg(name));
    return file.open(QIODevice::ReadOnly) ? readScenario(file.readAll()).scenario : std::nullopt;
}

} // namespace aviary::rehearsal
