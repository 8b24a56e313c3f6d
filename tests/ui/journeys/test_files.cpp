// SPDX-License-Identifier: GPL-3.0-or-later
// Files alone: each kind of document opens in the real window with the daemon and its cluster gone.
#include "tests/journeys/journey.h"
#include "tests/ui/journeys/windowhouse.h"
#include "ui/rehearsal/hypothesesmodel.h"
#include "ui/rehearsal/rehearsalview.h"
#include "ui/shell/actiontable.h"

#include <QAction>
#include <QLabel>
#include <QUrl>

using namespace aviary;
using namespace aviary::tests;
using namespace Qt::Literals;
using kernel::Status;

namespace {

constexpr int rehearsal_ms_max = 180'000;

QString sampleFile(const char *name) {
    return QStringLiteral(AVIARY_SOURCE_DIR "/resources/samples/") + QString::fromLatin1(name);
}

} // namespace

class TestFiles : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;
    std::unique_ptr<Journey> journey_;
    std::unique_ptr<WindowHouse> house_;

    MainWindow &window() { return house_->window(); }
    bool shows(const QString &text) {
        for (const QLabel *label : window().findChildren<QLabel *>()) {
            if (label->isVisible() && label->text().contains(text)) {
                return true;
            }
        }
        return false;
    }
    void openFile(const QString &path) {
        house_->console().open(QUrl::fromLocalFile(path).toString());
    }

private Q_SLOTS:
    void init() { journey_ = std::make_unique<Journey>(); }
    void cleanup() {
        house_.reset();
        journey_.reset();
    }

    // No daemon, no cluster: what is in the files is all there is.
    void eachKindOfFileOpensAlone() {
        QVERIFY(journey_->desk.openWithV1());
        const QString run = folder_.filePath(u"v1.run.jsonl"_qs);
        QCOMPARE(
            journey_->desk
                .aviary({u"run"_qs, u"export"_qs, journey_->desk.rows().front().id, u"-o"_qs, run})
                .code,
            0);
        journey_->desk.killDaemon();
        house_ =
            std::make_unique<WindowHouse>(journey_->desk.places(), WindowHouse::Starting::Never);
        QVERIFY(QTest::qWaitForWindowActive(&window()));
        openFile(run);
        QVERIFY2(house_->until([this] { return window().shownView() == u"view.history"; }),
                 house_->story());
        QVERIFY(house_->until([this] {
            const api::RolloutRow *row = house_->console().choice().rolloutRow();
            return row && row->status == Status::Completed && row->nodes_done == 12;
        }));
        openFile(sampleFile("fleets/edge-eu.fleet.json"));
        QVERIFY(house_->until([this] {
            const api::ClusterRow *cluster = house_->console().choice().clusterRow();
            return window().shownView() == u"view.fleet" && cluster && cluster->nodes == 48;
        }));
        openFile(sampleFile("plans/checkout-canary.plan.yaml"));
        QVERIFY(house_->until(
            [this] { return window().shownView() == u"view.plans" && shows(u"Compiles to"_qs); }));
        openFile(sampleFile("scenarios/winter.scenario.yaml"));
        QVERIFY(house_->until([this] { return window().shownView() == u"view.rehearsal"; }));
        window()
            .actions()
            .action("plan.rehearse")
            ->trigger(); // the plan, for the fleet, with that scenario: all of them files
        auto *model = window().findChild<RehearsalView *>()->findChild<HypothesesModel *>();
        QVERIFY(
            house_->until([&] { return model->rowCount() > 0 && shows(u"With these shares"_qs); },
                          rehearsal_ms_max));
        QVERIFY(house_->desk().link() != Desk::Link::Open);
        openFile(written(folder_, u"broken.run.jsonl"_qs, "{\"format\": \"aviary-run/1\"}\n"));
        QVERIFY(house_->until([this] { return window().shownView() == u"view.history"; }));
    }
};

QTEST_MAIN(TestFiles)
#include "test_files.moc"
