// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernel/strategy/load.h"

#include <QTest>

#include <rapidcheck.h>

#include <array>
#include <limits>

using namespace aviary::kernel;

class TestLoad : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void max_data();
    void max();
    void sides();
    void sites();
    void neverOverTheLimitAndNeverTooShy();
};

void TestLoad::max_data() {
    QTest::addColumn<quint32>("percent");
    QTest::addColumn<quint32>("nodes");
    QTest::addColumn<quint32>("healthy");
    QTest::addColumn<int>("weight");
    const quint32 most = std::numeric_limits<quint32>::max();
    QTest::newRow("one of ten at twice its share") << 200U << 10U << 1U << 2'000;
    QTest::newRow("half of them carry all") << 200U << 10U << 5U << 10'000;
    QTest::newRow("one of three, rounded down") << 100U << 3U << 1U << 3'333;
    QTest::newRow("nobody there") << 200U << 10U << 0U << 0;
    QTest::newRow("no nodes at all") << 200U << 0U << 0U << 0;
    QTest::newRow("everybody") << 100U << 7U << 7U << 10'000;
    QTest::newRow("no overflow") << most << most << most << 10'000;
    QTest::newRow("no overflow, one node") << most << most << 1U << 100;
}

void TestLoad::max() {
    QFETCH(quint32, percent);
    QFETCH(quint32, nodes);
    QFETCH(quint32, healthy);
    QFETCH(int, weight);
    QCOMPARE(weightMax(percent, nodes, healthy), weight);
}

void TestLoad::sides() {
    QCOMPARE(weightRange(200, LoadScope{10, 1, 10}), (WeightRange{0, 2'000}));
    QCOMPARE(weightRange(200, LoadScope{10, 8, 2}), (WeightRange{6'000, 10'000}));
    // Everything is down but one node of each: no weight is bearable.
    QVERIFY(weightRange(200, LoadScope{10, 1, 1}).empty());
    QVERIFY(weightRange(200, LoadScope{10, 10, 0}).contains(10'000));
    QVERIFY(!weightRange(200, LoadScope{10, 10, 0}).contains(9'999));
}

void TestLoad::sites() {
    const std::array both = {LoadScope{4, 1, 4}, LoadScope{4, 0, 4}};
    QCOMPARE(weightRange(200, both), (WeightRange{0, 5'000})); // the second takes no new traffic
    const std::array none = {LoadScope{4, 0, 4}, LoadScope{4, 0, 4}};
    QCOMPARE(weightRange(200, none), (WeightRange{0, 0}));
    const std::array gone = {LoadScope{4, 4, 0}, LoadScope{4, 4, 0}};
    QCOMPARE(weightRange(200, gone), (WeightRange{10'000, 10'000}));
}

void TestLoad::neverOverTheLimitAndNeverTooShy() {
    const bool holds = rc::check("the largest weight within the limit", [] {
        const auto percent = *rc::gen::inRange<std::uint32_t>(100, 1'000);
        const auto nodes = *rc::gen::inRange<std::uint32_t>(1, 100'000);
        const auto healthy = *rc::gen::inRange<std::uint32_t>(1, nodes + 1);
        const auto weight = std::uint64_t(weightMax(percent, nodes, healthy));
        const auto fits = [&](std::uint64_t tried) {
            return tried * nodes <= std::uint64_t{percent} * healthy * 100;
        };
        RC_ASSERT(fits(weight));
        RC_ASSERT(weight == 10'000 || !fits(weight + 1));
    });
    QVERIFY(holds);
}

QTEST_GUILESS_MAIN(TestLoad)
#include "test_load.moc"
