// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/rollout/rolloutscene.h"
#include "tests/ui/textprobe.h"
#include "ui/charts/fleetmap.h"
#include "ui/rollout/happenedcard.h"
#include "ui/rollout/happeningsmodel.h"
#include "ui/rollout/rolloutcharts.h"
#include "ui/rollout/rolloutlist.h"
#include "ui/rollout/rolloutpage.h"
#include "ui/rollout/rolloutview.h"
#include "ui/rollout/trafficcard.h"
#include "ui/samples/rolloutstates.h"
#include "ui/theme/prose.h"
#include "ui/theme/theme.h"

#include <QAbstractButton>
#include <QAbstractScrollArea>
#include <QApplication>
#include <QElapsedTimer>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

using namespace aviary;

namespace {

// Everything that a person could read there now.
QStringList wordsOf(QWidget &widget) {
    QStringList words;
    for (const DrawnText &text : drawnTexts(widget)) {
        words << text.text;
    }
    return words;
}

bool says(QWidget &widget, const QString &wanted) {
    return wordsOf(widget).join(u' ').replace(QChar(0x00a0), u' ').contains(wanted);
}

} // namespace

class TestView : public QObject {
    Q_OBJECT

    std::unique_ptr<Theme> theme_;

    static void shown(RolloutView &view, const RolloutValue &value, QSize size = {1'160, 800}) {
        view.resize(size);
        view.setValue(value);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        QCoreApplication::processEvents();
    }

private Q_SLOTS:
    void initTestCase() {
        QFont font = QApplication::font();
        font.setPixelSize(13);
        QApplication::setFont(font);
        theme_ = std::make_unique<Theme>(*qApp, ThemeChoice::Dark);
    }

    void nothingIsCutOffOrLiesOnOtherText_data() {
        QTest::addColumn<int>("state");
        QTest::addColumn<QSize>("size");
        QTest::addColumn<bool>("dark");
        const std::vector<scene::Named> states = scene::all();
        for (std::size_t i = 0; i < states.size(); ++i) {
            const auto state = static_cast<int>(i);
            QTest::addRow("%s", states[i].name) << state << QSize(1'160, 800) << true;
            QTest::addRow("%s, light", states[i].name) << state << QSize(1'160, 800) << false;
            QTest::addRow("%s, 1024 window", states[i].name) << state << QSize(790, 640) << true;
            // As wide as 1440 pixels are with a font of twice the size.
            QTest::addRow("%s, large font", states[i].name) << state << QSize(560, 400) << true;
        }
    }

    void nothingIsCutOffOrLiesOnOtherText() {
        QFETCH(int, state);
        QFETCH(QSize, size);
        QFETCH(bool, dark);
        theme_->choose(dark ? ThemeChoice::Dark : ThemeChoice::Light);
        RolloutView view;
        shown(view, scene::all()[static_cast<std::size_t>(state)].value, size);
        // What is scrolled out of sight is looked at by making the view as high as it wants.
        QWidget *content = view.page()->widget();
        view.resize(size.width(),
                    std::max(size.height(), content->heightForWidth(content->width()) + 120));
        QCoreApplication::processEvents();
        const std::vector<DrawnText> texts = drawnTexts(view);
        QVERIFY(!texts.empty());
        const QStringList faults = faultsOf(texts, view.rect());
        QVERIFY2(faults.isEmpty(), qPrintable(faults.join(u'\n')));
        theme_->choose(ThemeChoice::Dark);
    }

    void textsFromOutsideArePlainAndBounded() {
        RolloutView view;
        shown(view, scene::of(samples::hostileRollout()));
        for (const DrawnText &text : drawnTexts(view)) {
            QVERIFY2(text.text.size() < 500, qPrintable(text.text.left(80)));
            QVERIFY(!text.text.contains(QChar(0x202e)));
            QVERIFY(!text.text.contains(QChar(0x1b)));
        }
        QVERIFY(view.width() == 1'160);
        for (const QWidget *widget : view.findChildren<QWidget *>()) {
            QVERIFY(widget->accessibleName().size() <= 1'001);
            QVERIFY(!Qt::mightBeRichText(widget->toolTip()) ||
                    !widget->toolTip().contains(u"<img"));
        }
        for (const QLabel *label : view.findChildren<QLabel *>()) {
            QCOMPARE(label->textFormat(), Qt::PlainText);
        }
    }

    void everyWidgetThatIsReachedHasAName() {
        for (const scene::Named &state : scene::all()) {
            RolloutView view;
            shown(view, state.value);
            for (const QWidget *widget : view.findChildren<QWidget *>()) {
                // What scrolls in an area is reached by the area's name.
                const auto *area = qobject_cast<const QAbstractScrollArea *>(widget->parent());
                const bool inside = area && area->viewport() == widget;
                if (widget->isVisible() && widget->focusPolicy() != Qt::NoFocus && !inside) {
                    const auto *button = qobject_cast<const QAbstractButton *>(widget);
                    const bool named = !widget->accessibleName().isEmpty() ||
                                       (button && !button->text().isEmpty());
                    QVERIFY2(
                        named,
                        qPrintable(u"%1 in %2"_qs.arg(
                            QString::fromLatin1(widget->metaObject()->className()),
                            QString::fromLatin1(widget->parent()->metaObject()->className()))));
                }
            }
        }
    }

    void aStoppedRolloutLeadsWithWhy() {
        RolloutView view;
        shown(view, scene::of(samples::rolledBackRollout()));
        const QStringList words = wordsOf(view);
        const auto place = [&](const QString &part) {
            for (qsizetype i = 0; i < words.size(); ++i) {
                if (QString(words[i]).replace(QChar(0x00a0), u' ').contains(part)) {
                    return i;
                }
            }
            return qsizetype(-1);
        };
        QVERIFY(place(u"v43 answered 21 %"_qs) >= 0);
        QVERIFY(place(u"v43 answered 21 %"_qs) < place(u"Verdict on errors"_qs));
        QVERIFY(place(u"2,318 requests"_qs) >= 0);
        // It has ended: there is no traffic to propose.
        QVERIFY(!view.page()->traffic()->isVisible());
    }

    void theGhostSaysWhatItWouldDo() {
        RolloutView view;
        shown(view, scene::of(samples::waitingRollout()));
        QSignalSpy wanted(&view, &RolloutView::effectWanted);
        QSignalSpy proposed(&view, &RolloutView::proposed);
        TrafficSlider *slider = view.page()->traffic()->slider();
        slider->setFocus();
        QTest::keyClick(slider, Qt::Key_PageUp);
        QCOMPARE(wanted.size(), 1);
        QCOMPARE(wanted[0][0].toInt(), 2'500);
        QVERIFY(says(view, u"10 % \u2192 25 %"_qs)); // at once
        view.setGhost({1'000, samples::promoteEffect(), {}});
        QVERIFY(!says(view, u"8 more nodes"_qs)); // an answer about another weight is late
        view.setGhost({2'500, samples::promoteEffect(), {}});
        QVERIFY(says(view,
                     u"10 % \u2192 25 %: 8 more nodes first, then about 3,120 more requests a "
                     u"minute on v42"_qs));
        QTest::keyClick(slider, Qt::Key_Return);
        QCOMPARE(proposed.size(), 1);
        QCOMPARE(proposed[0][0].toInt(), 2'500);
        QVERIFY(slider->ghost()); // nothing is green before it is confirmed
        QTest::keyClick(slider, Qt::Key_Escape);
        QVERIFY(!slider->ghost());
    }

    void theGhostIsAskedAnewWhenTheRolloutMoved() {
        RolloutView view;
        api::RolloutDetail detail = samples::waitingRollout();
        shown(view, scene::of(detail));
        view.page()->traffic()->slider()->moveGhost(2'500);
        view.setGhost({2'500, samples::promoteEffect(), {}});
        QSignalSpy wanted(&view, &RolloutView::effectWanted);
        view.setValue(scene::of(detail));
        QCOMPARE(wanted.size(), 0);
        ++detail.row.epoch;
        view.setValue(scene::of(detail));
        QCOMPARE(wanted.size(), 1);
    }

    void theSliderOffersOnlyWhatIsAllowed_data() {
        QTest::addColumn<int>("state");
        QTest::addColumn<bool>("enabled");
        QTest::addColumn<int>("most");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char *name, bool enabled, int most, const QString &reason) {
            const std::vector<scene::Named> states = scene::all();
            for (std::size_t i = 0; i < states.size(); ++i) {
                if (qstrcmp(states[i].name, name) == 0) {
                    QTest::newRow(name) << static_cast<int>(i) << enabled << most << reason;
                }
            }
        };
        row("waiting", true, 5'000, u"hatched: the nodes on v42"_qs);
        row("running", true, 1'000, u"it waits for nobody now"_qs);
        row("stale", true, 1'000, u"only lower until the cluster answers"_qs);
        row("travel", false, 5'000, u"go back to live"_qs);
        row("draft", false, 0, u"start it first"_qs);
    }

    void theSliderOffersOnlyWhatIsAllowed() {
        QFETCH(int, state);
        QFETCH(bool, enabled);
        QFETCH(int, most);
        QFETCH(QString, reason);
        RolloutView view;
        shown(view, scene::all()[static_cast<std::size_t>(state)].value);
        TrafficSlider *slider = view.page()->traffic()->slider();
        QCOMPARE(slider->isEnabled(), enabled);
        QCOMPARE(slider->value().raise_max, most);
        QVERIFY2(says(view, reason), qPrintable(wordsOf(view).join(u'\n')));
        if (enabled) {
            slider->moveGhost(10'000);
            QVERIFY(slider->ghost().value_or(1'000) <= most);
            slider->moveGhost(500); // lowering is always possible
            QCOMPARE(slider->ghost(), std::optional(500));
        }
    }

    void oldDataIsMarked() {
        RolloutView view;
        RolloutValue value = scene::of(samples::waitingRollout());
        shown(view, value);
        QVERIFY(!says(view, u"has not answered"_qs));
        value.age.age_ms = 48'000;
        value.heard_wall_ms = samples::sampled_wall_ms - 48'000;
        view.setValue(value);
        QCoreApplication::processEvents();
        QVERIFY(says(view, u"edge-eu has not answered for 48 s"_qs));
        QVERIFY(says(view, u"roll back still go out"_qs));
    }

    void aNodeIsOpenedByKeyboard() {
        RolloutView view;
        shown(view, scene::of(samples::waitingRollout()));
        QSignalSpy opened(&view, &RolloutView::nodeOpened);
        auto *map = view.findChild<FleetMap *>();
        map->setFocus();
        map->setCurrent(19);
        QTest::keyClick(map, Qt::Key_Return);
        QCOMPARE(opened.size(), 1);
        QCOMPARE(opened[0][0].toString(), u"eu-north-n02"_qs);
    }

    void onlyWhatChangedIsDrawnAnew() {
        RolloutView view;
        api::RolloutDetail detail = samples::largeRollout(4'000);
        shown(view, scene::of(detail));
        auto *map = view.findChild<FleetMap *>();
        map->setCurrent(5);
        map->select({5, 6});
        detail.targets[1'000].phase = kernel::Phase::Updating;
        view.setValue(scene::of(detail));
        QCOMPARE(map->selection(), (std::vector<std::size_t>{5, 6}));
        QCOMPARE(map->value().cells[1'000].sign, Sign::NodeUpdating);
    }

    void whatHappenedStandsStillWhileItIsRead() {
        RolloutView view;
        api::RolloutDetail detail = samples::waitingRollout();
        for (int i = 10; i < 60; ++i) {
            detail.happenings.insert(detail.happenings.begin(),
                                     {static_cast<quint64>(i), samples::sampled_wall_ms,
                                      u"engine"_qs, u"line %1"_qs.arg(i), -1});
        }
        shown(view, scene::of(detail));
        auto *card = view.findChild<HappenedCard *>();
        QVERIFY(says(*card, u"line 59"_qs));
        card->list()->verticalScrollBar()->setValue(30);
        for (int i = 60; i < 72; ++i) {
            detail.happenings.insert(detail.happenings.begin(),
                                     {static_cast<quint64>(i), samples::sampled_wall_ms,
                                      u"engine"_qs, u"line %1"_qs.arg(i), -1});
        }
        view.setValue(scene::of(detail));
        QCOMPARE(card->list()->verticalScrollBar()->value(), 30);
        QVERIFY(says(*card, u"+12 new"_qs));
        for (auto *button : card->findChildren<QAbstractButton *>()) {
            button->click();
        }
        QCOMPARE(card->list()->verticalScrollBar()->value(), 0);
        QVERIFY(says(*card, u"line 71"_qs));
        QVERIFY(!says(*card, u"new"_qs));
    }

    void chartsAreReplacedAtMost30TimesASecond() {
        RolloutView view;
        api::RolloutDetail detail = samples::waitingRollout();
        shown(view, scene::of(detail));
        RolloutCharts *charts = view.page()->charts();
        const int before = charts->replacements();
        QElapsedTimer timer;
        timer.start();
        for (int i = 0; i < 200; ++i) {
            detail.traffic.back().share = 0.1 + i / 10'000.0;
            view.setValue(scene::of(detail));
            QCoreApplication::processEvents();
        }
        // One for each 34 ms that went by, and one at the end.
        const auto most = static_cast<int>(timer.elapsed() / 34) + 2;
        QVERIFY(charts->replacements() - before <= most);
        // The last one is not lost.
        const int fed = charts->replacements();
        detail.traffic.back().share = 0.5;
        view.setValue(scene::of(detail));
        QTRY_VERIFY(charts->replacements() > fed);
    }

    void chartsShowAnotherMeasure() {
        RolloutView view;
        shown(view, scene::of(samples::waitingRollout()));
        QVERIFY(says(view, u"gate: worse when the whole band is above"_qs));
        view.page()->charts()->setMeasure(Measure::Requests);
        QCoreApplication::processEvents();
        QVERIFY(says(view, u"Requests a second"_qs));
        QVERIFY(!says(view, u"gate:"_qs));
    }
};

QTEST_MAIN(TestView)
#include "test_view.moc"
