// SPDX-License-Identifier: GPL-3.0-or-later
// What a rehearsal is written to and read from, in the real window: the scenario that is exported
// and opened elsewhere gives the same futures, the report and the JSON say what the view says, and
// a label that a scenario names is looked for in the fleet.
#include "core/rehearsal/scenariofile.h"
#include "core/support/words.h"
#include "tests/kernel/fleets.h"
#include "tests/ui/console/consolehouse.h"
#include "ui/console/rehearsalpresenter.h"
#include "ui/rehearsal/hypothesesmodel.h"
#include "ui/rehearsal/rehearsalview.h"
#include "ui/shell/actiontable.h"

#include <QAction>
#include <QFile>
#include <QFileDialog>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLabel>
#include <QTableView>
#include <QTest>
#include <QUrl>

using namespace aviary;
using namespace aviary::tests;
using namespace Qt::Literals;

namespace {

constexpr int rehearsal_ms_max = 120'000;
constexpr std::size_t nodes = 12;

// A window with a plan to rehearse.
struct Room {
    ConsoleHouse house;
    kernel::Fleet fleet = kernel::testing::fleet(nodes, 3);

    RehearsalPresenter &presenter() { return *house.console().findChild<RehearsalPresenter *>(); }
    RehearsalView &view() { return presenter().view(); }
    HypothesesModel &hypotheses() { return *view().findChild<HypothesesModel *>(); }
    QString cell(int row, int column) { return hypotheses().index(row, column).data().toString(); }
    bool open() {
        house.window().show();
        return house.chooseRollout();
    }
    bool shows(const QString &text) {
        for (const QLabel *label : house.window().findChildren<QLabel *>()) {
            if (label->isVisibleTo(&house.window()) && label->text().contains(text)) {
                return true;
            }
        }
        return false;
    }
    void trigger(const char *action) { house.window().actions().action(action)->trigger(); }
    // All nodes at once, and back when one of them fails.
    bool rehearse() {
        kernel::PlanRequest request = kernel::testing::request(kernel::Rolling{});
        request.policy.max_parallel = nodes;
        const auto compiled = kernel::compile(request, fleet);
        const auto *plan = std::get_if<kernel::Plan>(&compiled);
        if (plan == nullptr) {
            return false;
        }
        presenter().rehearsePlan(std::make_shared<const kernel::Plan>(*plan), u"web v2"_qs, fleet);
        return QTest::qWaitFor([this] { return shows(u"With these shares"_qs); }, rehearsal_ms_max);
    }
    // As a person does, in the dialog.
    bool exportTo(const QString &path, const QString &filter) {
        trigger("rehearsal.export");
        auto *dialog = house.window().findChild<QFileDialog *>();
        if (dialog == nullptr) {
            return false;
        }
        dialog->selectNameFilter(filter);
        dialog->selectFile(path);
        QMetaObject::invokeMethod(dialog, "accept");
        return QTest::qWaitFor([&] { return QFile::exists(path) && shows(u"was written"_qs); });
    }
    QString because(int row) {
        for (const QTableView *table : view().findChildren<QTableView *>()) {
            if (table->accessibleName() == u"Futures") {
                return table->model()->index(row, FuturesModel::Because).data().toString();
            }
        }
        return {};
    }
};

QByteArray contentOf(const QString &path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class TestRehearsalFiles : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;

private Q_SLOTS:
    void theScenarioGivesTheSameFuturesElsewhere() {
        const QString path = folder_.filePath(u"doubts.scenario.yaml"_qs);
        QStringList shown;
        {
            Room room;
            QVERIFY(room.open());
            QVERIFY(room.rehearse());
            room.hypotheses().setData(room.hypotheses().index(1, HypothesesModel::Share), 50,
                                      Qt::EditRole);
            QCOMPARE(room.cell(1, HypothesesModel::Share), rateText(0.5, 1));
            QVERIFY(room.exportTo(path, u"Scenario (*.scenario.yaml)"_qs));
            for (int row = 0; row < room.hypotheses().rowCount(); ++row) {
                for (const int column : {HypothesesModel::Name, HypothesesModel::Share,
                                         HypothesesModel::Outcome, HypothesesModel::Time}) {
                    shown << room.cell(row, column);
                }
            }
        }
        QCOMPARE(rehearsal::readScenario(contentOf(path)).scenario->hypotheses[1].weight, 500'000U);
        Room room;
        QVERIFY(room.open());
        room.house.console().open(QUrl::fromLocalFile(path).toString());
        QTRY_VERIFY(room.shows(u"doubts.scenario.yaml is assumed: 4 hypotheses"_qs));
        QVERIFY(room.rehearse());
        QStringList again;
        for (int row = 0; row < room.hypotheses().rowCount(); ++row) {
            for (const int column : {HypothesesModel::Name, HypothesesModel::Share,
                                     HypothesesModel::Outcome, HypothesesModel::Time}) {
                again << room.cell(row, column);
            }
        }
        QCOMPARE(again, shown);
    }

    void theFiguresAreThoseOfTheView() {
        Room room;
        QVERIFY(room.open());
        QVERIFY(room.rehearse());
        const QString json = folder_.filePath(u"rehearsal.json"_qs);
        const QString html = folder_.filePath(u"rehearsal.html"_qs);
        QVERIFY(room.exportTo(json, u"JSON (*.json)"_qs));
        QVERIFY(room.exportTo(html, u"Report (*.html)"_qs));
        const QJsonObject answers =
            QJsonDocument::fromJson(contentOf(json))[u"plans"][0][u"answers"].toObject();
        QCOMPARE(answers[u"futures"].toInt(), 1'000);
        const QJsonArray hypotheses = answers[u"hypotheses"].toArray();
        QCOMPARE(hypotheses.size(), room.hypotheses().rowCount());
        const QString report = QString::fromUtf8(contentOf(html));
        for (int row = 0; row < hypotheses.size(); ++row) {
            const QString name = room.cell(row, HypothesesModel::Name);
            QCOMPARE(hypotheses[row][u"name"].toString(), name);
            QVERIFY2(report.contains(name), qPrintable(name));
            const double completed =
                hypotheses[row][u"endings"][0][u"portion"][u"share"].toDouble();
            const QString outcome = room.cell(row, HypothesesModel::Outcome);
            QVERIFY2(outcome.startsWith(rateText(completed, 1) + u" complete"),
                     qPrintable(outcome));
        }
        QVERIFY(report.contains(u"web v2"));
    }

    void thereIsNothingToExportBeforeTheEnd() {
        Room room;
        QVERIFY(room.open());
        room.trigger("rehearsal.export");
        QVERIFY(room.shows(u"There is nothing to export before a rehearsal has ended"_qs));
        QVERIFY(room.house.window().findChild<QFileDialog *>() == nullptr);
    }

    void aFileThatCannotBeWrittenIsSaid() {
        Room room;
        QVERIFY(room.open());
        QVERIFY(room.rehearse());
        room.presenter().exportTo(folder_.filePath(u"none/rehearsal.json"_qs));
        QTRY_VERIFY(room.shows(u"The file could not be written"_qs));
    }

    // What the cluster remembers of its starts gives way to a scenario that is opened.
    void anOpenedScenarioSaysHowLongStartsTake() {
        const QByteArray scenario = "format: aviary-scenario/1\n"
                                    "name: slow\n"
                                    "start: {latency: {median: 50s, p95: 90s}}\n";
        const QJsonObject group{{u"Name"_qs, u"front"_qs}, {u"Count"_qs, 3}};
        const QJsonObject job{{u"ID"_qs, u"web"_qs},
                              {u"Type"_qs, u"service"_qs},
                              {u"TaskGroups"_qs, QJsonArray{group}}};
        const auto next = rehearsal::plannedVersionOf(
            {{u"service"_qs, u"web"_qs},
             {u"version"_qs, u"4"_qs},
             {u"document"_qs, job},
             {u"starts_ms"_qs,
              QJsonObject{{u"front"_qs, QJsonArray{1'000, 2'000, 2'000, 2'000, 4'000}}}}});
        Room room;
        QVERIFY(room.open());
        const auto begun = room.presenter().rehearseNext(next, u"edge"_qs, room.fleet, {});
        QVERIFY2(begun, begun ? "" : qPrintable(toText(begun.error())));
        QTRY_VERIFY_WITH_TIMEOUT(room.shows(u"of 5 starts that the cluster remembers"_qs),
                                 rehearsal_ms_max);
        QVERIFY(room.presenter().openScenario(u"slow.scenario.yaml"_qs, scenario));
        QTRY_VERIFY_WITH_TIMEOUT(room.shows(u"a start takes 50\u00a0s"_qs), rehearsal_ms_max);
        QVERIFY(!room.shows(u"that the cluster remembers"_qs));
        QVERIFY(room.shows(u"the cluster rolls it out itself"_qs));
    }

    void aLabelIsLookedForInTheFleet() {
        const QByteArray scenario = "format: aviary-scenario/1\n"
                                    "name: arm\n"
                                    "hypotheses:\n"
                                    "  - {name: good, weight: 85 %}\n"
                                    "  - {name: fails on arm64, weight: 15 %, label: arch,"
                                    " label_value: arm64, label_fails: 100 %}\n";
        Room room;
        QVERIFY(room.open());
        QVERIFY(room.presenter().openScenario(u"arm.scenario.yaml"_qs, scenario));
        QVERIFY(room.rehearse()); // nobody knows of an arm64
        QVERIFY(!room.cell(1, HypothesesModel::Outcome).startsWith(rateText(0, 1) + u" complete"));
        for (const std::size_t arm : {2U, 5U, 7U}) {
            room.fleet.nodes[arm].labels["arch"] = "arm64";
        }
        QVERIFY(room.rehearse());
        QCOMPARE(room.cell(1, HypothesesModel::Name), u"fails on arm64"_qs);
        QVERIFY(room.cell(1, HypothesesModel::Outcome).startsWith(rateText(0, 1) + u" complete"));
        QVERIFY(!room.cell(0, HypothesesModel::Outcome).startsWith(rateText(0, 1) + u" complete"));
        QVERIFY(room.shows(u"100\u00a0% of starts fail where arch is arm64"_qs));
        bool says = false;
        for (int row = 0; row < 10; ++row) {
            says = says || room.because(row).contains(u"where arch is arm64");
        }
        QVERIFY(says);
    }
};

QTEST_MAIN(TestRehearsalFiles)
#include "test_rehearsalfiles.moc"
