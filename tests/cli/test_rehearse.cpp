// SPDX-License-Identifier: GPL-3.0-or-later
// rehearse as an operator types it, with files alone: no daemon, no cluster, no network.
#include "tests/cli/commandrun.h"

#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace aviary::tests;
using namespace Qt::Literals;

namespace {

const QString samples = QStringLiteral(AVIARY_SOURCE_DIR "/resources/samples/");
const QString canary = samples + u"plans/checkout-canary.plan.yaml";
const QString fleet = samples + u"fleets/edge-eu.fleet.json";

CommandRun rehearse(const QStringList &more, const QString &plan = canary) {
    return runCommand(
        QStringList{u"rehearse"_qs, plan, u"--futures"_qs, u"120"_qs, u"--no-advice"_qs} + more);
}

QJsonObject answersOf(const CommandRun &run, int plan = 0) {
    return run.json()[u"plans"][plan][u"answers"].toObject();
}

} // namespace

class TestRehearse : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everySampleRehearses_data();
    void everySampleRehearses();
    void importedSamplesRehearse_data();
    void importedSamplesRehearse();
    void anyNumberOfThreadsGivesTheSameBytes();
    void theSummaryNamesWhatItAssumes();
    void plansAreComparedOnTheSameLuck();
    void aReportIsOneInertFile();
    void aFutureOpensAsARun();
    void aHypothesisCanBeChosenOrGiven();
    void whatNoFileSaysIsPresumedAloud();
    void adviceIsMeasured();
    void hostileInputs_data();
    void hostileInputs();
    void wrongUseIsTwo();
    void interruptEndsIt();

private:
    QString write(const QString &name, const QByteArray &bytes) {
        QFile file(dir_.filePath(name));
        return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size()
                   ? file.fileName()
                   : QString();
    }
    QTemporaryDir dir_;
};

void TestRehearse::everySampleRehearses_data() {
    QTest::addColumn<QString>("plan");
    QTest::addColumn<QString>("nodes");
    QTest::addColumn<QString>("scenario");
    QTest::newRow("canary") << u"checkout-canary"_qs << u"edge-eu"_qs << u"calm"_qs;
    QTest::newRow("rolling") << u"checkout-rolling"_qs << u"edge-eu"_qs << u"flaky-site"_qs;
    QTest::newRow("blue-green") << u"menu-blue-green"_qs << u"edge-eu"_qs << u"peak"_qs;
    QTest::newRow("thousand") << u"camera-agent-canary"_qs << u"stores-1000"_qs << u"night"_qs;
    QTest::newRow("own scenario") << u"camera-agent-canary"_qs << u"stores-1000"_qs
                                  << QString(samples + u"scenarios/winter.scenario.yaml");
}

void TestRehearse::everySampleRehearses() {
    QFETCH(QString, plan);
    QFETCH(QString, nodes);
    QFETCH(QString, scenario);
    const CommandRun run = rehearse({u"--fleet"_qs, samples + u"fleets/" + nodes + u".fleet.json",
                                     u"--scenario"_qs, scenario, u"--json"_qs},
                                    samples + u"plans/" + plan + u".plan.yaml");
    QVERIFY2(run.code == 0, run.err.constData());
    const QJsonObject answers = answersOf(run);
    QCOMPARE(answers[u"futures"].toInt(), 120);
    QVERIFY(answers[u"events"].toInteger() > 0);
    const QJsonObject good = answers[u"hypotheses"][0].toObject();
    QCOMPARE(good[u"name"].toString(), u"good"_qs);
    QVERIFY(good[u"endings"][0][u"portion"][u"hits"].toInt() > 0); // most complete
}

void TestRehearse::importedSamplesRehearse_data() {
    QTest::addColumn<QString>("file");
    for (const char *file : {"checkout.rollout.yaml", "menu.rollout.yaml", "web.deployment.yaml",
                             "gateway.nomad.json"}) {
        QTest::newRow(file) << QString::fromLatin1(file);
    }
}

void TestRehearse::importedSamplesRehearse() {
    QFETCH(QString, file);
    const QString plan = dir_.filePath(file + u".plan.yaml");
    QCOMPARE(runCommand({u"plan"_qs, u"import"_qs, samples + u"import/" + file, u"--from"_qs,
                         u"v41"_qs, u"-o"_qs, plan})
                 .code,
             0);
    const CommandRun run = rehearse({u"--fleet"_qs, fleet, u"--json"_qs}, plan);
    QVERIFY2(run.code == 0, run.err.constData());
    QVERIFY(answersOf(run)[u"hypotheses"].toArray().size() == 4);
}

void TestRehearse::anyNumberOfThreadsGivesTheSameBytes() {
    const QStringList more = {
        u"--fleet"_qs,    fleet,           u"--scenario"_qs,
        u"flaky-site"_qs, u"--seed"_qs,    u"7"_qs,
        u"--json"_qs,     u"--against"_qs, samples + u"plans/checkout-rolling.plan.yaml"};
    const CommandRun one = rehearse(more + QStringList{u"--threads"_qs, u"1"_qs});
    QVERIFY2(one.code == 0, one.err.constData());
    for (const QString &threads : {u"2"_qs, u"4"_qs}) {
        QCOMPARE(rehearse(more + QStringList{u"--threads"_qs, threads}).out, one.out);
    }
    const CommandRun other = rehearse(more + QStringList{u"--seed"_qs, u"8"_qs});
    QVERIFY(other.out != one.out);
}

void TestRehearse::theSummaryNamesWhatItAssumes() {
    const CommandRun run = rehearse({u"--fleet"_qs, fleet});
    QVERIFY2(run.code == 0, run.err.constData());
    for (const char *word :
         {"checkout-api", "48 nodes", "seed 1", "calm", "errs 2 % more", "Assumed",
          "a start takes 4 s", "What each check can see", "complete, if it is good 80"}) {
        QVERIFY2(run.out.contains(word), word);
    }
    QVERIFY(!run.out.contains('\x1b')); // nobody sees colours in a pipe
    QVERIFY(run.err.isEmpty());         // nor progress
}

void TestRehearse::plansAreComparedOnTheSameLuck() {
    const CommandRun run = rehearse({u"--fleet"_qs, fleet, u"--json"_qs, u"--against"_qs,
                                     samples + u"plans/checkout-rolling.plan.yaml", canary});
    QVERIFY2(run.code == 0, run.err.constData());
    QCOMPARE(run.json()[u"plans"].toArray().size(), 3);
    QCOMPARE(answersOf(run, 2), answersOf(run, 0)); // the same plan has the same luck
    const QJsonObject same = run.json()[u"differences"][1][0].toObject();
    QCOMPARE(same[u"failed_low"].toDouble(), 0.0);
    QCOMPARE(same[u"failed_high"].toDouble(), 0.0);
}

void TestRehearse::aReportIsOneInertFile() {
    const QString plan =
        write(u"odd.plan.yaml"_qs, "service: \"<script>alert(1)</script>\"\nfrom: v41\n"
                                   "to: \"v42\xe2\x80\xae\"\nstrategy: rolling\n");
    const QString report = dir_.filePath(u"report.html"_qs);
    const CommandRun run = rehearse({u"--fleet"_qs, fleet, u"--report"_qs, report}, plan);
    QVERIFY2(run.code == 0, run.err.constData());
    QVERIFY(!run.out.contains("\xe2\x80\xae"));
    QFile file(report);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray html = file.readAll();
    QVERIFY(html.contains("<svg") && html.contains("&lt;script&gt;"));
    for (const char *active : {"<script", "http://", "https://", "<img", "<link", "<iframe",
                               "@import", "url(http", "\xe2\x80\xae", " onload"}) {
        QVERIFY2(!html.contains(active), active);
    }
    QVERIFY(html.contains("default-src 'none'"));
}

void TestRehearse::aFutureOpensAsARun() {
    const CommandRun run = rehearse({u"--fleet"_qs, fleet, u"--json"_qs});
    const int future = answersOf(run)[u"worst"][0][u"future"].toInt();
    const QString path = dir_.filePath(u"worst.run.jsonl"_qs);
    const CommandRun opened =
        rehearse({u"--fleet"_qs, fleet, u"--open"_qs, QString::number(future), u"-o"_qs, path});
    QVERIFY2(opened.code == 0, opened.err.constData());
    const CommandRun checked = runCommand({u"run"_qs, u"check"_qs, path, u"--json"_qs});
    QVERIFY2(checked.code == 0, checked.err.constData());
    QCOMPARE(checked.json()[u"service"].toString(), u"checkout-api"_qs);
    QCOMPARE(checked.json()[u"status"].toString(),
             answersOf(run)[u"worst"][0][u"ending"].toString());
    const CommandRun learned = runCommand({u"rehearse"_qs, u"fit"_qs, path});
    QCOMPARE(learned.code, 1);
    QVERIFY(learned.err.contains("only what was assumed"));
}

void TestRehearse::aHypothesisCanBeChosenOrGiven() {
    const CommandRun run =
        rehearse({u"--fleet"_qs, fleet, u"--json"_qs, u"--hypothesis"_qs, u"good"_qs,
                  u"--hypothesis"_qs, u"{name: awful, errors_more: 30 %}"_qs});
    QVERIFY2(run.code == 0, run.err.constData());
    const QJsonArray hypotheses = answersOf(run)[u"hypotheses"].toArray();
    QCOMPARE(hypotheses.size(), 2);
    QCOMPARE(hypotheses[1][u"name"].toString(), u"awful"_qs);
    QVERIFY(hypotheses[1][u"caught"][u"share"].toDouble() > 0.9); // nobody can miss it
    const CommandRun unknown = rehearse({u"--fleet"_qs, fleet, u"--hypothesis"_qs, u"dreadful"_qs});
    QCOMPARE(unknown.code, 2);
    QVERIFY(unknown.err.contains("one of good"));
}

void TestRehearse::whatNoFileSaysIsPresumedAloud() {
    const QString plan =
        write(u"short.plan.yaml"_qs, "service: checkout-api\nto: v42\nstrategy: canary\n");
    const CommandRun run = rehearse({u"--fleet"_qs, fleet, u"--json"_qs}, plan);
    QVERIFY2(run.code == 0, run.err.constData());
    const QString presumed = run.json()[u"presumed"].toVariant().toStringList().join(u'\n');
    QVERIFY2(presumed.contains(u"v41") && presumed.contains(u"router"), qPrintable(presumed));
}

void TestRehearse::adviceIsMeasured() {
    const CommandRun run = runCommand(
        {u"rehearse"_qs, canary, u"--fleet"_qs, fleet, u"--futures"_qs, u"60"_qs, u"--json"_qs});
    QVERIFY2(run.code == 0, run.err.constData());
    const QJsonArray tried = run.json()[u"advice"][u"tried"].toArray();
    QVERIFY(!tried.isEmpty());
    QVERIFY(!tried[0][u"words"].toString().isEmpty());
}

void TestRehearse::hostileInputs_data() {
    QTest::addColumn<QByteArray>("plan");
    QTest::addColumn<QByteArray>("nodes");
    QTest::addColumn<QByteArray>("scenario");
    QTest::addColumn<QString>("said");
    const QByteArray good_plan = "service: a\nfrom: v1\nto: v2\nstrategy: rolling\n";
    const QByteArray good_fleet = R"({"nodes":[{"id":"a"},{"id":"b"}]})";
    const auto plan = [&](const char *name, const QByteArray &text, const char *said) {
        QTest::newRow(name) << text << good_fleet << QByteArray("{}") << QString::fromUtf8(said);
    };
    const auto nodes = [&](const char *name, const QByteArray &text, const char *said) {
        QTest::newRow(name) << good_plan << text << QByteArray("{}") << QString::fromUtf8(said);
    };
    const auto scenario = [&](const char *name, const QByteArray &text, const char *said) {
        QTest::newRow(name) << good_plan << good_fleet << text << QString::fromUtf8(said);
    };
    const auto strategy = [](const QByteArray &inner) {
        return QByteArray("service: a\nfrom: v1\nto: v2\nstrategy: {kind: canary, " + inner +
                          "}\n");
    };
    QByteArray stages = "stages: [";
    for (int i = 0; i < 200'000; ++i) {
        stages += "1,";
    }
    plan("very many stages", strategy(stages + "100]"), "stages");
    plan("a billion steps", strategy("traffic_only: true, max_steps: 1000000000"), "max_steps");
    plan("deep nesting", QByteArray(100'000, '[') + QByteArray(100'000, ']'), "deeply");
    plan("NaN", strategy("bake: .nan"), "bake");
    plan("1e400", strategy("bake: 1e400 s"), "bake");
    plan("negative", strategy("bake: -1 s"), "bake");
    plan("2^63", strategy("bake: 9223372036854775808 ms"), "bake");
    plan("aliases", "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "anchors");
    plan("nothing", "", "empty");
    nodes("duplicate ids", R"({"nodes":[{"id":"a"},{"id":"a"}]})", "a");
    nodes("no nodes", R"({"nodes":[]})", "node");
    nodes("deep JSON", QByteArray(100'000, '['), "");
    nodes("negative age", R"({"nodes":[{"id":"a","heartbeat_age_ms":-1}]})", "heartbeat_age_ms");
    nodes("2^63 memory", R"({"nodes":[{"id":"a","capacity":{"memory_mib":9223372036854775808}}]})",
          "memory_mib");
    nodes("1e400 memory", R"({"nodes":[{"id":"a","capacity":{"memory_mib":1e400}}]})", "");
    scenario("NaN traffic", "traffic: {requests_per_s: .nan}\n", "requests_per_s");
    scenario("endless traffic", "traffic: {requests_per_s: 1e400}\n", "requests_per_s");
    scenario("more than all", "start: {failed: 101 %}\n", "start.failed");
    scenario("a million outages", "sites: {outages: {per_day: 1000000}}\n", "per_day");
    scenario("twice the same", "hypotheses: [{name: a}, {name: a}]\n", "twice");
    scenario("deep", QByteArray(100'000, '[') + QByteArray(100'000, ']'), "deeply");
}

void TestRehearse::hostileInputs() {
    QFETCH(QByteArray, plan);
    QFETCH(QByteArray, nodes);
    QFETCH(QByteArray, scenario);
    QFETCH(QString, said);
    const CommandRun run = rehearse({u"--fleet"_qs, write(u"x.fleet.json"_qs, nodes),
                                     u"--scenario"_qs, write(u"x.scenario.yaml"_qs, scenario)},
                                    write(u"x.plan.yaml"_qs, plan));
    QCOMPARE(run.code, 2);
    QVERIFY2(run.err.contains(said.toUtf8()), run.err.left(2'000).constData());
    QVERIFY(run.err.size() < 200'000); // told, not poured out
    QVERIFY(run.out.isEmpty());
}

void TestRehearse::wrongUseIsTwo() {
    QCOMPARE(runCommand({u"rehearse"_qs}).code, 2);
    QCOMPARE(rehearse({}).code, 2); // a request without nodes
    QCOMPARE(rehearse({u"--fleet"_qs, fleet, u"--scenario"_qs, u"sunny"_qs}).code, 2);
    QCOMPARE(rehearse({u"--fleet"_qs, fleet, u"--open"_qs, u"1"_qs}).code, 2);
    QCOMPARE(rehearse({u"--fleet"_qs, fleet, u"--watch"_qs}).code, 2);
    QCOMPARE(runCommand({u"rehearse"_qs, canary, u"--futures"_qs, u"0"_qs}).code, 2);
    QVERIFY(rehearse({}).err.contains("--fleet"));
}

void TestRehearse::interruptEndsIt() {
    QProcess process;
    process.start(DaemonHouse::program(),
                  {u"rehearse"_qs, samples + u"plans/camera-agent-canary.plan.yaml", u"--fleet"_qs,
                   samples + u"fleets/stores-1000.fleet.json", u"--futures"_qs, u"1000000"_qs,
                   u"--no-advice"_qs});
    QVERIFY(process.waitForStarted());
    // However early or late it comes, the program ends, and says that nothing was found out.
    kill(pid_t(process.processId()), SIGINT);
    QVERIFY(process.waitForFinished(60'000));
    QVERIFY(process.exitStatus() == QProcess::CrashExit || process.exitCode() == 1);
    QVERIFY(process.readAllStandardOutput().isEmpty());
}

QTEST_GUILESS_MAIN(TestRehearse)
#include "test_rehearse.moc"
