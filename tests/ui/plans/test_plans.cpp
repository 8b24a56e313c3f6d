// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plans/documentedit.h"
#include "tests/ui/textprobe.h"
#include "ui/plans/planform.h"
#include "ui/plans/plansview.h"
#include "ui/plans/plantext.h"
#include "ui/theme/theme.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QComboBox>
#include <QCompleter>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QSignalSpy>
#include <QTest>

using namespace aviary;
using namespace Qt::Literals;

namespace {

kernel::Fleet fleet() {
    kernel::Fleet fleet;
    for (int i = 0; i < 40; ++i) {
        kernel::Node node;
        node.id = "n" + std::to_string(i);
        node.site = i % 2 == 0 ? "eu" : "us";
        node.revisions["my-service"] = "v1";
        node.heartbeat_age = 0;
        fleet.nodes.push_back(node);
    }
    return fleet;
}

// The text as the presenter would show it.
PlanValue valueOf(const QString &text) {
    const plans::PlanReading reading = plans::readPlan(text.toUtf8());
    PlanValue value;
    value.text = text;
    value.title = u"my-service to v2"_qs;
    value.fields = fieldsOf(reading.document, reading.flaws);
    value.faults = faultsOf(reading.flaws);
    if (reading.file) {
        kernel::PlanRequest request = std::get<kernel::PlanRequest>(reading.file->content);
        request.router = kernel::RouterKind::Weights;
        const kernel::Compiled compiled = kernel::compile(request, fleet());
        if (const auto *plan = std::get_if<kernel::Plan>(&compiled)) {
            value.track = trackOf(*plan, sightsOf(*plan, 100, 0.003));
            value.compiled = u"Compiles"_qs;
        }
    }
    return value;
}

template <class Widget>
Widget *named(QWidget &in, const QString &name) {
    for (Widget *widget : in.findChildren<Widget *>()) {
        if (widget->accessibleName() == name && widget->isVisibleTo(&in)) {
            return widget;
        }
    }
    return nullptr;
}

} // namespace

class TestPlans : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void everyTemplateCompiles();
    void theFormShowsTheText();
    void theFormFollowsTheStrategy();
    void whatIsWrongIsShownAtItsPlace();
    void checksSayWhatTheySee();
    void typingIsSaidOnce();
    void wordsAreCompleted();
    void nothingIsCutOff_data();
    void nothingIsCutOff();
    void everythingHasAName();

private:
    std::unique_ptr<Theme> theme_;
};

void TestPlans::initTestCase() {
    QFont font = QApplication::font();
    font.setPixelSize(13);
    QApplication::setFont(font);
    theme_ = std::make_unique<Theme>(*qobject_cast<QApplication *>(QCoreApplication::instance()),
                                     ThemeChoice::Dark);
}

void TestPlans::everyTemplateCompiles() {
    for (const QString &name : planTemplates()) {
        const PlanValue value = valueOf(planTemplate(name));
        QVERIFY2(value.faults.empty(),
                 qPrintable(value.faults.empty() ? QString() : value.faults[0].text));
        QVERIFY2(!value.track.steps.empty(), qPrintable(name));
    }
}

void TestPlans::theFormShowsTheText() {
    PlansView view;
    view.setValue(valueOf(planTemplate(u"canary"_qs)));
    auto *stages = named<QLineEdit>(view, u"Stages"_qs);
    QVERIFY(stages);
    QCOMPARE(stages->text(), u"10 %, 25 %, 50 %, 100 %"_qs);
    QCOMPARE(named<QComboBox>(view, u"Strategy"_qs)->currentText(), u"canary"_qs);
    QSignalSpy edited(&view, &PlansView::fieldEdited);
    stages->setText(u"50 %, 100 %"_qs);
    Q_EMIT stages->editingFinished();
    QCOMPARE(edited.size(), 1);
    QCOMPARE(edited[0][0].value<PlanField>().path, (QStringList{u"strategy"_qs, u"stages"_qs}));
    QCOMPARE(edited[0][1].toString(), u"50 %, 100 %"_qs);
    Q_EMIT named<QLineEdit>(view, u"Service"_qs)->editingFinished(); // not touched: nothing said
    QCOMPARE(edited.size(), 1);
}

void TestPlans::theFormFollowsTheStrategy() {
    PlansView view;
    view.setValue(valueOf(planTemplate(u"canary"_qs)));
    view.setValue(valueOf(planTemplate(u"rolling"_qs)));
    QVERIFY(!named<QLineEdit>(view, u"Stages"_qs));
    QCOMPARE(named<QLineEdit>(view, u"Between waves"_qs)->text(), u"5 s"_qs);
}

void TestPlans::whatIsWrongIsShownAtItsPlace() {
    const QString text = planTemplate(u"canary"_qs) + u"  max_load: nonsense\n  max_paralel: 2\n";
    const PlanValue value = valueOf(text);
    QCOMPARE(value.faults.size(), 2u);
    QCOMPARE(value.faults[0].line, text.split(u'\n').indexOf(u"  max_load: nonsense"_qs) + 1);
    QVERIFY(value.faults[0].text.contains(u"Allowed:"));
    PlansView view;
    view.setValue(value);
    QVERIFY(named<QLineEdit>(view, u"Load of a node, times"_qs)->property("fault").toBool());
    auto *faults = named<QListWidget>(view, u"What is wrong with the plan"_qs);
    QCOMPARE(faults->count(), 2);
    Q_EMIT faults->itemActivated(faults->item(0));
    QCOMPARE(view.findChild<PlanText *>()->textCursor().blockNumber() + 1, value.faults[0].line);
}

void TestPlans::checksSayWhatTheySee() {
    const PlanValue busy = valueOf(planTemplate(u"canary"_qs));
    QStringList notes;
    for (const TrackStep &step : busy.track.steps) {
        notes << step.note;
    }
    QVERIFY2(!notes.filter(u"sees +"_qs).isEmpty(), qPrintable(notes.join(u'|')));
}

void TestPlans::typingIsSaidOnce() {
    PlansView view;
    view.setValue(valueOf(planTemplate(u"canary"_qs)));
    QSignalSpy edited(&view, &PlansView::textEdited);
    auto *text = view.findChild<PlanText *>();
    text->moveCursor(QTextCursor::End);
    QTest::keyClicks(text, u"# a note"_qs);
    QTRY_COMPARE(edited.size(), 1);
    QVERIFY(edited[0][0].toString().endsWith(u"# a note"));
}

void TestPlans::wordsAreCompleted() {
    PlansView view;
    view.setValue(valueOf(planTemplate(u"canary"_qs)));
    view.show();
    auto *text = view.findChild<PlanText *>();
    text->moveCursor(QTextCursor::End);
    QTest::keyClicks(text, u"ret"_qs);
    QTest::keyClick(text, Qt::Key_Space, Qt::ControlModifier);
    auto *completer = text->findChild<QCompleter *>();
    QVERIFY(completer->popup()->isVisible());
    QCOMPARE(completer->completionCount(), 2); // retire_delay, retries
    Q_EMIT completer->activated(u"retries: 0"_qs);
    QVERIFY(text->toPlainText().endsWith(u"\nretries: 0"));
    completer->popup()->hide();
}

void TestPlans::nothingIsCutOff_data() {
    QTest::addColumn<bool>("dark");
    QTest::addColumn<QSize>("size");
    QTest::addColumn<int>("what");
    for (const bool dark : {true, false}) {
        for (const QSize &size : {QSize(1'160, 800), QSize(780, 600)}) {
            for (const int what : {0, 1, 2}) {
                QTest::addRow("%s %d %d", dark ? "dark" : "light", size.width(), what)
                    << dark << size << what;
            }
        }
    }
}
void TestPlans::nothingIsCutOff() {
    QFETCH(bool, dark);
    QFETCH(QSize, size);
    QFETCH(int, what);
    theme_->choose(dark ? ThemeChoice::Dark : ThemeChoice::Light);
    PlansView view;
    view.setValue(what == 0
                      ? PlanValue{}
                      : valueOf(planTemplate(u"canary"_qs) +
                                (what == 2 ? u"  max_load: 0.5\n  nonsense: 2\n"_qs : QString())));
    view.resize(size);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    if (const QString folder = qEnvironmentVariable("AVIARY_PICTURES"); !folder.isEmpty()) {
        view.grab().save(folder + u"/plans " + QString::fromLatin1(QTest::currentDataTag()) +
                         u".png");
    }
    const QStringList faults = aviary::faultsOf(drawnTexts(view), view.rect());
    QVERIFY2(faults.isEmpty(), qPrintable(faults.join(u'\n')));
    QVERIFY(view.minimumSizeHint().width() <= size.width());
}

void TestPlans::everythingHasAName() {
    PlansView view;
    view.setValue(valueOf(planTemplate(u"canary"_qs)));
    for (const QWidget *widget : view.findChildren<QWidget *>()) {
        if (widget->focusPolicy() != Qt::NoFocus && widget->isVisibleTo(&view) &&
            !widget->objectName().startsWith(u"qt_")) {
            QVERIFY2(!widget->accessibleName().isEmpty(), widget->metaObject()->className());
        }
    }
}

QTEST_MAIN(TestPlans)
#include "test_plans.moc"
