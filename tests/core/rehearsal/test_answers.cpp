// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rehearsal/answers.h"
#include "core/rehearsal/comparison.h"

#include <QTest>

#include <cmath>

using namespace aviary::rehearsal;

class TestAnswers : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void intervalsOfPortionsAreClopperPearson_data();
    void intervalsOfPortionsAreClopperPearson();
    void spansAreNearestRanks();
    void medianIsHeldByOrderStatistics();
    void totalsWeighTheHypotheses();
};

void TestAnswers::intervalsOfPortionsAreClopperPearson_data() {
    QTest::addColumn<uint>("hits");
    QTest::addColumn<uint>("of");
    QTest::addColumn<double>("low");
    QTest::addColumn<double>("high");
    // scipy.stats.binomtest(hits, of).proportion_ci(method="exact")
    QTest::newRow("none of ten") << 0U << 10U << 0.0 << 0.3084971078187608;
    QTest::newRow("all of ten") << 10U << 10U << 0.6915028921812392 << 1.0;
    QTest::newRow("3 of 20") << 3U << 20U << 0.03207094 << 0.37892683;
    QTest::newRow("0 of 0") << 0U << 0U << 0.0 << 1.0;
}

void TestAnswers::intervalsOfPortionsAreClopperPearson() {
    QFETCH(uint, hits);
    QFETCH(uint, of);
    QFETCH(double, low);
    QFETCH(double, high);
    const Portion portion = portionOf(hits, of);
    QVERIFY2(std::abs(portion.low - low) < 1e-6, qPrintable(QString::number(portion.low, 'g', 9)));
    QVERIFY2(std::abs(portion.high - high) < 1e-6,
             qPrintable(QString::number(portion.high, 'g', 9)));
}

void TestAnswers::spansAreNearestRanks() {
    std::vector<std::int64_t> values;
    for (std::int64_t i = 100; i >= 1; --i) {
        values.push_back(i);
    }
    const Spans spans = spansOf(values);
    QCOMPARE(spans.of, 100U);
    QCOMPARE(spans.mean, 50.5);
    QCOMPARE(spans.p5, 5);
    QCOMPARE(spans.median, 50);
    QCOMPARE(spans.p95, 95);
    QCOMPARE(spans.p99, 99);
    QCOMPARE(spans.worst, 100);
    std::vector<std::int64_t> none;
    QCOMPARE(spansOf(none), Spans());
}

// The ranks of the tables of the sign test: 40 and 61 of 100, and none of 5.
void TestAnswers::medianIsHeldByOrderStatistics() {
    std::vector<std::int64_t> values;
    for (std::int64_t i = 1; i <= 100; ++i) {
        values.push_back(i);
    }
    const Spans spans = spansOf(values);
    QCOMPARE(spans.median_low, 40);
    QCOMPARE(spans.median_high, 61);
    std::vector<std::int64_t> few = {1, 2, 3, 4, 5};
    QCOMPARE(spansOf(few).median_low, 1);
    QCOMPARE(spansOf(few).median_high, 5);
}

void TestAnswers::totalsWeighTheHypotheses() {
    Answers answers;
    for (const std::uint32_t completed : {90U, 10U}) {
        HypothesisAnswer answer;
        answer.endings.resize(ending_count);
        answer.endings[0].portion = portionOf(completed, 100);
        answers.hypotheses.push_back(answer);
    }
    const Total total = totalOf(answers, Ending::Completed, {3.0, 1.0});
    QVERIFY(std::abs(total.share - 0.7) < 1e-12);
    QVERIFY(total.low < 0.7 && total.high > 0.7);
    QCOMPARE(totalOf(answers, Ending::Completed, {0.0, 0.0}).high, 1.0);
}

QTEST_GUILESS_MAIN(TestAnswers)
#include "test_answers.moc"
