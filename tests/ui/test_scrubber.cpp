// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/samples.h"
#include "ui/charts/scrubber.h"

#include <QSignalSpy>
#include <QTest>

using namespace aviary;

class TestScrubber : public QObject {
    Q_OBJECT

    static void ready(Scrubber &scrubber, bool live) {
        scrubber.resize(1'000, scrubber.sizeHint().height());
        scrubber.setValue(samples::scrubber(live));
        scrubber.resize(1'000, scrubber.sizeHint().height());
        scrubber.show();
        QVERIFY(QTest::qWaitForWindowExposed(&scrubber));
    }

private Q_SLOTS:
    void arrowsStopAtEveryEvent() {
        Scrubber scrubber;
        ready(scrubber, true);
        const std::vector<std::int64_t> events = scrubber.value().events_ms;
        QVERIFY(scrubber.live());
        QTest::keyClick(&scrubber, Qt::Key_Left);
        QCOMPARE(scrubber.value().playhead_ms, std::optional(events.back()));
        QTest::keyClick(&scrubber, Qt::Key_Left);
        QCOMPARE(scrubber.value().playhead_ms, std::optional(events[events.size() - 2]));
        QTest::keyClick(&scrubber, Qt::Key_Right);
        QCOMPARE(scrubber.value().playhead_ms, std::optional(events.back()));
        QTest::keyClick(&scrubber, Qt::Key_Right); // there is no later one
        QCOMPARE(scrubber.value().playhead_ms, std::optional(events.back()));
        QTest::keyClick(&scrubber, Qt::Key_Home);
        QCOMPARE(scrubber.value().playhead_ms, std::optional(scrubber.value().begin_ms));
    }

    void shiftAndArrowsMoveATwentieth() {
        Scrubber scrubber;
        ready(scrubber, false);
        const std::int64_t before = *scrubber.value().playhead_ms;
        QTest::keyClick(&scrubber, Qt::Key_Right, Qt::ShiftModifier);
        QCOMPARE(*scrubber.value().playhead_ms - before, std::int64_t{6 * 60'000});
    }

    void endAsksForLiveAndSpaceForPlay() {
        Scrubber scrubber;
        ready(scrubber, false);
        QSignalSpy live(&scrubber, &Scrubber::liveWanted);
        QSignalSpy play(&scrubber, &Scrubber::playWanted);
        QTest::keyClick(&scrubber, Qt::Key_End);
        QCOMPARE(live.size(), 1);
        QTest::keyClick(&scrubber, Qt::Key_Space);
        QCOMPARE(play.front().front().toBool(), true);
    }

    void draggingMovesThePlayhead() {
        Scrubber scrubber;
        ready(scrubber, true);
        QSignalSpy moved(&scrubber, &Scrubber::playheadMoved);
        const std::int64_t wanted = scrubber.value().begin_ms + 30 * 60'000;
        const QPoint at(static_cast<int>(scrubber.xOf(wanted)), 20);
        QTest::mousePress(&scrubber, Qt::LeftButton, {}, at);
        QCOMPARE(moved.size(), 1);
        QVERIFY(std::abs(*scrubber.value().playhead_ms - wanted) < 30'000);
        QVERIFY(scrubber.accessibleDescription().startsWith(u"viewing"));
    }

    void whatHadNotHappenedShowsNoOutcome() {
        // gateway ended rolled back at 10:02; at 09:48 it was in progress.
        Scrubber scrubber;
        ready(scrubber, false);
        const std::int64_t begin = scrubber.value().begin_ms;
        const qreal lane = scrubber.height() * 0.0;
        const QImage then = scrubber.grab().toImage();
        const Tokens &tokens = tokensOf(&scrubber);
        const int x = static_cast<int>(scrubber.xOf(begin + 47 * 60'000));
        int accents = 0;
        int bads = 0;
        for (int y = static_cast<int>(lane); y < then.height(); ++y) {
            accents += then.pixelColor(x, y) == tokens(Role::Accent) ? 1 : 0;
            bads += then.pixelColor(x, y) == tokens(Role::Bad) ? 1 : 0;
        }
        QVERIFY(accents > 10);
        QCOMPARE(bads, 0);
        scrubber.setValue(samples::scrubber(true));
        const QImage now = scrubber.grab().toImage();
        for (int y = 0; y < now.height(); ++y) {
            bads += now.pixelColor(x, y) == tokens(Role::Bad) ? 1 : 0;
        }
        QVERIFY(bads > 5);
    }

    void zoomStaysInsideAndKeepsTheInstant() {
        Scrubber scrubber;
        ready(scrubber, true);
        const std::int64_t around = scrubber.value().begin_ms + 40 * 60'000;
        const qreal x = scrubber.xOf(around);
        for (int i = 0; i < 8; ++i) {
            scrubber.zoomBy(1.5, around);
        }
        QVERIFY(std::abs(scrubber.xOf(around) - x) < 2);
        QVERIFY(scrubber.seenEnd() - scrubber.seenBegin() < 6 * 60'000);
        scrubber.zoomBy(0, around);
        QCOMPARE(scrubber.seenBegin(), scrubber.value().begin_ms);
        QCOMPARE(scrubber.seenEnd(), scrubber.value().end_ms);
    }

    void whileLiveTheEdgeMovesOn() {
        Scrubber scrubber;
        ready(scrubber, true);
        ScrubberValue value = samples::scrubber(true);
        value.end_ms += 60'000;
        scrubber.setValue(value);
        QCOMPARE(scrubber.seenEnd(), value.end_ms);
        QCOMPARE(scrubber.seenBegin(), value.begin_ms);
    }
};

QTEST_MAIN(TestScrubber)
#include "test_scrubber.moc"
