// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/models/fleetsamples.h"
#include "ui/models/fleettablemodel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace aviary;
using namespace Qt::Literals;
using Model = FleetTableModel;

namespace {

constexpr qint64 now_wall_ms = 1'790'000'060'000;

struct Table {
    FleetStore store;
    FleetMatch match{store};
    FleetTableModel model{store, match};
    QAbstractItemModelTester tester{&model, QAbstractItemModelTester::FailureReportingMode::QtTest};

    explicit Table(quint32 count) {
        QObject::connect(&store, &FleetStore::changed, &model, [this](const FleetChange &change) {
            match.update(change);
            model.update(change);
        });
        FleetScene scene;
        scene.now_wall_ms = now_wall_ms;
        scene.focus = {u"checkout-api"_qs, u"v42"_qs, u"v41"_qs};
        model.setScene(scene);
        QSignalSpy spy(&store, &FleetStore::changed);
        store.apply(samples::nodes(count));
        QVERIFY(count == 0 || spy.wait());
    }
    void filter(const QString &text) {
        match.setFilter(*api::Filter::parse(text));
        model.refilter();
    }
    QStringList column(int column) const {
        QStringList texts;
        for (int row = 0; row < model.rowCount(); ++row) {
            texts += model.index(row, column).data().toString();
        }
        return texts;
    }
};

} // namespace

class TestFleetTableModel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void troubleComesFirst() {
        Table table(300);
        QCOMPARE(table.model.rowCount(), 300);
        int last = 100;
        for (int row = 0; row < 300; ++row) {
            const auto sign =
                Sign(table.model.index(row, Model::SignColumn).data(Model::SignRole).toInt());
            QVERIFY(troubleOf(sign) <= last);
            last = troubleOf(sign);
        }
        QCOMPARE(table.model.index(0, Model::SignColumn).data(Qt::AccessibleTextRole).toString(),
                 nameOf(Sign::NodeOffline));
    }

    void theFilterHidesWhatItDoesNotMatch() {
        Table table(300);
        table.filter(u"revision:v42"_qs);
        QCOMPARE(table.model.rowCount(), 28);
        QCOMPARE(table.column(Model::RevisionColumn), QStringList(28, u"v42"_qs));
        table.filter(u"site:depots site:eu-west"_qs);
        QCOMPARE(table.model.rowCount(), 0);
        table.filter({});
        QCOMPARE(table.model.rowCount(), 300);
    }

    void numbersInNamesSortByValue() {
        Table table(0);
        for (const char *name : {"n10", "N2", "n1", "n2b", "n02"}) {
            api::NodeRow row = samples::node(1);
            row.id = row.name = QString::fromLatin1(name);
            table.store.apply({row});
        }
        QTRY_COMPARE(table.model.rowCount(), 5);
        table.model.sort(Model::NodeColumn, Qt::AscendingOrder);
        QCOMPARE(table.column(Model::NodeColumn),
                 (QStringList{u"n1"_qs, u"N2"_qs, u"n02"_qs, u"n2b"_qs, u"n10"_qs}));
        table.model.sort(Model::NodeColumn, Qt::DescendingOrder);
        QCOMPARE(table.column(Model::NodeColumn).first(), u"n10"_qs);
    }

    void everyColumnSortsBothWays() {
        Table table(120);
        for (int column = 0; column < Model::ColumnCount; ++column) {
            for (const auto order : {Qt::AscendingOrder, Qt::DescendingOrder}) {
                table.model.sort(column, order);
                QStringList names = table.column(Model::NodeColumn);
                QCOMPARE(names.size(), 120);
                QCOMPARE(names.removeDuplicates(), 0);
            }
        }
        table.model.sort(Model::SiteColumn, Qt::AscendingOrder);
        const QStringList sites = table.column(Model::SiteColumn);
        QVERIFY(std::is_sorted(sites.begin(), sites.end()));
    }

    void changedRowsMoveToWhereTheyBelong_data() {
        QTest::addColumn<int>("column");
        for (int column = 0; column < Model::ColumnCount; ++column) {
            QTest::newRow(qPrintable(Model::columnWord(column))) << column;
        }
    }
    void changedRowsMoveToWhereTheyBelong() {
        QFETCH(int, column);
        Table table(100);
        table.filter(u"health:!healthy"_qs);
        table.model.sort(column, Qt::DescendingOrder);
        for (quint32 round = 0; round < 60; ++round) {
            table.store.apply({samples::changedNode((round * 7) % 100, round)});
        }
        table.store.apply({}, {samples::node(99).id});
        table.store.apply(samples::nodes(5, 900));
        QSignalSpy spy(&table.store, &FleetStore::changed);
        QVERIFY(spy.wait());
        table.store.apply({samples::changedNode(3, 1), samples::changedNode(4, 0)});
        QVERIFY(spy.wait());
        // The same as when it is sorted anew.
        FleetTableModel anew(table.store, table.match);
        anew.setScene(table.model.scene());
        anew.sort(column, Qt::DescendingOrder);
        QStringList expected;
        for (int row = 0; row < anew.rowCount(); ++row) {
            expected += anew.index(row, Model::NodeColumn).data().toString();
        }
        QTRY_COMPARE(table.column(Model::NodeColumn), expected);
    }

    void aRowKnowsItsNodeAndANodeItsRow() {
        Table table(100);
        table.filter(u"site:depots"_qs);
        for (int row = 0; row < table.model.rowCount(); ++row) {
            QCOMPARE(table.model.rowOf(table.model.node(row)), row);
        }
        QCOMPARE(table.model.rowOf(*table.store.find(samples::node(0).id)), -1);
    }

    void textFromOutsideIsPlainAndBounded() {
        Table table(0);
        api::NodeRow row = samples::node(1);
        row.name = u"<b>x</b>"_qs + QChar(0x202e) + u"\x1b[31m\n"_qs + QString(10'000, u'y');
        row.site = row.address = row.name;
        row.services = {{row.name, row.name, false, row.name}};
        row.labels = {{row.name, row.name}};
        table.store.apply({row});
        QTRY_COMPARE(table.model.rowCount(), 1);
        for (int column = 0; column < Model::ColumnCount; ++column) {
            for (const int role : {int(Qt::DisplayRole), int(Qt::AccessibleTextRole)}) {
                const QString text = table.model.index(0, column).data(role).toString();
                QVERIFY(text.size() <= 201);
                QVERIFY(!text.contains(QChar(0x202e)) && !text.contains(QChar(0x1b)));
                QVERIFY(!text.contains(u'\n'));
            }
        }
    }

    void ageIsRelativeAndExactOnHover() {
        Table table(1);
        const QModelIndex heard = table.model.index(0, Model::HeardColumn);
        QCOMPARE(heard.data().toString(), u"1\u00a0min"_qs);
        QVERIFY(heard.data(Qt::ToolTipRole).toString().contains(u"2026"_qs));
    }
};

QTEST_MAIN(TestFleetTableModel)
#include "test_fleettablemodel.moc"
