// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plans/planfile.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

#include <rapidcheck.h>

using namespace aviary;
using namespace aviary::plans;
using namespace aviary::kernel;

// Plan files as a person writes them, what is said when they are wrong, and that nothing is lost.
class TestPlanFile : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aShortPlanHasTheDefaults();
    void everyMemberIsRead();
    void strategies_data();
    void strategies();
    void flaws_data();
    void flaws();
    void allFlawsAreFound();
    void compileSpeaksOfLines();
    void theDefinitionIsKept();
    void aCompiledPlanRoundTrips();
    void aBrokenCompiledPlanIsRefused();
    void whatIsTooLargeIsNotWritten();
    void anyRequestRoundTrips();
    void theSchemaKnowsEveryMember();
};

namespace {

PlanFile read(const QByteArray &text) {
    const PlanReading reading = readPlan(text);
    for (const Flaw &flaw : reading.flaws) {
        qWarning("%d:%d %s", flaw.line, flaw.column, qPrintable(flaw.message));
    }
    return reading.file.value_or(PlanFile{});
}

const PlanRequest &requestOf(const PlanFile &file) {
    return std::get<PlanRequest>(file.content);
}

QByteArray withStrategy(const QByteArray &strategy) {
    return "service: web\nto: v2\nstrategy: " + strategy + "\n";
}

} // namespace

void TestPlanFile::aShortPlanHasTheDefaults() {
    const PlanFile file = read("service: web\nfrom: v1\nto: 1.10\n");
    PlanRequest expected;
    expected.service = "web";
    expected.from = "v1";
    expected.to = "1.10"; // a revision's name is no number
    QCOMPARE(requestOf(file), expected);
    QVERIFY(!file.router_given);
    QVERIFY(file.service_definition.isEmpty());
}

void TestPlanFile::everyMemberIsRead() {
    const PlanFile file = read(R"(
format: aviary-plan/1
service: checkout-api
from: v41
to: v42
strategy:
  kind: canary
  stages: [10, 25 %, 50.5%, 100]
  bake: 5 min
  hold: until promoted
mode: in_place
router: weights
scope: site
policy:
  min_healthy: 10 s
  healthy_deadline: 4 min
  progress_deadline: 0
  retries: 2
  max_parallel: 4
  max_unavailable: 25 %
  max_load: 1.5
  success_threshold: 97.5 %
  on_failure: stop
  health_check: agent-states
  catch_up: auto
  auto_promote: true
  auto_revert: true
judges:
  - not_worse
  - {judge: health_share, threshold: 0.9}
  - judge: tolerance
    metrics: [p99, errors]
    tolerance: 0.2
    tolerances: [0.2, 0.05]
    promote_rate: 1
    rollback_rate: 0.25
check_limit: 1 h
latency_limit: 250 ms
needs: {capabilities: [gpu, arm64], memory_mib: 128, disk_mib: 10}
targets: [n1, "2"]
)");
    const PlanRequest &request = requestOf(file);
    const auto &canary = std::get<Canary>(request.strategy);
    QCOMPARE(canary, (Canary{{1'000, 2'500, 5'050, 10'000}, 300'000, std::nullopt}));
    QCOMPARE(int(request.mode.value()), int(UpdateMode::InPlace));
    QVERIFY(file.router_given);
    QCOMPARE(int(request.router), int(RouterKind::Weights));
    QCOMPARE(int(request.scope), int(RouterScope::Site));
    Policy policy;
    policy.healthy_deadline_ms = 240'000;
    policy.progress_deadline_ms = 0;
    policy.retries = 2;
    policy.max_parallel = 4;
    policy.max_unavailable = NodeLimit{25, true};
    policy.max_load_percent = 150;
    policy.success_threshold = 975'000;
    policy.on_failure = OnFailure::Stop;
    policy.health_check = HealthSource::AgentStates;
    policy.catch_up = CatchUp::Auto;
    policy.auto_promote = policy.auto_revert = true;
    QCOMPARE(request.policy, policy);
    QCOMPARE(request.judges.value(),
             (std::vector<Judge>{NotWorse{}, HealthShare{900'000},
                                 Tolerance{{"p99", "errors"}, 0.2, {0.2, 0.05}, 1.0, 0.25}}));
    QCOMPARE(request.check_limit_ms, 3'600'000);
    QCOMPARE(request.latency_limit_ms, 250);
    QCOMPARE(request.needs, (Needs{{"arm64", "gpu"}, 128, 10}));
    QCOMPARE(request.targets.value(), (std::vector<std::string>{"n1", "2"}));
}

Q_DECLARE_METATYPE(Strategy)

void TestPlanFile::strategies_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<Strategy>("expected");
    const auto row = [](const char *text, Strategy expected) {
        QTest::newRow(text) << QByteArray(text) << std::move(expected);
    };
    row("rolling", Rolling{});
    row("canary", Canary{});
    row("blue-green", BlueGreen{});
    row("blue_green", BlueGreen{});
    row("feature_flag", FeatureFlag{});
    row("{kind: rolling, delay: 0}", Rolling{0});
    row("{kind: rolling, traffic_only: true, batch_count: 7, pause: 1 s}",
        RollingTraffic{7, 1'000});
    row("{kind: canary, canary_percent: 5 %, hold: 3 min}", CanarySingle{500, 0, 60'000, 180'000});
    row("{kind: canary, canary_nodes: 3, bake: 0}", CanarySingle{1'000, 3, 0, std::nullopt});
    row("{kind: canary, stages: [10, 50, 100], holds: [until promoted, 10 s]}",
        Canary{{1'000, 5'000, 10'000}, 60'000, std::nullopt, {std::nullopt, 10'000}});
    row("{kind: canary, traffic_only: true, initial: 5, step: 2.5, max_steps: 3}",
        CanaryTraffic{500, 250, 3, 0, 0});
    row("{kind: blue-green, preview: true, warm_up: 1 min, retire_delay: 0}",
        BlueGreen{true, 60'000, 0});
    row("{kind: feature-flag, flag_name: dark, initial_rollout: 1, ramp: [5, 50], hold: 1 d}",
        FeatureFlag{"dark", 100, {500, 5'000}, 0, 86'400'000});
}

void TestPlanFile::strategies() {
    QFETCH(QByteArray, text);
    QFETCH(Strategy, expected);
    const PlanFile file = read(withStrategy(text));
    QVERIFY(requestOf(file).strategy == expected);
    const auto written = writePlan(file);
    QVERIFY(written.has_value());
    QCOMPARE(read(*written), file);
}

void TestPlanFile::flaws_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("message");
    QTest::addColumn<QString>("place");
    const auto row = [](const char *name, const QByteArray &text, const char *message,
                        const char *place) {
        QTest::newRow(name) << text << QString::fromUtf8(message) << QString::fromUtf8(place);
    };
    row("not a map", "- a\n", "this is no plan", "1:1");
    row("broken", "a: [\n", "this is no YAML", "2:1");
    row("no service", "to: v2\n", "service is missing", "1:1");
    row("mistyped key", "service: w\nto: v2\nstartegy: canary\n",
        "startegy is unknown; is \"strategy\" meant?", "3:11");
    row("mistyped policy", "service: w\nto: v2\npolicy:\n  max_paralel: 3\n",
        "policy.max_paralel is unknown; is \"max_parallel\" meant?", "4:16");
    row("unknown key", "service: w\nto: v2\nzzz: 1\n", "zzz is unknown", "3:6");
    row("mistyped strategy", withStrategy("canray"), "is \"canray\"; is \"canary\" meant?", "3:11");
    row("no strategy", withStrategy("{stages: [1]}"), "strategy.kind is missing", "3:11");
    row("strategy is a list", withStrategy("[canary]"), "strategy is no map", "3:11");
    row("policy is a word", "service: w\nto: v2\npolicy: strict\n", "policy is no map", "3:9");
    row("parameter of another strategy", withStrategy("{kind: rolling, stages: [1]}"),
        "strategy.stages is unknown", "3:35");
    row("both canaries", withStrategy("{kind: canary, stages: [100], canary_nodes: 3}"),
        "strategy.canary_nodes goes alone", "3:55");
    row("no unit", withStrategy("{kind: rolling, delay: 5}"),
        "strategy.delay is \"5\" is not understood", "3:34");
    row("stage is a word", withStrategy("{kind: canary, stages: [10, all]}"),
        "strategy.stages[1] is \"all\" is not understood", "3:39");
    row("hold", withStrategy("{kind: canary, hold: forever}"), "strategy.hold is not understood",
        "3:32");
    row("negative count", "service: w\nto: v2\npolicy: {retries: -1}\n",
        "policy.retries is \"-1\" is not understood", "3:19");
    row("count too large", "service: w\nto: v2\npolicy: {retries: 4294967296}\n",
        "policy.retries is \"4294967296\" is too large", "3:19");
    row("truth", "service: w\nto: v2\npolicy: {auto_promote: yes}\n",
        "policy.auto_promote is \"yes\"", "3:24");
    row("said twice", "service: w\nto: v2\npolicy: {on_failure: stop, rollback_on_error: true}\n",
        "policy.rollback_on_error says the same", "3:47");
    row("judge", "service: w\nto: v2\njudges: [{judge: best}]\n", "judges[0].judge is \"best\"",
        "3:18");
    row("nan", "service: w\nto: v2\njudges: [{judge: tolerance, metrics: [a], tolerance: nan}]\n",
        "judges[0].tolerance is \"nan\" is not understood", "3:54");
    row("targets", "service: w\nto: v2\ntargets: n1\n", "targets is no list", "3:10");
    row("another format", "format: aviary-plan/9\nservice: w\nto: v2\n",
        "format is \"aviary-plan/9\"", "1:9");
    row("definition", "service: w\nto: v2\nservice_definition: 3\n", "service_definition is no map",
        "3:21");
}

void TestPlanFile::flaws() {
    QFETCH(QByteArray, text);
    QFETCH(QString, message);
    QFETCH(QString, place);
    const PlanReading reading = readPlan(text);
    QVERIFY(!reading.file);
    QStringList found;
    bool matched = false;
    for (const Flaw &flaw : reading.flaws) {
        const QString at = QStringLiteral("%1:%2").arg(flaw.line).arg(flaw.column);
        found << flaw.message + u" at " + at;
        matched = matched || (flaw.message.contains(message) && at == place);
    }
    QVERIFY2(matched, qPrintable(found.join(u'\n')));
}

void TestPlanFile::allFlawsAreFound() {
    const PlanReading reading = readPlan("strategy: {kind: canary, bake: x, stages: [a, 10, b]}\n"
                                         "policy: {retries: -1, catch_up: maybe, colour: red}\n"
                                         "targets: 5\n");
    QStringList fields;
    for (const Flaw &flaw : reading.flaws) {
        QVERIFY(flaw.line > 0 && flaw.column > 0);
        QVERIFY(!flaw.allowed.isEmpty());
        fields << flaw.field();
    }
    fields.sort();
    QCOMPARE(fields.join(u' '),
             u"policy.catch_up policy.colour policy.retries service strategy.bake "
             "strategy.stages[0] strategy.stages[2] targets to"_qs);
    const Error error = toError(reading.flaws, u"web.plan.yaml"_qs);
    QVERIFY(error.what.contains(u"(line 2, column 19)"));
}

void TestPlanFile::compileSpeaksOfLines() {
    const PlanReading reading =
        readPlan("service: web\nto: v2\nstrategy:\n  kind: canary\n  stages:\n    - 10\n    - 5\n");
    QVERIFY(reading.file.has_value());
    Fleet fleet;
    fleet.nodes.emplace_back().id = "n0";
    const Compiled compiled = compile(requestOf(*reading.file), fleet);
    const Flaws flaws = flawsOf(std::get<std::vector<Problem>>(compiled), reading.document);
    QVERIFY(flaws.size() >= 2);
    for (const Flaw &flaw : flaws) {
        QCOMPARE(flaw.field(), u"strategy.stages[1]"_qs);
        QCOMPARE(flaw.line, 7);
        QCOMPARE(flaw.column, 7);
    }
}

void TestPlanFile::theDefinitionIsKept() {
    const QByteArray text = "service: web\nto: v2\nservice_definition:\n"
                            "  command: /opt/serve\n  args: [\"-v\", \"1.0\", '']\n"
                            "  port: 8080\n  ratio: 0.1\n  big: 9007199254740993\n"
                            "  env: {MODE: store, EMPTY: \"\", DEBUG: \"true\"}\n"
                            "  checks: [{kind: http, path: /health}]\n  none: null\n";
    const PlanFile file = read(text);
    const QJsonObject &kept = file.service_definition;
    QCOMPARE(kept[u"args"].toArray(), (QJsonArray{u"-v"_qs, u"1.0"_qs, u""_qs}));
    QCOMPARE(kept[u"big"].toInteger(), 9'007'199'254'740'993);
    QCOMPARE(kept[u"env"].toObject()[u"DEBUG"], QJsonValue(u"true"_qs));
    QVERIFY(kept[u"none"].isNull());
    QCOMPARE(read(*writePlan(file)), file);
}

void TestPlanFile::aCompiledPlanRoundTrips() {
    PlanRequest request;
    request.service = "web";
    request.from = "v1";
    request.to = "v2";
    request.router = RouterKind::Weights;
    request.strategy = Canary{};
    request.policy.success_threshold = 990'000;
    Fleet fleet;
    for (int i = 0; i < 7; ++i) {
        Node &node = fleet.nodes.emplace_back();
        node.id = "n" + std::to_string(i);
        node.site = i % 2 ? "a" : "b";
        node.revisions["web"] = "v1";
        node.flags.draining = i == 3;
    }
    PlanFile file;
    file.content = std::get<Plan>(compile(request, fleet));
    file.service_definition = {{u"command"_qs, u"serve"_qs}};
    const auto text = writePlan(file);
    QVERIFY(text.has_value());
    QCOMPARE(read(*text), file);
    QCOMPARE(*writePlan(read(*text)), *text);
}

void TestPlanFile::aBrokenCompiledPlanIsRefused() {
    QVERIFY(!readPlan("compiled: 3\n").file);
    const PlanReading reading = readPlan("compiled:\n  service: web\n");
    QVERIFY(!reading.file);
    QVERIFY(!reading.flaws.empty());
    QVERIFY(reading.flaws[0].line > 0);
    // Nothing beside it may contradict it.
    QVERIFY(!readPlan("compiled: {}\nservice: web\n").file);
}

void TestPlanFile::whatIsTooLargeIsNotWritten() {
    PlanFile file;
    PlanRequest request;
    request.service = "web";
    request.to = "v2";
    request.targets = std::vector<std::string>(500'000, "a-node-with-a-name");
    file.content = request;
    const auto text = writePlan(file);
    QVERIFY(!text);
    QVERIFY(text.error().remedy.contains(u"4 MiB"));
}

namespace {

std::string drawName() {
    const auto letters = rc::gen::container<std::string>(rc::gen::inRange<char>(33, 127));
    const std::string name = *letters;
    return name.empty() ? "x" : name;
}

std::optional<Millis> drawHold() {
    const auto time = *rc::gen::inRange<Millis>(-1, duration_ms_max);
    return time < 0 ? std::nullopt : std::optional(time);
}

Strategy drawStrategy() {
    const auto time = rc::gen::inRange<Millis>(0, duration_ms_max);
    const auto share = rc::gen::inRange<Weight>(0, 10'001);
    const auto count = rc::gen::arbitrary<std::uint32_t>();
    switch (*rc::gen::inRange(0, 7)) {
    case 0:
        return Rolling{*time};
    case 1:
        return RollingTraffic{*count, *time};
    case 2:
        return Canary{*rc::gen::container<std::vector<Weight>>(share), *time, drawHold(),
                      std::vector<std::optional<Millis>>{drawHold(), drawHold()}};
    case 3: {
        CanarySingle canary{1'000, 0, *time, drawHold()};
        if (*rc::gen::arbitrary<bool>()) {
            canary.nodes = *rc::gen::inRange(1U, 10'000U);
        } else {
            canary.percent = *share;
        }
        return canary;
    }
    case 4:
        return CanaryTraffic{*share, *share, *count, *time, drawHold()};
    case 5:
        return BlueGreen{*rc::gen::arbitrary<bool>(), *time, *time};
    default:
        return FeatureFlag{drawName(), *share, *rc::gen::container<std::vector<Weight>>(share),
                           *time, drawHold()};
    }
}

} // namespace

void TestPlanFile::anyRequestRoundTrips() {
    const bool holds = rc::check("what is written reads back as the same request", [] {
        PlanRequest request;
        request.service = drawName();
        request.from = *rc::gen::arbitrary<bool>() ? drawName() : "";
        request.to = drawName();
        request.strategy = drawStrategy();
        request.policy.max_parallel = *rc::gen::arbitrary<std::uint32_t>();
        request.policy.max_load_percent = *rc::gen::arbitrary<std::uint32_t>();
        request.policy.min_healthy_ms = *rc::gen::inRange<Millis>(0, duration_ms_max);
        if (*rc::gen::arbitrary<bool>()) {
            request.policy.max_unavailable =
                NodeLimit{*rc::gen::arbitrary<std::uint32_t>(), *rc::gen::arbitrary<bool>()};
            request.policy.success_threshold = *rc::gen::inRange<Ppm>(0, ppm_one + 1);
            request.judges = std::vector<Judge>{
                NotWorse{*rc::gen::inRange<Ppm>(0, ppm_one), 1, *rc::gen::inRange(0UL, 1UL << 62),
                         *rc::gen::arbitrary<bool>()},
                Tolerance{{drawName()}, *rc::gen::inRange(0, 1'000) / 512.0, {}, 0.9, 0.1}};
            request.targets = std::vector<std::string>{drawName(), drawName()};
            request.mode = *rc::gen::element(UpdateMode::Beside, UpdateMode::InPlace);
            request.needs.memory_mib = *rc::gen::inRange<std::int64_t>(0, 1L << 40);
        }
        PlanFile file;
        file.content = request;
        const auto text = writePlan(file);
        RC_ASSERT(text.has_value());
        const PlanReading reading = readPlan(*text);
        if (!reading.file) {
            RC_FAIL(reading.flaws[0].message.toStdString() + "\n" + text->toStdString());
        }
        RC_ASSERT(*reading.file == file);
        RC_ASSERT(*writePlan(*reading.file) == *text);
    });
    QVERIFY(holds);
}

namespace {

// The names that the reader lists as allowed when it meets one that it does not know.
QStringList allowedBeside(const QByteArray &text, const QString &unknown) {
    for (const Flaw &flaw : readPlan(text).flaws) {
        if (flaw.field().endsWith(unknown)) {
            QStringList names = flaw.allowed.split(u", "_qs);
            names.sort();
            return names;
        }
    }
    return {};
}

QStringList membersOf(const QJsonObject &schema) {
    QStringList names = schema[u"properties"].toObject().keys();
    names.sort();
    return names;
}

} // namespace

void TestPlanFile::theSchemaKnowsEveryMember() {
    QFile file(QStringLiteral(AVIARY_SOURCE_DIR "/resources/schemas/plan.schema.json"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QJsonParseError error;
    const QJsonObject schema = QJsonDocument::fromJson(file.readAll(), &error).object();
    QVERIFY2(!schema.isEmpty(), qPrintable(error.errorString()));
    const QJsonObject parts = schema[u"$defs"].toObject();

    QStringList top = allowedBeside("service: w\nto: v\nqqqqqq: 1\n", u"qqqqqq"_qs);
    top << u"compiled"_qs;
    top.sort();
    QCOMPARE(membersOf(schema), top);
    QCOMPARE(membersOf(parts[u"policy"].toObject()),
             allowedBeside("policy: {qqqqqq: 1}\n", u"qqqqqq"_qs));
    QCOMPARE(membersOf(parts[u"needs"].toObject()),
             allowedBeside("needs: {qqqqqq: 1}\n", u"qqqqqq"_qs));
    for (const char *judge : {"health_share", "not_worse", "tolerance"}) {
        QCOMPARE(membersOf(parts[QString::fromUtf8(judge)].toObject()),
                 allowedBeside(QByteArray("judges: [{judge: ") + judge + ", qqqqqq: 1}]\n",
                               u"qqqqqq"_qs));
    }
    const QMap<QString, QByteArray> strategies = {
        {u"rolling"_qs, "kind: rolling"},
        {u"rolling_traffic"_qs, "kind: rolling, traffic_only: true"},
        {u"canary"_qs, "kind: canary"},
        {u"canary_traffic"_qs, "kind: canary, traffic_only: true"},
        {u"blue_green"_qs, "kind: blue-green"},
        {u"feature_flag"_qs, "kind: feature-flag"}};
    for (auto it = strategies.begin(); it != strategies.end(); ++it) {
        QCOMPARE(membersOf(parts[it.key()].toObject()),
                 allowedBeside("strategy: {" + it.value() + ", qqqqqq: 1}\n", u"qqqqqq"_qs));
    }
}

QTEST_GUILESS_MAIN(TestPlanFile)
#include "test_planfile.moc"
