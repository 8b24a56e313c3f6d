// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plans/exchange/export.h"
#include "core/plans/exchange/import.h"

#include <QFile>
#include <QTest>

using namespace aviary;
using namespace aviary::plans;
using namespace aviary::kernel;

// Plans of other tools: what they mean to us, what is said to be lost, and what hostile ones do.
class TestExchange : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anArgoCanary();
    void anArgoBlueGreen();
    void argoWithoutARouterFollowsItsPods();
    void aDeployment();
    void aDeploymentThatRecreates();
    void aNomadJob();
    void aNomadSlotIsBlueGreen();
    void everySampleCompiles_data();
    void everySampleCompiles();
    void severalObjectsAskForAName();
    void nothingIsDroppedSilently();
    void hostile_data();
    void hostile();
    void hugeCountsStayInLimits();
    void exportsToArgo();
    void exportsToNomad();
    void aShareNeedsANumberOfNodes();
    void whatArgoTookComesBack();
};

namespace {

const QString samples = QStringLiteral(AVIARY_SOURCE_DIR "/resources/samples/import/");

QByteArray sample(const QString &name) {
    QFile file(samples + name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

Import read(const QByteArray &text, const ImportChoice &choice = {}) {
    const ImportReading reading = importPlan(text, choice);
    for (const Flaw &flaw : reading.flaws) {
        qWarning("%d:%d %s", flaw.line, flaw.column, qPrintable(flaw.message));
    }
    return reading.import.value_or(Import{});
}

const PlanRequest &requestOf(const Import &import) {
    return std::get<PlanRequest>(import.plan.content);
}

QString whyOf(const Import &import, const QString &path) {
    for (const Unmapped &one : import.unmapped) {
        if (one.path == path) {
            return one.why;
        }
    }
    return {};
}

QByteArray rollout(const QByteArray &strategy) {
    return "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: web}\nspec:\n"
           "  replicas: 10\n  template: {spec: {containers: [{image: 'r/web:2'}]}}\n"
           "  strategy: {" +
           strategy + "}\n";
}

QByteArray deployment(const QByteArray &spec) {
    return "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n"
           "  template: {spec: {containers: [{image: 'r/web:2'}]}}\n  " +
           spec + "\n";
}

QByteArray job(const QByteArray &update, const QByteArray &group = "\"Count\": 6") {
    return R"({"ID":"web","TaskGroups":[{"Name":"g","Tasks":[{"Config":{"image":"r/w:2"}}],)"
           R"("Update":{)" +
           update + "}," + group + "}]}";
}

} // namespace

void TestExchange::anArgoCanary() {
    const Import import = read(sample(u"checkout.rollout.yaml"_qs), {{}, u"v41"_qs, {}});
    const PlanRequest &request = requestOf(import);
    QCOMPARE(request.service, std::string("checkout-api"));
    QCOMPARE(request.from, std::string("v41"));
    QCOMPARE(request.to, std::string("v42"));
    // 5 measurements, a minute apart, after 30 s.
    const Canary expected{{1'000, 2'500, 5'000, 10'000},
                          270'000,
                          std::nullopt,
                          {Millis{600'000}, Millis{1'200'000}, std::nullopt}};
    QVERIFY(std::get<Canary>(request.strategy) == expected);
    QCOMPARE(int(request.router), int(RouterKind::Weights));
    QVERIFY(import.plan.router_given);
    QCOMPARE(int(request.mode.value()), int(UpdateMode::Beside));
    QCOMPARE(request.policy.min_healthy_ms, 15'000);
    QCOMPARE(request.policy.progress_deadline_ms, 900'000);
    QCOMPARE(int(request.policy.on_failure), int(OnFailure::RollBack));
    QCOMPARE(request.judges->size(), 2U); // health, and new against old
    QVERIFY(whyOf(import, u"spec.strategy.canary.steps[7].setHeaderRoute"_qs).contains(u"weight"));
    QVERIFY(whyOf(import, u"spec.strategy.canary.steps[0].setCanaryScale"_qs).contains(u"10 %"));
    QVERIFY(!whyOf(import, u"spec.strategy.canary.trafficRouting"_qs).isEmpty());
    QVERIFY(!whyOf(import, u"Service"_qs).isEmpty());
    QVERIFY(!whyOf(import, u"metadata.namespace"_qs).isEmpty());
}

void TestExchange::anArgoBlueGreen() {
    const Import import = read(sample(u"menu.rollout.yaml"_qs));
    QVERIFY((std::get<BlueGreen>(requestOf(import).strategy) == BlueGreen{true, 0, 120'000}));
    QVERIFY(!whyOf(import, u"spec.strategy.blueGreen.previewReplicaCount"_qs).isEmpty());
    const Import by_itself = read(rollout("blueGreen: {autoPromotionSeconds: 40}"));
    QVERIFY(
        (std::get<BlueGreen>(requestOf(by_itself).strategy) == BlueGreen{false, 40'000, 30'000}));
}

void TestExchange::argoWithoutARouterFollowsItsPods() {
    const Import import = read(
        rollout("canary: {maxSurge: 2, maxUnavailable: 1, steps: [{setWeight: 20}, {pause: {}}, "
                "{setWeight: 40}, {pause: {duration: 10}}, {setWeight: 40}]}"));
    const PlanRequest &request = requestOf(import);
    QVERIFY((std::get<Canary>(request.strategy) ==
             Canary{{2'000, 4'000, 10'000}, 0, std::nullopt, {std::nullopt, Millis{10'000}}}));
    QCOMPARE(int(request.mode.value()), int(UpdateMode::InPlace));
    QCOMPARE(request.policy.max_parallel, 3U);
    QVERIFY(!import.plan.router_given);
    QVERIFY(whyOf(import, u"spec.strategy.canary.steps[4].setWeight"_qs).contains(u"40 %"));
}

void TestExchange::aDeployment() {
    const Import import = read(sample(u"web.deployment.yaml"_qs));
    const PlanRequest &request = requestOf(import);
    QVERIFY(std::get<Rolling>(request.strategy) == Rolling{0});
    QCOMPARE(request.to, std::string("1.9.2"));
    QCOMPARE(request.policy.max_parallel, 7U); // 25 % of 20 up, 10 % of 20 down
    QVERIFY(request.policy.max_unavailable == (NodeLimit{2, false}));
    QCOMPARE(request.policy.min_healthy_ms, 10'000);
    QCOMPARE(request.policy.progress_deadline_ms, 300'000);
    QCOMPARE(int(request.policy.on_failure), int(OnFailure::Stop));
    QVERIFY(!whyOf(import, u"from"_qs).isEmpty());
}

void TestExchange::aDeploymentThatRecreates() {
    const Import import = read(deployment("replicas: 4\n  strategy: {type: Recreate}")
                                   .replace("'r/web:2'", "'a@sha256:0123456789abcdef'"));
    QCOMPARE(int(requestOf(import).mode.value()), int(UpdateMode::InPlace));
    QCOMPARE(requestOf(import).policy.max_parallel, 4U);
    QCOMPARE(requestOf(import).to, std::string("0123456789ab"));
}

void TestExchange::aNomadJob() {
    const Import import = read(sample(u"gateway.nomad.json"_qs), {{}, u"v8"_qs, {}});
    const PlanRequest &request = requestOf(import);
    QVERIFY((std::get<CanarySingle>(request.strategy) == CanarySingle{1'000, 2, 0, std::nullopt}));
    QCOMPARE(request.to, std::string("v9"));
    QCOMPARE(request.policy.max_parallel, 3U); // of the job, under the group's own canary
    QCOMPARE(request.policy.min_healthy_ms, 15'000);
    QCOMPARE(request.policy.progress_deadline_ms, 900'000);
    QVERIFY(request.policy.auto_revert);
    QCOMPARE(int(request.policy.on_failure), int(OnFailure::Stop));
    QVERIFY(whyOf(import, u"TaskGroups[0].Update.Stagger"_qs).isEmpty());
    QVERIFY(whyOf(import, u"Job.TaskGroups[0].Update.Stagger"_qs).contains(u"system"));
    QVERIFY(!whyOf(import, u"Job.TaskGroups[0].Constraints"_qs).isEmpty());
}

void TestExchange::aNomadSlotIsBlueGreen() {
    const Import import = read(job(R"("Canary":6,"AutoPromote":true,"MinHealthyTime":"1m30s")"));
    QVERIFY((std::get<BlueGreen>(requestOf(import).strategy) == BlueGreen{false, 0, 0}));
    QCOMPARE(requestOf(import).policy.min_healthy_ms, 90'000);
}

void TestExchange::everySampleCompiles_data() {
    QTest::addColumn<QString>("name");
    for (const char *name : {"checkout.rollout.yaml", "menu.rollout.yaml", "web.deployment.yaml",
                             "gateway.nomad.json"}) {
        QTest::newRow(name) << QString::fromLatin1(name);
    }
}

void TestExchange::everySampleCompiles() {
    QFETCH(QString, name);
    const Import import = read(sample(name), {{}, u"old"_qs, {}});
    QVERIFY(!requestOf(import).service.empty());
    const auto text = writePlan(import.plan);
    QVERIFY(text.has_value());
    QVERIFY(readPlan(*text).file == import.plan);
}

void TestExchange::severalObjectsAskForAName() {
    const QByteArray two = deployment("replicas: 3") + "---\n" +
                           deployment("replicas: 5").replace("name: web", "name: api");
    const ImportReading reading = importPlan(two);
    QVERIFY(!reading.import);
    QVERIFY(reading.flaws.front().allowed.contains(u"web, api"));
    QCOMPARE(requestOf(read(two, {u"api"_qs, {}, {}})).service, std::string("api"));
}

// A member that nobody knows, at each level of each kind, is in the list.
void TestExchange::nothingIsDroppedSilently() {
    const Import argo = read(rollout("canary: {zzz: 1, steps: [{setWeight: 5, zzz: 2}]}, zzz: 3"));
    for (const char *path :
         {"spec.strategy.zzz", "spec.strategy.canary.zzz", "spec.strategy.canary.steps[0].zzz"}) {
        QVERIFY2(!whyOf(argo, QString::fromLatin1(path)).isEmpty(), path);
    }
    const Import plain = read(deployment("strategy: {zzz: 1, rollingUpdate: {zzz: 2}}\n  zzz: 3"));
    for (const char *path : {"spec.zzz", "spec.strategy.zzz", "spec.strategy.rollingUpdate.zzz"}) {
        QVERIFY2(!whyOf(plain, QString::fromLatin1(path)).isEmpty(), path);
    }
    const Import nomad = read(job("\"Zzz\":1", "\"Count\":3,\"Zzz\":2"));
    for (const char *path : {"TaskGroups[0].Update.Zzz", "TaskGroups[0].Zzz"}) {
        QVERIFY2(!whyOf(nomad, QString::fromLatin1(path)).isEmpty(), path);
    }
}

void TestExchange::hostile_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("said"); // a part of the first message
    const auto row = [](const char *name, const QByteArray &text, const char *said) {
        QTest::newRow(name) << text << QString::fromUtf8(said);
    };
    row("nothing", "", "empty");
    row("another kind", "kind: Pod\napiVersion: v1\n", "nothing here");
    row("a list", "[1, 2]", "nothing here");
    row("deep YAML", QByteArray(5'000, '[') + QByteArray(5'000, ']'), "deeply");
    row("deep JSON", "{\"a\":" + QByteArray(5'000, '['), "deep");
    row("anchors", "a: &a [1]\nb: *a\n", "anchors");
    row("a key twice", "kind: Rollout\nkind: Rollout\n", "given twice");
    row("a JSON key twice", "{\"Job\":1,\"Job\":2}", "twice");
    row("negative", deployment("replicas: -1"), "spec.replicas is \"-1\"");
    row("not a number", deployment("replicas: .nan"), "spec.replicas is \".nan\"");
    row("too large for a double", deployment("replicas: 1e400"), "spec.replicas is \"1e400\"");
    row("2^63", deployment("replicas: 9223372036854775808"), "spec.replicas is");
    row("a billion pods", deployment("replicas: 1000000000"), "spec.replicas is");
    row("a fraction", deployment("minReadySeconds: 1.5"), "spec.minReadySeconds is");
    row("a share of a share", deployment("strategy: {rollingUpdate: {maxSurge: 99999999999%}}"),
        "maxSurge is");
    row("JSON 1e400", job("\"MinHealthyTime\":1e400"), "");
    row("JSON 2^63", job("\"MinHealthyTime\":9223372036854775808"), "MinHealthyTime is");
    row("JSON negative", job("\"Canary\":-1"), "Canary is");
    row("weight of 101", rollout("canary: {steps: [{setWeight: 101}]}"), "setWeight is");
    row("pause of nonsense",
        rollout("canary: {steps: [{setWeight: 5}, {pause: {duration: soon}}]}"), "duration is");
    row("no strategy", rollout("{}").replace("{{}}", "{}"), "names no strategy");
    row("two strategies", rollout("canary: {}, blueGreen: {}"), "names no strategy, or two");
    row("a blank in the name", deployment("replicas: 1").replace("web", "\"we b\""), "blank");
    row("a name that turns the text", deployment("replicas: 1").replace("web", "\"a\\tb\""),
        "blank or a control");
    row("a batch job", job("").replace("\"ID\"", "\"Type\":\"batch\",\"ID\""), "batch");
    row("a job of two groups", R"({"ID":"w","TaskGroups":[{"Name":"a"},{"Name":"b"}]})",
        "several groups");
}

void TestExchange::hostile() {
    QFETCH(QByteArray, text);
    QFETCH(QString, said);
    const ImportReading reading = importPlan(text);
    QVERIFY(!reading.import);
    QVERIFY(!reading.flaws.empty());
    QVERIFY2(reading.flaws.front().message.contains(said),
             qPrintable(reading.flaws.front().message));
}

void TestExchange::hugeCountsStayInLimits() {
    QByteArray steps = "canary: {steps: [";
    for (int i = 0; i < 60'000; ++i) {
        steps += "{setWeight: 50, experiment: {a: 1}},";
    }
    const Import import = read(rollout(steps + "{setWeight: 60}]}"));
    QVERIFY(std::get<Canary>(requestOf(import).strategy).stages ==
            (std::vector<Weight>{5'000, 6'000, 10'000}));
    QVERIFY(import.unmapped.size() <= Findings::listed_max + 10);
    QVERIFY(import.unmapped.back().what.contains(u"more"));
    // Kubernetes' "never": what a plan can hold at most, and a word about it.
    const Import endless = read(deployment("progressDeadlineSeconds: 2147483647"));
    QCOMPARE(requestOf(endless).policy.progress_deadline_ms, duration_ms_max);
    QVERIFY(whyOf(endless, u"spec.progressDeadlineSeconds"_qs).contains(u"366 days"));
}

namespace {

PlanFile fileOf(const Strategy &strategy, RouterKind router = RouterKind::Weights) {
    PlanRequest request;
    request.service = "web";
    request.from = "v1";
    request.to = "v2";
    request.strategy = strategy;
    request.router = router;
    PlanFile file;
    file.content = request;
    return file;
}

PlanFile compiled(const PlanFile &file, int nodes) {
    Fleet fleet;
    for (int i = 0; i < nodes; ++i) {
        Node &node = fleet.nodes.emplace_back();
        node.id = "n" + std::to_string(i);
        node.revisions["web"] = "v1";
    }
    PlanFile out;
    out.content = std::get<Plan>(compile(std::get<PlanRequest>(file.content), fleet));
    return out;
}

} // namespace

void TestExchange::exportsToArgo() {
    const PlanFile file =
        fileOf(Canary{{1'000, 1'250, 10'000}, 60'000, 600'000, {std::nullopt, Millis{90'000}}});
    for (const PlanFile &one : {file, compiled(file, 80)}) {
        const auto exported = exportPlan(one, ExportFormat::Argo, 0);
        QVERIFY(exported.has_value());
        const auto root = readYaml(exported->text);
        QVERIFY2(root.has_value(), exported->text.constData());
        const YamlNode &steps = nodeAt(*root, u"spec.strategy.canary.steps"_qs);
        QStringList said;
        for (const YamlNode &step : steps.items) {
            said.append(briefText(step));
        }
        QCOMPARE(said.join(u' '),
                 u"{setWeight: 10} {pause: {duration: 1m}} {pause: {}} {setWeight: 13} "
                 "{pause: {duration: 1m}} {pause: {duration: 90s}} {setWeight: 100} "
                 "{pause: {duration: 1m}}"_qs);
        QVERIFY(exported->text.contains("# not carried over: strategy.stages[1]: 12.5 %"));
    }
}

void TestExchange::exportsToNomad() {
    const auto exported =
        exportPlan(fileOf(CanarySingle{1'000, 0, 0, std::nullopt}), ExportFormat::Nomad, 40);
    QVERIFY(exported.has_value());
    for (const char *line : {"max_parallel      = 1\n", "canary            = 4\n",
                             "min_healthy_time  = \"10s\"\n", "progress_deadline = \"10m\"\n",
                             "auto_promote      = false\n", "auto_revert       = true\n"}) {
        QVERIFY2(exported->text.contains(line), exported->text.constData());
    }
    const auto stages = exportPlan(compiled(fileOf(Canary{}), 40), ExportFormat::Nomad, 0);
    QVERIFY(stages.has_value());
    QVERIFY(stages->text.contains("canary            = 4\n"));
    QVERIFY(stages->text.contains("# not carried over: strategy.stages: 4"));
}

void TestExchange::aShareNeedsANumberOfNodes() {
    const auto exported = exportPlan(fileOf(Canary{}), ExportFormat::Nomad, 0);
    QVERIFY(!exported);
    QVERIFY(exported.error().remedy.contains(u"--nodes"));
    QVERIFY(exportPlan(fileOf(Rolling{}), ExportFormat::Nomad, 0).has_value());
}

void TestExchange::whatArgoTookComesBack() {
    const auto exported = exportPlan(fileOf(BlueGreen{true, 0, 45'000}), ExportFormat::Argo, 0);
    QVERIFY(exported.has_value());
    QByteArray manifest = "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\n"
                          "metadata: {name: web}\n" +
                          exported->text;
    const Import import = read(manifest, {{}, {}, u"v2"_qs});
    QVERIFY((std::get<BlueGreen>(requestOf(import).strategy) == BlueGreen{true, 0, 45'000}));
    QCOMPARE(requestOf(import).policy.progress_deadline_ms, 600'000);
}

QTEST_GUILESS_MAIN(TestExchange)
#include "test_exchange.moc"
