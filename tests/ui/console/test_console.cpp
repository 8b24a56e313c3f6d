// SPDX-License-Identifier: GPL-3.0-or-later
// The window as a whole, over sample data: what it shows, opens, and lets be done by keyboard.
#include "tests/ui/console/consolehouse.h"
#include "ui/console/confirmationsheet.h"
#include "ui/console/deeplink.h"
#include "ui/console/outcomestrip.h"
#include "ui/samples/rolloutstates.h"
#include "ui/shell/actiontable.h"
#include "ui/shell/sidebar.h"

#include <QAction>
#include <QDateTime>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace aviary;
using namespace aviary::tests;
using namespace Qt::Literals;

namespace {

// Widgets that a person can meet: shown, and not a part that Qt makes for itself.
QStringList unnamed(const QWidget &window) {
    QStringList found;
    for (const QWidget *widget : window.findChildren<QWidget *>()) {
        const bool inner = widget->objectName().startsWith(u"qt_");
        const bool reached = widget->focusPolicy() != Qt::NoFocus;
        const auto *button = qobject_cast<const QAbstractButton *>(widget);
        const auto *label = qobject_cast<const QLabel *>(widget);
        const bool speaks =
            (button && !button->text().isEmpty()) || (label && !label->text().isEmpty());
        if (widget->isVisible() && reached && !inner && !speaks &&
            widget->accessibleName().isEmpty() && !widget->focusProxy()) {
            found << QString::fromLatin1(widget->metaObject()->className()) + u' ' +
                         widget->objectName();
        }
    }
    return found;
}

} // namespace

class TestConsole : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void showsWhatTheDaemonTells() {
        ConsoleHouse house;
        QVERIFY(house.settle());
        QTRY_COMPARE(house.window().state().clusters.size(), 5U);
        QCOMPARE(house.window().state().rollouts.size(), 4U);
        QCOMPARE(house.window().state().waiting, 2U);
        QCOMPARE(house.window().state().cluster->id, u"edge-eu"_qs);
        QCOMPARE(house.window().state().who, u"ops on this computer"_qs);
        QCOMPARE(house.window().state().journal, u"journal 1,482"_qs);
    }

    // The first view is painted before the others are made; whoever is quicker does not see it.
    void theOtherViewsFollowTheFirst() {
        const QTemporaryDir folder;
        QSettings kept(folder.filePath(u"settings.ini"_qs), QSettings::IniFormat);
        Theme theme(*qApp, ThemeChoice::Dark);
        Desks desks;
        {
            Console console(desks, Settings(kept), theme);
            QVERIFY(console.window().view(u"view.rollouts"_qs));
            QVERIFY(!console.window().view(u"view.fleet"_qs));
            console.window().actions().action("view.fleet")->trigger();
            QCOMPARE(console.window().shownView(), u"view.fleet"_qs);
        }
        Console console(desks, Settings(kept), theme);
        console.window().show();
        QTRY_VERIFY(console.window().view(u"view.fleet"_qs));
        QCOMPARE(console.window().shownView(), u"view.rollouts"_qs);
    }

    void whatIsChosenDecidesWhatActionsSay() {
        ConsoleHouse house;
        QVERIFY(house.chooseRollout());
        ActionTable &actions = house.window().actions();
        QTRY_COMPARE(actions.action("rollout.promote")->text(), u"Promote to 25\u00a0%\u2026"_qs);
        QVERIFY(actions.action("rollout.promote")->isEnabled());
        QVERIFY(!actions.action("rollout.resume")->isEnabled());
        QCOMPARE(actions.command("rollout.promote"),
                 u"aviary promote checkout-api --to 25 --cluster edge-eu"_qs);
    }

    void ageBlocksWhatRaisesByItself() {
        ConsoleHouse house(u"stale"_qs);
        QVERIFY(house.chooseRollout());
        ActionTable &actions = house.window().actions();
        QTRY_VERIFY(!actions.action("rollout.promote")->isEnabled());
        QVERIFY(actions.action("rollout.pause")->isEnabled());
        QVERIFY(actions.action("rollout.rollback")->isEnabled());
    }

    void promoteByKeyboardAlone() {
        ConsoleHouse house;
        house.window().show();
        QVERIFY(QTest::qWaitForWindowActive(&house.window()));
        QVERIFY(house.chooseRollout());
        QTRY_VERIFY(house.window().actions().action("rollout.promote")->isEnabled());
        QTest::keyClick(&house.window(), Qt::Key_P, Qt::ControlModifier);
        auto *sheet = house.window().findChild<ConfirmationSheet *>();
        QTRY_VERIFY(sheet->isVisible());
        QTRY_VERIFY(house.console().requester().question()->complete);
        QVERIFY(qobject_cast<QLineEdit *>(QApplication::focusWidget()));
        QTest::keyClicks(QApplication::focusWidget(), u"checkout-api"_qs);
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return);
        QTRY_COMPARE(house.asked(u"request"_qs), 1);
        QVERIFY(!sheet->isVisible());
        auto *strip = house.window().findChild<OutcomeStrip *>();
        QTRY_VERIFY(strip->isVisible()); // refused: sample data
    }

    void theSheetKeepsTheKeyboard() {
        ConsoleHouse house;
        house.window().show();
        QVERIFY(QTest::qWaitForWindowActive(&house.window()));
        QVERIFY(house.chooseRollout());
        QTRY_VERIFY(house.window().actions().action("rollout.pause")->isEnabled());
        QTest::keyClick(&house.window(), Qt::Key_Period, Qt::ControlModifier);
        auto *sheet = house.window().findChild<ConfirmationSheet *>();
        QTRY_VERIFY(sheet->isVisible());
        for (int i = 0; i < 8; ++i) {
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
            QVERIFY(sheet->isAncestorOf(QApplication::focusWidget()));
        }
        const QString view = house.window().shownView();
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_F7); // of the window behind
        QCOMPARE(house.window().shownView(), view);
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Escape);
        QTRY_VERIFY(!sheet->isVisible());
        QVERIFY(!house.console().requester().question());
        QCOMPARE(house.asked(u"request"_qs), 0);
    }

    // Each action of the table by its keys alone; none reaches the daemon without a confirmation.
    void everyActionByKeyboard() {
        ConsoleHouse house;
        house.window().show();
        QVERIFY(QTest::qWaitForWindowActive(&house.window()));
        for (const ActionLine &line : actionLines()) {
            const QKeySequence keys(QString::fromLatin1(line.keys));
            QVERIFY2(!keys.isEmpty(), line.id);
            QAction *action = house.window().actions().action(line.id);
            QVERIFY2(action->shortcuts().contains(keys), line.id);
            QVERIFY2(house.window().QWidget::actions().contains(action), line.id);
        }
        QCOMPARE(house.asked(u"request"_qs), 0);
    }

    void everyWidgetHasAName_data() {
        QTest::addColumn<QString>("view");
        for (const char *view : {"view.waiting", "view.clusters", "first.run"}) {
            QTest::newRow(view) << QString::fromLatin1(view);
        }
    }
    void everyWidgetHasAName() {
        QFETCH(QString, view);
        ConsoleHouse house;
        house.window().show();
        QVERIFY(house.chooseRollout());
        house.window().showView(view);
        QTRY_COMPARE(house.window().shownView(), view);
        QCOMPARE(unnamed(house.window()), QStringList());
    }

    void deepLinks_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QStringList>("parts");
        QTest::newRow("cluster") << u"aviary://edge-eu"_qs << QStringList{u"edge-eu"_qs, {}, {}};
        QTest::newRow("rollout") << u"aviary://edge-eu/checkout-api/01K"_qs
                                 << QStringList{u"edge-eu"_qs, u"checkout-api"_qs, u"01K"_qs};
        QTest::newRow("orders are passed over")
            << u"aviary://edge-eu/checkout-api?verb=promote&to=100#now"_qs
            << QStringList{u"edge-eu"_qs, u"checkout-api"_qs, {}};
        QTest::newRow("percent") << u"aviary://edge-eu/a%2Fb"_qs
                                 << QStringList{u"edge-eu"_qs, u"a/b"_qs, {}};
        QTest::newRow("too much") << u"aviary://a/b/c/d"_qs << QStringList{};
        QTest::newRow("another scheme") << u"https://edge-eu/checkout-api"_qs << QStringList{};
        QTest::newRow("endless") << QString(u"aviary://"_qs + QString(10'000, u'a'))
                                 << QStringList{};
    }
    void deepLinks() {
        QFETCH(QString, text);
        QFETCH(QStringList, parts);
        const auto link = deepLinkFrom(text);
        QCOMPARE(link ? QStringList({link->cluster, link->service, link->rollout}) : QStringList(),
                 parts);
        if (link) {
            QCOMPARE(deepLinkFrom(aviary::toText(*link)), link);
        }
    }

    void aDeepLinkOpensAndAsksNothing() {
        ConsoleHouse house;
        house.console().open(u"aviary://edge-eu/checkout-api?verb=promote"_qs);
        QVERIFY(house.settle()); // what was not told yet is opened once it is
        QTRY_COMPARE(house.console().choice().rollout(), samples::waitingRollout().row.id);
        QVERIFY(!house.console().requester().question());
        QCOMPARE(house.asked(u"request"_qs), 0);
        QCOMPARE(house.asked(u"effect"_qs), 0);
    }

    void aFileIsHandedOn() {
        ConsoleHouse house;
        QSignalSpy wanted(&house.console(), &Console::fileWanted);
        house.console().open(u"file:///tmp/x.run.jsonl"_qs);
        QCOMPARE(wanted.size(), 1);
        QCOMPARE(wanted[0][0].toString(), u"/tmp/x.run.jsonl"_qs);
    }

    void severalDaemonsStandSideBySide() {
        samples::SampleProvider other(
            *samples::worldFrom(u"rolled-back"_qs, QDateTime::currentMSecsSinceEpoch()));
        ConsoleHouse house; // goes first
        QVERIFY(house.settle());
        Desk &depot = house.console().desks().add(
            std::make_unique<Desk>(u"ssh:ops@depot"_qs, u"ops@depot"_qs),
            std::make_unique<api::InProcessSession>(other, api::Caller{}));
        QTRY_COMPARE(house.window().state().clusters.size(), 10U);
        house.console().open(u"cluster:ssh:ops@depot/prod"_qs);
        QCOMPARE(house.console().choice().desk(), &depot);
        QCOMPARE(house.console().choice().cluster(), u"prod"_qs);
        QTRY_COMPARE(house.window().state().cluster->id, u"ssh:ops@depot/prod"_qs);
        house.console().removeHost(u"ssh:ops@depot"_qs);
        QTRY_COMPARE(house.window().state().clusters.size(), 5U);
        QTRY_COMPARE(house.console().choice().desk(), &house.desk());
    }
};

QTEST_MAIN(TestConsole)
#include "test_console.moc"
