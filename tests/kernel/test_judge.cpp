// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernel/analysis/judge.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <cmath>
#include <limits>

using namespace aviary::kernel;

// What each judge answers, and when it says that it cannot answer.
class TestJudge : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void healthShare_data();
    void healthShare();
    void toleranceAgreesWithTheReference();
    void toleranceNeedsEveryMetric();
    void notWorse_data();
    void notWorse();
    void aBadRevisionIsCaughtEarly_data();
    void aBadRevisionIsCaughtEarly();
    void equalRevisionsPassWithEnoughRequests();
    void anotherHalfOfAlphaIsKeptForLatency();
    void absurdCountsAreSurvived();
};

void TestJudge::healthShare_data() {
    QTest::addColumn<quint32>("threshold");
    QTest::addColumn<quint32>("healthy");
    QTest::addColumn<quint32>("failed");
    QTest::addColumn<QString>("ruling");
    const quint32 most = std::numeric_limits<quint32>::max();
    QTest::newRow("all healthy") << 1'000'000U << 5U << 0U << u"pass"_qs;
    QTest::newRow("one failed") << 1'000'000U << 5U << 1U << u"fail"_qs;
    QTest::newRow("exactly the share passes") << 950'000U << 19U << 1U << u"pass"_qs;
    QTest::newRow("a little below") << 950'000U << 18U << 1U << u"fail"_qs;
    QTest::newRow("all failed") << 950'000U << 0U << 3U << u"fail"_qs;
    QTest::newRow("nothing settled is no pass") << 0U << 0U << 0U << u"no_data"_qs;
    QTest::newRow("no threshold") << 0U << 0U << 3U << u"pass"_qs;
    QTest::newRow("no overflow") << 500'000U << most << most << u"pass"_qs;
}

void TestJudge::healthShare() {
    QFETCH(quint32, threshold);
    QFETCH(quint32, healthy);
    QFETCH(quint32, failed);
    QFETCH(QString, ruling);
    const Verdict verdict = judgeHealthShare(HealthShare{threshold}, healthy, failed);
    QCOMPARE(QString::fromUtf8(nameOf(verdict.ruling).data()), ruling);
    QCOMPARE(verdict.healthy, healthy);
    QCOMPARE(verdict.failed, failed);
}

// Every recorded case of the reference analyzer that has all its metrics on both sides.
void TestJudge::toleranceAgreesWithTheReference() {
    QFile file(QStringLiteral(AVIARY_SOURCE_DIR "/tests/kernel/vectors/canary_analyzer.jsonl"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    int agreed = 0;
    int without = 0;
    while (!file.atEnd()) {
        const QJsonObject record = QJsonDocument::fromJson(file.readLine()).object();
        const QJsonObject input = record[u"input"].toObject();
        const QJsonObject baseline = input[u"baseline"].toObject();
        const QJsonObject canary = input[u"canary"].toObject();
        const QJsonObject own = input[u"tolerances"].toObject();
        QStringList names = baseline.keys() + canary.keys();
        names.removeDuplicates();
        names.sort();
        Tolerance judge;
        judge.tolerance = input[u"metric_tolerance"].toDouble();
        judge.promote_rate = input[u"promote_threshold"].toDouble();
        judge.rollback_rate = input[u"rollback_threshold"].toDouble();
        std::vector<MetricPair> metrics;
        for (const QString &name : names) {
            judge.metrics.push_back(name.toStdString());
            judge.tolerances.push_back(own.contains(name) ? own[name].toDouble() : judge.tolerance);
            MetricPair &pair = metrics.emplace_back();
            if (baseline.contains(name)) {
                pair.baseline = baseline[name].toDouble();
            }
            if (canary.contains(name)) {
                pair.candidate = canary[name].toDouble();
            }
        }
        const Verdict verdict = judgeTolerance(judge, metrics);
        const auto missing = [](const MetricPair &pair) {
            return !pair.baseline || !pair.candidate;
        };
        if (metrics.empty() || std::any_of(metrics.begin(), metrics.end(), missing)) {
            QCOMPARE(int(verdict.ruling), int(Ruling::NoData)); // there: a pass
            ++without;
            continue;
        }
        const QJsonObject head = record[u"expected"].toObject()[u"head"].toObject();
        const QString decision = head[u"decision"].toString();
        const Ruling expected = decision == u"promote"    ? Ruling::Pass
                                : decision == u"rollback" ? Ruling::Fail
                                                          : Ruling::Undecided;
        QVERIFY2(verdict.ruling == expected, qPrintable(record[u"id"].toString()));
        QCOMPARE(verdict.pass_rate, head[u"pass_rate"].toDouble());
        ++agreed;
    }
    QCOMPARE(agreed, 71);
    QCOMPARE(without, 61);
}

void TestJudge::toleranceNeedsEveryMetric() {
    const Tolerance judge{{"errors", "p99"}, 0.1, {}, 0.9, 0.5};
    const MetricPair good{1.0, 1.0};
    QCOMPARE(int(judgeTolerance(judge, {good, good}).ruling), int(Ruling::Pass));
    QCOMPARE(int(judgeTolerance(judge, {good}).ruling), int(Ruling::NoData));
    QCOMPARE(int(judgeTolerance(judge, {}).ruling), int(Ruling::NoData));
    QCOMPARE(int(judgeTolerance(judge, {good, {1.0, std::nullopt}}).ruling), int(Ruling::NoData));
    QCOMPARE(int(judgeTolerance(judge, {good, {std::nan(""), 1.0}}).ruling), int(Ruling::NoData));
    // A baseline of zero is no special pass.
    QCOMPARE(int(judgeTolerance(judge, {{0.0, 0.2}, {0.0, 0.3}}).ruling), int(Ruling::Fail));
    QCOMPARE(int(judgeTolerance(judge, {{0.0, 0.1}, good}).ruling), int(Ruling::Pass));
    QCOMPARE(int(judgeTolerance(judge, {{0.0, 0.2}, good}).ruling), int(Ruling::Undecided));
}

void TestJudge::notWorse_data() {
    QTest::addColumn<QVector<quint64>>("fresh"); // requests, errors, timed, slow
    QTest::addColumn<QVector<quint64>>("stable");
    QTest::addColumn<QString>("ruling");
    using Counts = QVector<quint64>;
    const auto row = [](const char *name, Counts fresh, Counts stable, const char *ruling) {
        QTest::newRow(name) << std::move(fresh) << std::move(stable) << QString::fromUtf8(ruling);
    };
    row("nothing anywhere", {0, 0, 0, 0}, {0, 0, 0, 0}, "no_traffic");
    row("no request on the new", {0, 0, 0, 0}, {9'000, 3, 0, 0}, "no_traffic");
    row("no request on the old", {9'000, 3, 0, 0}, {0, 0, 0, 0}, "zero_baseline");
    row("too few to say", {40, 0, 0, 0}, {400, 0, 0, 0}, "undecided");
    row("no errors on either side, enough of them", {3'000, 0, 0, 0}, {9'000, 0, 0, 0}, "pass");
    row("no errors before is no pass for errors now", {300, 60, 0, 0}, {900, 0, 0, 0}, "fail");
    row("one error in few", {30, 1, 0, 0}, {900, 0, 0, 0}, "undecided");
    row("all fail", {20, 20, 0, 0}, {100, 0, 0, 0}, "fail");
    row("both bad alike", {20'000, 4'000, 0, 0}, {180'000, 36'000, 0, 0}, "undecided");
    row("better than before", {2'000, 2, 0, 0}, {18'000, 400, 0, 0}, "pass");
    row("latency alone is worse", {3'000, 0, 3'000, 600}, {9'000, 0, 9'000, 90}, "fail");
    row("latency alone is open", {3'000, 0, 300, 6}, {9'000, 0, 900, 18}, "undecided");
    row("latency seen on one side only", {3'000, 0, 3'000, 3'000}, {9'000, 0, 0, 0}, "pass");
    row("latency well", {9'000, 0, 9'000, 9}, {90'000, 0, 90'000, 90}, "pass");
}

void TestJudge::notWorse() {
    QFETCH(QVector<quint64>, fresh);
    QFETCH(QVector<quint64>, stable);
    QFETCH(QString, ruling);
    const Sample new_side{fresh[0], fresh[1], fresh[2], fresh[3]};
    const Sample old_side{stable[0], stable[1], stable[2], stable[3]};
    const Verdict verdict = judgeNotWorse(NotWorse{}, new_side, old_side);
    QCOMPARE(QString::fromUtf8(nameOf(verdict.ruling).data()), ruling);
    QCOMPARE(verdict.fresh, new_side);
    QCOMPARE(verdict.stable, old_side);
    QVERIFY(verdict.errors.low <= verdict.errors.high);
    if (new_side.timed == 0 || old_side.timed == 0) {
        QCOMPARE(verdict.slow, Interval{}); // not judged, and shown so
    }
}

void TestJudge::aBadRevisionIsCaughtEarly_data() {
    QTest::addColumn<double>("bad_rate");
    QTest::addColumn<double>("good_rate");
    QTest::addColumn<int>("stable_for_each");
    QTest::addColumn<int>("requests_max");
    QTest::newRow("21 % against 0.3 % at 10 %") << 0.21 << 0.003 << 9 << 50;
    QTest::newRow("21 % against 0.3 % at 50 %") << 0.21 << 0.003 << 1 << 100;
    QTest::newRow("5 % against 0.3 % at 10 %") << 0.05 << 0.003 << 9 << 250;
    QTest::newRow("2 % against 1 % at 50 %") << 0.02 << 0.01 << 1 << 35'000;
}

void TestJudge::aBadRevisionIsCaughtEarly() {
    QFETCH(double, bad_rate);
    QFETCH(double, good_rate);
    QFETCH(int, stable_for_each);
    QFETCH(int, requests_max);
    const auto expected = [](int requests, double rate) {
        const auto count = static_cast<quint64>(requests);
        return Sample{count, static_cast<quint64>(std::lround(requests * rate)), 0, 0};
    };
    const Verdict verdict = judgeNotWorse(NotWorse{}, expected(requests_max, bad_rate),
                                          expected(requests_max * stable_for_each, good_rate));
    QCOMPARE(int(verdict.ruling), int(Ruling::Fail));
}

void TestJudge::equalRevisionsPassWithEnoughRequests() {
    const Sample fresh{6'000, 18, 0, 0};
    QCOMPARE(int(judgeNotWorse(NotWorse{}, fresh, {54'000, 162, 0, 0}).ruling), int(Ruling::Pass));
    // However clear, a pass needs its minimum on each side; a fail does not.
    NotWorse patient;
    patient.sample_min = 6'001;
    QCOMPARE(int(judgeNotWorse(patient, fresh, {54'000, 162, 0, 0}).ruling),
             int(Ruling::Undecided));
    QCOMPARE(int(judgeNotWorse(patient, {200, 60, 0, 0}, {54'000, 162, 0, 0}).ruling),
             int(Ruling::Fail));
}

void TestJudge::anotherHalfOfAlphaIsKeptForLatency() {
    NotWorse alone;
    alone.judge_latency = false;
    const Sample fresh{1'000, 10, 1'000, 900};
    const Sample stable{9'000, 90, 9'000, 9};
    const Verdict both = judgeNotWorse(NotWorse{}, fresh, stable);
    const Verdict errors = judgeNotWorse(alone, fresh, stable);
    QVERIFY(errors.errors.high < both.errors.high);
    QCOMPARE(errors.slow, Interval{});
    QCOMPARE(int(both.ruling), int(Ruling::Fail));
    QCOMPARE(int(errors.ruling), int(Ruling::Undecided));
}

void TestJudge::absurdCountsAreSurvived() {
    const quint64 most = std::numeric_limits<quint64>::max();
    for (const Sample &fresh : {Sample{most, most, most, most}, Sample{most, 0, most, 0},
                                Sample{1, most, 1, most}, Sample{most, 1, 0, most}}) {
        for (const Sample &stable : {Sample{1, 0, 1, 0}, Sample{most, most, most, 0}}) {
            const Verdict verdict = judgeNotWorse(NotWorse{}, fresh, stable);
            QVERIFY(verdict.errors.low >= -1.0 && verdict.errors.high <= 1.0);
            QVERIFY(verdict.errors.low <= verdict.errors.high);
            QVERIFY(verdict.slow.low <= verdict.slow.high);
        }
    }
}

QTEST_GUILESS_MAIN(TestJudge)
#include "test_judge.moc"
