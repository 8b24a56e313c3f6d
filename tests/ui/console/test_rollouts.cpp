// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/console/consolehouse.h"
#include "ui/rollout/rolloutlist.h"
#include "ui/rollout/rolloutpage.h"
#include "ui/rollout/rolloutview.h"
#include "ui/rollout/trafficcard.h"
#include "ui/shell/actiontable.h"

#include <QAction>
#include <QClipboard>
#include <QMimeData>
#include <QTableView>
#include <QTest>

using namespace aviary;
using namespace aviary::tests;

// The rollout view in the real console, over sample data.
class TestRollouts : public QObject {
    Q_OBJECT

    static RolloutView &shown(ConsoleHouse &house) {
        house.window().resize(1'440, 900);
        house.window().showView(u"view.rollouts"_qs);
        house.window().show();
        return *house.window().findChild<RolloutView *>();
    }

private Q_SLOTS:
    void theChosenRolloutIsShown() {
        ConsoleHouse house;
        QVERIFY(house.settle());
        RolloutView &view = shown(house);
        QVERIFY(house.chooseRollout());
        QTRY_VERIFY(view.value().detail != nullptr);
        QCOMPARE(view.value().detail->row.id, house.console().choice().rollout());
    }

    void theGhostAsksOnceAtATimeAndForTheNewestWeight() {
        ConsoleHouse house;
        QVERIFY(house.settle());
        RolloutView &view = shown(house);
        QVERIFY(house.chooseRollout());
        QTRY_VERIFY(view.value().detail != nullptr);
        house.provider().hold(u"effect"_qs);
        TrafficSlider *slider = view.page()->traffic()->slider();
        slider->moveGhost(1'500);
        slider->moveGhost(2'000);
        slider->moveGhost(2'500);
        QTRY_COMPARE(house.asked(u"effect"_qs), 1);
        house.provider().release(u"effect"_qs, QJsonObject{{u"weight_to"_qs, 1'500}});
        QTRY_COMPARE(house.asked(u"effect"_qs), 2);
        QCOMPARE(house.lastAsked(u"effect"_qs).value(u"to"_qs).toInt(), 2'500);
    }

    void enterAsksAPersonAndSendsNothing() {
        ConsoleHouse house;
        QVERIFY(house.settle());
        RolloutView &view = shown(house);
        QVERIFY(house.chooseRollout());
        QTRY_VERIFY(view.value().detail != nullptr);
        TrafficSlider *slider = view.page()->traffic()->slider();
        slider->moveGhost(2'500);
        QTest::keyClick(slider, Qt::Key_Return);
        QVERIFY(house.console().requester().question());
        QVERIFY(house.console().requester().question()->title.startsWith(u"Promote checkout-api"));
        QCOMPARE(house.asked(u"request"_qs), 0);
    }

    void theReportIsCopied() {
        ConsoleHouse house;
        QVERIFY(house.settle());
        RolloutView &view = shown(house);
        QVERIFY(house.chooseRollout());
        QTRY_VERIFY(view.value().detail != nullptr);
        QGuiApplication::clipboard()->clear();
        house.window().actions().action("rollout.report")->trigger();
        const QMimeData *copied = QGuiApplication::clipboard()->mimeData();
        QVERIFY(copied->text().startsWith(u"checkout-api v41"));
        QVERIFY(copied->hasHtml());
    }

    void allRolloutsAreListedAndOneIsOpened() {
        ConsoleHouse house;
        QVERIFY(house.settle());
        RolloutView &view = shown(house);
        QVERIFY(house.chooseRollout());
        house.window().actions().action("rollout.all")->trigger();
        QTRY_VERIFY(view.value().chosen.isEmpty());
        QTRY_VERIFY(view.list()->table()->model()->rowCount() > 0);
        view.list()->table()->setCurrentIndex(view.list()->table()->model()->index(0, 0));
        QTest::keyClick(view.list()->table(), Qt::Key_Return);
        QTRY_VERIFY(!house.console().choice().rollout().isEmpty());
    }
};

QTEST_MAIN(TestRollouts)
#include "test_rollouts.moc"
