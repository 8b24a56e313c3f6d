// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/samples.h"
#include "ui/charts/steptrack.h"

#include <QSignalSpy>
#include <QTest>

using namespace aviary;
using Phase = TrackStep::Phase;

class TestStepTrack : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void foldsStagesFarAheadFirst() {
        const auto stops = foldSteps(samples::stepTrack().steps, 11);
        QCOMPARE(stops.size(), 11U);
        QCOMPARE(stops[8].label, u"Stage 50 %"_qs);
        QCOMPARE(stops[8].note, u"4 steps"_qs);
        QCOMPARE(stops[9].label, u"Stage 100 %"_qs);
        QCOMPARE(stops[10].label, u"Retire v41"_qs);
        QVERIFY(!stops[3].folded());
    }

    void keepsEveryStepWhateverIsFolded() {
        const auto steps = samples::stepTrack().steps;
        for (std::size_t room = 1; room <= steps.size() + 1; ++room) {
            const auto stops = foldSteps(steps, room);
            std::size_t next = 0;
            for (const TrackStop &stop : stops) {
                QCOMPARE(stop.first, next);
                next = stop.last + 1;
                for (std::size_t i = stop.first; i <= stop.last; ++i) {
                    QCOMPARE(steps[i].phase, stop.phase);
                }
            }
            QCOMPARE(next, steps.size());
            // Done, now and to come always stay apart.
            QVERIFY(stops.size() <= std::max<std::size_t>(room, 3));
        }
    }

    void neverHidesThePresentOrAFailedStep() {
        std::vector<TrackStep> steps(200);
        steps[90].phase = Phase::Failed;
        steps[91].phase = Phase::Now;
        for (std::size_t i = 0; i < 90; ++i) {
            steps[i].phase = Phase::Done;
        }
        const auto stops = foldSteps(steps, 4);
        QCOMPARE(stops.size(), 4U);
        QCOMPARE(stops[1].phase, Phase::Failed);
        QCOMPARE(stops[2].phase, Phase::Now);
        QCOMPARE(stops[3].label, u"108 steps"_qs);
    }

    void showsTimeTakenAndTimeExpected() {
        const auto stops = foldSteps(samples::stepTrack().steps, 100);
        QCOMPARE(stops[0].note, u"0:42"_qs);
        QCOMPARE(stops[3].note, u"12:08"_qs);
        QCOMPARE(stops[4].note, u"~2\u00a0min"_qs);
        QCOMPARE(stops[5].note, QString());
    }

    void keysWalkTheStepsAndEnterOpens() {
        StepTrack track;
        track.resize(1'200, 60);
        track.setValue(samples::stepTrack());
        track.show();
        QVERIFY(QTest::qWaitForWindowExposed(&track));
        QSignalSpy activated(&track, &StepTrack::stepsActivated);
        QTest::keyClick(&track, Qt::Key_Home);
        QTest::keyClick(&track, Qt::Key_Right);
        QTest::keyClick(&track, Qt::Key_Return);
        QCOMPARE(activated.size(), 1);
        QCOMPARE(activated.front().front().toULongLong(), 1U);
        QTest::keyClick(&track, Qt::Key_Left);
        QTest::keyClick(&track, Qt::Key_Left);
        QTest::keyClick(&track, Qt::Key_Return);
        QCOMPARE(activated.back().front().toULongLong(), 0U);
    }

    void clickOpensWhatIsUnderThePointer() {
        StepTrack track;
        track.resize(1'200, 60);
        track.setValue(samples::stepTrack());
        QSignalSpy activated(&track, &StepTrack::stepsActivated);
        const std::size_t folded = track.stops().size() - 2;
        QTest::mouseClick(&track, Qt::LeftButton, {}, track.stopRect(folded).center().toPoint());
        QCOMPARE(activated.size(), 1);
        QCOMPARE(activated.front().at(0).toULongLong(), track.stops()[folded].first);
        QCOMPARE(activated.front().at(1).toULongLong(), track.stops()[folded].last);
    }

    void saysWhereItStands() {
        StepTrack track;
        track.setValue(samples::stepTrack());
        QCOMPARE(track.accessibleDescription(), u"step 4 of 17: Hold for you, waiting for you"_qs);
    }
};

QTEST_MAIN(TestStepTrack)
#include "test_steptrack.moc"
