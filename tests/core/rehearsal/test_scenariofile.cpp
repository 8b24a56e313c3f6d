// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rehearsal/scenariofile.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace aviary;
using namespace aviary::rehearsal;

// Scenario files as a person writes them, what is said when they are wrong, and that nothing is
// lost.
class TestScenarioFile : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anEmptyMapHasTheDefaults();
    void everyMemberIsReadAndWritten();
    void theNamedOnesAreThere();
    void flaws_data();
    void flaws();
    void theSchemaKnowsEveryMember();
};

namespace {

Scenario read(const QByteArray &text) {
    const ScenarioReading reading = readScenario(text);
    for (const Flaw &flaw : reading.flaws) {
        qWarning("%d:%d %s", flaw.line, flaw.column, qPrintable(flaw.message));
    }
    return reading.scenario.value_or(Scenario{});
}

QStringList allowedBeside(const QByteArray &text) {
    for (const Flaw &flaw : readScenario(text).flaws) {
        if (flaw.field().endsWith(u"qqqqqq")) {
            QStringList names = flaw.allowed.split(QStringLiteral(", "));
            names.sort();
            return names;
        }
    }
    return {};
}

} // namespace

void TestScenarioFile::anEmptyMapHasTheDefaults() {
    QCOMPARE(read("{}\n"), Scenario{});
    QVERIFY(!readScenario("").scenario);
    QVERIFY(!readScenario("[calm]\n").scenario);
}

void TestScenarioFile::everyMemberIsReadAndWritten() {
    const Scenario scenario = read(R"(
format: aviary-scenario/1
name: mine
note: a note
start:
  latency: {median: 5 s, p95: 20 s}
  failed: 2 %
  refused: 0.5 %
  silent: 0.25 %
  slow: 3 %
  slow_times: 7
  stop: 2 s
  back: {median: 6 s, p95: 9 s}
  back_failed: 1 %
flapping: {nodes: 4 %, up_mean: 2 min, down_mean: 7 s}
sites:
  outages: {per_day: 0.5, length: {median: 10 min, p95: 1 h}}
  node_outages: {per_day: 1.25, length: 5 min}
  drains: {per_day: 2, length: 20 min}
router: {delay: 300 ms, refused: 0.1 %}
traffic:
  requests_per_s: 12.5
  day_shape: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23]
  begins_at: "22:30"
  errors: 0.2 %
  latency: {median: 50 ms, p95: 100 ms}
  node_requests_per_s_max: 40
  look: 0
hypotheses:
  - {name: good, weight: 70 %}
  - name: bad
    weight: 30 %
    errors_more: 2 %
    latency: 1.5
    leak_per_hour: 1 %
    leak_after: 10 min
    starts_fail_more: 5 %
    label: arch
    label_value: arm64
    label_fails: 90 %
operator: {answer: 15 min, away: 8 %, in_doubt: promote}
notice: 20 s
horizon: 2 d
)");
    QCOMPARE(scenario.start.latency, (Spread{5'000, 20'000}));
    QCOMPARE(scenario.start.stop, (Spread{2'000, 2'000})); // one time: always the same
    QCOMPARE(scenario.start.slow_times, 7U);
    QCOMPARE(scenario.sites.outages, (Trouble{0.5, {600'000, 3'600'000}}));
    QCOMPARE(scenario.traffic.day_shape.size(), 24U);
    QCOMPARE(scenario.traffic.day_shape.back(), 23U);
    QCOMPARE(scenario.traffic.begins_at_ms, 81'000'000);
    QCOMPARE(scenario.traffic.look_ms, 0);
    QCOMPARE(scenario.hypotheses[1], (Hypothesis{"bad", 300'000, 20'000, 150, 10'000, 600'000,
                                                 50'000, "arch", "arm64", 900'000}));
    QCOMPARE(int(scenario.person.in_doubt), int(Doubt::Promote));
    QCOMPARE(scenario.horizon_ms, 172'800'000);
    const Scenario defaults;
    QVERIFY(scenario.flapping != defaults.flapping && scenario.router != defaults.router);
    const QByteArray written = writeScenario(scenario);
    QCOMPARE(read(written), scenario);
    QCOMPARE(writeScenario(read(written)), written);
}

void TestScenarioFile::theNamedOnesAreThere() {
    const QStringList names = scenarioNames();
    QCOMPARE(names, QStringLiteral("calm flaky-site night peak").split(u' '));
    for (const QString &name : names) {
        const auto scenario = scenarioNamed(name);
        QVERIFY2(scenario.has_value(), qPrintable(name));
        QCOMPARE(QString::fromStdString(scenario->name), name);
        QVERIFY(!scenario->note.empty());
        QCOMPARE(scenario->hypotheses.size(), 4U);
        QCOMPARE(read(writeScenario(*scenario)), *scenario);
    }
    QVERIFY(scenarioNamed(QStringLiteral("night"))->person.away > 0);
    QVERIFY(!scenarioNamed(QStringLiteral("../calm")));
}

void TestScenarioFile::flaws_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("said");
    QTest::addColumn<int>("line");
    const auto row = [](const char *name, const QByteArray &text, const char *said, int line) {
        QTest::newRow(name) << text << QString::fromUtf8(said) << line;
    };
    row("unknown", "start: {latenci: 4 s}\n", "is \"latency\" meant?", 1);
    row("p95 alone", "start:\n  latency: {p95: 4 s}\n", "start.latency.median is missing", 2);
    row("p95 below the median", "start:\n  latency: {median: 4 s, p95: 1 s}\n", "below the median",
        2);
    row("no number", "traffic: {requests_per_s: .nan}\n", "requests_per_s is", 1);
    row("1e400", "traffic: {requests_per_s: 1e400}\n", "requests_per_s is", 1);
    row("negative", "traffic: {requests_per_s: -1}\n", "traffic.requests_per_s", 1);
    row("2^63", "horizon: 9223372036854775808 ms\n", "horizon is", 1);
    row("an age", "horizon: 400 d\n", "horizon", 1);
    row("a share over all", "start: {failed: 120 %}\n", "start.failed", 1);
    row("23 hours", "traffic: {day_shape: [1, 2, 3]}\n", "3 values", 1);
    row("half a percent", "traffic: {day_shape: [1.5]}\n", "no whole percentage", 1);
    row("a negative hour", "traffic: {day_shape: [-1]}\n", "no whole percentage", 1);
    row("no hypotheses", "hypotheses: []\n", "empty", 1);
    row("a hypothesis without a name", "hypotheses:\n  - {weight: 5 %}\n", "name", 2);
    row("the same name twice", "hypotheses:\n  - {name: a}\n  - {name: a}\n", "twice", 3);
    row("no weight at all", "hypotheses: [{name: a, weight: 0}]\n", "weight", 1);
    row("a word that is none", "operator: {in_doubt: panic}\n", "in_doubt is \"panic\"", 1);
    row("another format", "format: aviary-plan/1\n", "format is \"aviary-plan/1\"", 1);
    row("deep", QByteArray(1'000, '[') + QByteArray(1'000, ']') + "\n", "deeply", 1);
    row("an alias", "name: &a x\nnote: *a\n", "anchors", 1);
}

void TestScenarioFile::flaws() {
    QFETCH(QByteArray, text);
    QFETCH(QString, said);
    QFETCH(int, line);
    const ScenarioReading reading = readScenario(text);
    QVERIFY(!reading.scenario);
    bool matched = false;
    QStringList found;
    for (const Flaw &flaw : reading.flaws) {
        found.append(flaw.message + QStringLiteral(" at %1").arg(flaw.line));
        matched = matched || (flaw.message.contains(said) && flaw.line == line);
        QVERIFY(!flaw.allowed.isEmpty());
    }
    QVERIFY2(matched, qPrintable(found.join(u'\n')));
}

void TestScenarioFile::theSchemaKnowsEveryMember() {
    QFile file(QStringLiteral(AVIARY_SOURCE_DIR "/resources/schemas/scenario.schema.json"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QJsonObject schema = QJsonDocument::fromJson(file.readAll()).object();
    const QJsonObject parts = schema[u"$defs"].toObject();
    const auto membersOf = [](const QJsonObject &part) {
        return part[u"properties"].toObject().keys();
    };
    QCOMPARE(membersOf(schema), allowedBeside("qqqqqq: 1\n"));
    for (const char *part : {"start", "flapping", "sites", "router", "traffic", "operator"}) {
        QCOMPARE(membersOf(parts[QString::fromLatin1(part)].toObject()),
                 allowedBeside(QByteArray(part) + ": {qqqqqq: 1}\n"));
    }
    QCOMPARE(membersOf(parts[u"hypothesis"].toObject()),
             allowedBeside("hypotheses: [{name: a, qqqqqq: 1}]\n"));
    QCOMPARE(membersOf(parts[u"trouble"].toObject()),
             allowedBeside("sites: {outages: {qqqqqq: 1}}\n"));
}

QTEST_GUILESS_MAIN(TestScenarioFile)
#include "test_scenariofile.moc"
