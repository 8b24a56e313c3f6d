// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/samples.h"
#include "ui/charts/paint.h"
#include "ui/theme/theme.h"

#include <QSignalSpy>
#include <QTest>
#include <QtMath>

using namespace aviary;

class TestCharts : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void ticksAreFewAndRound_data() {
        QTest::addColumn<double>("low");
        QTest::addColumn<double>("high");
        QTest::addColumn<int>("count_max");
        QTest::addColumn<QList<double>>("ticks");
        QTest::newRow("percent") << 0.0 << 1.0 << 4 << QList<double>{0, 0.5, 1};
        QTest::newRow("errors") << 0.0 << 0.0107 << 4 << QList<double>{0, 0.005, 0.01};
        QTest::newRow("minutes") << 0.0 << 60.0 << 7 << QList<double>{0, 10, 20, 30, 40, 50, 60};
        QTest::newRow("before now") << -20.0 << 0.0 << 3 << QList<double>{-20, -10, 0};
        QTest::newRow("empty") << 1.0 << 1.0 << 4 << QList<double>{};
        QTest::newRow("no number") << 0.0 << std::nan("") << 4 << QList<double>{};
    }

    void ticksAreFewAndRound() {
        QFETCH(double, low);
        QFETCH(double, high);
        QFETCH(int, count_max);
        QFETCH(QList<double>, ticks);
        const std::vector<double> found = roundTicks(low, high, count_max);
        QCOMPARE(found.size(), static_cast<std::size_t>(ticks.size()));
        for (qsizetype i = 0; i < ticks.size(); ++i) {
            QVERIFY(std::abs(found[static_cast<std::size_t>(i)] - ticks[i]) < 1e-9);
        }
    }

    void crosshairIsSharedBetweenCharts() {
        TrafficShareChart share;
        ErrorBandChart errors;
        share.resize(500, 160);
        errors.resize(700, 160);
        share.setValue(samples::share());
        errors.setValue(samples::errors());
        QObject::connect(&share, &TimeChart::crosshairMoved, &errors, &TimeChart::setCrosshair);
        share.show();
        errors.show();
        QVERIFY(QTest::qWaitForWindowExposed(&share));
        const QImage before = errors.grab().toImage();
        const QPoint at = share.pointAt(-600, 0.5).toPoint();
        QTest::mouseMove(share.viewport(), at);
        QTRY_VERIFY(errors.crosshair());
        QVERIFY(std::abs(*errors.crosshair() + 600) < 5);
        QVERIFY(errors.grab().toImage() != before);
        QTest::mouseMove(share.viewport(), QPoint(2, at.y()));
        QTRY_VERIFY(!errors.crosshair());
    }

    void namesOfRevisionsAreReadableWhereTheyStand_data() {
        using Points = std::vector<SharePoint>;
        QTest::addColumn<Points>("points");
        QTest::addColumn<int>("labels");
        const auto jump = [](double at_s, double before, double after) {
            return Points{{-1'200, before}, {at_s - 1, before}, {at_s, after}, {0, after}};
        };
        QTest::newRow("a tenth for long") << jump(-1'000, 0, 0.1) << 2;
        QTest::newRow("all, in the last seconds") << jump(-8, 0, 1) << 2;
        QTest::newRow("half, for a minute") << jump(-60, 0.1, 0.5) << 2;
        QTest::newRow("nearly all, for a minute") << jump(-60, 0.5, 0.98) << 2;
        QTest::newRow("just lowered") << jump(-20, 0.6, 0.02) << 2;
        QTest::newRow("little for long") << jump(-900, 0, 0.02) << 2;
        QTest::newRow("begun a while ago") << Points{{-15, 0.5}, {0, 0.5}} << 1;
        QTest::newRow("heard long ago") << Points{{-1'200, 1}, {-700, 1}} << 1;
        QTest::newRow("all, for long") << jump(-1'100, 0, 1) << 1;
    }

    // Whatever lies under a name, it differs from the name's own colour as text must.
    void namesOfRevisionsAreReadableWhereTheyStand() {
        QFETCH(std::vector<SharePoint>, points);
        QFETCH(int, labels);
        for (const ThemeChoice choice : {ThemeChoice::Light, ThemeChoice::Dark}) {
            Theme theme(*qApp, choice);
            TrafficShareChart chart;
            chart.resize(420, 160);
            chart.setAutoFillBackground(true);
            chart.setValue({points, {}, u"v42"_qs, u"v41"_qs, 1'200});
            chart.show();
            QVERIFY(QTest::qWaitForWindowExposed(&chart));
            const QImage image = chart.grab().toImage();
            const auto shown = chart.labels();
            QCOMPARE(shown.size(), static_cast<std::size_t>(labels));
            QVERIFY(labels < 2 || !shown[0].box.intersects(shown[1].box));
            for (const auto &label : shown) {
                QVERIFY(chart.plot().adjusted(-1, -1, 1, 1).contains(label.box));
                const QColor text = tokensOf(&chart)(label.colour);
                // Its letters stand between these two columns, and nowhere in them.
                const int left = qCeil(label.box.left()) + 1;
                const int right = qFloor(label.box.right()) - 2;
                for (int y = qCeil(label.box.top()) + 1; y < qFloor(label.box.bottom()) - 1; ++y) {
                    for (const int x : {left, right}) {
                        const QColor under = image.pixelColor(x, y);
                        QVERIFY2(contrast(text, under) >= 4.5,
                                 qPrintable(label.text + u" on "_qs + under.name()));
                    }
                }
            }
        }
    }

    void chartsTellTheirValuesToScreenReaders() {
        TrafficShareChart share;
        share.setValue(samples::share());
        QCOMPARE(share.accessibleDescription(), u"v42 10\u00a0%, v41 90\u00a0%"_qs);
        ErrorBandChart errors;
        errors.setValue(samples::errors());
        QVERIFY(errors.accessibleDescription().startsWith(u"v42 0."));
        QVERIFY(errors.accessibleDescription().contains(u"v41 0."));
        errors.setValue({});
        QCOMPARE(errors.accessibleDescription(), u"no requests on the new revision yet"_qs);
    }

    void fanIsReadBetweenItsTimes() {
        QCOMPARE(fanValueAt({0, 10}, {0, 1}, 5), std::optional(0.5));
        QCOMPARE(fanValueAt({0, 10}, {0, 1}, 10), std::optional(1.0));
        QCOMPARE(fanValueAt({0, 10}, {0, 1}, 11), std::nullopt);
        QCOMPARE(fanValueAt({}, {}, 0), std::nullopt);
    }

    void fanLeavesOutWhatCannotBeDrawn() {
        FanChartValue value = samples::fan(false);
        value.median.pop_back();
        value.bands.push_back({{1, 2}, {3}});
        FanChart fan;
        fan.setValue(value);
        QVERIFY(fan.value().median.empty());
        QCOMPARE(fan.value().bands.size(), 1U);
        fan.resize(300, 200);
        QVERIFY(!fan.grab().isNull());
    }

    void ageSaysWhenDataIsOld_data() {
        QTest::addColumn<qint64>("age_ms");
        QTest::addColumn<bool>("stale");
        QTest::addColumn<QString>("text");
        QTest::newRow("fresh") << qint64{240} << false << u"live, 0.2\u00a0s old"_qs;
        QTest::newRow("at the limit") << qint64{10'000} << false << u"live, 10\u00a0s old"_qs;
        QTest::newRow("old") << qint64{48'000} << true << u"48\u00a0s old"_qs;
        QTest::newRow("never") << qint64{-1} << true << u"not heard yet"_qs;
    }

    void ageSaysWhenDataIsOld() {
        QFETCH(qint64, age_ms);
        QFETCH(bool, stale);
        QFETCH(QString, text);
        DataAgeValue value;
        value.age_ms = age_ms < 0 ? std::nullopt : std::optional<std::int64_t>(age_ms);
        QCOMPARE(value.stale(), stale);
        QCOMPARE(dataAgeText(value), text);
        QCOMPARE(signOf(value), stale ? Sign::ClusterStale : Sign::ClusterLive);
    }

    void outcomesAreAlsoWords() {
        QCOMPARE(outcomeText(samples::outcomes(0.989, 0.008, 0.003)),
                 u"98.9\u00a0% complete, 0.8\u00a0% back, 0.3\u00a0% stuck"_qs);
    }
};

QTEST_MAIN(TestCharts)
#include "test_charts.moc"
