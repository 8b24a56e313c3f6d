// SPDX-License-Identifier: GPL-3.0-or-later
// The real window over a daemon's understudy: time travel, documents and a rehearsal, as a person
// meets them.
#include "core/api/inprocesssession.h"
#include "core/travel/travelprovider.h"
#include "tests/core/travel/recorded.h"
#include "ui/console/console.h"
#include "ui/history/historyview.h"
#include "ui/plans/plantext.h"
#include "ui/rehearsal/hypothesesmodel.h"
#include "ui/rehearsal/rehearsalview.h"
#include "ui/shell/actiontable.h"
#include "ui/shell/mainwindow.h"
#include "ui/theme/theme.h"

#include <QAction>
#include <QApplication>
#include <QFile>
#include <QLabel>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>
#include <QUrl>

using namespace aviary;
using namespace Qt::Literals;

namespace {

constexpr int rehearsal_ms_max = 120'000;

api::DeploymentRow deployment(const QString &rollout, const travel::RecordedRun &run) {
    api::DeploymentRow row;
    row.id = rollout + u"-d"_qs;
    row.key = u"checkout-api"_qs;
    row.cluster = u"edge-eu"_qs;
    row.rollout = rollout;
    row.version = 42;
    row.revision = row.to = u"v42"_qs;
    row.status = run.state().status;
    row.started_wall_ms = run.beginWallMs();
    return row;
}

} // namespace

class TestPast : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void theWholeWindowTravels();
    void documentsOpenInTheirViews();
    void aRolloutIsRehearsedFromNow();

private:
    QAction *action(const char *id) { return console_->window().actions().action(id); }

    QTemporaryDir folder_;
    std::unique_ptr<Theme> theme_;
    std::unique_ptr<QSettings> kept_;
    std::unique_ptr<travel::TravelProvider> daemon_;
    std::unique_ptr<Desks> desks_;
    std::unique_ptr<Console> console_;
};

void TestPast::init() {
    const auto run = *travel::RecordedRun::of(tests::recordedRun(12, 3, 60, u"R1"_qs));
    (void)run->goToEntry(run->entries());
    travel::Archive archive;
    archive.deployments = {deployment(u"R1"_qs, *run)};
    archive.daemon.version = u"0.1.0"_qs;
    archive.daemon.who = u"ops"_qs;
    daemon_ = std::make_unique<travel::TravelProvider>(archive);
    daemon_->addRun(run);
    (void)daemon_->goTo(run->endWallMs());
    kept_ = std::make_unique<QSettings>(folder_.filePath(u"settings.ini"_qs), QSettings::IniFormat);
    theme_ = std::make_unique<Theme>(*qobject_cast<QApplication *>(QCoreApplication::instance()),
                                     ThemeChoice::Dark);
    desks_ = std::make_unique<Desks>();
    console_ = std::make_unique<Console>(*desks_, Settings(*kept_), *theme_);
    console_->complete();
    desks_->add(std::make_unique<Desk>(local_desk, u"this computer"_qs),
                std::make_unique<api::InProcessSession>(*daemon_, api::Caller{u"ops"_qs, {}, 1}));
    QTRY_VERIFY(console_->choice().desk() && !console_->choice().desk()->rollouts().empty());
    console_->choice().chooseRollout(console_->choice().desk(), u"R1"_qs);
    console_->window().show();
}

void TestPast::cleanup() {
    console_.reset();
    desks_.reset();
    daemon_.reset();
    theme_.reset();
}

void TestPast::theWholeWindowTravels() {
    MainWindow &window = console_->window();
    window.showView(u"view.history"_qs);
    auto *view = window.findChild<HistoryView *>();
    QVERIFY(view);
    QTRY_COMPARE(view->shown().size(), 1u);
    const qint64 then = daemon_->runs().front()->entryWallsMs()[20];
    Q_EMIT view->instantWanted(then);
    QTRY_VERIFY(window.state().travelling());
    const auto run = *travel::RecordedRun::of(tests::recordedRun(12, 3, 60, u"R1"_qs));
    QVERIFY(run->goTo(then));
    QTRY_VERIFY(console_->choice().rolloutRow());
    QTRY_COMPARE(*console_->choice().rolloutRow(), run->row());
    QTRY_VERIFY(!action("rollout.promote")->isEnabled());
    QVERIFY(!action("plan.start")->isEnabled());
    action("time.live")->trigger();
    QTRY_VERIFY(!window.state().travelling());
    QTRY_VERIFY(console_->choice().rolloutRow());
}

void TestPast::documentsOpenInTheirViews() {
    const QString plan = folder_.filePath(u"shop.plan.yaml"_qs);
    QFile file(plan);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("format: aviary-plan/1\nservice: shop # ours\nto: v4\n");
    file.close();
    console_->open(QUrl::fromLocalFile(plan).toString());
    MainWindow &window = console_->window();
    QTRY_COMPARE(window.shownView(), u"view.plans"_qs);
    auto *text = window.findChild<PlanText *>();
    QTRY_VERIFY(text->toPlainText().contains(u"service: shop # ours"));

    const QString run = folder_.filePath(u"a.run.jsonl"_qs);
    QVERIFY(record::saveRun(run, tests::recordedRun(9, 4, 50, u"R9"_qs)));
    console_->open(QUrl::fromLocalFile(run).toString());
    QTRY_COMPARE(window.shownView(), u"view.history"_qs);
    QTRY_VERIFY(console_->choice().desk() && console_->choice().desk()->isFile());
    QTRY_VERIFY(console_->choice().rolloutRow());
    QCOMPARE(console_->choice().rolloutRow()->id, u"R9"_qs);
    QTRY_VERIFY(!action("rollout.rollback")->isEnabled());
}

void TestPast::aRolloutIsRehearsedFromNow() {
    MainWindow &window = console_->window();
    action("rollout.rehearse")->trigger();
    QTRY_COMPARE(window.shownView(), u"view.rehearsal"_qs);
    auto *view = window.findChild<RehearsalView *>();
    auto *model = view->findChild<HypothesesModel *>();
    QTRY_COMPARE_WITH_TIMEOUT(model->rowCount(), 4, rehearsal_ms_max);
    // Answers, not only progress: there is a total, and it names the shares.
    const auto told = [view] {
        for (const QLabel *label : view->findChildren<QLabel *>()) {
            if (label->text().startsWith(u"With these shares")) {
                return true;
            }
        }
        return false;
    };
    QTRY_VERIFY_WITH_TIMEOUT(told(), rehearsal_ms_max);
}

QTEST_MAIN(TestPast)
#include "test_past.moc"
