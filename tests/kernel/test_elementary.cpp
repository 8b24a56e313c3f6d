// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernel/analysis/elementary.h"

#include <QTest>

#include <bit>
#include <cmath>
#include <limits>
#include <random>

using namespace aviary::kernel;

// The kernel's own functions against the standard library's.
class TestElementary : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void logarithm();
    void exponentials();
    void gamma();
    void edges();
    void tails();
    void theSameBitsEverywhere();
};

namespace {

double relative(double ours, double theirs) {
    return theirs == 0.0 ? std::fabs(ours) : std::fabs((ours - theirs) / theirs);
}

} // namespace

void TestElementary::logarithm() {
    std::mt19937_64 random(7);
    std::uniform_real_distribution<double> exponent(-300, 300);
    double worst = 0;
    for (int i = 0; i < 200'000; ++i) {
        const double x = std::pow(10.0, exponent(random));
        worst = std::max(worst, relative(naturalLog(x), std::log(x)));
        const double near_one = 1.0 + exponent(random) / 3'000;
        worst = std::max(worst, relative(naturalLog(near_one), std::log(near_one)));
    }
    // Where the table's parts meet, those next to 1 and the octave's ends among them.
    for (double border = 0.6875; border <= 1.375; border += 0x1p-8) {
        for (const double x :
             {border, std::nextafter(border, 0.0), std::nextafter(border, 2.0), 2.0 * border}) {
            worst = std::max(worst, relative(naturalLog(x), std::log(x)));
        }
    }
    for (const double x : {5e-324, 1e-310, std::numeric_limits<double>::min(),
                           std::numeric_limits<double>::max(), 2.0, 0.5}) {
        worst = std::max(worst, relative(naturalLog(x), std::log(x)));
    }
    QVERIFY2(worst < 1e-14, qPrintable(QString::number(worst)));
}

void TestElementary::exponentials() {
    std::mt19937_64 random(8);
    std::uniform_real_distribution<double> wide(-700, 700);
    double worst = 0;
    for (int i = 0; i < 200'000; ++i) {
        const double x = wide(random);
        worst = std::max(worst, relative(exponential(x), std::exp(x)));
        worst = std::max(worst, relative(exponential(x / 700), std::exp(x / 700)));
    }
    for (const double x : {709.78, 709.7827128, -708.3, 0.34657, -0.34658, 1e-300}) {
        worst = std::max(worst, relative(exponential(x), std::exp(x)));
    }
    QVERIFY2(worst < 1e-14, qPrintable(QString::number(worst)));
    QVERIFY(relative(exponential(-740), std::exp(-740)) < 1e-3); // not normal: few digits are left
}

void TestElementary::gamma() {
    double worst = 0;
    for (double x = 1e-6; x < 1e10; x *= 1.001) {
        const double theirs = std::lgamma(x);
        worst = std::max(worst, std::fabs(logGamma(x) - theirs) / std::max(1.0, std::fabs(theirs)));
    }
    QVERIFY2(worst < 1e-13, qPrintable(QString::number(worst)));
    QVERIFY(relative(logBeta(0.5, 0.5), std::log(3.14159265358979323846)) < 1e-13);
    QVERIFY(relative(logBeta(3, 4), -std::log(60.0)) < 1e-13);
}

void TestElementary::edges() {
    const double infinity = std::numeric_limits<double>::infinity();
    QCOMPARE(naturalLog(1.0), 0.0);
    QCOMPARE(naturalLog(0.0), -infinity);
    QCOMPARE(naturalLog(infinity), infinity);
    QVERIFY(std::isnan(naturalLog(-1.0)));
    QVERIFY(std::isnan(naturalLog(std::nan(""))));
    QCOMPARE(exponential(0.0), 1.0);
    QCOMPARE(exponential(710.0), infinity);
    QCOMPARE(exponential(-800.0), 0.0);
    QCOMPARE(exponential(-infinity), 0.0);
    QVERIFY(std::isnan(exponential(std::nan(""))));
    QCOMPARE(logGamma(0.0), infinity);
    QVERIFY(std::isnan(logGamma(-2.5)));
}

void TestElementary::tails() {
    // Summed term by term.
    for (const double trials : {1.0, 7.0, 60.0, 900.0}) {
        for (const double rate : {0.001, 0.03, 0.5, 0.97}) {
            double tail = 0;
            for (double k = trials; k >= 0; --k) {
                tail += std::exp(std::lgamma(trials + 1) - std::lgamma(k + 1) -
                                 std::lgamma(trials - k + 1) + k * std::log(rate) +
                                 (trials - k) * std::log1p(-rate));
                QVERIFY(std::fabs(binomialTail(trials, k, rate) - tail) < 1e-10);
            }
        }
    }
    QCOMPARE(binomialTail(10, 11, 0.5), 0.0);
    QCOMPARE(binomialTail(10, 0, 0.0), 1.0);
    QCOMPARE(binomialTail(10, 10, 1.0), 1.0);
    QVERIFY(std::fabs(binomialTail(1e8, 1e6, 0.01) - 0.5) < 1e-3);
}

// A digest of bits that g++ and clang, at any level of optimisation, must agree on.
void TestElementary::theSameBitsEverywhere() {
    quint64 digest = 0;
    for (int i = 1; i <= 10'000; ++i) {
        for (const double value : {naturalLog(i), naturalLog(1.0 / i), exponential(-0.001 * i),
                                   exponential(0.01 * i), logGamma(0.5 * i)}) {
            digest = (digest ^ std::bit_cast<quint64>(value)) * 0x100'0000'01b3;
        }
    }
    QCOMPARE(QString::number(digest, 16), QStringLiteral("4533fa67670f005c"));
}

QTEST_GUILESS_MAIN(TestElementary)
#include "test_elementary.moc"
