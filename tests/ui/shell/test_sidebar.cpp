// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/shell/shellsamples.h"
#include "ui/models/signs.h"
#include "ui/shell/sidebar.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include <set>

using namespace aviary;

class TestSidebar : public QObject {
    Q_OBJECT

    static std::vector<SidebarRow> rows() {
        const ShellState state = samples::shellState();
        return sidebarRows(state.clusters, state.rollouts, state.waiting);
    }

private Q_SLOTS:
    void saysHowEachClusterAndRolloutStands() {
        SidebarModel model;
        QAbstractItemModelTester tester(&model);
        model.setRows(rows());
        const auto at = [&model](SidebarRow::Kind kind, const QString &id) {
            return model.row(model.find(kind, id));
        };
        using Kind = SidebarRow::Kind;
        QCOMPARE(at(Kind::View, u"view.waiting"_qs).badge, 2U);
        QCOMPARE(at(Kind::Cluster, u"factory-7"_qs).sign, Sign::ClusterStale);
        QCOMPARE(at(Kind::Cluster, u"factory-7"_qs).note, u"Nomad, 1,204"_qs);
        QCOMPARE(at(Kind::Cluster, u"depot-3"_qs).note, u"file"_qs);
        QCOMPARE(at(Kind::Rollout, u"checkout-api"_qs).note, u"10\u00a0%, waiting"_qs);
        QCOMPARE(at(Kind::Rollout, u"camera-agent"_qs).note, u"wave 3 of 8"_qs);
        QCOMPARE(at(Kind::Rollout, u"telemetry"_qs).sign, Sign::RollingBack);
        const QModelIndex cluster = model.index(model.find(Kind::Cluster, u"factory-7"_qs), 0);
        QCOMPARE(cluster.data(Qt::AccessibleTextRole).toString(),
                 u"factory-7, data is old, Nomad, 1,204"_qs);
    }

    void whatStaysIsNotReset() {
        SidebarModel model;
        QAbstractItemModelTester tester(&model);
        model.setRows(rows());
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
        ShellState state = samples::shellState();
        state.rollouts[0].status = kernel::Status::InProgress;
        model.setRows(sidebarRows(state.clusters, state.rollouts, state.waiting));
        QCOMPARE(changed.size(), 1);
        state.rollouts.erase(state.rollouts.begin() + 1);
        model.setRows(sidebarRows(state.clusters, state.rollouts, state.waiting));
        QCOMPARE(removed.size(), 1);
        state.rollouts.clear();
        model.setRows(sidebarRows(state.clusters, state.rollouts, state.waiting));
        model.setRows(rows());
        QCOMPARE(reset.size(), 0);
        QCOMPARE(static_cast<std::size_t>(model.rowCount()), rows().size());
    }

    void keysAndClicksOpen() {
        Sidebar sidebar;
        sidebar.resize(240, 800);
        sidebar.rows()->setRows(rows());
        sidebar.show();
        QVERIFY(QTest::qWaitForWindowExposed(&sidebar));
        QSignalSpy view(&sidebar, &Sidebar::viewChosen);
        QSignalSpy cluster(&sidebar, &Sidebar::clusterChosen);
        QSignalSpy rollout(&sidebar, &Sidebar::rolloutChosen);
        QTest::keyClick(&sidebar, Qt::Key_Home);
        QTest::keyClick(&sidebar, Qt::Key_Down);
        QTest::keyClick(&sidebar, Qt::Key_Return);
        QCOMPARE(view.front().front().toString(), u"view.fleet"_qs);
        const int row = sidebar.rows()->find(SidebarRow::Kind::Cluster, u"prod"_qs);
        const QRect place = sidebar.visualRect(sidebar.rows()->index(row, 0));
        QTest::mouseClick(sidebar.viewport(), Qt::LeftButton, {}, place.center());
        QCOMPARE(cluster.front().front().toString(), u"prod"_qs);
        QTest::keyClick(&sidebar, Qt::Key_End);
        QTest::keyClick(&sidebar, Qt::Key_Return);
        QCOMPARE(rollout.front().front().toString(), u"telemetry"_qs);
    }

    void everyStateHasASignOfItsOwn() {
        std::set<Sign> seen;
        for (int status = 0; status <= static_cast<int>(kernel::Status::Superseded); ++status) {
            QVERIFY(seen.insert(signOf(static_cast<kernel::Status>(status))).second);
        }
        api::NodeRow node;
        QCOMPARE(signOf(node), Sign::NodeUnknown); // never heard
        node.heard_wall_ms = 1;
        QCOMPARE(signOf(node), Sign::NodeHealthy);
        node.behind = 2;
        QCOMPARE(signOf(node), Sign::NodeBehind);
        node.flags.draining = true;
        QCOMPARE(signOf(node), Sign::NodeDraining);
        node.status = kernel::NodeStatus::Offline;
        QCOMPARE(signOf(node), Sign::NodeOffline);
    }
};

QTEST_MAIN(TestSidebar)
#include "test_sidebar.moc"
