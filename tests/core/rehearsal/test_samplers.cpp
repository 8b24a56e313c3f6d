// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rehearsal/crowd.h"
#include "core/rehearsal/sampler.h"
#include "core/rehearsal/timewheel.h"
#include "tests/kernel/chance.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <map>

using namespace aviary::rehearsal;
using aviary::kernel::testing::Chance;

class TestSamplers : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void normalQuantileIsTheTabled_data();
    void normalQuantileIsTheTabled();
    void lognormalHitsItsMedianAndPercentile();
    void lognormalTableIsNearTheFormula();
    void constantSpreadIsConstant();
    void normalNumbersHaveTheirShares();
    void poissonCountsHaveTheirShares_data();
    void poissonCountsHaveTheirShares();
    void countsHaveTheirMeanAndVariance_data();
    void countsHaveTheirMeanAndVariance();
    void aBinomialHasNoMemoryOfItsRates();
    void aPoissonHasNoMemoryOfItsMeans();
    void requestsAreOfTheirKinds();
    void countsStayWithinTheirBounds();
    void luckIsByNameAndNotByOrder();
    void wheelKeepsTimeAndOrder();
    void wheelWaitsForItsLimit();
};

void TestSamplers::normalQuantileIsTheTabled_data() {
    QTest::addColumn<double>("p");
    QTest::addColumn<double>("z");
    QTest::newRow("median") << 0.5 << 0.0;
    QTest::newRow("95 %") << 0.95 << 1.6448536269514722;
    QTest::newRow("97.5 %") << 0.975 << 1.959963984540054;
    QTest::newRow("one in a thousand") << 0.001 << -3.090232306167813;
    QTest::newRow("one in 10^12") << 1e-12 << -7.034483825301132;
    QTest::newRow("one in 10^20") << 1e-20 << -9.262340089798408;
}

void TestSamplers::normalQuantileIsTheTabled() {
    QFETCH(double, p);
    QFETCH(double, z);
    QVERIFY2(std::abs(normalQuantile(p) - z) < 1e-12,
             qPrintable(QString::number(normalQuantile(p), 'g', 17)));
    QVERIFY(std::abs(normalTail(-z) - p) < 1e-12);
}

void TestSamplers::lognormalHitsItsMedianAndPercentile() {
    const Lognormal latency(Spread{4'000, 11'000});
    QVERIFY(std::abs(latency.at(1U << 31U) - 4'000) <= 1);
    QVERIFY(std::abs(latency.at(static_cast<std::uint32_t>(0.95 * 0x1p32)) - 11'000) <= 3);
    QVERIFY(std::abs(latency.shareAbove(11'000.0) - 0.05) < 1e-9);
    QVERIFY(latency.at(0) > 0 && latency.at(0xffff'ffffU) < 300'000);
}

void TestSamplers::lognormalTableIsNearTheFormula() {
    const Spread spread{60'000, 600'000};
    const Lognormal latency(spread);
    const double sigma = std::log(10.0) / 1.6448536269514722;
    Millis before = 0;
    for (std::uint64_t word = 0; word <= 0xffff'ffffU; word += 1'000'003) {
        const double p = (static_cast<double>(word) + 0.5) * 0x1p-32;
        const double exact = 60'000.0 * std::exp(sigma * normalQuantile(p));
        const Millis at = latency.at(static_cast<std::uint32_t>(word));
        QVERIFY2(std::abs(static_cast<double>(at) - exact) < 1.0 + 0.002 * exact,
                 qPrintable(QStringLiteral("%1: %2, %3").arg(word).arg(at).arg(exact)));
        QVERIFY(at >= before);
        before = at;
    }
}

void TestSamplers::constantSpreadIsConstant() {
    const Lognormal latency(Spread{7'000, 7'000});
    for (const std::uint32_t word : {0U, 12'345U, 1U << 31U, 0xffff'ffffU}) {
        QCOMPARE(latency.at(word), 7'000);
        QCOMPARE(Lognormal(Spread{0, 0}).at(word), 0);
    }
}

// Below each limit, those in the tail among them, lies its share: within four standard errors.
void TestSamplers::normalNumbersHaveTheirShares() {
    constexpr std::array limits = {-4.0, -3.5, -2.0, -1.0, -0.2, 0.0, 0.3, 1.5, 3.0, 3.45, 3.9};
    constexpr int draws = 1'000'000;
    std::array<double, limits.size()> below{};
    const Luck luck(2, 0);
    for (std::uint64_t i = 0; i < draws; ++i) {
        Draws one(luck.word(0, Purpose::Metric, i));
        const double normal = normalOf(one);
        for (std::size_t j = 0; j < limits.size(); ++j) {
            below[j] += normal < limits[j] ? 1.0 : 0.0;
        }
    }
    for (std::size_t j = 0; j < limits.size(); ++j) {
        const double share = 0.5 * std::erfc(-limits[j] / std::sqrt(2.0));
        const double error = std::sqrt(draws * share * (1.0 - share));
        QVERIFY2(std::abs(below[j] - draws * share) < 4.0 * error,
                 qPrintable(QStringLiteral("%1: %2").arg(limits[j]).arg(below[j] / draws)));
    }
}

void TestSamplers::poissonCountsHaveTheirShares_data() {
    QTest::addColumn<double>("mean");
    for (const double mean : {0.3, 9.99, 10.0, 10.5, 13.0, 25.7, 60.0, 500.0, 9'000.0}) {
        QTest::addRow("%g", mean) << mean;
    }
}

// Pearson's chi-square over all counts of which 20 and more are expected; what lies beyond is one
// class. Its mean is the number of classes, its variance twice that.
void TestSamplers::poissonCountsHaveTheirShares() {
    QFETCH(double, mean);
    constexpr int draws = 1'000'000;
    const auto expected = [mean](double k) {
        return draws * std::exp(k * std::log(mean) - mean - std::lgamma(k + 1.0));
    };
    std::map<std::uint64_t, double> seen;
    const Luck luck(3, 0);
    Poisson poisson;
    for (std::uint64_t i = 0; i < draws; ++i) {
        seen[poisson.at(mean, luck.word(0, Purpose::Metric, i))] += 1.0;
    }
    double sum = 0.0;
    int classes = 0;
    double others = draws;
    double others_seen = draws;
    const double widest = mean + 12.0 * std::sqrt(mean) + 20.0;
    for (double k = 0.0; k < widest; ++k) {
        const double due = expected(k);
        if (due >= 20.0) {
            const double count = seen[static_cast<std::uint64_t>(k)];
            sum += (count - due) * (count - due) / due;
            others -= due;
            others_seen -= count;
            ++classes;
        }
    }
    sum += (others_seen - others) * (others_seen - others) / std::max(others, 1.0);
    QVERIFY2(std::abs(sum - classes) < 4.0 * std::sqrt(2.0 * classes) + 4.0,
             qPrintable(QStringLiteral("%1 of %2 classes").arg(sum).arg(classes)));
}

void TestSamplers::countsHaveTheirMeanAndVariance_data() {
    QTest::addColumn<quint64>("trials"); // 0: Poisson
    QTest::addColumn<double>("rate");
    QTest::newRow("Poisson by inversion") << quint64(0) << 2.5;
    QTest::newRow("Poisson by a modified normal number") << quint64(0) << 15.0;
    QTest::newRow("Poisson, large") << quint64(0) << 1e6;
    QTest::newRow("Poisson, huge") << quint64(0) << 1e10;
    QTest::newRow("binomial by inversion") << quint64(1'000) << 0.002;
    QTest::newRow("binomial by rejection") << quint64(1'000) << 0.2;
    QTest::newRow("binomial, more hits than misses") << quint64(200) << 0.9;
    QTest::newRow("binomial, large") << quint64(100'000'000) << 0.001;
    QTest::newRow("binomial, huge") << quint64(10'000'000'000) << 0.01;
}

void TestSamplers::countsHaveTheirMeanAndVariance() {
    QFETCH(quint64, trials);
    QFETCH(double, rate);
    const double n = static_cast<double>(trials);
    const double mean = trials == 0 ? rate : n * rate;
    const double variance = trials == 0 ? rate : n * rate * (1.0 - rate);
    constexpr int draws = 20'000;
    const Luck luck(1, trials);
    double sum = 0.0, squares = 0.0;
    Binomial binomial;
    Poisson poisson;
    for (std::uint64_t i = 0; i < draws; ++i) {
        const std::uint64_t word = luck.word(0, Purpose::Metric, i);
        const auto count = static_cast<double>(trials == 0 ? poisson.at(rate, word)
                                                           : binomial.at(trials, rate, word));
        sum += count - mean;
        squares += (count - mean) * (count - mean);
    }
    const double error = std::sqrt(variance / draws);
    QVERIFY2(std::abs(sum / draws) < 4.0 * error, qPrintable(QString::number(sum / draws / error)));
    QVERIFY2(std::abs(squares / draws / variance - 1.0) < 0.06,
             qPrintable(QString::number(squares / draws / variance)));
}

// One that drew with other rates before answers as a new one does.
void TestSamplers::aBinomialHasNoMemoryOfItsRates() {
    Chance chance(6);
    Binomial used;
    constexpr std::array rates = {0.001, 0.4, 0.001, 0.6, 0.01, 0.999};
    for (int i = 0; i < 2'000; ++i) {
        const std::uint64_t trials = 1 + chance.next() % 5'000;
        const double rate = rates[chance.next() % rates.size()];
        const std::uint64_t word = chance.next();
        QCOMPARE(used.at(trials, rate, word), Binomial().at(trials, rate, word));
    }
}

void TestSamplers::aPoissonHasNoMemoryOfItsMeans() {
    Chance chance(7);
    Poisson used;
    constexpr std::array means = {0.001, 9.9, 10.1, 0.001, 5'000.0, 2e9};
    for (int i = 0; i < 2'000; ++i) {
        const double mean = means[chance.next() % means.size()];
        const std::uint64_t word = chance.next();
        QCOMPARE(used.at(mean, word), Poisson().at(mean, word));
    }
}

// Counts of 10,000 expected requests a side: each kind has its mean, and errors and slowness are
// independent of each other, as those of single requests are.
void TestSamplers::requestsAreOfTheirKinds() {
    Scenario scenario;
    scenario.traffic.requests_per_s = 2'000.0;
    scenario.traffic.errors = 20'000;
    scenario.traffic.latency = {100, 400};
    scenario.hypotheses.resize(1);
    scenario.hypotheses[0].errors_more = 30'000;
    const CrowdModel model(scenario, 400);
    constexpr int futures = 2'000;
    double requests = 0.0, errors = 0.0, slow = 0.0, due = 0.0, together = 0.0;
    for (int i = 0; i < futures; ++i) {
        Crowd crowd(model);
        crowd.begin(Luck(5, static_cast<std::uint64_t>(i)), scenario.hypotheses[0], 0, {}, {});
        crowd.advance(10'000, {aviary::kernel::full_weight / 2, 10, 10});
        const auto &fresh = crowd.fresh();
        QVERIFY(fresh.errors <= fresh.requests && fresh.slow <= fresh.requests);
        QCOMPARE(fresh.timed, fresh.requests);
        requests += static_cast<double>(fresh.requests);
        errors += static_cast<double>(fresh.errors);
        slow += static_cast<double>(fresh.slow);
        due += static_cast<double>(crowd.due());
        together +=
            (static_cast<double>(fresh.errors) - 500.0) * (static_cast<double>(fresh.slow) - 500.0);
    }
    const auto isNear = [](double sum, double mean) { // four standard errors
        return std::abs(sum / futures - mean) < 4.0 * std::sqrt(mean / futures);
    };
    QVERIFY2(isNear(requests, 10'000.0), qPrintable(QString::number(requests / futures)));
    QVERIFY2(isNear(errors, 500.0), qPrintable(QString::number(errors / futures)));
    QVERIFY2(isNear(slow, 500.0), qPrintable(QString::number(slow / futures)));
    QVERIFY2(isNear(due, 300.0), qPrintable(QString::number(due / futures)));
    // Both at once: 10,000 * 0.05 * 0.05 = 25; each product has a variance of about 500 * 500.
    QVERIFY2(std::abs(together / futures - 25.0) < 4.0 * 500.0 / std::sqrt(futures),
             qPrintable(QString::number(together / futures)));
}

void TestSamplers::countsStayWithinTheirBounds() {
    Chance chance(5);
    Binomial binomial;
    for (int i = 0; i < 20'000; ++i) {
        const std::uint64_t trials = chance.next() >> chance.below(64);
        const double rate = unitOf(chance.next());
        QVERIFY(binomial.at(trials, rate, chance.next()) <= trials);
    }
    QCOMPARE(binomial.at(17, 1.0, 3), 17U);
    QCOMPARE(binomial.at(17, 0.0, 3), 0U);
    QCOMPARE(Poisson().at(0.0, 3), 0U);
    QCOMPARE(Poisson().at(std::nan(""), 3), 0U);
}

void TestSamplers::luckIsByNameAndNotByOrder() {
    const Luck one(7, 3);
    const Luck same(7, 3);
    QCOMPARE(one.word(9, Purpose::Start, 2), same.word(9, Purpose::Start, 2));
    QVERIFY(one.word(9, Purpose::Start, 2) != one.word(9, Purpose::Start, 3));
    QVERIFY(one.word(9, Purpose::Start, 2) != one.word(9, Purpose::Stop, 2));
    QVERIFY(one.word(9, Purpose::Start, 2) != Luck(7, 4).word(9, Purpose::Start, 2));
    QVERIFY(one.word(9, Purpose::Start, 2) != Luck(8, 3).word(9, Purpose::Start, 2));
}

// Against a list sorted by time and coming: adds and takes in turn, at all distances.
void TestSamplers::wheelKeepsTimeAndOrder() {
    Chance chance(11);
    TimeWheel wheel;
    for (int round = 0; round < 20; ++round) {
        wheel.clear();
        std::multimap<Millis, std::uint32_t> sorted; // equal times stay in order
        Millis now = 0;
        for (std::uint32_t i = 0; i < 3'000; ++i) {
            const Millis far =
                static_cast<Millis>(chance.next() & ((1ULL << chance.below(36)) - 1));
            wheel.add({now + far, i, 0, Kind::Ready});
            sorted.emplace(now + far, i);
            if (chance.percent(45)) {
                Occurrence one;
                QVERIFY(wheel.next(std::numeric_limits<Millis>::max(), one));
                QCOMPARE(one.at, sorted.begin()->first);
                QCOMPARE(one.subject, sorted.begin()->second);
                now = one.at;
                sorted.erase(sorted.begin());
            }
        }
        Occurrence one;
        while (wheel.next(std::numeric_limits<Millis>::max(), one)) {
            QCOMPARE(one.subject, sorted.begin()->second);
            sorted.erase(sorted.begin());
        }
        QVERIFY(sorted.empty() && wheel.empty());
    }
}

void TestSamplers::wheelWaitsForItsLimit() {
    TimeWheel wheel;
    Occurrence one;
    QVERIFY(!wheel.next(1'000, one));
    wheel.add({100'000, 1, 0, Kind::Ready});
    QVERIFY(!wheel.next(99'999, one));
    wheel.add({99'999, 2, 0, Kind::Ready}); // before the one that it knew of
    QVERIFY(wheel.next(100'000, one));
    QCOMPARE(one.subject, 2U);
    QVERIFY(wheel.next(100'000, one));
    QCOMPARE(one.subject, 1U);
}

QTEST_GUILESS_MAIN(TestSamplers)
#include "test_samplers.moc"
