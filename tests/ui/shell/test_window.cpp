// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/shell/shellsamples.h"
#include "tests/ui/textprobe.h"
#include "ui/shell/actiontable.h"
#include "ui/shell/keysoverlay.h"
#include "ui/shell/mainwindow.h"
#include "ui/shell/palette.h"
#include "ui/shell/travelbanner.h"
#include "ui/shell/windowframe.h"
#include "ui/theme/theme.h"

#include <QAbstractScrollArea>
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QDir>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>

using namespace aviary;

class TestWindow : public QObject {
    Q_OBJECT

    Theme theme_{*qApp, ThemeChoice::Dark};

    static void ready(MainWindow &window, QSize size = {1'440, 900}) {
        samples::furnish(window);
        window.resize(size);
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
    }

private Q_SLOTS:
    void initTestCase() {
        QFont font = QApplication::font();
        font.setPixelSize(13);
        QApplication::setFont(font);
    }

    void keysOpenViews() {
        MainWindow window;
        ready(window);
        QSignalSpy shown(&window, &MainWindow::viewShown);
        QTest::keyClick(&window, Qt::Key_F1);
        QCOMPARE(window.shownView(), u"view.fleet"_qs);
        QTest::keyClick(&window, Qt::Key_F2);
        QCOMPARE(window.shownView(), u"view.rollouts"_qs);
        QCOMPARE(shown.size(), 2);
    }

    void requestsLeaveWithWhatTheyActOn() {
        MainWindow window;
        ready(window);
        QSignalSpy wanted(&window, &MainWindow::actionWanted);
        QTest::keyClick(&window, Qt::Key_P, Qt::ControlModifier);
        QCOMPARE(wanted.size(), 1);
        QCOMPARE(wanted.front().at(0).toString(), u"rollout.promote"_qs);
        QCOMPARE(wanted.front().at(1).value<ActionContext>().service, u"checkout-api"_qs);
        // What is off does not leave, whatever keys are pressed.
        QTest::keyClick(&window, Qt::Key_Period, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(wanted.size(), 1);
    }

    void paletteActsOnAnotherRolloutThanTheOneShown() {
        MainWindow window;
        ready(window);
        ActionContext gateway = samples::waitingRollout();
        gateway.rollout = gateway.service = u"gateway"_qs;
        window.setFindable({gateway}, samples::places());
        QSignalSpy wanted(&window, &MainWindow::actionWanted);
        QTest::keyClick(&window, Qt::Key_K, Qt::ControlModifier);
        auto *query = window.findChild<Palette *>()->findChild<QLineEdit *>();
        QVERIFY(query->hasFocus());
        QTest::keyClicks(query, u"pause gate"_qs);
        QTest::keyClick(query, Qt::Key_Return);
        QCOMPARE(wanted.size(), 1);
        QCOMPARE(wanted.front().at(1).value<ActionContext>().service, u"gateway"_qs);
    }

    void placesAreOpenedAndNeverActed() {
        MainWindow window;
        ready(window);
        QSignalSpy place(&window, &MainWindow::placeChosen);
        QSignalSpy wanted(&window, &MainWindow::actionWanted);
        QTest::keyClick(&window, Qt::Key_K, Qt::ControlModifier);
        auto *query = window.findChild<Palette *>()->findChild<QLineEdit *>();
        QTest::keyClicks(query, u"n0311"_qs);
        QTest::keyClick(query, Qt::Key_Return);
        QCOMPARE(place.front().front().toString(), u"node:eu-north-n0311"_qs);
        QCOMPARE(wanted.size(), 0);
    }

    void copiesWhatIsSeenAsACommandLine() {
        MainWindow window;
        ready(window);
        QTest::keyClick(&window, Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(QGuiApplication::clipboard()->text(),
                 u"aviary promote checkout-api --to 25 --cluster edge-eu"_qs);
        window.setCommandAction({});
        QTest::keyClick(&window, Qt::Key_F1);
        QTest::keyClick(&window, Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(QGuiApplication::clipboard()->text(), u"aviary nodes --cluster edge-eu"_qs);
    }

    void timeTravelIsAllAroundAndTurnsActionsOff() {
        MainWindow window;
        ready(window);
        auto *frame = window.findChild<WindowFrame *>();
        auto *banner = window.findChild<TravelBanner *>();
        QVERIFY(frame->production() && !frame->travelling());
        QVERIFY(banner->isHidden());
        ShellState state = samples::shellState();
        state.age.as_of = u"09:48:12"_qs;
        window.setState(state);
        ActionContext context = samples::waitingRollout();
        context.as_of = state.age.as_of;
        window.setContext(context);
        QVERIFY(frame->travelling() && banner->isVisible());
        const QImage image = window.grab().toImage();
        const QColor attention = tokensOf(&window)(Role::Attention);
        for (const QPoint edge : {QPoint(1, 400), QPoint(1'438, 400), QPoint(700, 898)}) {
            QCOMPARE(image.pixelColor(edge), attention);
        }
        QVERIFY(!window.actions().action("rollout.pause")->isEnabled());
        QSignalSpy wanted(&window, &MainWindow::actionWanted);
        QTest::keyClick(&window, Qt::Key_End, Qt::ControlModifier);
        QCOMPARE(wanted.front().front().toString(), u"time.live"_qs);
    }

    void overlayListsEveryActionAndItsKeys() {
        MainWindow window;
        ready(window);
        QTest::keyClick(&window, Qt::Key_Question);
        auto *overlay = window.findChild<KeysOverlay *>();
        QTRY_VERIFY(overlay->isVisible());
        QStringList words;
        for (const DrawnText &text : drawnTexts(*overlay)) {
            words += text.text;
        }
        for (const ActionLine &line : actionLines()) {
            QVERIFY2(words.contains(actionText(line, {})), line.id);
        }
        QTest::keyClick(overlay, Qt::Key_Escape);
        QVERIFY(overlay->isHidden());
    }

    void everyWidgetThatTakesTheKeyboardHasAName() {
        MainWindow window;
        ready(window);
        const QList<QWidget *> all = window.findChildren<QWidget *>();
        for (const QWidget *widget : all) {
            // The inside of a scroll area speaks with the name of the area.
            const bool inside = qobject_cast<QAbstractScrollArea *>(widget->parentWidget());
            if (widget->focusPolicy() != Qt::NoFocus && widget->isVisible() && !inside) {
                QVERIFY2(!widget->accessibleName().isEmpty(), widget->metaObject()->className());
            }
        }
    }

    void nothingIsCutOffOrOverlaps_data() {
        QTest::addColumn<QSize>("size");
        QTest::addColumn<bool>("dark");
        QTest::addColumn<bool>("mirrored");
        QTest::newRow("large dark") << QSize(1'440, 900) << true << false;
        QTest::newRow("large light") << QSize(1'440, 900) << false << false;
        QTest::newRow("small") << QSize(1'024, 700) << true << false;
        QTest::newRow("mirrored") << QSize(1'440, 900) << true << true;
    }

    void nothingIsCutOffOrOverlaps() {
        QFETCH(QSize, size);
        QFETCH(bool, dark);
        QFETCH(bool, mirrored);
        theme_.choose(dark ? ThemeChoice::Dark : ThemeChoice::Light);
        MainWindow window;
        window.setLayoutDirection(mirrored ? Qt::RightToLeft : Qt::LeftToRight);
        ready(window, size);
        QCOMPARE(window.size(), size);
        const QStringList faults = faultsOf(drawnTexts(window), window.rect());
        QVERIFY2(faults.isEmpty(), qPrintable(faults.join(u"; ")));
    }

    void longNamesFromOutsideDoNoHarm() {
        MainWindow window;
        ready(window);
        ShellState state = samples::shellState();
        state.clusters[1].name = u"<h1>"_qs + QString(10'000, u'w');
        state.cluster = state.clusters[1];
        state.rollouts[0].service = QString(10'000, u'm') + u"\u202E";
        state.who = QString(1'000, u'o');
        state.nodes = QString(1'000, u'n');
        window.setState(state);
        QCoreApplication::processEvents();
        QCOMPARE(window.size(), QSize(1'440, 900));
        const QStringList faults = faultsOf(drawnTexts(window), window.rect());
        QVERIFY2(faults.isEmpty(), qPrintable(faults.join(u"; ").left(2'000)));
    }
};

QTEST_MAIN(TestWindow)
#include "test_window.moc"
