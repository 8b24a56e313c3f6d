// SPDX-License-Identifier: GPL-3.0-or-later
// A plan from its first line to its end in the real window: mended, rehearsed, changed, started on
// a real local cluster, watched, broken, looked at in the past, and reported. And files alone.
#include "tests/journeys/journey.h"
#include "tests/ui/journeys/windowhouse.h"
#include "ui/charts/trafficslider.h"
#include "ui/history/historyview.h"
#include "ui/plans/plantext.h"
#include "ui/rehearsal/hypothesesmodel.h"
#include "ui/rehearsal/rehearsalview.h"
#include "ui/shell/actiontable.h"
#include "ui/shell/travelbanner.h"
#include "ui/theme/prose.h"

#include <QAction>
#include <QFileDialog>
#include <QJsonDocument>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QTableView>
#include <QUrl>

using namespace aviary;
using namespace aviary::tests;
using namespace Qt::Literals;
using kernel::Status;

namespace {

constexpr int rehearsal_ms_max = 180'000;

// Answers come within minutes, so that whoever promotes now is foreseen. A good version starts
// without fail: no future of it goes back, however long this machine takes, so that going back
// leaves the fan.
const QByteArray scenario =
    "format: aviary-scenario/1\n"
    "name: quick\n"
    "start: {latency: {median: 1 s, p95: 2 s}, failed: 0 %, silent: 0 %, slow: 0 %}\n"
    "flapping: {nodes: 0 %}\n"
    "traffic: {requests_per_s: 200}\n"
    "hypotheses:\n"
    "  - {name: good, weight: 80 %}\n"
    "  - {name: does not start, weight: 20 %, starts_fail_more: 50 %}\n"
    "operator: {answer: {median: 10 s, p95: 3 min}}\n";

QByteArray planText(const Ground &ground) {
    return "format: aviary-plan/1\n"
           "service: shop # what customers see\n"
           "from: v1\n"
           "to: v2\n"
           "strategy:\n"
           "  kind: canary\n"
           "  stages: [25 %, 50 %, 100 %]\n"
           "  bake: 100 ms\n"
           "policy:\n"
           "  min_healthy: 200 ms\n"
           "  healthy_deadline: 12 s\n"
           "  max_parallel: 12\n"
           "  max_load: 0.5\n"
           "judges: [{judge: health_share}]\n"
           "service_definition: " +
           QJsonDocument(ground.definition({u"--latency"_qs, u"2"_qs}))
               .toJson(QJsonDocument::Compact) +
           '\n';
}

} // namespace

class TestPlanned : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;
    std::unique_ptr<Journey> journey_;
    std::unique_ptr<Load> load_;
    std::unique_ptr<WindowHouse> house_;

    MainWindow &window() { return house_->window(); }
    template <class View>
    View *view() {
        return window().findChild<View *>();
    }
    bool shows(const QString &text) {
        for (const QLabel *label : window().findChildren<QLabel *>()) {
            if (label->isVisible() && label->text().contains(text)) {
                return true;
            }
        }
        return false;
    }
    QPushButton *button(const QString &words) {
        for (QPushButton *one : window().findChildren<QPushButton *>()) {
            if (one->isVisible() && one->text().contains(words)) {
                return one;
            }
        }
        return nullptr;
    }
    void trigger(const char *action) { window().actions().action(action)->trigger(); }
    void openFile(const QString &path) {
        house_->console().open(QUrl::fromLocalFile(path).toString());
    }
    const api::RolloutRow *newest() {
        const api::RolloutRow *last = nullptr;
        for (const api::RolloutRow &row : house_->desk().rollouts()) {
            if (row.to == u"v2" && (!last || row.started_wall_ms > last->started_wall_ms)) {
                last = &row;
            }
        }
        return last;
    }

    // ---- The steps of the journey

    void writeAndMend() {
        trigger("rollout.new");
        QCOMPARE(window().shownView(), u"view.plans"_qs);
        view<PlanText>()->setPlainText(QString::fromUtf8(planText(*journey_->ground)));
        auto *faults = [this] {
            for (QListWidget *list : window().findChildren<QListWidget *>()) {
                if (list->accessibleName() == u"What is wrong with the plan") {
                    return list;
                }
            }
            return static_cast<QListWidget *>(nullptr);
        }();
        QVERIFY(house_->until([&] { return faults->isVisible() && faults->count() > 0; }));
        QVERIFY2(faults->item(0)->text().startsWith(u"line 13: "),
                 qPrintable(faults->item(0)->text()));
        trigger("plan.start");
        QVERIFY(!house_->console().requester().question()); // nothing can be started like this
        QLineEdit *load = nullptr;
        for (QLineEdit *line : window().findChildren<QLineEdit *>()) {
            load = line->accessibleName() == u"Load of a node, times" ? line : load;
        }
        QVERIFY(load);
        load->setText(u"2"_qs);
        Q_EMIT load->editingFinished();
        QVERIFY2(house_->until([&] { return !faults->isVisible() && shows(u"Compiles to"_qs); }),
                 house_->story());
        QVERIFY(view<PlanText>()->toPlainText().contains(u"# what customers see"));
    }

    void rehearseAndTakeTheChange() {
        openFile(written(folder_, u"quick.scenario.yaml"_qs, scenario));
        QVERIFY(house_->until([this] { return shows(u"quick.scenario.yaml is assumed"_qs); }));
        trigger("plan.rehearse");
        QCOMPARE(window().shownView(), u"view.rehearsal"_qs);
        QVERIFY2(
            house_->until([this] { return button(u"Try it"_qs) != nullptr; }, rehearsal_ms_max),
            house_->story());
        const QString before = view<PlanText>()->toPlainText();
        button(u"Try it"_qs)->click();
        window().showView(u"view.plans"_qs);
        QVERIFY(view<PlanText>()->toPlainText() != before);
        QVERIFY(shows(u"Changed: "_qs) && shows(u"Compiles to"_qs));
        QVERIFY(view<PlanText>()->toPlainText().contains(u"# what customers see"));
    }

    void startAndWatch(QString &rollout) {
        QVERIFY2(house_->askByKeys("plan.start"), house_->story());
        QVERIFY2(house_->until([this] { return newest() != nullptr; }), house_->story());
        rollout = newest()->id;
        QVERIFY2(house_->untilStatus(rollout, Status::Waiting), house_->story());
        house_->console().open(u"rollout:"_qs + rollout);
        QVERIFY(house_->until([&] { return house_->desk().detail(rollout) != nullptr; }));
        trigger("rollout.rehearse");
        auto *slider = view<TrafficSlider>();
        window().showView(u"view.rollouts"_qs);
        QVERIFY2(house_->until([&] { return slider->value().chances.contains(u"complete"); },
                               rehearsal_ms_max),
                 house_->story());
        window().showView(u"view.rehearsal"_qs);
        QVERIFY(shows(u"from now"_qs));
        QVERIFY(!shows(u"left its fan"_qs));
        QVERIFY(house_->desk().detail(rollout)->left_fan.isEmpty());
    }

    // Nodes that are next fall silent: the stage fails, it goes back, and nothing foresaw that.
    void breakIt(const QString &rollout) {
        const auto &targets = house_->desk().detail(rollout)->targets;
        QStringList silent;
        for (const api::TargetRow &target : targets) {
            if (target.phase == kernel::Phase::Untouched && silent.size() < 2) {
                silent << target.node;
            }
        }
        QCOMPARE(silent.size(), 2);
        window().showView(u"view.rollouts"_qs);
        QVERIFY2(house_->askByKeys("rollout.promote"), house_->story());
        QVERIFY2(house_->untilOutcome(api::Outcome::Applied), house_->story());
        for (const QString &node : silent) {
            journey_->ground->setOffline(node, true);
        }
        QVERIFY2(house_->until([&] { return !house_->desk().detail(rollout)->left_fan.isEmpty(); },
                               180'000),
                 house_->story());
        QVERIFY(house_->until([this] {
            const auto facts = window().findChildren<Prose *>();
            return std::ranges::any_of(
                facts, [](const Prose *fact) { return fact->text() == u"It left its fan"; });
        }));
        window().showView(u"view.rehearsal"_qs);
        QVERIFY2(house_->until([this] { return shows(u"The live run left its fan"_qs); }),
                 house_->story());
        QVERIFY(house_->until([this] { return !house_->desk().alerts().empty(); }));
        for (const QString &node : silent) {
            journey_->ground->setOffline(node, false);
        }
        QVERIFY2(house_->untilStatus(rollout, Status::RolledBack, 120'000), house_->story());
    }

    void goBackToTheFault(const QString &rollout) {
        const qint64 fault_wall_ms = house_->desk().rollout(rollout)->ended_wall_ms - 1;
        window().showView(u"view.history"_qs);
        Q_EMIT view<HistoryView>()->instantWanted(fault_wall_ms);
        QVERIFY2(house_->until([this] { return window().state().travelling(); }), house_->story());
        QVERIFY(house_->until([&] {
            const api::RolloutRow *row = house_->desk().rollout(rollout);
            return row && row->status == Status::RollingBack;
        }));
        for (const char *place : {"view.fleet", "view.rollouts", "view.waiting", "view.history",
                                  "view.clusters", "view.plans", "view.rehearsal"}) {
            window().showView(QString::fromLatin1(place));
            QVERIFY2(view<TravelBanner>()->isVisible(), place);
            QVERIFY2(window().state().travelling(), place);
        }
        QVERIFY(!window().actions().action("rollout.promote")->isEnabled());
        trigger("time.live");
        QVERIFY(house_->until([&] {
            return !window().state().travelling() && house_->status(rollout) == Status::RolledBack;
        }));
    }

    void compareAndReport() {
        window().showView(u"view.history"_qs);
        QString canary, first; // the newest v2, the oldest v1
        QVERIFY2(house_->until([&] {
            for (const HistoryLine &line : view<HistoryView>()->shown()) {
                if (line.row.revision == u"v2" && canary.isEmpty()) {
                    canary = line.row.id;
                }
                first = line.row.revision == u"v1" ? line.row.id : first;
            }
            return !canary.isEmpty() && !first.isEmpty();
        }),
                 house_->story());
        Q_EMIT view<HistoryView>()->compareWanted({canary, first});
        QVERIFY2(house_->until([this] { return shows(u"and as rehearsed"_qs); }, rehearsal_ms_max),
                 house_->story());
        QVERIFY(shows(u"past updates"_qs)); // what v1's record taught
        const QString report = folder_.filePath(u"report.html"_qs);
        trigger("history.export");
        auto *dialog = window().findChild<QFileDialog *>();
        QVERIFY(dialog);
        dialog->selectNameFilter(u"Report (*.html)"_qs);
        dialog->selectFile(report);
        QMetaObject::invokeMethod(dialog, "accept");
        QVERIFY(house_->until([&] { return QFile::exists(report); }));
        QFile file(report);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray text = file.readAll();
        QVERIFY(text.contains("shop v1 beside shop v2") && text.contains("past updates"));
    }

    void replayTheWorst() {
        window().showView(u"view.rehearsal"_qs);
        auto *futures = [this] {
            for (QTableView *table : view<RehearsalView>()->findChildren<QTableView *>()) {
                if (table->accessibleName() == u"Futures") {
                    return table;
                }
            }
            return static_cast<QTableView *>(nullptr);
        }();
        QVERIFY(futures && futures->model()->rowCount() > 0);
        Q_EMIT futures->activated(futures->model()->index(0, 0));
        QVERIFY2(house_->until([this] {
            const Desk *desk = house_->console().choice().desk();
            return desk && desk->id().startsWith(u"future:") && house_->console().choice().detail();
        }),
                 house_->story());
        QCOMPARE(window().shownView(), u"view.history"_qs);
        const api::RolloutDetail *end = house_->console().choice().detail();
        const qint64 begin_wall_ms = end->row.started_wall_ms;
        const Status last = end->row.status;
        Q_EMIT view<HistoryView>()->instantWanted(begin_wall_ms + 1'000);
        QVERIFY(house_->until([&] {
            const api::RolloutRow *row = house_->console().choice().rolloutRow();
            return row && row->status != last;
        }));
        trigger("time.live");
    }

private Q_SLOTS:
    void init() { journey_ = std::make_unique<Journey>(); }
    void cleanup() {
        house_.reset();
        load_.reset();
        journey_.reset();
    }

    void fromTheFirstLineToTheReport() {
        QVERIFY(journey_->desk.openWithV1());
        load_ = journey_->steady();
        house_ =
            std::make_unique<WindowHouse>(journey_->desk.places(), WindowHouse::Starting::Never);
        QVERIFY(QTest::qWaitForWindowActive(&window()));
        QVERIFY(house_->until([this] { return !house_->desk().clusters().empty(); }));
        house_->console().open(u"cluster:edge"_qs);
        QVERIFY(house_->until([this] { return house_->console().choice().clusterRow(); }));
        QString rollout;
        const auto steps = {
            std::function<void()>([this] { writeAndMend(); }),
            std::function<void()>([this] { rehearseAndTakeTheChange(); }),
            std::function<void()>([this, &rollout] { startAndWatch(rollout); }),
            std::function<void()>([this, &rollout] { breakIt(rollout); }),
            std::function<void()>([this, &rollout] { goBackToTheFault(rollout); }),
            std::function<void()>([this] { compareAndReport(); }),
            std::function<void()>([this] { replayTheWorst(); }),
        };
        for (const auto &step : steps) {
            step();
            if (QTest::currentTestFailed()) {
                return;
            }
        }
    }
};

QTEST_MAIN(TestPlanned)
#include "test_planned.moc"
