// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernel/analysis/detectable.h"
#include "core/kernel/analysis/sequence.h"

#include <QTest>

#include <rapidcheck.h>

#include <cmath>
#include <random>

using namespace aviary::kernel;

// The confidence sequence behind not-worse: its guarantee, its sharpness and its shape.
// AVIARY_LONG=1 looks after every request, and at more and longer runs.
class TestSequence : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void falseAlarmsStayBelowAlpha_data();
    void falseAlarmsStayBelowAlpha();
    void shape();
    void moreEvidenceIsNarrower();
    void anErrorMovesItUp();
    void placeAgreesWithTheInterval();
    void matchesASearchOverTheRegion();
    void whatACheckCanSee();
    void sightAgreesWithSimulation();
};

namespace {

bool isLong() {
    return qEnvironmentVariableIntValue("AVIARY_LONG") == 1;
}

// One run of requests to both sides; true when a look ever finds fresh worse by more than margin.
struct Run {
    double fresh_rate;
    double stable_rate;
    double fresh_share;
    double margin;
    double alpha;
    int requests;

    bool alarms(std::mt19937_64 &random) const {
        std::uniform_real_distribution<double> draw(0.0, 1.0);
        Count fresh;
        Count stable;
        int next_look = 20;
        for (int i = 0; i < requests; ++i) {
            const bool to_fresh = draw(random) < fresh_share;
            const bool hit = draw(random) < (to_fresh ? fresh_rate : stable_rate);
            Count &side = to_fresh ? fresh : stable;
            ++side.trials;
            side.hits += hit ? 1 : 0;
            // The lower end rises only with a hit on the fresh side, or slowly.
            const bool looks = i >= next_look || (to_fresh && hit && fresh.hits < 30);
            if (!looks && !(isLong() && i < 1'500)) {
                continue;
            }
            if (i >= next_look) {
                next_look += 1 + i / (isLong() ? 200 : 30);
            }
            if (placeOf(fresh, stable, alpha, margin) == Place::Above) {
                return true;
            }
        }
        return false;
    }
};

} // namespace

void TestSequence::falseAlarmsStayBelowAlpha_data() {
    QTest::addColumn<double>("stable_rate");
    QTest::addColumn<double>("margin");
    QTest::addColumn<double>("fresh_share");
    // The fresh rate is as bad as the margin allows: the hardest case that is not worse.
    QTest::newRow("0.3 %, no margin, balanced") << 0.003 << 0.0 << 0.5;
    QTest::newRow("2 %, no margin, balanced") << 0.02 << 0.0 << 0.5;
    QTest::newRow("20 %, no margin, balanced") << 0.2 << 0.0 << 0.5;
    QTest::newRow("1 %, half a point, one in ten") << 0.01 << 0.005 << 0.1;
    QTest::newRow("no errors before, half a point") << 0.0 << 0.005 << 0.3;
    QTest::newRow("60 %, five points, nine in ten") << 0.6 << 0.05 << 0.9;
}

void TestSequence::falseAlarmsStayBelowAlpha() {
    QFETCH(double, stable_rate);
    QFETCH(double, margin);
    QFETCH(double, fresh_share);
    constexpr double alpha = 0.2; // large, so that few runs already say something
    const int runs = isLong() ? 2'000 : 200;
    const Run run{stable_rate + margin,     stable_rate, fresh_share, margin, alpha,
                  isLong() ? 20'000 : 3'000};
    std::mt19937_64 random(20'26);
    int alarms = 0;
    for (int i = 0; i < runs; ++i) {
        alarms += run.alarms(random) ? 1 : 0;
    }
    const double allowed = runs * alpha + 3.0 * std::sqrt(runs * alpha * (1.0 - alpha));
    qInfo("%d false alarms in %d runs (guaranteed: %.0f on average)", alarms, runs, runs * alpha);
    QVERIFY(alarms <= allowed);
    // The guarantee must not be had by never saying anything.
    const Run worse{
        std::min(1.0, stable_rate + margin + 0.25), stable_rate, fresh_share, margin, alpha, 3'000};
    QVERIFY(worse.alarms(random));
}

namespace {

Count drawCount() {
    const auto trials = *rc::gen::inRange<std::uint64_t>(1, 200'000);
    const auto hits = *rc::gen::oneOf(rc::gen::inRange<std::uint64_t>(0, trials + 1),
                                      rc::gen::inRange<std::uint64_t>(0, trials / 50 + 1),
                                      rc::gen::just<std::uint64_t>(0), rc::gen::just(trials));
    return {trials, hits};
}

constexpr double slack = 1e-8;

} // namespace

void TestSequence::shape() {
    const bool holds = rc::check("holds what was seen, mirrors, widens with certainty", [] {
        const Count fresh = drawCount();
        const Count stable = drawCount();
        const Interval interval = rateDifference(fresh, stable, 0.025);
        const double seen =
            double(fresh.hits) / double(fresh.trials) - double(stable.hits) / double(stable.trials);
        RC_ASSERT(interval.low >= -1.0 && interval.high <= 1.0);
        RC_ASSERT(interval.low <= seen + slack && seen - slack <= interval.high);
        const Interval mirrored = rateDifference(stable, fresh, 0.025);
        RC_ASSERT(std::fabs(mirrored.low + interval.high) < slack);
        RC_ASSERT(std::fabs(mirrored.high + interval.low) < slack);
        const Interval surer = rateDifference(fresh, stable, 0.001);
        RC_ASSERT(surer.low <= interval.low + slack && interval.high <= surer.high + slack);
    });
    QVERIFY(holds);
}

void TestSequence::moreEvidenceIsNarrower() {
    const bool holds = rc::check("the same rates seen k times as often", [] {
        const Count fresh = drawCount();
        const Count stable = drawCount();
        const auto k = *rc::gen::inRange<std::uint64_t>(2, 20);
        const Interval few = rateDifference(fresh, stable, 0.025);
        const Interval many = rateDifference({fresh.trials * k, fresh.hits * k},
                                             {stable.trials * k, stable.hits * k}, 0.025);
        RC_ASSERT(many.low >= few.low - slack && many.high <= few.high + slack);
    });
    QVERIFY(holds);
}

void TestSequence::anErrorMovesItUp() {
    const bool holds = rc::check("an error more on the fresh side", [] {
        const Count fresh = drawCount();
        const Count stable = drawCount();
        if (fresh.hits == fresh.trials) {
            return;
        }
        const Interval before = rateDifference(fresh, stable, 0.025);
        const Interval after = rateDifference({fresh.trials, fresh.hits + 1}, stable, 0.025);
        RC_ASSERT(after.low >= before.low - slack);
        // The upper end may give way a little where the old revision fails nearly always: the
        // member with one common rate weighs in.
        RC_ASSERT(after.high >= before.high - 1e-4);
    });
    QVERIFY(holds);
}

void TestSequence::placeAgreesWithTheInterval() {
    const bool holds = rc::check("the one question has the interval's answer", [] {
        const Count fresh = drawCount();
        const Count stable = drawCount();
        const Interval interval = rateDifference(fresh, stable, 0.025);
        const double wide = *rc::gen::inRange(-1'000, 1'001) / 1'000.0;
        // Half of the margins close to an end of the interval, where it matters.
        const double near_low = interval.low + wide * 1e-4;
        const double near_high = interval.high + wide * 1e-4;
        const double margin = *rc::gen::element(wide, near_low, near_high);
        if (std::fabs(margin - interval.low) < slack || std::fabs(margin - interval.high) < slack) {
            return;
        }
        const Place expected = interval.low > margin    ? Place::Above
                               : interval.high < margin ? Place::Below
                                                        : Place::Around;
        RC_ASSERT(int(placeOf(fresh, stable, 0.025, margin)) == int(expected));
    });
    QVERIFY(holds);
}

// The definition, written down once more and searched point by point.
void TestSequence::matchesASearchOverTheRegion() {
    const auto logAverage = [](double n, double e) {
        return std::lgamma(0.5 + e) + std::lgamma(10.0 + n - e) - std::lgamma(10.5 + n) -
               (std::lgamma(0.5) + std::lgamma(10.0) - std::lgamma(10.5));
    };
    const Count fresh{400, 9};
    const Count stable{900, 4};
    const auto inRegion = [&](double p, double q) {
        const double x = logAverage(400, 9) - 9 * std::log(p) - 391 * std::log(1 - p);
        const double y = logAverage(900, 4) - 4 * std::log(q) - 896 * std::log(1 - q);
        const double both = logAverage(1300, 13) - logAverage(400, 9) - logAverage(900, 4) + x + y;
        return (std::exp(x) + std::exp(y) + std::exp(x + y) + std::exp(both)) / 4 < 1 / 0.025;
    };
    Interval searched{1.0, -1.0};
    for (double p = 2e-5; p < 0.09; p += 4e-5) {
        for (double q = 2e-5; q < 0.04; q += 4e-5) {
            if (inRegion(p, q)) {
                searched.low = std::min(searched.low, p - q);
                searched.high = std::max(searched.high, p - q);
            }
        }
    }
    const Interval interval = rateDifference(fresh, stable, 0.025);
    QVERIFY(std::fabs(interval.low - searched.low) < 1e-4);
    QVERIFY(std::fabs(interval.high - searched.high) < 1e-4);
}

// A table for people: the rise seen nine times in ten. And it must fall with the traffic.
void TestSequence::whatACheckCanSee() {
    QVERIFY(!detectableRise(NotWorse{}, 0.003, 3, 27, 0.9));
    QVERIFY(!detectableRise(NotWorse{}, 0.003, 0, 100, 0.9));
    for (const double rate : {0.001, 0.003, 0.01, 0.05}) {
        double before = 1.0;
        QStringList line{QStringLiteral("at %1 %:").arg(rate * 100)};
        for (const std::uint64_t requests : {200U, 1'000U, 10'000U, 100'000U}) {
            const auto rise = detectableRise(NotWorse{}, rate, requests, 9 * requests, 0.9);
            QVERIFY(rise.has_value());
            QVERIFY(*rise < before);
            QVERIFY(*rise > 0.005);
            before = *rise;
            line << QStringLiteral("%1 requests +%2 points")
                        .arg(requests)
                        .arg(*rise * 100, 0, 'f', 2);
        }
        qInfo("%s", qPrintable(line.join(u"  ")));
        QVERIFY(before < 0.015);
    }
}

void TestSequence::sightAgreesWithSimulation() {
    const auto rise = detectableRise(NotWorse{}, 0.01, 1'000, 3'000, 0.8);
    QVERIFY(rise.has_value());
    std::mt19937_64 random(5);
    std::binomial_distribution<std::uint64_t> fresh(1'000, 0.01 + *rise);
    std::binomial_distribution<std::uint64_t> stable(3'000, 0.01);
    const int runs = 2'000;
    int seen = 0;
    for (int i = 0; i < runs; ++i) {
        const Verdict verdict =
            judgeNotWorse(NotWorse{}, {1'000, fresh(random), 0, 0}, {3'000, stable(random), 0, 0});
        seen += verdict.ruling == Ruling::Fail ? 1 : 0;
    }
    const double power = double(seen) / runs;
    QVERIFY2(power > 0.76 && power < 0.86, qPrintable(QString::number(power)));
}

QTEST_GUILESS_MAIN(TestSequence)
#include "test_sequence.moc"
