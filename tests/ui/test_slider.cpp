// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/samples.h"
#include "ui/charts/trafficslider.h"

#include <QSignalSpy>
#include <QTest>

using namespace aviary;

class TestSlider : public QObject {
    Q_OBJECT

    static void ready(TrafficSlider &slider) {
        slider.resize(600, slider.sizeHint().height());
        slider.setValue(samples::slider());
        slider.show();
        QVERIFY(QTest::qWaitForWindowExposed(&slider));
        // The knob comes to rest at 10 %.
        QTRY_VERIFY(std::abs(slider.knobRect().center().x() - slider.xOf(1'000)) < 0.5);
    }
    static QPoint at(const TrafficSlider &slider, int weight) {
        return {static_cast<int>(slider.xOf(weight)),
                static_cast<int>(slider.knobRect().center().y())};
    }

private Q_SLOTS:
    void keysMoveTheGhostByOnePercentOrToTheNextStage_data() {
        QTest::addColumn<int>("key");
        QTest::addColumn<bool>("shift");
        QTest::addColumn<int>("ghost");
        QTest::newRow("right") << int(Qt::Key_Right) << false << 1'100;
        QTest::newRow("left") << int(Qt::Key_Left) << false << 900;
        QTest::newRow("up") << int(Qt::Key_Up) << false << 1'100;
        QTest::newRow("shift right") << int(Qt::Key_Right) << true << 2'500;
        QTest::newRow("shift left") << int(Qt::Key_Left) << true << 0;
        QTest::newRow("page up") << int(Qt::Key_PageUp) << false << 2'500;
    }

    void keysMoveTheGhostByOnePercentOrToTheNextStage() {
        QFETCH(int, key);
        QFETCH(bool, shift);
        QFETCH(int, ghost);
        TrafficSlider slider;
        ready(slider);
        QSignalSpy moved(&slider, &TrafficSlider::ghostMoved);
        QTest::keyClick(&slider, static_cast<Qt::Key>(key),
                        shift ? Qt::ShiftModifier : Qt::NoModifier);
        QCOMPARE(slider.ghost(), std::optional(ghost));
        QCOMPARE(moved.size(), 1);
        QCOMPARE(slider.value().now, 1'000); // nothing changed by it
    }

    void keysFollowTheDirectionOfReading() {
        TrafficSlider slider;
        slider.setLayoutDirection(Qt::RightToLeft);
        ready(slider);
        QVERIFY(slider.xOf(0) > slider.xOf(10'000));
        QTest::keyClick(&slider, Qt::Key_Left);
        QCOMPARE(slider.ghost(), std::optional(1'100));
    }

    void stagesFollowEachOther() {
        TrafficSlider slider;
        ready(slider);
        QTest::keyClick(&slider, Qt::Key_Right, Qt::ShiftModifier);
        QTest::keyClick(&slider, Qt::Key_Right, Qt::ShiftModifier);
        QCOMPARE(slider.ghost(), std::optional(5'000));
        // Beyond it the load limit forbids.
        QTest::keyClick(&slider, Qt::Key_Right, Qt::ShiftModifier);
        QCOMPARE(slider.ghost(), std::optional(5'000));
        QVERIFY(slider.accessibleDescription().contains(u"twice their usual load"));
    }

    void enterProposesAndEscapeWithdraws() {
        TrafficSlider slider;
        ready(slider);
        QSignalSpy proposed(&slider, &TrafficSlider::proposed);
        QSignalSpy withdrawn(&slider, &TrafficSlider::withdrawn);
        QTest::keyClick(&slider, Qt::Key_Return);
        QCOMPARE(proposed.size(), 0); // there is nothing to propose
        QTest::keyClick(&slider, Qt::Key_Right, Qt::ShiftModifier);
        QTest::keyClick(&slider, Qt::Key_Return);
        QCOMPARE(proposed.size(), 1);
        QCOMPARE(proposed.front().front().toInt(), 2'500);
        QVERIFY(slider.ghost());
        QTest::keyClick(&slider, Qt::Key_Escape);
        QCOMPARE(withdrawn.size(), 1);
        QVERIFY(!slider.ghost());
    }

    void draggingMovesTheGhostAndSnapsToStages() {
        TrafficSlider slider;
        ready(slider);
        QSignalSpy proposed(&slider, &TrafficSlider::proposed);
        QTest::mousePress(&slider, Qt::LeftButton, {}, at(slider, 1'000));
        QTest::mouseMove(&slider, at(slider, 1'700));
        QCOMPARE(slider.ghost(), std::optional(1'700));
        QTest::mouseMove(&slider, at(slider, 2'500) + QPoint(3, 0));
        QCOMPARE(slider.ghost(), std::optional(2'500));
        QTest::mouseRelease(&slider, Qt::LeftButton, {}, at(slider, 2'500));
        QCOMPARE(slider.ghost(), std::optional(2'500));
        QCOMPARE(proposed.size(), 0);
        QCOMPARE(slider.value().now, 1'000);
    }

    void draggingStopsAtTheLoadLimitButMayLower() {
        TrafficSlider slider;
        ready(slider);
        QTest::mousePress(&slider, Qt::LeftButton, {}, at(slider, 1'000));
        QTest::mouseMove(&slider, at(slider, 9'000));
        QCOMPARE(slider.ghost(), std::optional(5'000));
        QTest::mouseMove(&slider, at(slider, 300));
        QCOMPARE(slider.ghost(), std::optional(300));
        // Back on the knob there is nothing left to propose.
        QTest::mouseMove(&slider, at(slider, 1'000));
        QVERIFY(!slider.ghost());
    }

    void loweringStaysPossibleWhenNothingMayBeRaised() {
        TrafficSlider slider;
        ready(slider);
        TrafficSliderValue value = samples::slider();
        value.raise_max = 0; // even a limit below the present weight
        value.raise_reason = u"the data is 48 s old"_qs;
        slider.setValue(value);
        QTest::keyClick(&slider, Qt::Key_Right);
        QVERIFY(!slider.ghost());
        QTest::keyClick(&slider, Qt::Key_Left);
        QCOMPARE(slider.ghost(), std::optional(900));
    }

    void ghostGoesWhenTheKnobReachesIt() {
        TrafficSlider slider;
        ready(slider);
        slider.moveGhost(2'500);
        slider.setEffect(samples::sliderEffect());
        TrafficSliderValue value = samples::slider();
        value.now = 2'500;
        slider.setValue(value);
        QVERIFY(!slider.ghost());
        QTRY_VERIFY(std::abs(slider.knobRect().center().x() - slider.xOf(2'500)) < 0.5);
    }

    void aNewLimitPushesTheGhostBack() {
        TrafficSlider slider;
        ready(slider);
        slider.moveGhost(5'000);
        TrafficSliderValue value = samples::slider();
        value.raise_max = 2'500;
        slider.setValue(value);
        QCOMPARE(slider.ghost(), std::optional(2'500));
    }

    void screenReadersHearNowProposedAndEffect() {
        TrafficSlider slider;
        slider.setValue(samples::slider());
        QVERIFY(slider.accessibleName().contains(u"v42"));
        slider.moveGhost(2'500);
        slider.setEffect(u"8 more nodes\u202E first"_qs);
        const QString text = slider.accessibleDescription();
        QVERIFY(text.contains(u"10\u00a0%"));
        QVERIFY(text.contains(u"25\u00a0%"));
        QVERIFY(text.contains(u"8 more nodes first"));
    }
};

QTEST_MAIN(TestSlider)
#include "test_slider.moc"
