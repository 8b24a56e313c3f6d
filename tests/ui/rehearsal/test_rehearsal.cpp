// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/samples.h"
#include "tests/ui/textprobe.h"
#include "ui/rehearsal/answersvalue.h"
#include "ui/rehearsal/hypothesesmodel.h"
#include "ui/rehearsal/rehearsalview.h"
#include "ui/theme/theme.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

using namespace aviary;
using namespace Qt::Literals;

namespace {

HypothesisLine line(const QString &name, double weight, double good, double back,
                    const QString &time, const QString &failed) {
    HypothesisLine line;
    line.name = name;
    line.weight = weight;
    line.bar = samples::outcomes(good, back, 1 - good - back);
    line.outcome = outcomeText(line.bar);
    line.time = time;
    line.failed = failed;
    return line;
}

RehearsalValue sample() {
    RehearsalValue value;
    value.subtitle = u"checkout-api v42 on edge-eu, from now"_qs;
    value.counted = u"1,000 futures, seed 7, 0.4 s"_qs;
    value.question = u"What v42 may be; the shares are your assumption, change them"_qs;
    value.hypotheses = {
        line(u"good"_qs, 0.8, 0.989, 0.008, u"41 min (55 min)"_qs, u"3 (31)"_qs),
        line(u"errs 2 % more"_qs, 0.1, 0.058, 0.941, u"3 min to catch"_qs, u"160 (410)"_qs),
        line(u"twice as slow"_qs, 0.05, 0.31, 0.68, u"9 min to catch"_qs, u"0 (0)"_qs),
        line(u"leaks slowly"_qs, 0.05, 0.69, 0.31, u"52 min to catch"_qs, u"18,930 (41,000)"_qs)};
    value.total = u"With these shares (good 80 %, others 20 %) 84.7 % complete"_qs;
    for (std::size_t i = 0; i < value.hypotheses.size(); ++i) {
        value.fans.push_back({samples::fan(false), samples::fan(true), samples::fan(false)});
    }
    value.plans = {{QString(), u"A, the plan"_qs, u"B, bake 20 min at 50 %"_qs},
                   {u"good: median"_qs, u"41 min"_qs, u"61 min"_qs}};
    value.advice = u"Hold 20 min longer at 50 %: the leak is caught in 88 % instead of 31 %."_qs;
    value.try_it = u"Try it as plan C"_qs;
    value.assumptions = {u"of our own engine"_qs, u"a start takes 4 s (19 of 20 within 11 s)"_qs};
    value.futures = {{655, u"leaks slowly"_qs, u"rolled back from 100 %"_qs,
                      u"errors rise after 40 min, no gate was left"_qs, u"41,204"_qs},
                     {812, u"good"_qs, u"rolled back from 25 %"_qs,
                      u"eu-south went dark at 21 min, 14 nodes"_qs, u"2,204"_qs}};
    return value;
}

// Answers as a rehearsal gives them, made by hand.
rehearsal::Answers answers() {
    rehearsal::Answers answers;
    answers.seed = 7;
    answers.futures = 200;
    answers.model = "our own engine";
    for (const char *name : {"good", "errs"}) {
        rehearsal::HypothesisAnswer one;
        one.name = name;
        one.weight = 0.5;
        one.futures = 100;
        const std::uint32_t complete = std::string_view(name) == "good" ? 98 : 10;
        for (std::size_t i = 0; i < rehearsal::ending_count; ++i) {
            rehearsal::EndingShare ending;
            ending.ending = static_cast<rehearsal::Ending>(i);
            ending.portion = rehearsal::Portion{i == 0   ? complete
                                                : i == 1 ? 100 - complete
                                                         : 0,
                                                100,
                                                (i == 0   ? complete
                                                 : i == 1 ? 100 - complete
                                                          : 0) /
                                                    100.0,
                                                0, 1};
            one.endings.push_back(ending);
        }
        one.fans.nodes = {60'000, {{0, 0, 0}, {0.1, 0.2, 0.3}}};
        one.fans.traffic = one.fans.health = one.fans.nodes;
        answers.hypotheses.push_back(one);
    }
    rehearsal::WorstFuture worst;
    worst.future = 41;
    worst.hypothesis = 1;
    worst.ending = rehearsal::Ending::RolledBack;
    worst.failed_requests = 1'234;
    worst.because = "errors";
    answers.worst = {worst};
    return answers;
}

QStringList textsOf(const QWidget &view) {
    QStringList texts;
    for (const QLabel *label : view.findChildren<QLabel *>()) {
        if (label->isVisibleTo(&view)) {
            texts << label->text();
        }
    }
    return texts;
}

} // namespace

class TestRehearsal : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void theModelsKeepTheirPromises();
    void sharesAreEditedInPlace();
    void theFanIsOfTheChosenHypothesis();
    void progressIsShownAndCancelled();
    void aFutureIsReplayed();
    void theAlarmIsSeen();
    void answersBecomeWords();
    void totalsFollowTheShares();
    void nothingIsCutOff_data();
    void nothingIsCutOff();
    void everythingHasAName();

private:
    std::unique_ptr<Theme> theme_;
};

void TestRehearsal::initTestCase() {
    QFont font = QApplication::font();
    font.setPixelSize(13);
    QApplication::setFont(font);
    theme_ = std::make_unique<Theme>(*qobject_cast<QApplication *>(QCoreApplication::instance()),
                                     ThemeChoice::Dark);
}

void TestRehearsal::theModelsKeepTheirPromises() {
    HypothesesModel hypotheses;
    FuturesModel futures;
    const QAbstractItemModelTester first(&hypotheses);
    const QAbstractItemModelTester second(&futures);
    RehearsalValue value = sample();
    hypotheses.setLines(value.hypotheses);
    futures.setLines(value.futures);
    value.hypotheses.pop_back();
    hypotheses.setLines(value.hypotheses);
    futures.setLines({});
    QCOMPARE(hypotheses.rowCount(), 3);
    QCOMPARE(futures.rowCount(), 0);
}

void TestRehearsal::sharesAreEditedInPlace() {
    RehearsalView view;
    view.setValue(sample());
    QSignalSpy wanted(&view, &RehearsalView::weightWanted);
    auto *model = view.findChild<HypothesesModel *>();
    const QModelIndex share = model->index(1, HypothesesModel::Share);
    QVERIFY(share.flags().testFlag(Qt::ItemIsEditable));
    QVERIFY(!model->index(1, HypothesesModel::Name).flags().testFlag(Qt::ItemIsEditable));
    QCOMPARE(share.data(Qt::EditRole).toInt(), 10);
    QVERIFY(model->setData(share, 130, Qt::EditRole)); // over 100 % is 100 %
    QCOMPARE(wanted[0][0].toInt(), 1);
    QCOMPARE(wanted[0][1].toDouble(), 1.0);
}

void TestRehearsal::theFanIsOfTheChosenHypothesis() {
    RehearsalView view;
    RehearsalValue value = sample();
    value.fans[2][1].band_label = u"the third one's traffic"_qs;
    view.setValue(value);
    view.findChild<QTableView *>()->selectRow(2);
    view.setFanKind(FanKind::Traffic);
    QCOMPARE(view.findChild<FanChart *>()->value().band_label, u"the third one's traffic"_qs);
    QVERIFY(textsOf(view).contains(u"Traffic on the new revision, if it is: twice as slow"_qs));
}

void TestRehearsal::progressIsShownAndCancelled() {
    RehearsalView view;
    view.resize(1'200, 800);
    RehearsalValue value = sample();
    value.progress = 0.312;
    value.progress_text = u"312 of 1,000 futures; cancelling throws them away"_qs;
    view.setValue(value);
    QVERIFY(textsOf(view).contains(value.progress_text));
    QSignalSpy cancelled(&view, &RehearsalView::cancelWanted);
    for (auto *button : view.findChildren<QPushButton *>()) {
        if (button->accessibleName() == u"Cancel the rehearsal") {
            QVERIFY(button->isVisibleTo(&view));
            button->click();
        }
    }
    QCOMPARE(cancelled.size(), 1);
    value.progress.reset();
    view.setValue(value);
    QVERIFY(!textsOf(view).contains(value.progress_text));
}

void TestRehearsal::aFutureIsReplayed() {
    RehearsalView view;
    view.setValue(sample());
    QSignalSpy replay(&view, &RehearsalView::replayWanted);
    for (auto *table : view.findChildren<QTableView *>()) {
        if (table->accessibleName() == u"Futures") {
            Q_EMIT table->activated(table->model()->index(1, 0));
        }
    }
    QCOMPARE(replay.size(), 1);
    QCOMPARE(replay[0][0].toUInt(), 812u);
}

void TestRehearsal::theAlarmIsSeen() {
    RehearsalView view;
    RehearsalValue value = sample();
    value.alarm = u"The live run left its fan: 12 % of nodes after 9 min"_qs;
    view.setValue(value);
    QVERIFY(textsOf(view).contains(value.alarm));
}

void TestRehearsal::answersBecomeWords() {
    kernel::Plan plan;
    plan.revisions = {"", "v41", "v42"};
    plan.from = 1;
    plan.to = 2;
    RehearsalValue value;
    showAnswers(answers(), plan, {0.5, 0.5}, value);
    QVERIFY(value.question.contains(u"v42"));
    QCOMPARE(value.hypotheses.size(), 2u);
    QVERIFY2(value.hypotheses[1].outcome.contains(u"90"), qPrintable(value.hypotheses[1].outcome));
    QCOMPARE(value.fans[0][0].minutes, (std::vector<double>{0, 1}));
    QCOMPARE(value.fans[0][0].median[1], 0.2);
    QCOMPARE(value.futures[0].future, 41u);
    QCOMPARE(value.futures[0].hypothesis, u"errs"_qs);
    QCOMPARE(value.futures[0].failed, u"1,234"_qs);
    QVERIFY(value.assumptions[0].contains(u"our own engine"));
}

// A total is never shown without the shares that it stands on.
void TestRehearsal::totalsFollowTheShares() {
    kernel::Plan plan;
    plan.revisions = {"", "v42"};
    plan.to = 1;
    RehearsalValue even, sure;
    showAnswers(answers(), plan, {0.5, 0.5}, even);
    showAnswers(answers(), plan, {1.0, 0.0}, sure);
    QVERIFY2(even.total.contains(u"54"), qPrintable(even.total));
    QVERIFY2(sure.total.contains(u"98"), qPrintable(sure.total));
    QVERIFY(even.total.contains(u"good 50"));
}

void TestRehearsal::nothingIsCutOff_data() {
    QTest::addColumn<bool>("dark");
    QTest::addColumn<QSize>("size");
    QTest::addColumn<bool>("full");
    for (const bool dark : {true, false}) {
        for (const QSize &size : {QSize(1'160, 800), QSize(780, 600)}) {
            for (const bool full : {true, false}) {
                QTest::addRow("%s %d %s", dark ? "dark" : "light", size.width(),
                              full ? "full" : "empty")
                    << dark << size << full;
            }
        }
    }
}
void TestRehearsal::nothingIsCutOff() {
    QFETCH(bool, dark);
    QFETCH(QSize, size);
    QFETCH(bool, full);
    theme_->choose(dark ? ThemeChoice::Dark : ThemeChoice::Light);
    RehearsalView view;
    RehearsalValue empty;
    empty.trouble = u"Choose a rollout and rehearse it from now."_qs;
    view.setValue(full ? sample() : empty);
    view.resize(size);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    if (const QString folder = qEnvironmentVariable("AVIARY_PICTURES"); !folder.isEmpty()) {
        view.grab().save(folder + u"/rehearsal " + QString::fromLatin1(QTest::currentDataTag()) +
                         u".png");
    }
    const QStringList faults = faultsOf(drawnTexts(view), view.rect());
    QVERIFY2(faults.isEmpty(), qPrintable(faults.join(u'\n')));
    QVERIFY(view.minimumSizeHint().width() <= size.width());
}

void TestRehearsal::everythingHasAName() {
    RehearsalView view;
    view.setValue(sample());
    for (const QWidget *widget : view.findChildren<QWidget *>()) {
        if (widget->focusPolicy() != Qt::NoFocus && widget->isVisibleTo(&view) &&
            !widget->objectName().startsWith(u"qt_")) {
            QVERIFY2(!widget->accessibleName().isEmpty(), widget->metaObject()->className());
        }
    }
}

QTEST_MAIN(TestRehearsal)
#include "test_rehearsal.moc"
