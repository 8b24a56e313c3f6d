// SPDX-License-Identifier: GPL-3.0-or-later
// A plan in the real window over sample data: what becomes of it, and what is told beside it.
#include "core/rehearsal/comparison.h"
#include "tests/core/travel/recorded.h"
#include "tests/ui/console/consolehouse.h"
#include "ui/charts/trafficslider.h"
#include "ui/console/planspresenter.h"
#include "ui/console/rolloutpresenter.h"
#include "ui/plans/plansview.h"
#include "ui/plans/plantext.h"
#include "ui/shell/actiontable.h"

#include <QAction>
#include <QFile>
#include <QLabel>
#include <QListWidget>
#include <QSignalSpy>
#include <QTest>

using namespace aviary;
using namespace aviary::tests;
using namespace Qt::Literals;

namespace {

const auto document = u"format: aviary-plan/1\n"
                      "service: checkout-api\n"
                      "from: v41\n"
                      "to: v43\n"
                      "strategy:\n"
                      "  kind: canary\n"
                      "  stages: [25 %, 50 %, 100 %]\n"
                      "  bake: 1 min # short\n"_qs;

const QByteArray foreign = "apiVersion: argoproj.io/v1alpha1\n"
                           "kind: Rollout\n"
                           "metadata: {name: checkout-api}\n"
                           "spec:\n"
                           "  replicas: 10\n"
                           "  template: {spec: {containers: [{name: a, image: 'shop:v44'}]}}\n"
                           "  strategy:\n"
                           "    canary:\n"
                           "      steps:\n"
                           "        - setWeight: 20\n"
                           "        - pause: {duration: 10m}\n"
                           "        - experiment: {duration: 1h}\n";

// The plan of a document, compiled as the daemon's cluster would have it, with longer checks.
rehearsal::Change longerBakes(const kernel::Plan &plan) {
    kernel::Plan changed = plan;
    for (kernel::Step &step : changed.steps) {
        if (auto *check = std::get_if<kernel::CheckStep>(&step)) {
            check->bake_ms = 600'000;
        }
    }
    rehearsal::Change change;
    change.words = "Bake 10 min instead of 1 min in each check";
    change.plan = std::make_shared<const kernel::Plan>(changed);
    change.caught_before = 0.31;
    change.caught_after = 0.88;
    change.failed_before = 17;
    change.failed_after = 6;
    change.median_before_ms = change.median_after_ms = 60'000;
    return change;
}

} // namespace

class TestPlansPresenter : public QObject {
    Q_OBJECT

    std::unique_ptr<ConsoleHouse> house_;
    PlansPresenter *plans_ = nullptr;
    std::shared_ptr<const kernel::Plan> rehearsed_;

    bool shows(const QString &text) {
        for (const QLabel *label : plans_->view().findChildren<QLabel *>()) {
            if (label->isVisibleTo(&plans_->view()) && label->text().contains(text)) {
                return true;
            }
        }
        return false;
    }
    QString text() { return plans_->view().findChild<PlanText *>()->toPlainText(); }
    void trigger(const char *action) { house_->window().actions().action(action)->trigger(); }

private Q_SLOTS:
    // A canary that compiles for the nodes of the chosen cluster.
    void init() {
        house_ = std::make_unique<ConsoleHouse>();
        QVERIFY(house_->chooseRollout());
        house_->window().show();
        house_->window().showView(u"view.plans"_qs);
        plans_ = house_->console().findChild<PlansPresenter *>();
        QSignalSpy wanted(plans_, &PlansPresenter::rehearsalWanted);
        plans_->setText(document);
        QTRY_VERIFY(shows(u"Compiles to"_qs));
        trigger("plan.rehearse");
        QCOMPARE(wanted.size(), 1);
        rehearsed_ = wanted[0][0].value<std::shared_ptr<const kernel::Plan>>();
        house_->window().showView(u"view.plans"_qs);
    }
    void cleanup() { house_.reset(); }

    void theFormWritesNamesIntoTheText() {
        const PlanField field{{u"to"_qs}, {}, {}, {}, {}, false, {}};
        Q_EMIT plans_->view().fieldEdited(field, u"v44"_qs);
        QVERIFY2(text().contains(u"\nto: v44\n"), qPrintable(text()));
        Q_EMIT plans_->view().fieldEdited(field, u"1.10"_qs); // a name, and no number
        QVERIFY2(text().contains(u"\nto: \"1.10\"\n"), qPrintable(text()));
    }

    void aTemplateIsOfWhatRuns() {
        trigger("rollout.new");
        QVERIFY2(text().contains(u"\nservice: checkout-api\n"), qPrintable(text()));
        QVERIFY2(text().contains(u"\nfrom: v41\n"), qPrintable(text()));
    }

    void aChangeGoesIntoTheDocument() {
        plans_->takeChange(rehearsed_, longerBakes(*rehearsed_));
        QVERIFY2(text().contains(u"bake: 10 min # short"), qPrintable(text())); // as written
        QVERIFY(shows(u"Changed: Bake 10 min"_qs));
        QVERIFY(shows(
            u"caught in 88\u00a0% instead of 31\u00a0%; failed requests: 6 instead of 17"_qs));
        QVERIFY(shows(u"takes 1\u00a0min as before"_qs));
        QTRY_VERIFY(shows(u"strategy.bake"_qs));
        QVERIFY(shows(u"Compiles to"_qs));
    }

    void aChangeOfAnotherPlanIsWrittenAsItsSteps() {
        plans_->setText(QString(document).replace(u"25 %"_qs, u"30 %"_qs));
        plans_->takeChange(rehearsed_, longerBakes(*rehearsed_));
        QVERIFY(text().contains(u"compiled:"));
        QVERIFY(shows(u"written as its steps"_qs));
        QVERIFY(shows(u"Compiles to"_qs));
    }

    void chancesStandBesideThePlanTheyAreOf() {
        RehearsedChances chances;
        chances.plan = rehearsed_;
        chances.chances = {{u"good"_qs, u"99 % complete"_qs, u"in 41 min"_qs}};
        plans_->setChances(chances);
        QVERIFY(shows(u"99 % complete, in 41 min"_qs));
        plans_->setText(QString(document).replace(u"25 %"_qs, u"30 %"_qs));
        QVERIFY(!shows(u"99 % complete"_qs));
    }

    void chancesStandAboveTheGhostOfTheirRollout() {
        auto *rollouts = house_->console().findChild<RolloutPresenter *>();
        RehearsedChances chances;
        chances.desk = &house_->desk();
        chances.rollout = house_->console().choice().rollout();
        chances.chances = {{u"good"_qs, u"99 % complete"_qs, u"in 41 min"_qs}};
        rollouts->setChances(chances);
        house_->window().showView(u"view.rollouts"_qs);
        auto *slider = house_->window().findChild<TrafficSlider *>();
        QTRY_VERIFY(slider->value().chances.contains(u"good 99 % complete"));
        slider->moveGhost(2'500);
        QVERIFY(slider->accessibleDescription().contains(u"good 99 % complete"));
        slider->moveGhost(500); // lowering is no going on
        QVERIFY(!slider->accessibleDescription().contains(u"good 99 % complete"));
        chances.rollout = u"another"_qs;
        rollouts->setChances(chances);
        QTRY_VERIFY(slider->value().chances.isEmpty());
    }

    void anotherToolsPlanIsImportedWithWhatItLost() {
        const QTemporaryDir folder;
        const QString path = folder.filePath(u"shop.yaml"_qs);
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(foreign);
        file.close();
        plans_->exchange().import(path);
        QTRY_VERIFY(text().contains(u"v44"));
        QVERIFY(text().contains(u"20 %"));
        QVERIFY(shows(u"shop.yaml is an Argo Rollouts manifest"_qs));
        QTRY_VERIFY(shows(u"experiment"_qs));
        // What failed stays until something else is done, also when the plan is read again.
        auto *faults = plans_->view().findChild<QListWidget *>();
        plans_->exchange().import(folder.filePath(u"none.yaml"_qs));
        QTRY_VERIFY(!faults->isHidden());
        plans_->setChances({});
        QVERIFY(!faults->isHidden());
        QVERIFY2(faults->item(0)->text().contains(u"none.yaml"),
                 qPrintable(faults->item(0)->text()));
        plans_->exchange().import(path);
        QTRY_VERIFY(faults->isHidden());
    }

    void whatAnExportCannotSayIsListed() {
        const QTemporaryDir folder;
        const QString path = folder.filePath(u"shop.hcl"_qs);
        plans_->exchange().exportTo(path, *plans::readPlan(document.toUtf8()).file, 48);
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(file.readAll().contains("update {"));
        QVERIFY(shows(u"shop.hcl cannot say all of the plan"_qs));
    }

    void itIsComparedWithTheLastDeployment() {
        const QTemporaryDir folder;
        const QString path = folder.filePath(u"last.run.jsonl"_qs);
        QVERIFY(record::saveRun(path, tests::recordedRun(12, 3, 60, u"R0"_qs)));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QString lines = QString::fromUtf8(file.readAll());
        house_->provider().answer(u"run.export"_qs, [lines](const QJsonObject &) {
            return QJsonObject{{u"jsonl"_qs, lines}};
        });
        trigger("plan.compare");
        QTRY_VERIFY(shows(u"Beside the last deployment, checkout-api v42"_qs));
        QTRY_VERIFY(shows(u"v43"_qs));
        Q_EMIT plans_->view().besideClosed();
        QVERIFY(!shows(u"Beside the last deployment"_qs));
    }
};

QTEST_MAIN(TestPlansPresenter)
#include "test_plans.moc"
