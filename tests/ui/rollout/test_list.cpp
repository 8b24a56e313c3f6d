// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/rollout/rolloutscene.h"
#include "ui/rollout/happeningsmodel.h"
#include "ui/rollout/rolloutlist.h"
#include "ui/rollout/rolloutsmodel.h"
#include "ui/rollout/rolloutview.h"
#include "ui/samples/rolloutstates.h"
#include "ui/theme/prose.h"

#include <QAbstractItemModelTester>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

using namespace aviary;
using namespace Qt::Literals;

class TestList : public QObject {
    Q_OBJECT

    static QString cell(const QTableView &table, int row, int column) {
        return table.model()->index(row, column).data().toString();
    }

    static QStringList shownWords(const RolloutView &view) {
        QStringList words;
        for (const Prose *prose : view.findChildren<Prose *>()) {
            words << (prose->isVisible() ? prose->text() : QString());
        }
        words.removeAll(QString());
        return words;
    }

private Q_SLOTS:
    void modelsKeepTheirPromises() {
        RolloutsModel model;
        RolloutsFilter filter;
        filter.setSourceModel(&model);
        const QAbstractItemModelTester source(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const QAbstractItemModelTester shown(
            &filter, QAbstractItemModelTester::FailureReportingMode::QtTest);
        std::vector<api::RolloutRow> rows = samples::manyRollouts(50);
        model.setRows(rows);
        rows.erase(rows.begin() + 3, rows.begin() + 9);
        rows[4].status = kernel::Status::Failed;
        model.setRows(rows);
        rows.push_back(samples::manyRollouts(60).back());
        model.setRows(rows);
        QCOMPARE(model.rowCount(), 45);
        filter.setWords(u"checkout edge"_qs);
        model.setNow(samples::sampled_wall_ms);
        model.setRows({});
        QCOMPARE(filter.rowCount(), 0);

        HappeningsModel happenings;
        const QAbstractItemModelTester told(&happenings,
                                            QAbstractItemModelTester::FailureReportingMode::QtTest);
        std::vector<api::Happening> lines = samples::waitingRollout().happenings;
        happenings.setHappenings(u"a"_qs, lines);
        lines.insert(lines.begin(), {10, 0, u"gate"_qs, u"passed"_qs, -1});
        happenings.setHappenings(u"a"_qs, lines);
        lines.insert(lines.begin(), {11, 0, u"gate"_qs, u"passed"_qs, -1});
        lines.pop_back();
        happenings.setHappenings(u"a"_qs, lines);
        QCOMPARE(happenings.rowCount(), 10);
        happenings.setHappenings(u"b"_qs, {});
        QCOMPARE(happenings.rowCount(), 0);
    }

    // The first paint of the window does not wait for what has nothing to show yet.
    void itIsBuiltWithTheFirstRows() {
        RolloutView view;
        view.show();
        QVERIFY(!view.findChild<RolloutList *>());
        QCOMPARE(shownWords(view), QStringList{u"The rollouts are being fetched."_qs});
        RolloutValue value = scene::list(0);
        value.rows_known = false;
        value.trouble = u"The daemon does not answer."_qs;
        view.setValue(value);
        QCOMPARE(shownWords(view), QStringList{u"The daemon does not answer."_qs});
        view.setValue(scene::list(2));
        QVERIFY(view.list()->isVisible());
        QCOMPARE(view.list()->table()->model()->rowCount(), 2);
    }

    void whatNeedsAPersonComesFirst() {
        RolloutView view;
        view.setValue(scene::list(300));
        const QTableView &table = *view.list()->table();
        QCOMPARE(table.model()->rowCount(), 300);
        int last = 0;
        for (int row = 0; row < 300; ++row) {
            const int need = table.model()->index(row, 0).data(RolloutsModel::NeedRole).toInt();
            QVERIFY(need >= last);
            last = need;
        }
        QVERIFY(cell(table, 0, RolloutsModel::State).startsWith(u"holds at"));
    }

    void everyWordOfTheFilterMustMatch() {
        RolloutView view;
        view.setValue(scene::list(300));
        view.list()->filter()->setText(u"checkout prod"_qs);
        const QAbstractItemModel &shown = *view.list()->table()->model();
        QVERIFY(shown.rowCount() > 0 && shown.rowCount() < 100);
        for (int row = 0; row < shown.rowCount(); ++row) {
            QCOMPARE(shown.index(row, RolloutsModel::Service).data().toString(),
                     u"checkout-api"_qs);
            QCOMPARE(shown.index(row, RolloutsModel::Cluster).data().toString(), u"prod"_qs);
        }
    }

    void aRowOpensItsRollout() {
        RolloutView view;
        view.resize(1'160, 800);
        view.setValue(scene::list(30));
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        QSignalSpy opened(&view, &RolloutView::rolloutOpened);
        QTableView *table = view.list()->table();
        table->setFocus();
        table->setCurrentIndex(table->model()->index(2, 0));
        QTest::keyClick(table, Qt::Key_Return);
        QCOMPARE(opened.size(), 1);
        QCOMPARE(opened[0][0].toString(),
                 table->model()->index(2, 0).data(RolloutsModel::IdRole).toString());
    }

    void theChosenRowStaysWhenOthersChange() {
        RolloutView view;
        RolloutValue value = scene::list(30);
        view.setValue(value);
        QTableView *table = view.list()->table();
        table->setCurrentIndex(table->model()->index(5, 0));
        const QString id = table->currentIndex().data(RolloutsModel::IdRole).toString();
        value.rows.erase(value.rows.begin());
        value.rows[3].status = kernel::Status::Waiting;
        view.setValue(value);
        QCOMPARE(table->currentIndex().data(RolloutsModel::IdRole).toString(), id);
    }
};

QTEST_MAIN(TestList)
#include "test_list.moc"
