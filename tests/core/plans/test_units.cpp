// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernel/strategy/plan.h"
#include "core/plans/units.h"

#include <QTest>

#include <rapidcheck.h>

#include <limits>

using namespace aviary;
using namespace aviary::plans;

class TestUnits : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void durations_data();
    void durations();
    void weights_data();
    void weights();
    void shares_data();
    void shares();
    void times();
    void counts();
    void whatIsWrittenIsRead();
};

namespace {

constexpr qint64 refused = std::numeric_limits<qint64>::min();

template <class T>
qint64 valueOf(const Result<T> &result) {
    if (result) {
        return static_cast<qint64>(*result);
    }
    const bool explained = !result.error().what.isEmpty() && !result.error().remedy.isEmpty();
    return explained ? refused : refused + 1;
}

} // namespace

void TestUnits::durations_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("ms");
    QTest::newRow("seconds") << u"5 s"_qs << qint64(5'000);
    QTest::newRow("no blank") << u"10min"_qs << qint64(600'000);
    QTest::newRow("blanks around") << u"  2 h "_qs << qint64(7'200'000);
    QTest::newRow("milliseconds") << u"500 ms"_qs << qint64(500);
    QTest::newRow("days") << u"1 d"_qs << qint64(86'400'000);
    QTest::newRow("part of a second") << u"1.5 s"_qs << qint64(1'500);
    QTest::newRow("part of an hour") << u"0.25 h"_qs << qint64(900'000);
    QTest::newRow("nothing") << u"0"_qs << qint64(0);
    QTest::newRow("negative is for the lint") << u"-5 s"_qs << qint64(-5'000);
    QTest::newRow("no unit") << u"5"_qs << refused;
    QTest::newRow("m may be minutes or months") << u"5 m"_qs << refused;
    QTest::newRow("too fine") << u"0.5 ms"_qs << refused;
    QTest::newRow("no number") << u"s"_qs << refused;
    QTest::newRow("two") << u"5 s 3"_qs << refused;
    QTest::newRow("exponent") << u"1e400 s"_qs << refused;
    QTest::newRow("nan") << u"nan s"_qs << refused;
    QTest::newRow("2^63") << u"9223372036854775808 ms"_qs << refused;
    QTest::newRow("digits without end") << QString(5'000, u'9') + u" s"_qs << refused;
    QTest::newRow("empty") << QString() << refused;
}

void TestUnits::durations() {
    QFETCH(QString, text);
    QFETCH(qint64, ms);
    QCOMPARE(valueOf(durationFromText(text)), ms);
}

void TestUnits::weights_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("weight");
    QTest::newRow("share") << u"25 %"_qs << qint64(2'500);
    QTest::newRow("bare") << u"25"_qs << qint64(2'500);
    QTest::newRow("parts") << u"12.5%"_qs << qint64(1'250);
    QTest::newRow("trailing zeros") << u"33.30 %"_qs << qint64(3'330);
    QTest::newRow("over is for the lint") << u"120"_qs << qint64(12'000);
    QTest::newRow("negative is for the lint") << u"-10"_qs << qint64(-1'000);
    QTest::newRow("negative part") << u"-0.5"_qs << qint64(-50);
    QTest::newRow("too fine") << u"0.001 %"_qs << refused;
    QTest::newRow("another unit") << u"25 s"_qs << refused;
    QTest::newRow("huge") << u"99999999999 %"_qs << refused;
}

void TestUnits::weights() {
    QFETCH(QString, text);
    QFETCH(qint64, weight);
    QCOMPARE(valueOf(weightFromText(text)), weight);
}

void TestUnits::shares_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("ppm");
    QTest::newRow("share") << u"95 %"_qs << qint64(950'000);
    QTest::newRow("part of one") << u"0.95"_qs << qint64(950'000);
    QTest::newRow("one") << u"1"_qs << qint64(1'000'000);
    QTest::newRow("half a point") << u"0.5 %"_qs << qint64(5'000);
    QTest::newRow("bare 95 is no part of one") << u"95"_qs << refused;
    QTest::newRow("over") << u"101 %"_qs << refused;
    QTest::newRow("negative") << u"-1 %"_qs << refused;
    QTest::newRow("too fine") << u"0.00001 %"_qs << refused;
}

void TestUnits::shares() {
    QFETCH(QString, text);
    QFETCH(qint64, ppm);
    QCOMPARE(valueOf(shareFromText(text)), ppm);
}

void TestUnits::times() {
    QCOMPARE(valueOf(timesFromText(u"2"_qs)), 200);
    QCOMPARE(valueOf(timesFromText(u"1.25"_qs)), 125);
    QCOMPARE(valueOf(timesFromText(u"150 %"_qs)), 150);
    QCOMPARE(valueOf(timesFromText(u"1.255"_qs)), refused);
    QCOMPARE(valueOf(timesFromText(u"-1"_qs)), refused);
}

void TestUnits::counts() {
    QCOMPARE(valueOf(countFromText(u"0"_qs)), 0);
    QCOMPARE(valueOf(countFromText(u"12000"_qs)), 12'000);
    for (const char *text : {"-1", "1.0", "1 %", "", "9223372036854775808", "1,000", "0x10"}) {
        QVERIFY2(valueOf(countFromText(QString::fromUtf8(text))) == refused, text);
    }
}

void TestUnits::whatIsWrittenIsRead() {
    const bool holds = rc::check("quantities round-trip", [] {
        const auto ms = *rc::gen::inRange<qint64>(-1'000'000'000'000, 1'000'000'000'000);
        const auto whole = ms - ms % *rc::gen::element<qint64>(1, 1'000, 60'000, 86'400'000);
        for (const qint64 duration : {ms, whole}) {
            const auto text = QString::fromStdString(kernel::durationText(duration));
            RC_ASSERT(durationFromText(text).value() == duration);
        }
        const auto weight = *rc::gen::arbitrary<kernel::Weight>();
        RC_ASSERT(weightFromText(QString::fromStdString(kernel::weightText(weight))).value() ==
                  weight);
        const auto share = *rc::gen::inRange<kernel::Ppm>(0, kernel::ppm_one + 1);
        RC_ASSERT(shareFromText(shareText(share)).value() == share);
        const auto percent = *rc::gen::arbitrary<std::uint32_t>();
        RC_ASSERT(timesFromText(timesText(percent)).value() == percent);
    });
    QVERIFY(holds);
}

QTEST_GUILESS_MAIN(TestUnits)
#include "test_units.moc"
