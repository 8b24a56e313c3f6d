// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rollout/waybackdialog.h"

#include <QAbstractItemModelTester>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

using namespace aviary;

class TestWayBack : public QObject {
    Q_OBJECT

    static std::vector<api::DeploymentRow> history() {
        std::vector<api::DeploymentRow> rows;
        for (quint32 version = 1; version <= 4; ++version) {
            api::DeploymentRow row;
            row.key = u"shop"_qs;
            row.version = version;
            row.revision = u"v%1"_qs.arg(version);
            row.status = kernel::Status::Completed;
            row.bad = version == 3;
            row.tags = version == 2 ? QStringList{u"autumn"_qs} : QStringList{};
            rows.push_back(row);
        }
        return rows;
    }

private Q_SLOTS:
    void theModelKeepsItsPromises() {
        VersionsModel model;
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setRows(history());
        QCOMPARE(model.rowCount(), 4);
        QCOMPARE(model.index(0, VersionsModel::Revision).data().toString(), u"v4"_qs);
        model.setRows({});
    }

    void theNewestThatCanBeGoneBackToIsOffered() {
        WayBackDialog dialog(u"shop"_qs, u"v4"_qs, history());
        // v4 is what goes, v3 is marked bad.
        QCOMPARE(dialog.button()->text(), u"Roll back to v2\u2026"_qs);
        QSignalSpy chosen(&dialog, &WayBackDialog::chosen);
        dialog.button()->click();
        QCOMPARE(chosen.size(), 1);
        QCOMPARE(chosen[0][0].toString(), u"2"_qs);
    }

    void whatIsMarkedBadCannotBeChosen() {
        WayBackDialog dialog(u"shop"_qs, u"v4"_qs, history());
        QSignalSpy chosen(&dialog, &WayBackDialog::chosen);
        dialog.table()->setCurrentIndex(dialog.table()->model()->index(1, 0));
        QVERIFY(!dialog.button()->isEnabled());
        QTest::keyClick(dialog.table(), Qt::Key_Return);
        QCOMPARE(chosen.size(), 0);
    }

    void withoutHistoryItSaysSo() {
        WayBackDialog dialog(u"shop"_qs, u"v1"_qs, {});
        QVERIFY(!dialog.button()->isEnabled());
        QCOMPARE(dialog.button()->text(), u"Roll back\u2026"_qs);
    }
};

QTEST_MAIN(TestWayBack)
#include "test_wayback.moc"
